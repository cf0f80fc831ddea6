import { words } from './language.ts';
import type { Scene, Ui } from './scene.ts';
import * as statusWords from './words/status.ts';

/** What stands where a list has no rows: without an engine nobody knows whether there are any. */
export const emptyText = ({ link }: Pick<Scene, 'link'>, { locale }: Pick<Ui, 'locale'>, text: string): string =>
  link === 'none' ? `? ${words(statusWords, locale)('needsEngine')}` : text;
