import { describe, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { openExchangeHome, openStandIn, type Ticker, until, WAVE_FROM, writeWave } from '../support/stand-in.ts';
import { watchEngine } from '../support/stand-in-engine.ts';

const BTC = 'BTC/USDT:USDT';
const ETH = 'ETH/USDT:USDT';
/** A minute up, a minute down: candles close at the turns. */
const WAVE = { share: 0.03, minutes: 2 };

const venueQuote = async (at: { get(path: string): Promise<unknown> }, id: string): Promise<Ticker> =>
  (await at.get(`/fapi/v1/ticker/bookTicker?symbol=${id}`)) as Ticker;

describe('paper on the prices of an exchange', () => {
  it('shows the prices of the venue with their source and age, and how it stands with the venue', async () => {
    const file = writeWave(scratchFolder(), 'BTCUSDT', { base: 60_000, ...WAVE });
    const at = await openStandIn(`${file} --from ${WAVE_FROM}`);
    const home = openExchangeHome(at.port, 'night');
    const line = `auto start --profile night --exchange binanceusdm --symbol ${BTC} --strategy trend`;
    expect(home.json(line)).toMatchObject({ outcome: 'running' });
    const engine = watchEngine(home, 'night');
    const look = async () => ({ shown: await engine.market(BTC), venue: await venueQuote(at, 'BTCUSDT') });
    const { shown } = await until(
      'the same prices as at the venue',
      look,
      ({ shown, venue }) => shown.bid === Number(venue.bidPrice) && shown.ask === Number(venue.askPrice),
    );
    expect(shown).toMatchObject({ source: 'stream', simulated: false, status: 'trading', fundingMs: 28_800_000 });
    const mark = (await at.get('/fapi/v1/premiumIndex?symbol=BTCUSDT')) as { nextFundingTime: number };
    expect(shown.nextFundingAt).toBe(mark.nextFundingTime);
    const exchange = await until(
      'streams that are live',
      engine.exchange,
      ({ state, streams }) => state === 'up' && streams.every((one: { state: string }) => one.state === 'live'),
    );
    expect(exchange).toMatchObject({
      name: 'binanceusdm',
      endpoint: at.base,
      proxy: null,
      silentUntil: null,
      lastError: null,
      dropped: 0,
      refused: 0,
      weightMax: 2_400,
    });
    expect(Math.abs(exchange.offsetMs)).toBeLessThan(500);
    // Its count begins anew with each minute: it may be none.
    expect(exchange.weightUsed).not.toBeNull();
    expect(exchange.weightUsed).toBeLessThan(200);
    const channels = exchange.streams.map(({ channel }: { channel: string }) => channel).sort();
    expect(channels).toEqual(['book', 'candle', 'mark', 'quote', 'trade']);
    const { now } = await engine.json('system');
    for (const { lastAt } of exchange.streams) expect(now - lastAt).toBeLessThan(10_000);
    engine.endSound();
  });

  it('a strategy and a person trade; what the market did while the engine was dead is made up for', async () => {
    const folder = scratchFolder();
    const files = [
      writeWave(folder, 'BTCUSDT', { base: 60_000, ...WAVE }),
      writeWave(folder, 'ETHUSDT', { base: 2_500, ...WAVE }),
    ];
    const at = await openStandIn(`${files.join(' ')} --from ${WAVE_FROM} --speed 4`);
    const home = openExchangeHome(at.port, 'night');
    const on = '--profile night';
    const strategy = 'ema-cross --param fast=2 --param slow=3';
    expect(home.json(`auto start ${on} --exchange binanceusdm --symbol ${BTC} --strategy ${strategy}`).run).toBe(1);
    const engine = watchEngine(home, 'night');
    await until(
      'an entry of the strategy',
      async () => (await engine.since(0, 'position_opened')).filter(({ run }) => run === 1),
      ([entry]) => entry?.body.order === 1,
    );
    expect(await engine.since(0, 'signal_confirmed')).not.toEqual([]);
    const { run: bought, stop } = await buyHigh(at, engine);

    const seq = await engine.lastSeq();
    process.kill((await engine.json('engine status')).pid, 'SIGKILL');
    await until(
      'a price beyond the stop',
      () => venueQuote(at, 'ETHUSDT'),
      ({ bidPrice }) => Number(bidPrice) < stop,
    );
    await until(
      'a price back above it',
      () => venueQuote(at, 'ETHUSDT'),
      ({ bidPrice }) => Number(bidPrice) > stop,
    );
    expect(home.dzentra(`engine start ${on}`).code).toBe(0);
    const closed = await until(
      'the stop to be filled',
      async () => (await engine.since(seq)).filter(({ run }) => run === bought),
      (told) => told.some(({ kind }) => kind === 'position_closed'),
    );
    const filled = closed.find(({ kind }) => kind === 'order_filled');
    expect(filled?.body).toMatchObject({ model: 'T0' });
    expect(Number(filled?.body.price)).toBeLessThanOrEqual(stop);
    // At the stop; or, where the engine died in the candle of the entry, at the close of that candle, the only price sure to be later.
    expect(Number(filled?.body.price)).toBeGreaterThan(2_500 * (1 - WAVE.share / 2) - 1);
    const [started] = await engine.since(seq, 'epoch_started');
    expect(filled?.seq).toBeGreaterThan(started?.seq ?? Number.POSITIVE_INFINITY);
    engine.endSound();
  });
});

/** Buys by hand near the top of the wave, with a stop that the bottom passes some seconds later. */
async function buyHigh(
  at: Awaited<ReturnType<typeof openStandIn>>,
  engine: ReturnType<typeof watchEngine>,
): Promise<{ readonly run: number; readonly stop: number }> {
  await engine.byHand(ETH);
  await engine.untilByHand(ETH, 'ok');
  await until(
    'the top',
    () => venueQuote(at, 'ETHUSDT'),
    ({ bidPrice }) => Number(bidPrice) > 2_515,
  );
  const answer = await engine.json(`trade buy --symbol ${ETH} --qty 0.5 --sl 1%`);
  expect(answer.outcome).toBe('opened');
  const { run } = answer;
  const told = (await engine.since(0)).filter((entry) => entry.run === run);
  const [filled] = told.filter(({ kind }) => kind === 'order_filled');
  expect(filled?.body.model).toMatch(/^T[12]$/);
  const asked = told.find(({ kind }) => kind === 'order_intended')?.body.quote.ask;
  expect(Math.abs(Number(filled?.body.price) / asked - 1)).toBeLessThan(0.0005);
  const price = Number(filled?.body.price);
  expect(price).toBeGreaterThan(2_500);
  const [position] = await until(
    'its stop',
    async () => (await engine.json('positions')).positions.filter((each: { run: number }) => each.run === run),
    ([held]) => held?.protection === 'working',
  );
  return { run, stop: Number(position.stopPrice) };
}
