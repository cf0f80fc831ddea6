import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnyEntry, encode } from '../../../src/core/domain/entry.ts';
import { compare } from '../../../src/core/journal/compare.ts';
import { marketWith, renamed, type SmallMarket, toldLate } from '../../support/engine-market.ts';
import { paced, play } from '../../support/engine-play.ts';

interface Kill {
  /** A kill while an order is on its way, or anywhere. */
  readonly inFlight: boolean;
  readonly share: number;
}

/** What survives a kill is whole instants: all entries up to one of them. */
function survivors(entries: readonly AnyEntry[], { inFlight, share }: Kill): readonly AnyEntry[] {
  const places = inFlight ? entries.filter(({ kind }) => kind === 'order_intended') : entries;
  const at = (places.length === 0 ? entries : places).at(Math.floor(share * places.length))?.at ?? 0;
  return entries.filter((entry) => entry.at <= at);
}

/** Facts of the account, which no digest of a run holds. */
const accountFacts = (entries: readonly AnyEntry[]): string[] =>
  entries
    .filter(({ run, kind }) => run === 0 && !/^epoch_started|^command_|^lease_/.test(kind))
    .map(({ kind, at, body }) => encode({ kind, at, body }));

/** What differs between two journals: the first entry of a run, or else what is told of the account. */
function difference(whole: readonly AnyEntry[], entries: readonly AnyEntry[]): unknown {
  const first = compare(whole, entries);
  if (first !== undefined) return [first.index, first.a?.text, first.b?.text];
  const facts = accountFacts(entries);
  const found = accountFacts(whole).findIndex((fact, i) => fact !== facts[i]);
  return found < 0 && facts.length === accountFacts(whole).length ? undefined : [found, facts[found]];
}

function afterKills(market: SmallMarket | readonly SmallMarket[], kills: readonly Kill[]): unknown {
  const whole = play(market).entries;
  let entries: readonly AnyEntry[] = whole;
  for (const each of kills) entries = play(market, survivors(entries, each)).entries;
  return difference(whole, entries);
}

const kill = fc.record({ inFlight: fc.boolean(), share: fc.integer({ min: 0, max: 999 }).map((n) => n / 1_000) });
const kills = fc.array(kill, { minLength: 1, maxLength: 3 });
const MINUTE_MS = 60_000;

test('a run that is killed at any instant and taken up again ends as if nothing had been', () => {
  fc.assert(
    fc.property(marketWith(['none', 'none', 'thin', 'endless']), fc.nat(3), kills, (market, late, times) => {
      expect(afterKills(toldLate(market, late), times)).toBeUndefined();
    }),
    { numRuns: 150 },
  );
});

test('two runs on one account, too', () => {
  const markets = fc
    .tuple(marketWith(['none', 'thin'], [MINUTE_MS]), marketWith(['none', 'thin'], [MINUTE_MS, 5 * MINUTE_MS]))
    .map(([first, second]) => [first, renamed(second, 'XRP')] as const);
  fc.assert(
    fc.property(markets, kills, (both, times) => {
      expect(afterKills(both, times)).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});

test('however often market time is looked at, the same happens', () => {
  const steps = fc.constantFrom(700, 7_000, 90_000, 600_000);
  const markets = marketWith(['none', 'thin', 'endless'], [1_000, MINUTE_MS, MINUTE_MS, 10 * MINUTE_MS]);
  fc.assert(
    fc.property(markets, steps, (market, stepMs) => {
      expect(difference(play(market).entries, play(market, [], paced(stepMs)).entries)).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});

test('a difference is found: one fill of another price', () => {
  const markets = fc.sample(marketWith(['none'], [MINUTE_MS]), { numRuns: 20, seed: 7 });
  const journals = markets.map((market) => play(market).entries);
  const entries = journals.find((journal) => journal.some(({ kind }) => kind === 'order_filled')) ?? [];
  const changed = entries.map((entry) =>
    entry.kind === 'order_filled' ? { ...entry, body: { ...entry.body, slippageBps: 1 } } : entry,
  );
  expect(difference(entries, changed)).toBeDefined();
});
