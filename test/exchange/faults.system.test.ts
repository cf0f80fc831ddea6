import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import {
  openExchangeHome,
  openStandIn,
  type StandIn,
  type Stats,
  type Ticker,
  until,
  WAVE_FROM,
  writeWave,
} from '../support/stand-in.ts';
import { type Watched, watchEngine } from '../support/stand-in-engine.ts';

const BTC = 'BTC/USDT:USDT';
const ETH = 'ETH/USDT:USDT';
const FEED = ['feed_lost', 'feed_switched', 'feed_stale', 'feed_connected'];

interface Scene {
  readonly at: StandIn;
  readonly engine: Watched;
}

/** A strategy that wants in and never turns, and a symbol to trade by hand, on a stand-in of a speed. */
async function open(speed: number): Promise<Scene> {
  const folder = scratchFolder();
  const rising = { share: 0.2, minutes: 5_760 };
  const files = [
    writeWave(folder, 'BTCUSDT', { base: 60_000, ...rising }),
    writeWave(folder, 'ETHUSDT', { base: 2_500, ...rising }),
  ];
  const at = await openStandIn(`${files.join(' ')} --from ${WAVE_FROM} --speed ${speed}`);
  const home = openExchangeHome(at.port, 'faults');
  const line = `auto start --profile faults --exchange binanceusdm --symbol ${BTC} --strategy ema-cross`;
  expect(home.json(line).outcome).toBe('running');
  const engine = watchEngine(home, 'faults');
  await engine.untilNext('ok');
  return { at, engine };
}

const channel = (exchange: { readonly streams: readonly { symbol: string; channel: string }[] }, name: string) =>
  exchange.streams.find((one) => one.symbol === BTC && one.channel === name);

/** Both are told of one second of the market: no price was made up, held back or mixed. */
async function expectSamePrices({ at, engine }: Scene): Promise<void> {
  await until(
    'the prices of the stand-in',
    async () => {
      const venue = (await at.get('/fapi/v1/ticker/bookTicker?symbol=BTCUSDT')) as Ticker;
      const { bid, ask } = await engine.market(BTC);
      return { bid, ask, venue };
    },
    ({ bid, ask, venue }) => bid === Number(venue.bidPrice) && ask === Number(venue.askPrice),
  );
}

const STREAMS: readonly { faults: readonly string[]; told: string; error: RegExp | null }[] = [
  { faults: ['silence'], told: 'feed_switched', error: null },
  { faults: ['half-open'], told: 'feed_switched', error: null },
  { faults: ['cut', 'refuse'], told: 'feed_lost', error: /429|closed/ },
];

const DISORDER: readonly { fault: string; counted: 'resyncs' | 'dropped' | undefined }[] = [
  { fault: 'duplicate', counted: undefined },
  { fault: 'gap:stream=@depth,every=5', counted: 'resyncs' },
  { fault: 'reorder:stream=@depth,every=3', counted: 'resyncs' },
  { fault: 'garbage:every=4', counted: 'dropped' },
];

const ANSWERS: readonly { fault: string; error: RegExp }[] = [
  { fault: 'html', error: /web page/ },
  { fault: 'status:status=503', error: /503/ },
  { fault: 'truncate', error: /cut/ },
  { fault: 'maintenance', error: /503|maintenance/i },
  { fault: 'delay:ms=4000', error: /./ },
];

describe('faults of an exchange while a strategy wants in', () => {
  it('of its stream: prices are polled and no entry goes, until the stream has proven itself', async () => {
    const scene = await open(4);
    const { at, engine } = scene;
    for (const { faults, told, error } of STREAMS) {
      const seq = await engine.lastSeq();
      await at.fault(...faults);
      await engine.untilNext('QUOTE_POLLED');
      const name = faults.join();
      expect(
        (await engine.since(seq, ...FEED)).map(({ kind }) => kind),
        name,
      ).toContain(told);
      const exchange = await engine.exchange();
      expect(exchange, name).toMatchObject({ state: 'degraded', silentUntil: null });
      expect(channel(exchange, 'quote'), name).toMatchObject({ state: 'polled' });
      if (error !== null) expect(exchange.lastError?.text, name).toMatch(error);
      // The clock of REST and that of the stream say the same: what is polled is as fresh as can be.
      expect(await engine.market(BTC), name).toMatchObject({ source: 'rest', status: 'trading' });
      await at.clear();
      await engine.untilNext('ok');
      const switched = await engine.since(seq, 'feed_switched');
      expect(switched.at(-1)?.body, name).toMatchObject({ symbol: BTC, source: 'stream' });
      expect((await engine.market(BTC)).source).toBe('stream');
    }
    await expectSamePrices(scene);
    engine.endSound();
  });

  it('of its frames and its clock: no price is made up, and no entry goes while nobody knows how old prices are', async () => {
    const scene = await open(4);
    const { at, engine } = scene;
    for (const { fault, counted } of DISORDER) {
      const seq = await engine.lastSeq();
      const before = await engine.exchange();
      await at.fault(fault);
      if (counted === undefined) await pause(1_000);
      else await until(`${counted} to grow by ${fault}`, engine.exchange, (now) => now[counted] > before[counted]);
      await expectSamePrices(scene);
      await at.clear();
      await engine.untilNext('ok');
      expect(await engine.since(seq, 'feed_lost', 'feed_stale', 'feed_gap'), fault).toEqual([]);
      await until(`the book after ${fault}`, engine.exchange, isBookLive);
    }
    await expectClockSkew(scene);
    engine.endSound();
  });

  it('of its answers, while they stand in for the stream: quotes age and no order goes, and a ban is kept', async () => {
    const scene = await open(1);
    const { at, engine } = scene;
    await engine.byHand(ETH);
    await engine.untilByHand(ETH, 'ok');
    await at.fault('silence');
    await engine.untilNext('QUOTE_POLLED');
    for (const { fault, error } of ANSWERS) {
      await at.fault(fault);
      await engine.untilByHand(ETH, 'QUOTE_STALE');
      if (!fault.startsWith('delay')) expect((await engine.exchange()).lastError?.text, fault).toMatch(error);
      expect((await engine.exchange()).state, fault).not.toBe('up');
      expect(await engine.next(), fault).toBe('QUOTE_POLLED');
      if (fault === 'html')
        await until(
          'feed_stale',
          () => engine.since(0, 'feed_stale'),
          (told) => told.length === 2,
        );
      await at.clear(fault.split(':')[0]);
      await engine.untilByHand(ETH, 'ok');
    }
    await expectSilence(scene, 'rate-limit:count=1,retryAfter=10', 'degraded', /429/);
    await expectSilence(scene, 'ban:count=1,retryAfter=10', 'banned', /418/);
    await at.clear();
    await engine.untilNext('ok');
    await expectSamePrices(scene);
    await expectHalts(scene);
    engine.endSound();
  });
});

const isBookLive = (exchange: Parameters<typeof channel>[0]): boolean =>
  (channel(exchange, 'book') as { state?: string } | undefined)?.state === 'live';

/** The venue's clock is 20 s ahead of the stand-in's market. */
async function expectClockSkew({ at, engine }: Scene): Promise<void> {
  const seq = await engine.lastSeq();
  await at.fault('clock-skew:ms=20000');
  await engine.untilNext('CLOCK_UNSURE');
  const [stepped] = await engine.since(seq, 'clock_stepped');
  expect(stepped?.body.offsetMs).toBeGreaterThan(4_000);
  expect((await engine.exchange()).offsetMs).toBeGreaterThan(4_000);
  await at.clear();
  await engine.untilNext('ok');
  expect(Math.abs((await engine.since(seq, 'clock_stepped')).at(-1)?.body.offsetMs)).toBeLessThan(500);
}

/** A symbol that halts, one that leaves with new steps: without prices the venue is asked what it trades. */
async function expectHalts({ at, engine }: Scene): Promise<void> {
  const seq = await engine.lastSeq();
  await at.fault(
    'halt:id=BTCUSDT',
    'delist:id=ETHUSDT',
    'filters:id=ETHUSDT',
    'status:path=/fapi/v1/ticker,status=503',
  );
  await engine.untilNext('SYMBOL_HALTED', 75);
  // Nothing is begun on what is not listed any more: to an order by hand it is a symbol that is not there.
  await engine.untilByHand(ETH, 'UNKNOWN_SYMBOL');
  expect((await engine.market(BTC)).status).toBe('halted');
  const changes = await engine.since(seq, 'instrument_changed');
  expect(changes.map(({ body }) => `${body.symbol} ${body.status}`).sort()).toEqual([
    `${BTC} halted`,
    `${ETH} delisted`,
  ]);
  const [left] = changes.filter(({ body }) => body.symbol === ETH);
  expect(left?.body.instrument).toMatchObject({ tick: '0.1', step: '0.01', notionalMin: '200' });
}

const countOf = ({ requests }: Stats): number => Object.values(requests).reduce((sum, count) => sum + count, 0);

/** The venue wants silence: nothing at all is asked of it until then, and it goes on by itself. */
async function expectSilence({ at, engine }: Scene, fault: string, state: string, error: RegExp): Promise<void> {
  await at.fault(fault);
  const silent = await until(`silence after ${fault}`, engine.exchange, ({ silentUntil }) => silentUntil !== null);
  expect(silent).toMatchObject({ state, lastError: { text: expect.stringMatching(error) } });
  const first = countOf(await at.stats());
  await engine.untilByHand(ETH, 'QUOTE_STALE');
  const later = countOf(await at.stats());
  expect(Date.now(), 'a look within the silence').toBeLessThan(silent.silentUntil);
  expect(later, fault).toBe(first);
  await engine.untilByHand(ETH, 'ok');
  expect(Date.now()).toBeGreaterThanOrEqual(silent.silentUntil);
  expect(countOf(await at.stats())).toBeGreaterThan(first);
}
