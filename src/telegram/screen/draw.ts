import type { Block, View } from '../core.ts';
import type { Tongue } from './around.ts';
import { autoForm } from './auto-form.ts';
import { fieldAsk, fieldKnobs, formKnobs, formView } from './form.ts';
import { endKnobs, formBlockIn, inRows, moreKnob, screenKnob, screenKnobs } from './keyboard.ts';
import type { Drawn, Knob } from './message.ts';
import { type Overlay, questionKnobs, questionLines } from './overlay.ts';
import { clockOf, pagesOf, pagesOfLines, wrapped } from './page.ts';
import type { Place } from './place.ts';
import type { ScreensOptions } from './screens.ts';

/** What a message shows beside its screen. */
export interface Sight {
  readonly place: Place;
  readonly page: number;
  readonly overlay: Overlay | undefined;
  readonly status: { readonly text: string; readonly isGood: boolean } | undefined;
  /** Field of the form that waits for a value. */
  readonly field: string | undefined;
}

export interface Picture extends Drawn {
  readonly pages: number;
}

/** What a message is to show now; what cannot be drawn says why. */
export async function draw(options: ScreensOptions, tongue: Tongue, sight: Sight): Promise<Picture> {
  const { client, log, chat } = options;
  if (sight.overlay !== undefined) return overlayPicture(options, tongue, sight, sight.overlay);
  try {
    return screenPicture(options, tongue, sight, await viewNow(options, tongue, sight.place));
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    log.warn('a screen cannot be drawn', { chat, screen: sight.place.ui.screen, why });
    const lines = wrapped([tongue.say('broken', { problem: why })], tongue);
    const foot = footOf(tongue, client.scene().now);
    return { lines, foot, knobs: [[refreshKnob(tongue)], endKnobs(tongue.say)], pages: 1 };
  }
}

/** An engine of another version draws its screens itself. */
async function viewNow(options: ScreensOptions, tongue: Tongue, place: Place): Promise<View> {
  const { client } = options;
  if (client.picture === undefined) return viewOf(options, tongue, place);
  const { say, locale, zone } = tongue;
  const view = await client.view({ ...place.ui, locale, zone });
  const note = noteBlock('other-version', '', [say('otherVersion', client.picture)]);
  return { ...view, blocks: [note, ...view.blocks] };
}

/** A screen of this version, with the form of a start where that is open. */
export function viewOf({ client, pictures }: ScreensOptions, tongue: Tongue, { isHome, ui: own }: Place): View {
  const scene = client.scene();
  const ui = { ...own, locale: tongue.locale, zone: tongue.zone };
  const view = pictures.viewOf(scene, ui);
  if (isHome) return homeView(view, tongue);
  const form = ui.form?.form === 'auto' ? autoForm(scene, ui, ui.form, pictures, tongue.say) : undefined;
  return form === undefined ? view : { ...view, blocks: [...notesOf(view), form.block] };
}

/** What every screen says before its own blocks: no engine, a lost one, stale prices. */
function notesOf({ blocks }: View): readonly Block[] {
  const first = blocks.findIndex(({ kind }) => kind !== 'note');
  return blocks.slice(0, Math.max(0, first));
}

function homeView(help: View, { say }: Tongue): View {
  const screens = noteBlock('screens', say('screensTitle'), [say('screensWhat')]);
  const phone = noteBlock('phone', say('phoneTitle'), [say('phoneWhat'), say('phoneForms'), say('phoneCommands')]);
  return { ...help, blocks: [...notesOf(help), screens, phone], actions: [] };
}

const noteBlock = (id: string, title: string, lines: readonly string[]): Block => ({
  ...{ kind: 'note', id, title, area: 'wide', rank: 0, tone: 'plain' },
  lines,
});

function screenPicture(options: ScreensOptions, tongue: Tongue, sight: Sight, whole: View): Picture {
  const { say } = tongue;
  const view = withoutClock(whole);
  const { form } = sight.place.ui;
  const block = formBlockIn(view);
  const foot = footOf(tongue, view.asOf);
  if (form === undefined || block === undefined) return plainPicture(options, tongue, sight, view);
  const { view: shown, pages } = formView(view, sight.page);
  const field = block.fields.find(({ name }) => name === sight.field);
  const [lines = []] = pagesOf(shown, tongue, true);
  const ask = field === undefined ? [] : wrapped(fieldAsk(field, say), tongue);
  const more = moreKnob({ say, page: sight.page % pages, pages });
  const own = formBlockIn(shown) ?? block;
  const knobs = field === undefined ? formKnobs(own, form.form, more, say) : fieldKnobs(field, say);
  return { lines: [...lines, ...ask, ...statusLines(sight, tongue)], foot, knobs, pages };
}

function plainPicture(options: ScreensOptions, tongue: Tongue, sight: Sight, view: View): Picture {
  const { client, pictures } = options;
  const { say, locale, zone } = tongue;
  const all = pagesOf(view, tongue);
  const page = sight.page % all.length;
  const scene = client.scene();
  const ui = { ...sight.place.ui, locale, zone };
  const isOther = client.picture !== undefined;
  const board = { pictures, scene, view, ui, say, page, pages: all.length, isOther };
  const knobs = sight.place.isHome ? homeKnobs(options, tongue) : screenKnobs(board);
  const lines = [...(all[page] ?? []), ...statusLines(sight, tongue)];
  return { lines, foot: footOf(tongue, view.asOf), knobs, pages: all.length };
}

/** A button for each screen; Debug where it may be had. */
function homeKnobs({ client, pictures }: ScreensOptions, tongue: Tongue): Drawn['knobs'] {
  const { isDebugEnabled, mode } = client.scene();
  const ids = pictures.SCREEN_IDS.filter((id) => id !== 'debug' || isDebugEnabled || mode === 'DEBUG');
  const ui = { ...pictures.emptyUi('help'), locale: tongue.locale };
  const knobs = ids.map((screen) => screenKnob(screen, { pictures, ui }));
  return [...inRows(knobs), [refreshKnob(tongue), ...endKnobs(tongue.say).slice(1)]];
}

function overlayPicture({ client }: ScreensOptions, tongue: Tongue, sight: Sight, overlay: Overlay): Picture {
  const { say } = tongue;
  const foot = footOf(tongue, client.scene().now);
  const lines = overlay.is === 'question' ? questionLines(overlay.said, tongue) : [overlay.title, ...overlay.lines];
  const all = pagesOfLines(lines, tongue);
  const page = sight.page % all.length;
  const more = inRows(moreKnob({ say, page, pages: all.length }));
  const back: Knob = { text: say('toScreen'), deed: { is: 'go', to: 'refresh' } };
  const knobs = overlay.is === 'question' ? questionKnobs(overlay.said, say) : [...more, [back], endKnobs(say)];
  return { lines: [...(all[page] ?? []), ...statusLines(sight, tongue)], foot, knobs, pages: all.length };
}

const refreshKnob = ({ say }: Tongue): Knob => ({ text: say('refresh'), deed: { is: 'go', to: 'refresh' } });

const statusLines = ({ status }: Sight, tongue: Tongue): readonly string[] =>
  status === undefined ? [] : wrapped([`${status.isGood ? '*' : '!'} ${status.text}`], tongue);

/** The last line tells the clock, and it alone; no problem needs no room. */
const withoutClock = (view: View): View => ({
  ...view,
  status: view.status.filter(
    ({ name, cells: [cell] }) => name !== 'clock' && !(name === 'problems' && cell?.value === 0),
  ),
});

const footOf = ({ say, zone }: Tongue, at: number | null): string =>
  say('asOf', { clock: clockOf(at, zone.offsetMinutes), zone: zone.name });
