import type { MirrorSay, Ui } from '../core.ts';
import type { Paper } from './page.ts';
import { sharedOf } from './place.ts';
import type { PressEnd, ScreensOptions } from './screens.ts';

/** What a part of a chat speaks and draws with, as the shared settings are now. */
export interface Tongue extends Paper {
  readonly say: MirrorSay;
  readonly zone: Ui['zone'];
}

export function tongueOf({ client, pictures }: Pick<ScreensOptions, 'client' | 'pictures'>): Tongue {
  const { locale, zone } = sharedOf(client);
  return { pictures, locale, zone, say: pictures.words(pictures.telegramMirrorWords, locale) };
}

/** The wait of a button ends by then, whatever the deed takes: another one must not wait behind it. */
const SOON_MS = 1_500;

/** How a deed ended, or nothing yet; a bug is logged. */
export async function soon({ clock, log, chat }: ScreensOptions, deed: Promise<PressEnd>): Promise<PressEnd> {
  const { promise, resolve } = Promise.withResolvers<PressEnd>();
  const cancel = clock.after(SOON_MS, () => resolve({}));
  void deed
    .catch((problem: unknown): PressEnd => {
      const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
      log.error('a bug of the bridge: a button', { chat, text });
      return {};
    })
    .then(resolve);
  const end = await promise;
  cancel();
  return end;
}
