import { type AnyEntry, encode } from '../../domain/entry.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { count, fact, plain, word } from '../cell.ts';
import { emptyText } from '../empty.ts';
import { causesOf, entryOf, resultsOf } from '../entry-chain.ts';
import { entryCells, entryLine, entrySymbol, entryTone, kindText } from '../entry-line.ts';
import { decimal, utcTime } from '../format.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { shortTimeCell } from '../short-time.ts';
import type { Action, Block, Cell, Fact, FactsBlock, LogBlock } from '../view.ts';
import * as journalWords from '../words/journal.ts';

const RESULTS_MAX = 20;

const tongue = ({ locale }: Ui) => words(journalWords, locale);

/** What happened, and why: the entries of the journal, the one that was picked, and its causes. */
export const journalScreen: Screen = {
  id: 'journal',
  key: '7',
  title: 'Journal',
  view: (scene, ui) => ({
    screen: 'journal',
    title: 'Journal',
    status: [],
    blocks: [...detailBlocks(scene, ui), logBlock(scene, ui)],
    actions: actionsOf(scene, ui),
    asOf: scene.now,
  }),
};

/** Every word of the filter is in the number, kind, symbol or text of an entry. */
export function fitsFilter(entry: AnyEntry, scene: Pick<Scene, 'state' | 'markets'>, { filter, locale }: Ui): boolean {
  if (filter.trim() === '') return true;
  const symbol = entrySymbol(entry, scene);
  const text = `#${entry.seq} ${entry.kind} ${kindText(entry.kind, locale)} ${symbol} ${entryLine(entry, locale)}`;
  const hay = text.toLowerCase();
  return filter
    .toLowerCase()
    .split(' ')
    .every((part) => hay.includes(part));
}

const fittingOf = (scene: Scene, ui: Ui): readonly AnyEntry[] =>
  scene.entries.filter((entry) => fitsFilter(entry, scene, ui));

function logBlock(scene: Scene, ui: Ui): LogBlock {
  const say = tongue(ui);
  const { entries } = scene;
  const filter = ui.filter.trim();
  const fitting = fittingOf(scene, ui);
  const numbers = { shown: fitting.length, all: entries.length };
  return {
    kind: 'log',
    id: 'journal',
    title: filter === '' ? say('log', numbers) : say('filtered', { ...numbers, filter }),
    area: ui.seq === undefined ? 'wide' : 'main',
    rank: 0,
    lines: fitting.toReversed().map((entry) => ({ key: `${entry.seq}`, cells: cellsOf(entry, scene, ui) })),
    empty: entries.length === 0 ? emptyText(scene, ui, say('nothing')) : say('noMatch', { filter }),
    picked: ui.picked.journal ?? (ui.seq === undefined ? undefined : `${ui.seq}`),
  };
}

const cellsOf = (entry: AnyEntry, scene: Scene, ui: Ui): readonly Cell[] => [
  shortTimeCell(entry.at, scene.now, ui),
  { value: entry.seq, text: `${entry.seq}`, tone: 'muted' },
  ...entryCells(entry, scene, ui.locale),
];

/** Without instant and symbol: those of the entry that is looked at stand over it. */
function shortCells(entry: AnyEntry, scene: Scene, ui: Ui): readonly Cell[] {
  const [kind, , line] = entryCells(entry, scene, ui.locale);
  return [{ value: entry.seq, text: `${entry.seq}`, tone: 'muted' as const }, kind, line];
}

function detailBlocks(scene: Scene, ui: Ui): readonly Block[] {
  if (ui.seq === undefined) return [];
  const say = tongue(ui);
  const entry = entryOf(scene.entries, ui.seq);
  if (entry === undefined) {
    const lines = [say('notHere', { seq: `${ui.seq}`, all: scene.entries.length })];
    const base = { id: 'entry', title: say('titleMissing'), area: 'side', rank: 0 } as const;
    return [{ kind: 'note', ...base, tone: 'warn', lines }];
  }
  return [
    entryBlock(entry, scene, ui),
    causesBlock(entry, scene, ui),
    resultsBlock(entry, scene, ui),
    bodyBlock(entry, ui),
  ];
}

function entryBlock(entry: AnyEntry, scene: Scene, ui: Ui): FactsBlock {
  const say = tongue(ui);
  const run = scene.state.runs[entry.run - 1];
  const cause =
    typeof entry.cause === 'number' ? { value: entry.cause, text: `#${entry.cause}` } : inputCell(entry.cause, ui);
  return {
    kind: 'facts',
    id: 'entry',
    title: say('entry', { seq: `${entry.seq}` }),
    area: 'side',
    rank: 0,
    lines: [
      [fact('line', '', [word(entry.kind, entryLine(entry, ui.locale, run?.instrument.tick), entryTone(entry))])],
      [
        fact('at', say('at'), [{ value: entry.at, text: instantText(entry.at, ui) }]),
        fact('kind', say('kind'), [plain(entry.kind)]),
      ],
      [
        ...(run === undefined ? [] : [fact('run', say('run'), [count(run.run), plain(run.symbol)])]),
        ...(entry.account === '' ? [] : [fact('account', say('account'), [plain(entry.account)])]),
        fact('cause', say('cause'), [cause]),
      ],
    ],
  };
}

/** The body field by field. */
function bodyBlock(entry: AnyEntry, ui: Ui): FactsBlock {
  const lines = leavesOf(entry, ui).map((leaf) => [leaf]);
  return { kind: 'facts', id: 'body', title: tongue(ui)('body'), area: 'side', rank: 2, lines };
}

/** `2025-05-04 06:31:00 UTC`, in the chosen zone. */
const instantText = (at: number, { zone }: Ui): string =>
  `${utcTime(at + zone.offsetMinutes * MINUTE_MS)} ${zone.name}`;

/** `BTC/USDT:USDT close 1746372840000` with its instant for people. */
function inputCell(cause: string, ui: Ui): Cell {
  const text = cause.replace(/\d{12,}/g, (ms) => instantText(Number(ms), ui));
  return { value: cause, text };
}

/** The body field by field, in the names of `--json`. */
function leavesOf(entry: AnyEntry, ui: Ui): readonly Fact[] {
  const body = JSON.parse(encode(entry.body)) as Readonly<Record<string, unknown>>;
  return Object.entries(body).flatMap(([name, value]) => leaf(name, value, ui));
}

function leaf(name: string, value: unknown, ui: Ui): readonly Fact[] {
  if (value === null) return [fact(name, name, [{ value: null, text: '?', tone: 'muted' }])];
  if (Array.isArray(value)) return [fact(name, name, [plain(listText(value))])];
  if (typeof value !== 'object') return [fact(name, name, [scalar(name, value, ui)])];
  return Object.entries(value).flatMap(([inner, each]) => leaf(`${name}.${inner}`, each, ui));
}

const INSTANT_MIN = 1e12;

function scalar(name: string, value: unknown, ui: Ui): Cell {
  if (typeof value === 'number') {
    const isInstant = /(At|until|from|to|day)$/.test(name) && value >= INSTANT_MIN;
    const text = isInstant ? instantText(value, ui) : decimal(Number(value.toPrecision(8)));
    return { value, text };
  }
  const text = String(value);
  return { value: text, text: /^-?\d+(\.\d+)?$/.test(text) ? decimal(text) : text };
}

/** Votes as `ema+ di- volume0`; other lists say how long they are. */
function listText(list: readonly unknown[]): string {
  const parts = list.map((each) => {
    if (typeof each !== 'object' || each === null) return String(each);
    const { name, vote } = each as { readonly name?: unknown; readonly vote?: unknown };
    if (typeof name !== 'string' || typeof vote !== 'number') return '...';
    return `${name}${vote > 0 ? '+' : vote < 0 ? '-' : '0'}`;
  });
  return parts.length === 0 ? '-' : parts.join(' ');
}

function causesBlock(entry: AnyEntry, scene: Scene, ui: Ui): LogBlock {
  const say = tongue(ui);
  const { chain, input } = causesOf(scene.entries, entry);
  const lines = chain.slice(1).map((each) => ({ key: `${each.seq}`, cells: shortCells(each, scene, ui) }));
  const last = { key: 'input', cells: [word('input', say('input'), 'muted'), inputCell(input ?? '', ui)] };
  return {
    kind: 'log',
    id: 'causes',
    title: say('causes'),
    area: 'side',
    rank: 1,
    lines: input === null ? lines : [...lines, last],
    empty: say('noCause', { seq: `${entry.seq}` }),
    picked: ui.picked.causes,
  };
}

function resultsBlock(entry: AnyEntry, scene: Scene, ui: Ui): LogBlock {
  const say = tongue(ui);
  const results = resultsOf(scene.entries, entry).slice(0, RESULTS_MAX);
  return {
    kind: 'log',
    id: 'results',
    title: say('after'),
    area: 'side',
    rank: 2,
    lines: results.map((each) => ({ key: `${each.seq}`, cells: shortCells(each, scene, ui) })),
    empty: say('nothingAfter'),
    picked: ui.picked.results,
  };
}

function actionsOf(scene: Scene, ui: Ui): readonly Action[] {
  const say = tongue(ui);
  const marked = numberOf(ui.picked.journal);
  // What the filter hides is not acted on: nobody sees that it is marked.
  const picked = ui.seq ?? fittingOf(scene, ui).find(({ seq }) => seq === marked)?.seq;
  const profile = ['--profile', scene.profile];
  const disabled = scene.entries.length === 0 ? say('nothingThere') : undefined;
  const noPick = picked === undefined ? say('pickFirst') : undefined;
  const command = (id: 'export' | 'verify' | 'prune', key: string, bar = disabled): Action => ({
    id,
    label: say(id),
    key,
    stakes: 'none',
    link: { to: 'command', words: ['journal', id, ...profile] },
    disabled: bar,
  });
  return [
    {
      id: 'why',
      label: say('why'),
      key: 'w',
      stakes: 'none',
      link: { to: 'command', words: ['why', ...(picked === undefined ? [] : [`${picked}`]), ...profile] },
      disabled,
    },
    {
      id: 'note',
      label: say('note'),
      key: 'N',
      stakes: 'none',
      link: { to: 'command', words: ['journal', 'note', ...(picked === undefined ? [] : [`${picked}`])] },
      disabled: disabled ?? noPick,
    },
    command('export', 'S'),
    command('verify', 'v', disabled ?? verifyBar(scene, ui)),
    command('prune', 'P'),
  ];
}

/** A journal is verified while no engine writes it. */
export const verifyBar = ({ link }: Scene, ui: Ui): string | undefined =>
  link === 'none' ? undefined : tongue(ui)('isWritten');

const numberOf = (key: string | undefined): number | undefined =>
  key !== undefined && /^\d+$/.test(key) ? Number(key) : undefined;
