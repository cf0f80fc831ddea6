import { money } from '../../src/core/base/decimal.ts';
import type { AnyEntry } from '../../src/core/domain/entry.ts';
import { decode, encode } from '../../src/core/domain/entry.ts';
import { emptyState, type State } from '../../src/core/domain/state.ts';
import { createEngine, type Engine, riskModels } from '../../src/core/engine/engine.ts';
import { evolve } from '../../src/core/engine/evolve.ts';
import type { Pump } from '../../src/core/engine/pump.ts';
import { advance } from '../../src/core/engine/step.ts';
import { listExtras, type Series } from '../../src/core/market/feed.ts';
import { SimulatedVenue } from '../../src/core/venue/simulated/simulated.ts';
import type { SmallMarket } from './engine-market.ts';

export interface Played {
  readonly engine: Engine;
  readonly entries: AnyEntry[];
}

export const BALANCE = money('10000');

type Drive = (engine: Engine, pump: Pump) => void;

/** As fast as it goes. */
const atOnce: Drive = (_engine, pump) => {
  while (pump.run(Number.POSITIVE_INFINITY, 64));
};

/** As a paced run does: market time is looked at every `stepMs`. */
export const paced =
  (stepMs: number): Drive =>
  ({ core }, pump) => {
    for (let now = core.now; pump.run(now, Number.MAX_SAFE_INTEGER); now += stepMs) {
      advance(core, Math.min(now, pump.nextAt));
    }
  };

/** Plays markets side by side on one account from their first candles, or goes on from entries that survived. */
export function play(
  given: SmallMarket | readonly SmallMarket[],
  survived: readonly AnyEntry[] = [],
  drive: Drive = atOnce,
): Played {
  const markets = [given].flat() as readonly SmallMarket[];
  const entries = [...survived];
  const isLossy = markets.some((market) => market.isLossy);
  const losesAnswer = (_run: number, order: number): boolean => isLossy && order % 5 === 3;
  const engine = createEngine(
    {
      append: (entry) => entries.push(entry as AnyEntry),
      venue(own) {
        const venue = new SimulatedVenue(own, riskModels, { losesAnswer });
        venue.restore();
        return venue;
      },
      definitionOf: (name) => markets.find(({ definition }) => definition.name === name)?.definition,
    },
    refold(survived),
    (symbol) => markets.find(({ instrument }) => instrument.symbol === symbol)?.candles.timeframeMs ?? 0,
  );
  const startAt = Math.min(...markets.map(({ candles }) => candles.openAt[0] ?? 0));
  if (survived.length === 0) engine.core.now = startAt;
  engine.startEpoch('test');
  if (survived.length === 0) startCommands(engine, markets, startAt);
  drive(engine, engine.begin(markets.map(seriesOf)));
  return { engine, entries };
}

function seriesOf({ instrument, candles, extras }: SmallMarket): Series {
  return { symbol: instrument.symbol, source: 'replay', candles, tradeFrom: 0, extras: listExtras(extras) };
}

function startCommands(engine: Engine, markets: readonly SmallMarket[], at: number): void {
  const costs = (markets[0] as SmallMarket).costs;
  engine.command(at, { name: 'open_account', account: 'paper', asset: 'USDT', balance: BALANCE, costs });
  for (const { definition, params, timeframeMs, higherMs, instrument, risk: riskSettings } of markets) {
    engine.command(at, {
      name: 'start_run',
      account: 'paper',
      symbol: instrument.symbol,
      strategy: definition.name,
      strategyVersion: definition.version,
      params,
      timeframeMs,
      higherMs,
      seed: 1,
      instrument,
      riskSettings,
      observe: false,
    });
  }
}

/** The state that entries fold to once they have been text. */
export function refold(entries: readonly AnyEntry[]): State {
  const state = emptyState();
  for (const entry of entries) evolve(state, decode(encode(entry)));
  return state;
}
