import type { Action, Line, Pictures, ScreenId, Span, Tone, View } from './core.ts';
import { shownAlert } from './model/alarm.ts';
import { ENGINE_KEYS, OWN_ID, OWN_KEYS } from './model/bindings.ts';
import { isPanicArmed } from './model/confirm.ts';
import type { TypedLine } from './model/line.ts';
import { browse, type Mode, type Model, type Sight } from './model/model.ts';
import { focusOf } from './model/place.ts';

/** What a frame is drawn on. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly ascii: boolean;
  /** For a screen reader: no boxes, nothing beside each other, as long as it is. */
  readonly isFlat: boolean;
}

/** What draws it; `at` is the face's clock. */
export interface Drawing extends Pick<Pictures, 'layout' | 'clean' | 'wrap' | 'widthOf' | 'bannerText'> {
  readonly tabs: readonly Tab[];
  readonly at: number;
}

/** A screen in the tab line: the key that leads to it, its name, and a shorter one. */
export interface Tab {
  readonly key: string;
  readonly screen: ScreenId;
  readonly title: string;
  readonly short: string;
}

/** Below that there is a gate: blocks would overlap into garbage. */
export const COLUMNS_MIN = 80;
export const ROWS_MIN = 24;
/** The tab line and the line of remarks. */
const OWN_ROWS = 2;
const HINTS_MAX = 10;
const PROMPT_ROWS_MAX = 4;
/** Around a tab. */
const TAB_BLANKS = 2;

/** A frame, and the line of it that holds the tabs. */
export interface Frame {
  readonly lines: readonly Line[];
  readonly tabRow: number | undefined;
}

/** Lines that a page of the body has. */
export const pageLines = ({ rows }: Pick<Canvas, 'rows'>): number => Math.max(1, rows - OWN_ROWS - 3);

/** Whether there is no room for a screen; a flat one needs none. */
export const isTooSmall = ({ columns, rows, isFlat }: Omit<Canvas, 'ascii'>): boolean =>
  !isFlat && (columns < COLUMNS_MIN || rows < ROWS_MIN);

/** The whole terminal as lines: the screen, the tabs, and what is being typed or waits for an answer. */
export function frameOf(model: Model, sight: Sight, canvas: Canvas, drawing: Drawing): Frame {
  if (canvas.isFlat) return { lines: flat(model, sight, canvas, drawing), tabRow: undefined };
  const { rows } = canvas;
  if (isTooSmall(canvas)) return { lines: gate(model, sight, canvas, drawing), tabRow: undefined };
  const banner = bannerLines(model, sight, canvas, drawing);
  const base = [...screenLines(model, sight, { ...canvas, rows: rows - banner.length }, drawing)];
  const tabRow = statusRows(base) + banner.length;
  base.splice(tabRow - banner.length, 0, ...banner, tabLine(model, sight, canvas, drawing));
  const overlay = overlayLines(model, canvas, drawing);
  const prompt = promptLines(model, sight, canvas, drawing);
  const kept = Math.max(0, rows - overlay.length - prompt.length);
  const body = base.slice(0, kept);
  while (body.length < kept) body.push(blank);
  return { lines: [...body, ...overlay, ...prompt].slice(0, rows), tabRow };
}

/** What is to be known at once, over the tabs: HIGH until it was acknowledged, the rest for a few seconds. */
function bannerLines(model: Model, { say }: Sight, { columns, ascii }: Canvas, drawing: Drawing): readonly Line[] {
  const shown = shownAlert(model);
  if (shown === undefined) return [];
  const { alert, others } = shown;
  const told = drawing.bannerText(alert, others, model.ui.locale);
  // The sandbox raises none: over its screen they are of the engine beside it.
  const whose = model.ui.screen === 'debug' ? say('engineAlert', { told }) : told;
  const text = ` ${drawing.clean(whose, ascii)} `;
  const tone: Tone = alert.priority === 'HIGH' ? 'bad' : 'warn';
  return [{ spans: clipped([{ text, tone, isBold: true, isInverse: true }], columns, drawing) }];
}

/** The status line is over the first box; it may take two lines. */
function statusRows(lines: readonly Line[]): number {
  const box = lines.findIndex(({ spans }) => /^[+\u250c]/.test(spans[0]?.text ?? ''));
  return box === -1 ? 1 : Math.max(1, box);
}

const blank: Line = { spans: [] };

function screenLines(model: Model, sight: Sight, canvas: Canvas, drawing: Drawing): readonly Line[] {
  const { columns, rows, ascii } = canvas;
  const { scrolled, locale } = model.ui;
  const focus = focusOf(sight.view, model.focus);
  const view = withOwnKeys(sight);
  return drawing.layout(view, { columns, rows: rows - OWN_ROWS, ascii, focus, keeps: model.focus, scrolled, locale });
}

/** The key line ends with keys that work on every screen; a screen that has one of them itself says it itself. */
function withOwnKeys({ view, say, scene }: Sight): View {
  const has = (key: string): boolean =>
    view.actions.some((action) => action.key === key) || (scene.mode === 'DEBUG' && ENGINE_KEYS.includes(key));
  const own = OWN_KEYS.filter(({ key }) => !has(key)).map(
    ({ key, word }): Action => ({
      id: `${OWN_ID}${key}`,
      label: say(key === '!' && scene.mode === 'DEBUG' ? 'enginePanic' : word),
      key,
      stakes: 'none',
      link: { to: 'screen', screen: view.screen },
    }),
  );
  return { ...view, actions: [...view.actions, ...own] };
}

/** Everything from top to bottom, and what is asked at the end, where the reader is. */
function flat(model: Model, sight: Sight, canvas: Canvas, drawing: Drawing): readonly Line[] {
  const { columns, ascii } = canvas;
  const { scrolled, locale } = model.ui;
  const size = { columns: Math.max(20, columns), ascii, focus: model.focus, scrolled, locale, isFlat: true };
  const shown = model.mode.is === 'result' ? model.mode.lines : drawing.layout(sight.view, size).map(spoken);
  const said = [...bannerLines(model, sight, canvas, drawing), ...hintLines(model.mode, canvas, drawing)];
  return [...shown, ...said, ...promptLines(model, sight, canvas, drawing)];
}

/** Rules and boxes are nothing to be read out. */
const spoken = ({ spans }: Line): Line => ({
  spans: spans.map((span) => ({ ...span, text: span.text.replace(/[\u2500-\u257f]+|-{3,}/g, '') })),
});

/** What is missing and which keys work, in as many lines and columns as there are; what is asked or was answered stays whole. */
function gate(model: Model, sight: Sight, canvas: Canvas, drawing: Drawing): readonly Line[] {
  const { columns, rows, ascii } = canvas;
  const { say } = sight;
  const texts: readonly (readonly [string, Tone])[] = [
    [say('tooSmall'), 'warn'],
    [say('sizeNow', { columns, rows }), 'bad'],
    [say('sizeNeeded', { columns: COLUMNS_MIN, rows: ROWS_MIN }), 'good'],
    [say('sizeKeys'), 'muted'],
  ];
  const lines = texts.flatMap(([text, tone]) =>
    drawing.wrap(drawing.clean(text, ascii), columns, ascii).map((part): Line => ({ spans: [{ text: part, tone }] })),
  );
  const height = Math.max(1, rows);
  const told = isPanicArmed(model) ? model : { ...model, mode: browse };
  const isText = ({ spans }: Line): boolean => spans.some(({ text }) => text.trim() !== '');
  const asked = promptLines(told, sight, canvas, drawing).filter(isText).slice(0, height);
  const shown = [...bannerLines(model, sight, canvas, drawing), ...lines].slice(0, height - asked.length);
  const gap = Math.max(0, rows - shown.length - asked.length);
  return [...shown, ...Array.from({ length: gap }, () => blank), ...asked];
}

/** The tabs in full, short, or as keys alone: whatever fits. Each is one span that begins with its key. */
function tabLine({ ui }: Model, sight: Sight, { columns, ascii }: Canvas, drawing: Drawing): Line {
  const runs = runText(sight);
  const versions = [
    { texts: drawing.tabs.map(({ key, title }) => `${key} ${title}`), end: sight.say('tabKeys') },
    { texts: drawing.tabs.map(({ key, title }) => `${key} ${title}`), end: '' },
    { texts: drawing.tabs.map(({ key, short }) => `${key}${short}`), end: runs },
    { texts: drawing.tabs.map(({ key, short }) => `${key}${short}`), end: '' },
    { texts: drawing.tabs.map(({ key }) => key), end: '' },
  ];
  const widthOf = (text: string): number => drawing.widthOf(text) + TAB_BLANKS;
  const fitting = versions.find(
    ({ texts, end }) => texts.reduce((sum, text) => sum + widthOf(text), end === '' ? 0 : widthOf(end)) <= columns,
  );
  const { texts, end } = fitting ?? { texts: [], end: '' };
  const spans = texts.map((text, i): Span => {
    const isHere = drawing.tabs[i]?.screen === ui.screen;
    const shown = ` ${drawing.clean(text, ascii)} `;
    return isHere ? { text: shown, tone: 'accent', isBold: true, isInverse: true } : { text: shown, tone: 'plain' };
  });
  return { spans: [...spans, { text: end === '' ? '' : ` ${end}`, tone: 'muted' }] };
}

/** Which of several runs is looked at. */
function runText({ scene, run, say }: Sight): string {
  const { runs } = scene.state;
  return runs.length < 2
    ? ''
    : say('nextRun', { at: runs.findIndex((each) => each.run === run?.run) + 1, count: runs.length });
}

/** The key of the tab at a column of the tab line. */
export function tabAt(line: Line, x: number, widthOf: Drawing['widthOf']): string | undefined {
  let at = 0;
  for (const { text } of line.spans) {
    at += widthOf(text);
    if (x < at) return /^ (\d)/.exec(text)?.[1];
  }
  return undefined;
}

/** A result covers the screen beneath the tabs; hints of the palette stand over its line. */
function overlayLines(model: Model, canvas: Canvas, drawing: Drawing): readonly Line[] {
  const { mode } = model;
  if (mode.is !== 'result') return hintLines(mode, canvas, drawing);
  const { columns, rows, ascii } = canvas;
  const height = Math.max(1, rows - OWN_ROWS - 2);
  const title = drawing.clean(` ${mode.title} `, ascii);
  const rule = (ascii ? '-' : '\u2500').repeat(Math.max(0, columns - drawing.widthOf(title) - 1));
  const shown = mode.lines.slice(mode.top, mode.top + height).map((line) => within(line, canvas, drawing));
  const pad = Array.from({ length: Math.max(0, height - shown.length) }, () => blank);
  return [
    {
      spans: clipped(
        [
          { text: title, tone: 'accent', isBold: true },
          { text: rule, tone: 'muted' },
        ],
        columns,
        drawing,
      ),
    },
    ...shown,
    ...pad,
  ];
}

/** A line that the terminal is too narrow for ends with a mark: one that it wrapped itself would tear the screen. */
function within({ spans }: Line, { columns, ascii }: Canvas, drawing: Drawing): Line {
  const texts = spans.map((span) => ({ ...span, text: span.text.slice(0, 4 * columns) }));
  if (texts.reduce((sum, { text }) => sum + drawing.widthOf(text), 0) <= columns) return { spans };
  return { spans: [...clipped(texts, columns - 1, drawing), { text: ascii ? '~' : '\u2026', tone: 'muted' }] };
}

function hintLines(mode: Mode, canvas: Canvas, drawing: Drawing): readonly Line[] {
  if (mode.is !== 'palette') return [];
  const { ascii } = canvas;
  const shown = mode.hints.slice(0, HINTS_MAX);
  const width = Math.max(0, ...shown.map(({ text }) => drawing.widthOf(text)));
  return shown.map(({ text, about }) => {
    const word = `  ${drawing.clean(text, ascii)}${' '.repeat(width - drawing.widthOf(text))}`;
    const spans = [
      { text: word, tone: 'accent' },
      { text: `  ${drawing.clean(about, ascii)}`, tone: 'muted' },
    ] as const;
    return within({ spans }, canvas, drawing);
  });
}

/** The last line, or the last lines: what is typed or asked; else the remark; else what is wrong. */
function promptLines(model: Model, sight: Sight, canvas: Canvas, drawing: Drawing): readonly Line[] {
  const { text, tone, line, mark, remark } = promptOf(model, sight, drawing);
  const { columns, ascii } = canvas;
  const linesOf = (said: Pick<Prompt, 'text' | 'tone'>): readonly Line[] => {
    const parts = drawing.wrap(drawing.clean(said.text, ascii), Math.max(1, columns - 1), ascii);
    return parts.map((part) => ({ spans: [{ text: ` ${part}`.slice(0, columns), tone: said.tone }] }));
  };
  const lines = [...(remark === undefined ? [] : linesOf(remark).slice(0, 1)), ...linesOf({ text, tone })];
  if (line === undefined) return lines.length === 0 ? [blank] : lines.slice(0, PROMPT_ROWS_MAX);
  return [...lines.slice(0, PROMPT_ROWS_MAX - 1), typedLine(line, mark, canvas, drawing)];
}

interface Prompt {
  readonly text: string;
  readonly tone: Tone;
  readonly line?: TypedLine | undefined;
  readonly mark: string;
  /** Stands over a question, which nothing may cover while its keys count. */
  readonly remark?: Pick<Prompt, 'text' | 'tone'> | undefined;
}

const prompt = (text: string, tone: Tone, line?: TypedLine, mark = '> '): Prompt => ({ text, tone, line, mark });

function promptOf(model: Model, sight: Sight, { at }: Drawing): Prompt {
  const { mode, message } = model;
  const { say } = sight;
  const told = message === undefined ? undefined : prompt(message.text, message.tone);
  switch (mode.is) {
    case 'browse':
      return told ?? standing(model, sight, at);
    case 'filter':
      return prompt(say('filterKeys'), 'muted', mode.line, `${say('filterPrompt')} / `);
    case 'palette':
      return prompt(message?.text ?? say('paletteKeys'), message?.tone ?? 'muted', mode.line, ': ');
    case 'armed':
      return { ...armed(mode, sight, at), remark: told };
    case 'agree':
      if (mode.expects === '') return { ...prompt(say('agree', { what: mode.deed.label }), 'warn'), remark: told };
      return {
        ...prompt(say('agreeTyped', { what: mode.deed.label, word: mode.expects }), 'bad', mode.line),
        remark: told,
      };
    case 'form':
      return told ?? prompt(say('formKeys'), 'muted');
    case 'confirm':
      if (mode.isAsked) return prompt(say('asking'), 'muted');
      if (mode.expects === '') return { ...prompt(say('confirmKeys'), 'warn'), remark: told };
      return { ...prompt(say('confirmTyped', { word: mode.expects }), 'bad', mode.line), remark: told };
    case 'result':
      return prompt(resultText(mode, sight), 'muted');
    case 'ending':
      if (mode.presses === 1) return prompt(say('endOnce'), 'warn');
      return prompt(message?.text ?? say('endTyped'), 'bad', mode.line);
  }
}

/** Where one is in what does not fit, and the keys. */
function resultText({ lines, top }: Extract<Mode, { is: 'result' }>, { say, pageLines: fitting }: Sight): string {
  const keys = say('resultKeys');
  if (lines.length <= fitting) return keys;
  return `${say('resultFrom', { from: top + 1, count: lines.length })}; ${keys}`;
}

function armed(mode: Extract<Mode, { is: 'armed' }>, { say }: Sight, at: number): Prompt {
  const keys = mode.choices.map(({ key, label }) => say('armedKey', { key, label }));
  const seconds = Math.max(1, Math.ceil((mode.until - at) / 1_000));
  return prompt(say('armed', { what: mode.label, keys: keys.join(' / '), seconds }), 'warn');
}

/** What is said while nothing else is: a lost engine first. */
function standing(model: Model, { scene, say }: Sight, at: number): Prompt {
  if (scene.link === 'lost') {
    const seconds = scene.linkAt === null ? 0 : Math.max(0, Math.round((at - scene.linkAt) / 1_000));
    return prompt(say('lost', { age: `${seconds} s` }), 'bad');
  }
  if (scene.link === 'none') return prompt(say('noEngine', { profile: scene.profile }), 'warn');
  if (model.frozen !== undefined && scene.mode !== 'DEBUG')
    return prompt(say('frozen', { clock: clockText(scene.now, model) }), 'accent');
  return prompt(model.busy > 0 ? say('working') : '', 'muted');
}

function clockText(now: number | null, { ui }: Model): string {
  if (now === null) return '?';
  const text = new Date(now + ui.zone.offsetMinutes * 60_000).toISOString().slice(11, 19);
  return `${text} ${ui.zone.name}`;
}

/** A line with its cursor; of a longer one the part around the cursor. */
function typedLine({ text, at }: TypedLine, mark: string, { columns, ascii }: Canvas, drawing: Drawing): Line {
  const head = drawing.clean(` ${mark}`, ascii);
  const room = Math.max(1, columns - drawing.widthOf(head) - 1);
  const glyphs = Array.from(drawing.clean(text, false));
  let from = 0;
  while (from < at && drawing.widthOf(glyphs.slice(from, at).join('')) > room - 1) from += 1;
  let to = at;
  while (to < glyphs.length && drawing.widthOf(glyphs.slice(from, to + 1).join('')) <= room) to += 1;
  return {
    spans: [
      { text: head, tone: 'accent' },
      { text: glyphs.slice(from, at).join(''), tone: 'plain' },
      { text: to > at ? (glyphs[at] ?? ' ') : ' ', tone: 'plain', isInverse: true },
      { text: glyphs.slice(at + 1, to).join(''), tone: 'plain' },
    ],
  };
}

function clipped(spans: readonly Span[], width: number, { widthOf }: Drawing): readonly Span[] {
  const kept: Span[] = [];
  let left = width;
  for (const span of spans) {
    let text = span.text;
    while (text !== '' && widthOf(text) > left) text = text.slice(0, -1);
    left -= widthOf(text);
    if (text !== '') kept.push({ ...span, text });
  }
  return kept;
}
