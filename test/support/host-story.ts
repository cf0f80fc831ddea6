import fc from 'fast-check';
import { price, rate } from '../../src/core/base/decimal.ts';
import type { Ask, StartAsk } from '../../src/core/domain/ask.ts';
import { type AnyEntry, encode } from '../../src/core/domain/entry.ts';
import type { RiskSettings } from '../../src/core/domain/settings.ts';
import { compare } from '../../src/core/journal/compare.ts';
import { createSyntheticFeed } from '../../src/core/lab/host/synthetic.ts';
import { DEFAULT_RISK } from '../../src/core/risk/defaults.ts';
import { handHost, type Timed } from './host-play.ts';

const MINUTE_MS = 60_000;
const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT'];

/** Trades often: a short stop, no limits. */
const LIVELY: RiskSettings = {
  sizing: { by: 'fraction', fraction: rate('0.1') },
  leverage: rate('2'),
  stop: { by: 'fixed', distance: rate('0.003') },
  target: { by: 'fixed', distance: rate('0.004') },
  loss: { by: 'none' },
  limits: {},
};

export const start = (symbol: string, more: Partial<StartAsk> = {}): Ask => ({
  do: 'start',
  start: {
    strategy: 'ema-cross',
    params: { fast: '2', slow: '5' },
    symbol,
    seed: 1,
    observe: false,
    risk: symbol.includes(':') ? LIVELY : { ...LIVELY, leverage: rate('1') },
    ...more,
  },
});

export const alertOn = (symbol: string): Ask => ({
  do: 'command',
  command: { name: 'add_alert', symbol, side: 'above', price: price('70000') },
});

const run = fc.integer({ min: 1, max: 3 });
const symbol = fc.constantFrom(...SYMBOLS);
const ask: fc.Arbitrary<Ask> = fc.oneof(
  symbol.map((each) => start(each)),
  symbol.map((each) => start(each, { observe: true, params: { fast: '3', slow: '8' } })),
  symbol.map((each) => start(each, { strategy: 'trend', params: { price: 'mid', timeframe: '1m' } })),
  fc.tuple(symbol, fc.constantFrom<1 | -1>(1, -1)).map(
    ([each, sign]): Ask => ({
      do: 'trade',
      symbol: each,
      draft: { type: 'market', sign, size: { by: 'fraction', fraction: rate('0.05') }, noStop: sign === 1 },
    }),
  ),
  run.map((each): Ask => ({ do: 'command', command: { name: 'stop_run', run: each, position: 'flatten' } })),
  run.map((each): Ask => ({ do: 'command', command: { name: 'pause_run', run: each } })),
  run.map((each): Ask => ({ do: 'command', command: { name: 'resume_run', run: each } })),
  run.map((each): Ask => ({ do: 'command', command: { name: 'flip_position', run: each } })),
  run.map((each): Ask => ({ do: 'command', command: { name: 'close_position', run: each } })),
  run.map(
    (each): Ask => ({ do: 'command', command: { name: 'change_settings', run: each, riskSettings: DEFAULT_RISK } }),
  ),
  symbol.map(alertOn),
);

const HOURS = 2;
export const END = HOURS * 60 * MINUTE_MS;

/** What people ask of an engine in two hours, the first run from the beginning on. */
export const story = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: END - 1 }), { minLength: 4, maxLength: 10 }),
    fc.array(ask, { minLength: 10, maxLength: 10 }),
  )
  .map(([instants, asks]): readonly Timed[] =>
    instants
      .sort((a, b) => a - b)
      .map((at, i) => ({ at: i === 0 ? 1_000 : at, ask: i === 0 ? start('BTC/USDT:USDT') : (asks[i] as Ask) })),
  );

/** Facts of the account, which no digest of a run holds. */
const accountFacts = (entries: readonly AnyEntry[]): string[] =>
  entries
    // A start is told, too, and what a process had counted and not told goes with it.
    .filter(({ run: of, kind }) => of === 0 && kind !== 'epoch_started' && !/^alert_[rs]/.test(kind))
    .map(({ kind, at, body }) => encode({ kind, at, body }));

/** Plays a story with kills at these waits and gives what the journal holds in the end. */
export async function told(asks: readonly Timed[], kills: readonly number[]): Promise<readonly AnyEntry[]> {
  const feed = createSyntheticFeed(7);
  let entries: readonly AnyEntry[] = [];
  for (const kill of [...kills, Number.POSITIVE_INFINITY]) {
    const hand = handHost({ feed, survived: entries });
    const known = new Set(entries.flatMap((each) => (each.kind === 'command_received' ? [each.body.id] : [])));
    const left = asks.filter(({ at }) => !known.has(`at${at}`));
    await hand.pass(END, left, (waits) => waits >= kill);
    entries = [...hand.journal.all];
  }
  return entries;
}

/** What differs between two journals: the first entry of a run, or else what is told of accounts. */
export function difference(whole: readonly AnyEntry[], entries: readonly AnyEntry[]): unknown {
  const first = compare(whole, entries);
  if (first !== undefined) return [first.index, first.a?.text, first.b?.text];
  const facts = accountFacts(entries);
  const found = accountFacts(whole).findIndex((fact, i) => fact !== facts[i]);
  return found < 0 && facts.length === accountFacts(whole).length ? undefined : [found, facts[found]];
}

/** Kills at so many waits of the engine's loop. */
export const kills = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 2 });
