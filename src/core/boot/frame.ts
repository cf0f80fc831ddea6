import { money, rate, text } from '../base/decimal.ts';
import { lineOf } from '../command/telling/line.ts';
import type { AnyEntry } from '../domain/entry.ts';
import { equityOf } from '../engine/core.ts';
import { createEngine, liquidationOf } from '../engine/engine.ts';
import { symbolMarket } from '../engine/market.ts';
import { deploy, isProblem } from '../lab/deployment.ts';
import type { RunRequest } from '../lab/request.ts';
import { NO_EXTRAS } from '../market/feed.ts';
import { SYNTHETIC_EPOCH_AT, SYNTHETIC_LABEL, SyntheticMarket } from '../market/synthetic.ts';
import { DEFAULT_RISK } from '../risk/defaults.ts';
import { strategyOf } from '../strategy/registry.ts';
import { SimulatedVenue } from '../venue/simulated/simulated.ts';
import { autoLines } from '../view/auto.ts';
import { utcTime } from '../view/format.ts';
import { BUILD } from './build.ts';

const SYMBOL = 'BTC/USDT:USDT';
const SEED = 1;
const DAYS = 30;
const DAY_MS = 86_400_000;
const LAST = 8;

/** One Auto frame of a paper engine inside this process: the simulated market, run until a position is open. */
export async function frame(columns: number): Promise<readonly string[]> {
  const found = strategyOf('trend');
  if (!found.ok) throw new Error('Invariant: the trend strategy is registered');
  const market = new SyntheticMarket(SYMBOL, SEED);
  const candles = market.candles(SYNTHETIC_EPOCH_AT, SYNTHETIC_EPOCH_AT + DAYS * DAY_MS);
  const deployment = deploy(demo(), found.definition, { feedMs: candles.timeframeMs, priceDigits: market.priceDigits });
  if (isProblem(deployment)) throw new Error(`Invariant: the demo can be deployed; ${deployment.fix}`);
  const last: AnyEntry[] = [];
  const engine = createEngine(
    {
      append(entry) {
        last.push(entry as AnyEntry);
        if (last.length > LAST) last.shift();
      },
      venue: (state) => new SimulatedVenue(state, { liquidationOf }),
      definitionOf: (name) => (name === found.definition.name ? found.definition : undefined),
    },
    undefined,
    () => candles.timeframeMs,
  );
  const tradeFrom = deployment.warmupCandles + 1;
  const startAt = candles.openAt[tradeFrom] ?? SYNTHETIC_EPOCH_AT;
  engine.core.now = startAt;
  engine.startEpoch(BUILD);
  engine.command(startAt, deployment.account);
  engine.command(startAt, deployment.run);
  const pump = engine.begin([{ symbol: SYMBOL, source: 'synthetic', candles, tradeFrom, extras: NO_EXTRAS }]);
  const { state } = engine.core;
  while (pump.run(Number.POSITIVE_INFINITY, 5) && state.runs[0]?.position?.protection !== 'working');
  const [account] = state.accounts;
  const [run] = state.runs;
  const [held] = engine.core.market.runs;
  if (account === undefined || run === undefined || held === undefined)
    throw new Error('Invariant: the demo has a run');
  const scene = {
    mode: 'PAPER',
    feed: `${SYNTHETIC_LABEL} market`,
    now: engine.core.now,
    account,
    run,
    quote: symbolMarket(engine.core.market, SYMBOL).quote,
    equity: text(equityOf(engine.core, account)),
    votes: held.specs.map((spec, i) => ({ name: spec.name, vote: held.opinion.votes[i] ?? 0 })),
    last: last.map(
      (entry) =>
        `${utcTime(entry.at).slice(11)} ${String(entry.seq).padStart(5)} ${entry.kind.padEnd(18)} ${lineOf(entry)}`,
    ),
  };
  return Promise.resolve(autoLines(scene, columns));
}

function demo(): RunRequest {
  return {
    strategy: 'trend',
    params: {},
    symbol: SYMBOL,
    seed: SEED,
    risk: DEFAULT_RISK,
    observe: false,
    balance: money('10000'),
    costs: {
      makerRate: rate('0.0002'),
      takerRate: rate('0.0005'),
      spread: rate('0.0001'),
      slippage: rate('0.0001'),
      latencyMs: 150,
    },
    instrument: {},
    source: { from: 'synthetic', seed: SEED },
  };
}
