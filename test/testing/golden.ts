import {
  FIXTURES,
  type FixtureName,
  type FrameRequest,
  frameOf,
  type ScreenId,
  sceneOf,
} from '../../src/testing/index.ts';

/** A golden file: one screen at one size in one language, in the states that tell most about it. */
export interface Golden {
  readonly file: string;
  readonly screen: ScreenId;
  readonly columns: number;
  readonly rows: number | null;
  readonly locale: 'en' | 'ru';
  readonly states: readonly FixtureName[];
}

const STATES: Readonly<Record<ScreenId, readonly [FixtureName, FixtureName, FixtureName]>> = {
  auto: ['long-in-profit', 'blocked-by-margin', 'halted'],
  market: ['long-in-profit', 'stale-feed', 'no-engine'],
  risk: ['short-in-loss', 'halted', 'many-positions'],
  portfolio: ['many-positions', 'short-in-loss', 'no-engine'],
  trade: ['fresh', 'short-in-loss', 'stale-feed'],
  orders: ['long-in-profit', 'error', 'blocked-by-margin'],
  journal: ['long-in-profit', 'halted', 'flipped'],
  analytics: ['drawdown', 'long-in-profit', 'fresh'],
  monitoring: ['many-positions', 'stale-feed', 'no-engine'],
  system: ['first-run', 'error', 'engine-lost'],
  settings: ['fresh', 'long-in-profit', 'no-engine'],
  strategies: ['many-positions', 'fresh', 'no-engine'],
  debug: ['sandbox', 'fresh', 'no-engine'],
  help: ['fresh', 'engine-lost', 'no-engine'],
};

const SCREENS = Object.keys(STATES) as ScreenId[];
const SIZES = [
  [80, 24],
  [120, 40],
] as const;
/** A phone has no lines to fit: it is read from top to bottom. */
const EXTREMES = [
  [38, null],
  [200, 60],
] as const;

const golden = (screen: ScreenId, columns: number, rows: number | null, locale: 'en' | 'ru'): Golden => ({
  file: `${screen}-${columns}${rows === null ? '' : `x${rows}`}${locale === 'ru' ? '.ru' : ''}.txt`,
  screen,
  columns,
  rows,
  locale,
  states: STATES[screen],
});

/** With the prices of an exchange, and the real account beside the one on paper. */
const OF_EXCHANGE: Partial<Record<ScreenId, readonly FixtureName[]>> = {
  system: ['exchange-live', 'exchange-polling', 'exchange-stale', 'exchange-banned'],
  market: ['exchange-live', 'exchange-polling', 'exchange-stale', 'exchange-banned'],
  portfolio: ['venue-account'],
  auto: ['exchange-polling', 'exchange-stale'],
};

const ofExchange = ([screen, states]: [string, readonly FixtureName[]]): readonly Golden[] =>
  (['en', 'ru'] as const).flatMap((locale) =>
    ([EXTREMES[0], ...SIZES] as const)
      .map(([columns, rows]) => golden(screen as ScreenId, columns, rows, locale))
      .filter(({ columns }) => locale === 'en' || columns === 80)
      .map((each) => ({ ...each, file: `exchange-${each.file}`, states })),
  );

export const GOLDENS: readonly Golden[] = [
  ...Object.entries(OF_EXCHANGE).flatMap(ofExchange),
  ...SCREENS.flatMap((screen) => SIZES.map(([columns, rows]) => golden(screen, columns, rows, 'en'))),
  ...(['auto', 'risk', 'journal'] as const).flatMap((screen) =>
    EXTREMES.map(([columns, rows]) => golden(screen, columns, rows, 'en')),
  ),
  ...(['auto', 'trade'] as const).flatMap((screen) =>
    SIZES.map(([columns, rows]) => golden(screen, columns, rows, 'ru')),
  ),
];

/** The Journal shows an entry with its causes in its last state. */
async function uiOf({ screen }: Golden, state: FixtureName): Promise<FrameRequest['ui']> {
  if (screen !== 'journal' || state !== 'flipped') return {};
  const { entries } = await sceneOf(state);
  return { seq: entries.findLast(({ kind }) => kind === 'position_flipped')?.seq };
}

/** The frames of a golden file, a headline over each. */
export async function goldenText(golden: Golden): Promise<string> {
  const { screen, columns, rows, locale, states } = golden;
  const parts: string[] = [];
  for (const state of states) {
    const about = FIXTURES.find(({ name }) => name === state)?.about ?? '';
    const frame = await frameOf({ screen, state, columns, rows, locale, ui: await uiOf(golden, state) });
    parts.push(`=== ${screen}, ${state}: ${about}\n${frame}`);
  }
  return parts.join('\n');
}
