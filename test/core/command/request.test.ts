import { describe, expect, it } from 'vitest';
import { money, price, qty, rate } from '../../../src/core/base/decimal.ts';
import { parseLine } from '../../../src/core/command/argv/parse.ts';
import { autoStart, foregroundRequest } from '../../../src/core/command/auto/start.ts';
import { backtest, backtestRequest } from '../../../src/core/command/backtest.ts';
import type { Specs, Values } from '../../../src/core/command/command.ts';
import { isRefusal } from '../../../src/core/command/refusal.ts';
import { COMMANDS } from '../../../src/core/command/registry.ts';
import { LIMIT_OPTIONS } from '../../../src/core/command/run/limits.ts';
import type { BacktestRequest, ForegroundRequest } from '../../../src/core/lab/request.ts';
import { DEFAULT_RISK } from '../../../src/core/risk/defaults.ts';
import { stubConfig } from './stub-engine.ts';

async function optionsOf<S extends Specs>(_of: { readonly options: S }, line: string): Promise<Values<S>> {
  const parsed = await parseLine(line.trim().split(/\s+/), COMMANDS);
  if (parsed.kind !== 'command') throw new Error(`expected a command, found ${JSON.stringify(parsed)}`);
  return parsed.input.options as Values<S>;
}

async function tested(flags: string): Promise<BacktestRequest> {
  const built = backtestRequest(await optionsOf(backtest, `backtest ${flags}`));
  if (isRefusal(built)) throw new Error(JSON.stringify(built));
  return built.request;
}

async function started(flags: string): Promise<ForegroundRequest> {
  const built = foregroundRequest(await optionsOf(autoStart, `auto start --foreground ${flags}`), stubConfig());
  if (isRefusal(built)) throw new Error(JSON.stringify(built));
  return built.request;
}

describe('a backtest', () => {
  it('is the reference workload with the flags of the bench', async () => {
    const flags =
      '--strategy ema-cross --param fast=12 --param slow=26 --data FILE --symbol BTC/USDT:USDT --balance 10000 --size 10% --sl 1% --tp 2% --fee 0.04% --slippage 0 --step 0.00000001 --tick 0.00000001 --min-notional 0';
    expect(await tested(flags)).toEqual({
      strategy: 'ema-cross',
      params: { fast: '12', slow: '26' },
      symbol: 'BTC/USDT:USDT',
      timeframe: undefined,
      seed: 1,
      risk: {
        sizing: { by: 'fraction', fraction: rate('0.1') },
        leverage: rate('2'),
        stop: { by: 'fixed', distance: rate('0.01') },
        target: { by: 'fixed', distance: rate('0.02') },
        loss: { by: 'none' },
        slippageCap: undefined,
        limits: {},
      },
      observe: false,
      balance: money('10000'),
      costs: {
        makerRate: rate('0.0004'),
        takerRate: rate('0.0004'),
        spread: rate('0'),
        slippage: rate('0'),
        latencyMs: 0,
      },
      instrument: { kind: undefined, tick: price('0.00000001'), step: qty('0.00000001'), notionalMin: money('0') },
      source: { from: 'file', path: 'FILE' },
      sourceTimeframe: undefined,
      fundingFile: undefined,
      from: undefined,
      to: undefined,
      journalDir: undefined,
    });
  });

  it('starts with every limit off, no exits, and fees alone', async () => {
    const { risk, costs } = await tested('--data x');
    expect(risk).toMatchObject({ sizing: { by: 'fraction', fraction: rate('0.1') }, stop: { by: 'none' }, limits: {} });
    expect(costs).toEqual({
      makerRate: rate('0.0002'),
      takerRate: rate('0.0005'),
      spread: 0n,
      slippage: 0n,
      latencyMs: 0,
    });
  });

  it('turns on one limit with its flag', async () => {
    expect(
      (await tested('--data x --day-block 2% --stop-cooldown 5m --spread-max 3bps --gap-block')).risk.limits,
    ).toEqual({
      dayBlock: rate('0.02'),
      stopCooldownMs: 300_000,
      spreadBpsMax: 3,
      gapBlock: true,
    });
  });

  it('as paper turns all on, and a flag still wins', async () => {
    const { risk, costs } = await tested('--data BTCUSDT.csv --as-paper --heat off --sl 1% --slippage 2bps');
    const { heat, ...others } = DEFAULT_RISK.limits;
    expect(heat).toBeDefined();
    expect(risk).toEqual({ ...DEFAULT_RISK, stop: { by: 'fixed', distance: rate('0.01') }, limits: others });
    expect(costs).toMatchObject({ slippage: rate('0.0002'), spread: rate('0.0001'), latencyMs: 150 });
  });

  it('knows that other markets than the majors have wider spreads', async () => {
    expect((await tested('--data LINKUSDT.csv --as-paper')).risk.limits.spreadBpsMax).toBe(10);
  });

  it('takes no slippage as no spread and no latency either, unless they are given', async () => {
    expect((await tested('--data x --as-paper --slippage 0')).costs).toMatchObject({
      spread: 0n,
      slippage: 0n,
      latencyMs: 0,
    });
    expect((await tested('--data x --slippage 0 --latency 50ms')).costs).toMatchObject({ spread: 0n, latencyMs: 50 });
  });

  it("sizes by risk with the strategy's own stop where none is given", async () => {
    expect((await tested('--data x --risk 1%')).risk).toMatchObject({
      sizing: { by: 'risk', risk: rate('0.01') },
      stop: DEFAULT_RISK.stop,
    });
  });

  it('has no leverage on spot', async () => {
    expect((await tested('--data x --symbol BTC/USDT --as-paper')).risk.leverage).toBe(rate('1'));
  });

  it('reads the store by symbol and time frame', async () => {
    const request = await tested('--symbol BTC/USDT:USDT --timeframe 15m --from 2025-01-01 --to 2025-02-01');
    expect(request).toMatchObject({
      source: { from: 'store', exchange: 'file' },
      timeframe: '15m',
      sourceTimeframe: '15m',
    });
    expect((await tested('--symbol BTC/USDT:USDT --timeframe 15m --data-timeframe 1m')).sourceTimeframe).toBe('1m');
  });

  it.each([
    ['', 'OPTION_MISSING', 'neither'],
    ['--symbol BTC/USDT:USDT', 'OPTION_MISSING', '--symbol alone'],
    ['--data x --exchange binance', 'OPTIONS_CONFLICT', 'both'],
    ['--data x --from 2025-02-01 --to 2025-02-01', 'OPTIONS_CONFLICT', '--from at or after --to'],
    ['--data x --size 10% --risk 1%', 'OPTIONS_CONFLICT', '--size and --risk'],
    ['--data x --risk 1% --sl none', 'OPTIONS_CONFLICT', '--sl none'],
    ['--data x --tp 2r', 'OPTIONS_CONFLICT', '--sl none'],
    ['--data x --tp 150%', 'OPTIONS_CONFLICT', '150%'],
    ['--data x --size 300%', 'OPTIONS_CONFLICT', '--size 300% at leverage 2'],
    ['--data x --fee 0.1% --taker 0.1%', 'OPTIONS_CONFLICT', 'both'],
    ['--data x --symbol BTC/USDT --leverage 3', 'OPTIONS_CONFLICT', '3'],
    ['--data x --symbol BTC/USDT --funding f.csv', 'OPTIONS_CONFLICT', '--funding'],
    ['--data x --as-paper --risk 3%', 'RISK_ABOVE_CEILING', '3%'],
    ['--data x --as-paper --leverage 10', 'LEVERAGE_ABOVE_MAX', '10'],
  ])('is refused with exit code 2: %s', async (flags, code, found) => {
    const built = backtestRequest(await optionsOf(backtest, `backtest ${flags}`));
    expect(built).toMatchObject({ ok: false, exit: 2, code, found });
  });
});

describe('the limits', () => {
  it('say in their examples what paper starts with', async () => {
    for (const [name, spec] of Object.entries(LIMIT_OPTIONS)) {
      expect(spec.read([spec.example]), name).toEqual({
        ok: true,
        value: DEFAULT_RISK.limits[name as keyof typeof LIMIT_OPTIONS],
      });
    }
  });
});

describe('a paper run', () => {
  it('starts with every default of paper, on the synthetic feed, in the profile demo', async () => {
    const request = await started('');
    expect(request).toMatchObject({
      strategy: 'trend',
      symbol: 'BTC/USDT:USDT',
      risk: DEFAULT_RISK,
      source: { from: 'synthetic', seed: 1 },
      profile: 'demo',
      speed: 60,
      observe: false,
    });
  });

  it('replays a file in the profile paper, on the symbol that the file is named after', async () => {
    const request = await started('--feed replay:binance-usdm-ETHUSDT-1m.csv.gz --speed max --risk 1% --sl 1% --tp 2%');
    expect(request).toMatchObject({
      symbol: 'ETH/USDT:USDT',
      source: { from: 'file', path: 'binance-usdm-ETHUSDT-1m.csv.gz' },
      profile: 'paper',
      speed: 'max',
      risk: {
        sizing: { by: 'risk', risk: rate('0.01') },
        stop: { by: 'fixed' },
        target: { by: 'fixed', distance: rate('0.02') },
      },
    });
  });

  it('is kept in the profile that the configuration names, unless a flag names one', async () => {
    const named = { key: 'profile', text: 'night', origin: { from: 'env', variable: 'DZENTRA_PROFILE' } } as const;
    const config = stubConfig({ profile: 'night', settings: [{ ...named, isSecret: false }] });
    const profileOf = async (flags: string) =>
      foregroundRequest(await optionsOf(autoStart, `auto start --foreground ${flags}`), config);
    for (const feed of ['', '--feed replay:BTCUSDT-1m.csv'])
      expect(await profileOf(feed)).toMatchObject({ request: { profile: 'night' } });
    expect(await profileOf('--profile day')).toMatchObject({ request: { profile: 'day' } });
  });

  it.each([
    ['--risk 1%', { size: '10%' }, { risk: { sizing: { by: 'risk', risk: rate('0.01') } } }],
    ['--taker 0.2%', { fee: '0.1%' }, { costs: { makerRate: rate('0.001'), takerRate: rate('0.002') } }],
    ['--fee 0.2%', { maker: '0.1%' }, { costs: { makerRate: rate('0.002'), takerRate: rate('0.002') } }],
  ])('takes %s over what excludes it in the configuration: %o', async (flags, run, request) => {
    const given = await optionsOf(autoStart, `auto start --foreground ${flags}`);
    const told = Object.fromEntries(Object.entries(run));
    expect(foregroundRequest(given, stubConfig({ run: told }))).toMatchObject({ request });
  });

  it.each([
    ['auto start --foreground --kind spot --symbol BTC/USDT:USDT', 'OPTIONS_CONFLICT'],
    ['auto start --foreground --kind perpetual --symbol BTC/USDT', 'OPTIONS_CONFLICT'],
    ['auto start --foreground --dry-run', 'OPTIONS_CONFLICT'],
    ['auto start --foreground --id once', 'OPTIONS_CONFLICT'],
    ['auto start --foreground --wait 5s', 'OPTIONS_CONFLICT'],
    ['auto start --foreground --confirm BTC/USDT', 'OPTIONS_CONFLICT'],
    ['auto start --foreground --risk 5%', 'RISK_ABOVE_CEILING'],
    ['auto start --foreground --risk-max 5% --risk 5%', 'ABOVE_CEILING'],
    ['auto start --foreground --risk-max off', 'ABOVE_CEILING'],
    ['auto start --foreground --heat 50%', 'ABOVE_CEILING'],
    ['auto start --foreground --leverage 10', 'LEVERAGE_ABOVE_MAX'],
  ])('is refused with exit code 2: %s', async (line, code) => {
    expect(foregroundRequest(await optionsOf(autoStart, line), stubConfig())).toMatchObject({
      ok: false,
      exit: 2,
      code,
    });
  });
});
