import type { Button, Keyboard, Post } from '../bot/api.ts';
import type { Locale, OpenAlert, Pictures, Scene } from '../core.ts';
import type { Deed } from '../screen/button.ts';
import { lastingData } from './lasting.ts';

/** What texts are made with. */
export interface Pen {
  readonly pictures: Pictures;
  readonly scene: Scene;
  readonly locale: Locale;
}

/** An alert that leaves: `isRepeat` where it may have arrived before. */
export interface Leaving {
  readonly alert: OpenAlert;
  readonly isRepeat: boolean;
}

/** Characters of a post as Telegram takes it. */
export const POST_CHARS_MAX = 4_096;
const LINE_CHARS_MAX = 300;
/** A digest: lines of a phone's screen and a half, short enough to be one post whatever is escaped in them. */
const DIGEST_ROOM = { lines: 30, columns: 100 } as const;

/** Title and lines as HTML; what is too long is left out before the last line. */
export function htmlOf(
  { pictures }: Pen,
  title: string,
  lines: readonly string[],
  mark: string,
  isPlain: boolean,
): string {
  const safe = (text: string): string => {
    const clipped = pictures.clean(text, false).slice(0, LINE_CHARS_MAX).toWellFormed();
    return isPlain ? clipped.replace(/[&<>"']/g, ' ') : pictures.escapeXml(clipped);
  };
  const bold = isPlain ? safe(title) : `<b>${safe(title)}</b>`;
  const head = mark === '' ? bold : `${bold} ${safe(mark)}`;
  const kept = lines.map(safe);
  const join = (): string => [head, ...kept].join('\n');
  while (kept.length > 1 && join().length > POST_CHARS_MAX) kept.splice(-2, 1);
  return join();
}

/** One alert. Plain: without markup and buttons, for a server that would not have it otherwise. */
export function alertPost(pen: Pen, { alert, isRepeat }: Leaving, isPlain: boolean): Post {
  const { title, lines } = pen.pictures.alertText(alert, pen.scene, pen.locale);
  const html = htmlOf(pen, title, lines, isRepeat ? sayOf(pen)('repeat') : '', isPlain);
  return { html, keyboard: isPlain ? undefined : alertKeyboard(pen, alert), isSilent: alert.isSilent };
}

/** Many alerts in one message. */
export function digestPost(pen: Pen, leaving: readonly Leaving[], isPlain: boolean): Post {
  const { title, lines } = pen.pictures.alertDigest(leaving, pen.scene, pen.locale, DIGEST_ROOM);
  const isRepeat = leaving.some((each) => each.isRepeat);
  const html = htmlOf(pen, title, lines, isRepeat ? sayOf(pen)('repeat') : '', isPlain);
  const isSilent = leaving.every(({ alert }) => alert.isSilent);
  return { html, keyboard: isPlain ? undefined : digestKeyboard(pen), isSilent };
}

const sayOf = ({ pictures, locale }: Pen) => pictures.words(pictures.telegramAlertWords, locale);

/** The language of the profile, which every face shares. */
export const localeOf = ({ state }: Pick<Scene, 'state'>): Locale => (state.options?.language === 'ru' ? 'ru' : 'en');

/** What can be done about an alert: acknowledge one of HIGH priority, and look at what it is about. */
function alertKeyboard(pen: Pen, { alert, priority, run, symbol, of }: OpenAlert): Keyboard | undefined {
  const say = sayOf(pen);
  const row: Button[] = [];
  const add = (text: string, deed: Deed): void => {
    const data = lastingData(deed);
    if (data !== undefined) row.push({ text, data });
  };
  if (priority === 'HIGH') add(say('acknowledge'), { is: 'acknowledge', alert, of });
  if (run > 0) add(say('toRun', { run }), { is: 'screen', screen: 'auto', pick: { run: `${run}` } });
  else if (symbol !== '') add(say('toMarket'), { is: 'screen', screen: 'market', pick: { symbol } });
  if (row.length > 0) add(say('toJournal'), { is: 'screen', screen: 'journal', pick: { seq: `${of}` } });
  return row.length === 0 ? undefined : [row];
}

/** Beneath a digest: where all of them stand. */
function digestKeyboard(pen: Pen): Keyboard | undefined {
  const data = lastingData({ is: 'screen', screen: 'journal' });
  return data === undefined ? undefined : [[{ text: sayOf(pen)('toJournal'), data }]];
}
