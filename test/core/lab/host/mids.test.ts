import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../../src/core/domain/ask.ts';
import type { Bar } from '../../../../src/core/domain/candle.ts';
import { type AnyEntry, decode, encode } from '../../../../src/core/domain/entry.ts';
import type { CandleRow } from '../../../../src/core/domain/frame.ts';
import { compare } from '../../../../src/core/journal/compare.ts';
import { retellExchange } from '../../../../src/core/lab/host/retell-exchange.ts';
import type { LiveInput } from '../../../../src/core/market/feed.ts';
import { createMidStore, type KeptMids } from '../../../../src/core/market/mid-store.ts';
import { openCandles } from '../../../../src/core/market/store.ts';
import type { Definition } from '../../../../src/core/strategy/definition.ts';
import { createTapedVenue, type TapedInput } from '../../../../src/core/venue/taped.ts';
import { refold } from '../../../support/engine-play.ts';
import {
  BEGIN_AT,
  BTC,
  closeOf,
  createLiveScript,
  type ExchangeHost,
  exchangeHost,
  type LiveScript,
  MINUTE_MS,
  quoteOf,
} from '../../../support/live-script.ts';
import { scratchFolder } from '../../../support/scratch.ts';

const NEEDED = 20;

/** A strategy that remembers the candles that each of its runs was shown; it votes by where the last one closed. */
function remembering(): { readonly definition: Definition; readonly seen: Bar[][] } {
  const seen: Bar[][] = [];
  const definition: Definition = {
    ...{ name: 'memory', version: 1, title: 'Memory', about: 'Remembers.', values: [] },
    params: { price: { type: 'choice', default: 'mid', choices: ['trade', 'mid'], about: 'which' } },
    votes: () => [{ name: 'side', weight: 1, about: 'where it closed' }],
    confirmations: () => 1,
    warmup: () => ({ bars: NEEDED, higherBars: 0 }),
    timeframes: () => ({ own: 'feed' }),
    create() {
      const bars: Bar[] = [];
      seen.push(bars);
      return {
        close(bar, opinion) {
          bars.push({ ...bar });
          opinion.votes[0] = bar.close > 50_000 ? 1 : -1;
        },
      };
    },
  };
  return { definition, seen };
}

const asking = { who: 'test', face: 'cli' } as const;
const start = (more: object = {}): Ask => ({
  do: 'start',
  start: { strategy: 'memory', params: { price: 'mid' }, symbol: BTC, seed: 1, observe: true, ...more },
});
const past: CandleRow[] = Array.from({ length: 200 }, (_, i): CandleRow => {
  return [BEGIN_AT - (200 - i) * MINUTE_MS, 40_000, 40_000, 40_000, 40_000, 9];
});

const rowOf = ({ openAt, open, high, low, close, volume }: Bar): CandleRow => [openAt, open, high, low, close, volume];
const since = (bars: readonly Bar[] | undefined, at: number): CandleRow[] =>
  (bars ?? []).filter(({ openAt }) => openAt >= at).map(rowOf);

/** Mids of the bids that are told of a minute, as a candle. */
const candleOf = (openAt: number, bids: readonly number[]): CandleRow => {
  const mids = bids.map((bid) => (bid + (bid + 0.1)) / 2);
  return [openAt, mids[0] as number, Math.max(...mids), Math.min(...mids), mids.at(-1) as number, 1];
};

/** So many minutes from an instant on: quotes in each of them but those of `silent`, then the close of its trades. */
function* minutes(script: LiveScript, from: number, count: number, silent: readonly number[] = []) {
  for (let i = 0; i < count; i++) {
    const openAt = from + i * MINUTE_MS;
    for (const [j, bid] of (silent.includes(i) ? [] : bidsOf(i)).entries()) {
      yield () => {
        script.now = openAt + 5_000 + j * 10_000;
        script.push(quoteOf(bid));
      };
    }
    yield () => {
      script.now = openAt + MINUTE_MS + 50;
      script.push(closeOf(openAt, 40_000));
    };
  }
}
const bidsOf = (minute: number): readonly number[] => [
  50_001.1 + minute,
  50_007.3 - minute,
  49_990.2,
  49_999.9 + (minute % 2),
];

interface Stage {
  readonly folder: string;
  readonly said: string[];
  mids(): KeptMids;
  kept(): Promise<CandleRow[]>;
}

function stage(): Stage {
  const folder = join(scratchFolder(), 'candles');
  const said: string[] = [];
  const key = { exchange: 'binanceusdm', symbol: BTC, timeframeMs: MINUTE_MS, price: 'mid' } as const;
  return {
    folder,
    said,
    mids: () =>
      createMidStore({
        ...{ root: folder, exchange: 'binanceusdm', timeframeMs: MINUTE_MS },
        log: (text) => said.push(text),
      }),
    async kept() {
      const { candles } = await openCandles(folder, key);
      const { openAt, open, high, low, close, volume } = candles;
      return Array.from(openAt, (at, i) => [at, open[i], high[i], low[i], close[i], volume[i]] as unknown as CandleRow);
    },
  };
}

/** One epoch: the run is started where there is none, the minutes pass, and the engine ends cleanly. */
async function epoch(at: Stage, script: LiveScript, passing: Iterable<() => void>, survived: readonly AnyEntry[] = []) {
  const { definition, seen } = remembering();
  const mids = at.mids();
  let reading: Promise<unknown> | undefined;
  const read: KeptMids['read'] = (symbol, from) => {
    const answer = mids.read(symbol, from);
    reading = answer;
    return answer;
  };
  const each = exchangeHost(script, survived, { mids: { ...mids, read }, strategies: [definition] });
  const begin = survived.length > 0 ? () => reading : () => each.host.ask(start(), asking);
  await each.play(
    () => {},
    begin,
    ...passing,
    () => {},
  );
  return { each, seen, mids };
}

const warmths = (each: ExchangeHost, from = 1) =>
  each.journal.all.flatMap((entry) => (entry.kind === 'warmed_up' && entry.seq >= from ? [entry.body] : []));

/** The tape of an epoch tells its entries again. */
async function expectRetold({ journal, tape }: ExchangeHost, before: readonly AnyEntry[] = []): Promise<void> {
  const recorded = journal.all;
  const made = [...before];
  const { definition } = remembering();
  const aside = tape.filter(({ input }) => input.kind === 'report' || input.kind === 'command');
  await retellExchange({
    ...{ timeframeMs: MINUTE_MS, build: 'test', speed: 1, beginsAt: recorded[before.length]?.at ?? 0 },
    state: refold(before),
    before,
    // As the file has it: through JSON.
    inputs: decode(encode(tape)),
    venue: (core) => createTapedVenue(aside as TapedInput[], core),
    definitionOf: () => definition,
    append: (entry) => made.push(entry),
    toSeq: recorded.length,
    toAt: recorded.at(-1)?.at ?? 0,
    turn: () => Promise.resolve(false),
  });
  expect(compare(recorded, made)).toBeUndefined();
  expect(made.length).toBe(recorded.length);
}

describe('a run of mids on an exchange', () => {
  test('hears candles of mids alone, and exactly those are kept; a minute without a quote is a gap', async () => {
    const at = stage();
    const script = createLiveScript(past);
    const { each, seen, mids } = await epoch(at, script, minutes(script, BEGIN_AT, 18, [3]));
    const told = Array.from({ length: 18 }, (_, i) => candleOf(BEGIN_AT + i * MINUTE_MS, bidsOf(i)));
    told.splice(3, 1);
    expect(since(seen[0], 0)).toEqual(told);
    await mids.end();
    expect(await at.kept()).toEqual(told);
    expect(warmths(each)).toMatchObject([{ bars: 0, needed: NEEDED, missing: NEEDED }]);
    expect(each.host.scene().state.runs[0]).toMatchObject({ warmedUp: false });
    expect(each.kinds()).not.toContain('signal_raised');
    await expectRetold(each);
  });

  test('warms up after a restart from what was kept, says what is missing, and the tape tells the same', async () => {
    const at = stage();
    const script = createLiveScript(past);
    const first = await epoch(at, script, minutes(script, BEGIN_AT, 18));
    await first.mids.end();
    const survived = first.each.journal.all;
    // It was away for ten minutes: nobody has their mids.
    const backAt = BEGIN_AT + 28 * MINUTE_MS;
    const next = createLiveScript(past);
    next.now = backAt;
    const second = await epoch(at, next, minutes(next, backAt, 3), survived);
    await second.mids.end();
    const kept = await at.kept();
    expect(kept.map(([openAt]) => (openAt - BEGIN_AT) / MINUTE_MS)).toEqual([
      ...Array.from({ length: 18 }, (_, i) => i),
      ...[28, 29, 30],
    ]);
    expect(since(second.seen[0], 0)).toEqual(kept);
    expect(warmths(second.each, survived.length + 1)).toMatchObject([
      { bars: 18, needed: NEEDED, missing: 2 },
      { bars: NEEDED, needed: NEEDED, missing: 0 },
    ]);
    expect(second.each.host.scene().state.runs[0]).toMatchObject({ warmedUp: true });
    expect(second.each.kinds()).toContain('signal_raised');
    await expectRetold(second.each, survived);
  });

  test('that begins on a symbol which is open already warms up from what was kept, as one beside it does', async () => {
    const at = stage();
    const script = createLiveScript(past);
    const before = await epoch(at, script, minutes(script, BEGIN_AT, 18));
    await before.mids.end();
    const next = createLiveScript(past);
    next.now = BEGIN_AT + 18 * MINUTE_MS;
    const { definition, seen } = remembering();
    const each = exchangeHost(next, [], { mids: at.mids(), strategies: [definition] });
    const begin = (price: string) => () => each.host.ask(start({ params: { price } }), asking);
    const from = next.now;
    await each.play(
      begin('trade'),
      ...minutes(next, from, 2),
      begin('mid'),
      ...minutes(next, from + 2 * MINUTE_MS, 1),
      begin('mid'),
      ...minutes(next, from + 3 * MINUTE_MS, 1),
    );
    const [trades, own, later] = seen.map((bars) => since(bars, 0));
    expect(trades?.every(([, , , , close]) => close === 40_000)).toBe(true);
    expect(trades).toHaveLength(204);
    expect(own?.map(([openAt]) => (openAt - from) / MINUTE_MS)).toEqual([
      ...Array.from({ length: 18 }, (_, i) => i - 18),
      ...[2, 3],
    ]);
    expect(later).toEqual(own);
    await expectRetold(each);
  });

  test('a hole in the candles of trades is one in those of mids, too', async () => {
    const at = stage();
    const script = createLiveScript(past);
    const hole: LiveInput = {
      ...{ kind: 'history', symbol: BTC, timeframeMs: MINUTE_MS },
      rows: [1, 2].map((i): CandleRow => [BEGIN_AT + i * MINUTE_MS, 40_000, 40_000, 40_000, 40_000, 9]),
    };
    const { seen, mids } = await epoch(at, script, [
      ...minutes(script, BEGIN_AT, 1),
      ...[...minutes(script, BEGIN_AT + MINUTE_MS, 2)].slice(0, 3),
      () => script.push(hole),
      ...minutes(script, BEGIN_AT + 3 * MINUTE_MS, 2),
    ]);
    await mids.end();
    const kept = await at.kept();
    expect(kept.map(([openAt]) => (openAt - BEGIN_AT) / MINUTE_MS)).toEqual([0, 3, 4]);
    expect(since(seen[0], 0)).toEqual(kept);
  });

  test('goes on where nothing can be written, which is said once; what waited is written when it can be', async () => {
    const at = stage();
    // Where the folder is to be there is a file.
    writeFileSync(at.folder, '');
    const script = createLiveScript(past);
    const { each, seen, mids } = await epoch(at, script, minutes(script, BEGIN_AT, 40));
    await mids.end();
    expect(at.said).toEqual([expect.stringContaining(`the mids of ${BTC} cannot be written`)]);
    expect(seen[0]).toHaveLength(40);
    expect(each.host.scene().state.runs[0]).toMatchObject({ state: 'OBSERVING', warmedUp: true });
    rmSync(at.folder);
    mkdirSync(at.folder);
    await mids.end();
    expect(await at.kept()).toEqual(since(seen[0], 0));
  });

  test('hears the candles of trades on a tape of a build that did not keep mids, as it did then', async () => {
    const at = stage();
    const script = createLiveScript(past);
    const { each } = await epoch(at, script, minutes(script, BEGIN_AT, 2));
    const old = each.tape.filter(({ input }) => !(input.kind === 'history' && input.price === 'mid'));
    const { definition, seen } = remembering();
    const aside = old.filter(({ input }) => input.kind === 'command') as TapedInput[];
    await retellExchange({
      ...{ timeframeMs: MINUTE_MS, build: 'test', speed: 1, beginsAt: each.journal.all[0]?.at ?? 0 },
      ...{ state: refold([]), before: [], inputs: old.map((record, i) => ({ ...record, n: i + 1 })) },
      venue: (core) =>
        createTapedVenue(
          aside.map((each) => ({ ...each, n: old.indexOf(each as never) + 1 })),
          core,
        ),
      definitionOf: () => definition,
      append: () => {},
      ...{ toSeq: Number.POSITIVE_INFINITY, toAt: script.now },
      turn: () => Promise.resolve(false),
    });
    expect(seen[0]).toHaveLength(202);
  });
});

test('every fifteenth candle writes: a process that is killed has lost those since', async () => {
  const at = stage();
  const mids = at.mids();
  const keep = (i: number): void => mids.keep(BTC, [BEGIN_AT + i * MINUTE_MS, 100, 100, 100, 100, 1]);
  for (let i = 0; i < 15; i++) keep(i);
  while (!existsSync(join(at.folder, 'binanceusdm', 'BTC_USDT-USDT-1m-mid.arrow'))) await turn();
  for (let i = 15; i < 17; i++) keep(i);
  expect(await at.kept()).toHaveLength(15);
  await mids.end();
  expect(await at.kept()).toHaveLength(17);
});

test('two engines that keep the same minutes agree on what was there first', async () => {
  const at = stage();
  const [one, other] = [at.mids(), at.mids()];
  const rows = (mid: number): CandleRow[] =>
    Array.from({ length: 3 }, (_, i) => [BEGIN_AT + i * MINUTE_MS, mid, mid, mid, mid, 1]);
  for (const row of rows(100)) one.keep(BTC, row);
  for (const row of [...rows(101), [BEGIN_AT + 3 * MINUTE_MS, 101, 101, 101, 101, 1] as const]) other.keep(BTC, row);
  await one.end();
  await other.end();
  expect((await at.kept()).map(([, open]) => open)).toEqual([100, 100, 100, 101]);
  expect(at.said).toEqual([]);
});
