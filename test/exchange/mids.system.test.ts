import { expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { openExchangeHome, openStandIn, until, WAVE_FROM, writeWave } from '../support/stand-in.ts';
import { watchEngine } from '../support/stand-in-engine.ts';

const BTC = 'BTC/USDT:USDT';
const ON = '--profile night';

it('mids of an exchange are kept, warm up the next start, and are what a backtest of that run reads', async () => {
  const file = writeWave(scratchFolder(), 'BTCUSDT', { base: 60_000, share: 0.03, minutes: 4 });
  const at = await openStandIn(`${file} --from ${WAVE_FROM} --speed 30`);
  const home = openExchangeHome(at.port, 'night');
  const strategy = '--strategy trend --param price=mid --timeframe 1m --observe';
  expect(home.json(`auto start ${ON} --exchange binanceusdm --symbol ${BTC} ${strategy}`).run).toBe(1);
  const engine = watchEngine(home, 'night');
  const closes = async (): Promise<number> => (await engine.json('auto status')).runs[0].funnel.closes;
  expect(await engine.since(0, 'warmed_up')).toMatchObject([{ body: { bars: 0 } }]);
  await until('some candles of mids', closes, (count) => count >= 4);
  engine.endSound();

  const [kept, ...others] = home.json('data list').series;
  expect(others).toEqual([]);
  expect(kept).toMatchObject({ symbol: BTC, timeframe: '1m', series: 'mid' });
  const of = `--exchange ${kept.exchange} --symbol ${BTC} --timeframe 1m`;
  expect(home.json(`data check ${of} --series mid`)).toMatchObject({ rows: kept.rows, faults: [] });
  const rows = home.dzentra(`data export ${of} --series mid`).out.trim().split('\n').slice(1);
  expect(rows).toHaveLength(kept.rows);

  const before = await engine.lastSeq();
  expect(home.dzentra(`engine start ${ON}`).code).toBe(0);
  const [warm] = await until(
    'a warm-up',
    () => engine.since(before, 'warmed_up'),
    (told) => told.length > 0,
  );
  const { bars, needed, missing } = warm?.body ?? {};
  expect([bars, missing]).toEqual([kept.rows, expect.any(Number)]);
  expect(missing).toBeGreaterThanOrEqual(needed - bars);
  engine.endSound();

  const report = home.json(
    `backtest ${of} --strategy trend --param price=mid --to ${new Date(kept.lastAt + 60_000).toISOString().slice(0, 16)}`,
  );
  expect(report.data).toMatchObject({ source: `store ${kept.exchange}`, price: 'mid', candles: kept.rows });
  const trades = home.dzentra(`backtest ${of} --strategy trend --json`);
  expect(trades.code).toBe(2);
  expect(trades.err).toContain('NO_CANDLES');
}, 120_000);
