import { money, price, qty } from '../../../src/core/base/decimal.ts';
import type { EngineClient } from '../../../src/core/command/engine.ts';
import type { Answer, Ask } from '../../../src/core/domain/ask.ts';
import type { Draft, Preview } from '../../../src/core/domain/frame.ts';
import { emptyState } from '../../../src/core/domain/state.ts';
import { bannerAlerts, bannerText } from '../../../src/core/view/alert.ts';
import { draftOf } from '../../../src/core/view/draft-input.ts';
import { words } from '../../../src/core/view/language.ts';
import { clean } from '../../../src/core/view/layout/clean.ts';
import { layout } from '../../../src/core/view/layout/layout.ts';
import { ansiLine } from '../../../src/core/view/paint/ansi.ts';
import type { ThemeName } from '../../../src/core/view/paint/theme.ts';
import type { Scene, Ui } from '../../../src/core/view/scene.ts';
import { focusOf, focusOnSymbol } from '../../../src/core/view/select.ts';
import type { Action, Block, TableBlock, View } from '../../../src/core/view/view.ts';
import { widthOf, wrap } from '../../../src/core/view/width.ts';
import * as tuiWords from '../../../src/core/view/words/tui.ts';
import type { Commands } from '../../../src/tui/core.ts';
import type { Result } from '../../../src/tui/model/model.ts';
import type { Screens } from '../../../src/tui/session.ts';

type Run = Scene['state']['runs'][number];

const BTC = 'BTC/USDT:USDT';

/** A run as far as the terminal looks at it. */
export const run = (given: Partial<Run> = {}): Run =>
  ({
    run: 7,
    account: 'main',
    symbol: BTC,
    strategy: 'trend',
    state: 'RUNNING',
    risk: { limits: {} },
    orders: [],
    ...given,
  }) as Run;

export const heldRun = (given: Partial<Run> = {}): Run =>
  run({ position: { sign: 1, qty: qty('0.072') } as NonNullable<Run['position']>, ...given });

export const scene = (given: Partial<Scene> = {}): Scene => ({
  link: 'up',
  linkAt: null,
  mode: 'PAPER',
  profile: 'demo',
  feed: 'SIM x60',
  now: Date.UTC(2025, 4, 4, 7, 41, 9),
  state: { ...emptyState(), runs: [heldRun()] },
  markets: [],
  candles: {},
  runs: [],
  accounts: [],
  system: null,
  entries: [],
  trades: [],
  equity: {},
  strategies: [],
  commands: [],
  isDebugEnabled: false,
  ...given,
});

export const preview = (given: Partial<Extract<Preview, { ok: true }>> = {}): Preview => ({
  ok: true,
  sign: 1,
  type: 'market',
  qty: qty('0.05'),
  price: price('62000'),
  notional: money('3100'),
  margin: money('1550'),
  fee: money('1.55'),
  feeOut: money('1.55'),
  risk: money('50'),
  riskShare: 0.005,
  quoteAt: 0,
  mid: 62_000,
  ...given,
});

/** An engine that answers what it is told to. */
export interface StubClient extends EngineClient {
  readonly asked: Ask[];
  readonly previewed: Draft[];
  readonly reports: { skipped: number }[];
  set(scene: Scene, isLink?: boolean): void;
  answers: Answer | Error;
  previews: Preview | Error;
}

export function stubClient(first: Scene = scene()): StubClient {
  let present = first;
  const listeners = new Set<(change: { entries: []; isLink: boolean }) => void>();
  return {
    asked: [],
    previewed: [],
    reports: [],
    answers: { ok: true, entries: [], isRepeated: false, run: 7 },
    previews: preview(),
    scene: () => present,
    set(next, isLink = false) {
      present = next;
      for (const listener of listeners) listener({ entries: [], isLink });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async ask(ask) {
      this.asked.push(ask);
      if (this.answers instanceof Error) throw this.answers;
      return this.answers;
    },
    async preview(_symbol, draft) {
      this.previewed.push(draft);
      if (this.previews instanceof Error) throw this.previews;
      return this.previews;
    },
    entries: async () => [],
    watch: async () => undefined,
    view: () => Promise.reject(new Error('not asked for')),
    report(painting) {
      this.reports.push(painting);
    },
    close: () => undefined,
  };
}

/** Commands that write down what was asked and answer the same to all. */
export interface StubCommands extends Commands {
  readonly ran: (readonly string[])[];
  result: Result;
}

export const stubCommands = (): StubCommands => ({
  ran: [],
  result: {
    isOk: true,
    summary: 'closed at 62,105.4',
    lines: [{ spans: [{ text: 'closed at 62,105.4', tone: 'plain' }] }],
  },
  async run(words) {
    this.ran.push(words);
    return this.result;
  },
  hints: async (text) =>
    ['journal list', 'journal show', 'panic', 'why']
      .filter((name) => name.startsWith(text))
      .map((name) => ({ text: name, about: `about ${name}` })),
  check: async () => ({}),
});

const action = (given: Partial<Action> & Pick<Action, 'id'>): Action => ({
  label: given.id,
  stakes: 'none',
  link: { to: 'command', words: [given.id] },
  ...given,
});

/** The actions of the small screens below. */
export const ACTIONS: readonly Action[] = [
  action({ id: 'close', key: 'c', stakes: 'lowers', link: { to: 'command', words: ['trade', 'close', '--run', '7'] } }),
  action({
    id: 'stop',
    key: 's',
    stakes: 'lowers',
    link: { to: 'command', words: ['auto', 'stop', '--run', '7', '--keep'] },
  }),
  action({ id: 'flip', key: 'f', stakes: 'raises', link: { to: 'command', words: ['trade', 'flip', '--run', '7'] } }),
  action({ id: 'pause', key: 'p', stakes: 'lowers', disabled: 'the run is paused' }),
  action({ id: 'new', key: 't', stakes: 'none', link: { to: 'screen', screen: 'trade' } }),
];

const RUNS: TableBlock = {
  kind: 'table',
  id: 'runs',
  title: 'RUNS',
  area: 'wide',
  rank: 0,
  columns: [
    { name: 'run', title: '#', align: 'right' },
    { name: 'symbol', title: 'symbol', isFlexible: true },
  ],
  rows: [7, 8, 9].map((number) => ({
    key: String(number),
    cells: [
      { value: number, text: String(number) },
      { value: BTC, text: `run ${number} of ${BTC}` },
    ],
    opens: { to: 'screen', screen: 'risk', pick: { run: String(number) } },
  })),
  empty: 'none',
  picked: '7',
};

/** Small screens of every kind of block; the real ones have tests of their own. */
export function smallView(scene: Scene, ui: Ui): View {
  const facts: Block = {
    kind: 'facts',
    id: 'position',
    title: 'POSITION',
    area: 'wide',
    rank: 0,
    lines: [[{ name: 'now', label: 'net', cells: [{ value: scene.now, text: `as of ${scene.now}` }] }]],
  };
  const form: Block = {
    kind: 'form',
    id: 'form',
    title: 'DRAFT',
    area: 'wide',
    rank: 0,
    focused: ui.form?.focused ?? 'side',
    fields: [
      field(ui, 'side', ['buy', 'sell']),
      field(ui, 'type', ['market', 'limit', 'stop', 'target']),
      field(ui, 'by', ['settings', 'qty']),
      field(ui, 'size'),
    ],
  };
  const picked = ui.picked.runs ?? '7';
  const isTrade = ui.screen === 'trade';
  const risk: Block = {
    ...form,
    id: 'risk',
    title: 'RISK',
    focused: ui.form?.focused ?? '',
    fields: [field(ui, 'risk'), field(ui, 'maxLoss')],
  };
  return {
    screen: ui.screen,
    title: ui.screen,
    status: [
      { name: 'mode', label: '', cells: [{ value: scene.mode, text: `${scene.mode} ${scene.profile} ${scene.link}` }] },
    ],
    blocks: isTrade ? [form, facts] : ui.screen === 'settings' ? [risk, facts] : [facts, { ...RUNS, picked }],
    actions: ACTIONS,
    asOf: scene.now,
  };
}

const field = (ui: Ui, name: string, choices?: readonly string[]) => ({
  name,
  label: name,
  input: ui.form?.inputs[name] ?? choices?.[0] ?? '',
  placeholder: '',
  choices: choices?.map((value) => ({ value, label: value })),
  hint: ui.form?.problems[name] ?? '',
  tone: 'plain' as const,
});

const TITLES = [
  'auto',
  'market',
  'risk',
  'portfolio',
  'trade',
  'orders',
  'journal',
  'analytics',
  'monitoring',
  'system',
] as const;

export const screens = (theme: ThemeName = 'dark', locale: Ui['locale'] = 'en', viewOf = smallView): Screens => ({
  layout,
  clean,
  wrap,
  widthOf,
  viewOf,
  focusOf,
  focusOnSymbol,
  bannerAlerts,
  bannerText,
  draftOf: (inputs) => draftOf(inputs, locale),
  tabs: TITLES.map((id, i) => ({ key: String((i + 1) % 10), screen: id, title: id, short: id.slice(0, 3) })),
  say: words(tuiWords, locale),
  paint: (line) => ansiLine(line, theme),
});
