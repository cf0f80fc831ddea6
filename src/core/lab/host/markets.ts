import type { CandleRow, MarketFrame } from '../../domain/frame.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { builtInInstrument } from '../../domain/instrument-table.ts';
import type { Core } from '../../engine/core.ts';
import type { Scene } from '../../view/scene.ts';
import type { HostFeed, TimedFeed } from './feed.ts';

/** A week of minutes: a chart of 4h has as many candles as a screen is wide. */
const ROWS_MAX = 10_000;
/** So many more are kept before the beginning is cut off. */
const ROWS_SLACK = 500;

/** Market frames and closed candles of the symbols that somebody looks at. */
export interface Markets {
  at(symbols: readonly string[], at: number): Pick<Scene, 'markets' | 'candles'>;
}

export function createMarkets(core: Core, feed: HostFeed): Markets {
  const kept = new Map<string, { rows: CandleRow[]; count: number }>();
  const rowsOf = (feed: TimedFeed, symbol: string, at: number): readonly CandleRow[] => {
    const count = feed.closedBy(symbol, at);
    const known = kept.get(symbol) ?? { rows: [], count: Math.max(0, count - ROWS_MAX) };
    kept.set(symbol, known);
    const from = Math.max(known.count, count - ROWS_MAX);
    if (from > known.count) known.rows = [];
    for (let i = from; i < count; i++) known.rows.push(feed.row(symbol, i));
    known.count = Math.max(known.count, count);
    if (known.rows.length > ROWS_MAX + ROWS_SLACK) known.rows = known.rows.slice(-ROWS_MAX);
    return known.rows;
  };
  return {
    at(symbols, at) {
      const markets: MarketFrame[] = [];
      const candles: Record<string, readonly CandleRow[]> = {};
      for (const symbol of symbols) {
        const instrument = instrumentOf(core, feed, symbol);
        if (instrument === undefined) continue;
        markets.push({ symbol, instrument, ...feed.facts(symbol, at), ...modelled(core, feed, symbol) });
        candles[symbol] = feed.kind === 'exchange' ? feed.live.closed(symbol) : rowsOf(feed, symbol, at);
      }
      return { markets, candles };
    },
  };
}

/** The instrument that the runs trade, else the one that a run would. */
function instrumentOf(core: Core, feed: HostFeed, symbol: string): Instrument | undefined {
  const run = core.state.runs.findLast((each) => each.symbol === symbol);
  if (run !== undefined) return run.instrument;
  if (feed.kind === 'exchange') return feed.instrument(symbol);
  return builtInInstrument(symbol, { priceDigits: feed.priceDigits(symbol) });
}

/** With candles alone the touch is what the cost models of the account say. */
function modelled(core: Core, feed: HostFeed, symbol: string): Partial<MarketFrame> {
  const quote = feed.kind === 'replay' ? core.market.symbols.get(symbol)?.quote : undefined;
  return quote === undefined || Number.isNaN(quote.mid) ? {} : { bid: quote.bid, ask: quote.ask, mid: quote.mid };
}
