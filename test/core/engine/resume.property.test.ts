import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnyEntry, encode } from '../../../src/core/domain/entry.ts';
import { compare } from '../../../src/core/journal/compare.ts';
import { digests } from '../../../src/core/journal/digest.ts';
import { play, type SmallMarket, smallMarket } from '../../support/engine-market.ts';

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

function checkKills(market: SmallMarket, kills: readonly Kill[]): void {
  const whole = play(market);
  let entries: readonly AnyEntry[] = whole.entries;
  for (const kill of kills) entries = play(market, survivors(entries, kill)).entries;
  const first = compare(whole.entries, entries);
  const shown = first === undefined ? undefined : [first.index, first.a?.text, first.b?.text];
  expect(shown).toBeUndefined();
  expect(digests(entries)).toEqual(digests(whole.entries));
  expect(accountFacts(entries)).toEqual(accountFacts(whole.entries));
}

test('a run that is killed at any instant and taken up again ends as if nothing had been', () => {
  const kill = fc.record({ inFlight: fc.boolean(), share: fc.integer({ min: 0, max: 999 }).map((n) => n / 1_000) });
  fc.assert(fc.property(smallMarket, fc.array(kill, { minLength: 1, maxLength: 3 }), checkKills), {
    numRuns: Number(process.env['N'] ?? 250),
  });
});
