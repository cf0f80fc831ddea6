import { describe, expect, test } from 'vitest';
import { money } from '../../../src/core/base/decimal.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { causesOf, entryOf, resultsOf } from '../../../src/core/view/entry-chain.ts';
import { entryCells, entryLine, entryTone, kindText, reasonText } from '../../../src/core/view/entry-line.ts';
import { emptyUi, type Scene, type Ui } from '../../../src/core/view/scene.ts';
import { fitsFilter } from '../../../src/core/view/screen/journal.ts';

const scene = fixture('long-in-profit');
const first = (kind: AnyEntry['kind'], from: Scene = scene): AnyEntry => {
  const found = from.entries.findLast((entry) => entry.kind === kind);
  if (found === undefined) throw new Error(`expected a ${kind} in the state`);
  return found;
};

const CLOCKS = {
  unknown: "the exchange's clock is not known: no entry goes",
  off: "off the exchange's by -1,500 ms: no entry goes",
  stepped: "our clock jumped by +1h00m; +20 ms off the exchange's: well again",
};

describe('a line of the journal', () => {
  test.each([
    ['position_opened', /^LONG 0\.\d+ @ [\d,.]+ {2}risk [\d.]+ {2}fee [\d.]+$/, /^ЛОНГ 0\.\d+ @ [\d,.]+ {2}риск/],
    ['order_denied', /^COSTS_ABOVE_MAX: costs eat .* \([\d.]+ % > 20 %\)$/, /^COSTS_ABOVE_MAX: издержки/],
    ['signal_confirmed', /^(BUY|SELL) READY after \d+ closes?$/, /(ПОКУПКА|ПРОДАЖА): готов, \d+ закрыти[ея]$/],
    ['position_closed', /^(LONG|SHORT) [\d.]+ {2}(SL|TP|flip) {2}[+-][\d.]+ {2}[+-][\d.]+ R$/, /^(ЛОНГ|ШОРТ)/],
  ] as const)('of %s tells the numbers in both languages', (kind, english, russian) => {
    expect(entryLine(first(kind), 'en')).toMatch(english);
    expect(entryLine(first(kind), 'ru')).toMatch(russian);
  });

  const told = (kind: string, body: object): AnyEntry =>
    ({ ...first('order_filled'), kind, body }) as unknown as AnyEntry;
  const { instrument } = scene.state.runs[0] ?? {};

  test.each([
    ['feed_lost', 'ECONNRESET', 'warn', { symbol: 'A', source: 'stream', why: 'ECONNRESET' }],
    ['feed_switched', 'prices polled: no stream', 'plain', { symbol: 'A', source: 'rest', why: 'no stream' }],
    ['feed_connected', 'prices by stream', 'plain', { symbol: 'A', source: 'stream', why: '' }],
    ['warmed_up', '5 candles seen of 3; HOLD', 'plain', { bars: 5, needed: 3, missing: 0, side: 0, votes: [] }],
    ['warmed_up', '5 candles seen; HOLD', 'plain', { bars: 5, needed: 0, missing: 0, side: 0, votes: [] }],
    ['clock_stepped', CLOCKS.unknown, 'warn', { stepMs: null, offsetMs: null }],
    ['clock_stepped', CLOCKS.off, 'warn', { stepMs: null, offsetMs: -1_500 }],
    ['clock_stepped', CLOCKS.stepped, 'plain', { stepMs: 3_600_000, offsetMs: 20 }],
    ['instrument_changed', 'HALTED: the exchange does not trade it now', 'bad', { status: 'halted', instrument }],
    [
      'instrument_changed',
      /^traded; tick 0\.1, step 0\.001, least 0\.001 BTC$/,
      'plain',
      { status: 'trading', instrument },
    ],
  ] as const)('of %s: %s', (kind, line, tone, body) => {
    const entry = told(kind, body);
    expect(entryLine(entry, 'en')).toMatch(line);
    expect(entryTone(entry)).toBe(tone);
    expect(kindText(kind, 'en')).not.toContain('_');
  });

  test('of a kind that nobody knows yet tells its fields', () => {
    const strange = {
      ...first('order_filled'),
      kind: 'comet_seen',
      body: { tail: 3, of: 'ice' },
    } as unknown as AnyEntry;
    expect(entryLine(strange, 'ru')).toBe('tail 3  of ice');
    expect(kindText('comet_seen', 'ru')).toBe('comet_seen');
    expect(reasonText('rain_came', 'en')).toBe('rain came');
  });

  test.each([
    ['-0.00164', '-0.00164'],
    ['-0.016449', '-0.0164'],
    ['-0.05', '-0.05'],
    ['-0.16449', '-0.16'],
  ])('tells of a loss of %s, as of a coin that is worth much, what it is: %s', (pnl, told) => {
    const closed = first('position_closed');
    const line = entryLine({ ...closed, body: { ...closed.body, pnl: money(pnl) } } as AnyEntry, 'en');
    expect(line).toContain(`  ${told}  `);
  });

  test('is bad where money was lost, and its code stays English', () => {
    const loss = scene.entries.find((entry) => entry.kind === 'position_closed' && entry.body.pnl < 0n) as AnyEntry;
    expect(entryTone(loss)).toBe('bad');
    const [kind, base, line] = entryCells(loss, scene, 'ru');
    expect([kind?.value, base?.text]).toEqual(['position_closed', 'BTC']);
    expect(line?.value).toBe(entryLine(loss, 'en'));
  });
});

describe('why', () => {
  test('walks from a close back to the candle', () => {
    const { chain, input } = causesOf(scene.entries, first('position_opened'));
    expect(chain.map(({ kind }) => kind)).toEqual([
      'position_opened',
      'order_filled',
      'order_intended',
      'signal_confirmed',
      'signal_raised',
    ]);
    expect(input).toMatch(/^BTC\/USDT:USDT close \d+$/);
  });

  test('tells what came of it, oldest first', () => {
    const opened = first('position_opened');
    const kinds = resultsOf(scene.entries, opened).map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(['order_intended', 'order_intended']);
    expect(kinds).toContain('stop_placed');
  });

  test('says where the cause is older than what is at hand', () => {
    const opened = first('position_opened');
    const since = scene.entries.filter(({ seq }) => seq >= opened.seq);
    expect(causesOf(since, opened)).toEqual({ chain: [opened], input: null });
    expect(entryOf(since, opened.seq - 1)).toBeUndefined();
  });
});

test.each([
  ['btc closed', ['position_closed']],
  ['#948', ['position_opened']],
  ['DENIED eth', ['order_denied']],
  ['no such thing', []],
])('the filter "%s" keeps %j', (filter, kinds) => {
  const ui: Ui = { ...emptyUi('journal'), filter };
  const found = scene.entries.filter((entry) => fitsFilter(entry, scene, ui)).map(({ kind }) => kind);
  for (const kind of kinds) expect(found).toContain(kind);
  if (kinds.length === 0) expect(found).toEqual([]);
  expect(found.length).toBeLessThan(scene.entries.length / 2);
});
