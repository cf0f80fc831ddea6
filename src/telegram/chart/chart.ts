import type { Photo } from '../bot/api.ts';
import type { ChartName, Locale, Pictures, Scene, ThemeName, Ui } from '../core.ts';
import { type DrawFailure, drawPng } from './picture.ts';

export interface ChartPhotoOptions {
  readonly theme?: ThemeName | undefined;
  /** What draws; `drawPng` by default. It never rejects. */
  readonly draw?: ((svg: string) => Promise<Uint8Array | DrawFailure>) | undefined;
  /** Told why there is no picture, for the log. */
  readonly onFailure?: ((failure: DrawFailure) => void) | undefined;
}

/** Of each text in a caption: a caption has 1,024 characters after its markup was read. */
const TEXT_MAX = 120;

/**
 * The chart of that name of what is in view, as a picture with a caption in HTML (what it is, from when to when, its last
 * value, its instant); or a sentence in plain text that says why there is none.
 */
export async function chartPhoto(
  scene: Scene,
  ui: Ui,
  which: ChartName,
  pictures: Pictures,
  locale: Locale,
  { theme = 'dark', draw = drawPng, onFailure }: ChartPhotoOptions = {},
): Promise<Photo | string> {
  const say = pictures.words(pictures.telegramChartWords, locale);
  const choice = pictures.chartOf(scene, { ...ui, locale }, which);
  if (choice === undefined) return say(which === 'candles' ? 'noMarket' : 'noAccount');
  if (choice.isEmpty) return choice.empty;
  const { chart, title, subtitle, asOf, zone, empty, warnings } = choice;
  const texts = { title, subtitle, zone, empty, footer: asOf, warnings: warnings.map((each) => each.title) };
  const svg = pictures.paintChartSvg(chart, { ...texts, theme, locale });
  const png = await draw(svg);
  if ('failed' in png) {
    onFailure?.(png);
    return say(`failed.${png.failed}`);
  }
  const html = (text: string): string =>
    pictures.escapeXml(Array.from(pictures.clean(text, false)).slice(0, TEXT_MAX).join(''));
  const last = choice.last === undefined ? [] : [say('lastValue', { value: choice.last })];
  const lines = [subtitle, ...last, asOf, ...warnings.map(({ text }) => text)].map(html);
  return { png, caption: [`<b>${html(title)}</b>`, ...lines].join('\n') };
}
