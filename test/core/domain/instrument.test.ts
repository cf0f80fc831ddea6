import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  digitsOf,
  notional,
  ONE,
  type Price,
  parse,
  price,
  type Qty,
  qty,
  text,
} from '../../../src/core/base/decimal.ts';
import { instrumentProblem } from '../../../src/core/domain/instrument.ts';
import { builtInInstrument, readSymbol } from '../../../src/core/domain/instrument-table.ts';
import { DATA, hasData, NEEDS_DATA } from '../market/fixtures.ts';
import { PERPETUAL } from '../risk/scene.ts';

interface Steps {
  readonly symbol: string;
  readonly tick: string;
  readonly step: string;
}

type Json = Readonly<Record<string, unknown>>;

const rows = (file: string): Json[] =>
  gunzipSync(readFileSync(join(DATA, 'protocol', file)))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Json);

/** Every exchange information that was recorded, as the venue sent it. */
function recorded(): Json[] {
  const rest = ['binance-usdm-rest.jsonl.gz', 'binance-spot-rest.jsonl.gz']
    .flatMap(rows)
    .filter(({ path }) => String(path).endsWith('exchangeInfo'))
    .map(({ response }) => response as Json);
  const sessions = ['binance', 'binance_futures', 'bybit', 'okx', 'kraken']
    .flatMap((venue) => rows(`cryptofeed-${venue}-session.jsonl.gz`))
    .filter(({ t, url }) => t === 'http' && /exchangeInfo|instruments|AssetPairs/.test(String(url)))
    .map(({ data }) => JSON.parse(String(data)) as Json);
  return [...rest, ...sessions];
}

/** Tick and step of every symbol below a value, in the words of four venues. */
function* stepsIn(value: unknown): Generator<Steps> {
  if (typeof value !== 'object' || value === null) return;
  const found = stepsOf(value as Json);
  if (found === undefined) for (const member of Object.values(value)) yield* stepsIn(member);
  else yield found;
}

function stepsOf(value: Json): Steps | undefined {
  const { symbol, filters, priceFilter, lotSizeFilter, instId, tickSz, lotSz, altname } = value;
  if (Array.isArray(filters)) {
    const filter = (type: string) => (filters as Json[]).find(({ filterType }) => filterType === type);
    const tick = filter('PRICE_FILTER')?.tickSize;
    const step = filter('LOT_SIZE')?.stepSize;
    return { symbol: String(symbol), tick: String(tick), step: String(step) };
  }
  if (priceFilter !== undefined) {
    const lot = lotSizeFilter as Json;
    const step = lot.qtyStep ?? lot.basePrecision;
    return { symbol: String(symbol), tick: String((priceFilter as Json).tickSize), step: String(step) };
  }
  // What has ended trades at no price.
  if (instId !== undefined && tickSz !== '')
    return { symbol: String(instId), tick: String(tickSz), step: String(lotSz) };
  if (altname === undefined) return undefined;
  return { symbol: String(altname), tick: `1e-${value.pair_decimals}`, step: `1e-${value.lot_decimals}` };
}

describe.skipIf(!hasData)(`the scale against recorded exchange information${NEEDS_DATA}`, () => {
  const all = hasData ? recorded().flatMap((info) => [...stepsIn(info)]) : [];

  test('there is a lot of it', () => {
    expect(all.length).toBeGreaterThan(4_000);
    expect(Math.max(...all.map(({ tick }) => digitsOf(parse(tick))))).toBe(13);
  });

  test('every tick times every step of its symbol is exact, or the symbol is refused', () => {
    const inexact: string[] = [];
    for (const { symbol, tick, step } of all) {
      const instrument = { ...PERPETUAL, symbol, tick: price(tick), step: qty(step) };
      const at = (instrument.tick * 1_234_567n) as Price;
      const size = (instrument.step * 7_654_321n) as Qty;
      const isExact = notional(at, size) * ONE === at * size;
      const problem = instrumentProblem(instrument);
      expect(problem === undefined, `${symbol} ${tick} ${step}`).toBe(isExact);
      if (problem !== undefined) inexact.push(problem);
    }
    expect(inexact).toEqual([]);
  });

  test('tick and step digits together reach 18 and no more', () => {
    const digits = all.map(({ tick, step }) => digitsOf(parse(tick)) + digitsOf(parse(step)));
    expect(Math.max(...digits)).toBe(18);
  });
});

describe('an instrument', () => {
  test.each([
    ['0.0000000001', '0.000000001', 'expected tick and step with at most 18 digits together, found 19'],
    ['0', '0.001', 'expected a tick and a step above zero'],
    ['0.1', '0', 'expected a tick and a step above zero'],
    ['0.000000001', '0.000000001', undefined],
    ['100', '10', undefined],
  ])('with a tick of %s and a step of %s', (tick, step, problem) => {
    const told = instrumentProblem({ ...PERPETUAL, tick: price(tick), step: qty(step) });
    expect(told).toBe(problem === undefined ? undefined : `BTC/USDT:USDT: ${problem}`);
  });

  test.each([
    ['BTC/USDT:USDT', { base: 'BTC', quote: 'USDT', kind: 'perpetual' }],
    ['BTC/USDT', { base: 'BTC', quote: 'USDT', kind: 'spot' }],
    ['1000SHIB/USDT:USDT', { base: '1000SHIB', quote: 'USDT', kind: 'perpetual' }],
    ['BTCUSDT', undefined],
    ['btc/usdt', undefined],
    ['BTC/USDT:', undefined],
    ['/USDT', undefined],
  ])('named %s', (symbol, name) => {
    expect(readSymbol(symbol)).toEqual(name);
  });

  test('from the table has exact steps, tiers that join, and what the user says goes first', () => {
    for (const symbol of ['BTC/USDT:USDT', 'ADA/USDT:USDT', 'NEW/USDT:USDT', 'BTC/USDT']) {
      const built = builtInInstrument(symbol);
      expect(built === undefined ? 'none' : instrumentProblem(built)).toBeUndefined();
      for (const [i, tier] of (built?.tiers ?? []).entries()) {
        const before = built?.tiers[i - 1];
        if (before === undefined) continue;
        // On a floor both neighbours ask for the same margin.
        const margin = (of: typeof tier) => (tier.floor * of.maintenanceRate) / ONE - of.cum;
        expect(text(margin(tier))).toBe(text(margin(before)));
      }
    }
    expect(builtInInstrument('BTC/USDT:USDT', { tick: price('0.5') })?.tick).toBe(price('0.5'));
    expect(text(builtInInstrument('BTC/USDT:USDT', { priceDigits: 2 })?.tick ?? 0n)).toBe('0.01');
    expect(text(builtInInstrument('BTC/USDT:USDT', { priceDigits: 0 })?.tick ?? 0n)).toBe('0.1');
    expect(builtInInstrument('nonsense')).toBeUndefined();
  });
});
