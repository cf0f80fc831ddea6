import type { Listing, SandboxClock, SandboxMarket } from '../market.ts';
import { formatOf } from './amount.ts';
import { type CandleColumns, cellOfRow, digitsIn, historyOf, rowFrom, rowOf } from './candle-rows.ts';
import { Maker } from './maker.ts';
import { merged } from './merge.ts';
import type { Message, Settlement, Source } from './message.ts';
import { pathOf } from './path.ts';
import { PlayedMarket } from './played.ts';
import { DAY_MS, MINUTE_MS } from './span.ts';

/** So many rows are history where nothing is said, half of them at most. */
const HISTORY_ROWS = 1_500;
/** Steps are no nearer in market time, and no nearer on the wall clock. */
const STEP_MS = 1_000;
const STEP_WALL_MS = 20;
const STEPS_MIN = 4;

/** The candles of one symbol. */
export interface CandleSeries {
  readonly listing: Listing;
  readonly columns: CandleColumns;
  readonly timeframeMs: number;
  /** Rates that were paid, by the instants of the candles. */
  readonly funding?: readonly { readonly at: number; readonly rate: string }[];
}

export interface CandleOptions {
  readonly kind: 'usdm' | 'spot';
  readonly series: readonly CandleSeries[];
  readonly clock: SandboxClock;
  /** `now`: moved so that the present is now, by whole days where nothing else is asked. `recorded`: as they are. */
  readonly at?: 'now' | 'recorded';
  /** Where the present begins, by the instants of the candles; what is before it is history. */
  readonly from?: number;
  readonly speed?: number;
  /** Begins anew at the end; else the market is silent from there. */
  readonly loop?: boolean;
}

/** How the series are laid on the stand-in's time. */
interface Plan {
  readonly kind: 'usdm' | 'spot';
  readonly from: number;
  readonly shiftMs: number;
  readonly speed: number;
  readonly loop: boolean;
}

/**
 * A market that trades candles: each is a way of trades, diffs and quotes that makes that candle again, text for text.
 * @throws where a series is empty or the present would begin behind its end.
 */
export function openCandles(options: CandleOptions): SandboxMarket {
  const { kind, series, clock, at = 'now', speed = 1, loop = false } = options;
  for (const { columns, listing } of series) {
    if (columns.openAt.length === 0) throw new Error(`${listing.id}: expected candles, found none`);
  }
  const wall = clock.wall();
  const unitMs = Math.max(MINUTE_MS, ...series.map(({ timeframeMs }) => timeframeMs));
  const from = options.from ?? presentOf(series, at === 'now' ? wall : undefined, unitMs);
  const shiftMs = at === 'recorded' ? 0 : Math.floor((wall - from) / unitMs) * unitMs;
  for (const { columns, listing } of series) {
    if (rowFrom(columns, from) >= columns.openAt.length) {
      throw new Error(`${listing.id}: expected candles from ${new Date(from).toISOString()} on, found none`);
    }
  }
  const plan: Plan = { kind, from, shiftMs, speed, loop };
  const source = sourceOf(plan, series, at === 'recorded' ? from : wall);
  return new PlayedMarket(source, { clock, speed });
}

/** The default: after a history; where it is played now, at the same time of day, so that days stay days. */
function presentOf(series: readonly CandleSeries[], wall: number | undefined, unitMs: number): number {
  const from = Math.max(
    ...series.map(({ columns: { openAt } }) => openAt[Math.min(HISTORY_ROWS, openAt.length >> 1)] as number),
  );
  if (wall === undefined) return from;
  const sameTimeAt = from + ((((Math.floor(wall / unitMs) * unitMs - from) % DAY_MS) + DAY_MS) % DAY_MS);
  const lastAt = Math.min(...series.map(({ columns: { openAt } }) => openAt[openAt.length - 1] as number));
  return sameTimeAt <= lastAt ? sameTimeAt : from;
}

function sourceOf(plan: Plan, series: readonly CandleSeries[], startAt: number): Source {
  const { kind, from, shiftMs } = plan;
  const formats = new Map(
    series.map(({ listing, columns }) => [listing.id, formatOf(kind, listing, digitsIn(columns))] as const),
  );
  const byId = new Map(series.map((one) => [one.listing.id, one]));
  return {
    kind,
    listings: series.map(({ listing }) => listing),
    formats,
    startAt,
    lateMs: 0,
    messages: () => merged(series.map((one) => messagesOf(one, formats.get(one.listing.id), plan))),
    history(id) {
      const one = byId.get(id);
      if (one === undefined) return undefined;
      return historyOf(one.columns, one.timeframeMs, { rows: rowFrom(one.columns, from), shiftMs });
    },
    ...fundingOf(byId, shiftMs),
  };
}

/** Rates are told where their instants stay settlements. */
function fundingOf(byId: ReadonlyMap<string, CandleSeries>, shiftMs: number): Pick<Source, 'funding'> {
  if (shiftMs % (DAY_MS / 3) !== 0 || [...byId.values()].some(({ funding }) => funding === undefined)) return {};
  return {
    funding(id, from, to) {
      const one = byId.get(id);
      const rows: Settlement[] = [];
      for (const { at, rate } of one?.funding ?? []) {
        if (at + shiftMs < from || at + shiftMs > to || one === undefined) continue;
        const row = Math.min(rowFrom(one.columns, at), one.columns.openAt.length - 1);
        rows.push({ at: at + shiftMs, rate, mark: String(one.columns.open[row]) });
      }
      return rows;
    },
  };
}

function* messagesOf(
  series: CandleSeries,
  format: ReturnType<typeof formatOf> | undefined,
  plan: Plan,
): Generator<Message> {
  const { columns, listing, timeframeMs } = series;
  if (format === undefined) return;
  const maker = new Maker(plan.kind, listing, format);
  const first = rowFrom(columns, plan.from);
  const count = columns.openAt.length;
  const spanMs = (columns.openAt[count - 1] as number) + timeframeMs - (columns.openAt[first] as number);
  for (let pass = 0; pass === 0 || plan.loop; pass++) {
    for (let row = first; row < count; row++) {
      yield* candleOf(series, row, { maker, shiftMs: plan.shiftMs + pass * spanMs, speed: plan.speed });
    }
  }
}

function* candleOf(
  { columns, timeframeMs, listing }: CandleSeries,
  at: number,
  { maker, shiftMs, speed }: { readonly maker: Maker; readonly shiftMs: number; readonly speed: number },
): Generator<Message> {
  const row = rowOf(columns, at);
  const openAt = row.openAt + shiftMs;
  if (!maker.isBegun) yield maker.snapshot(openAt, ...maker.around(row.open, true, 0));
  const stepMs = Math.max(STEP_MS, Math.ceil(STEP_WALL_MS * speed));
  const count = Math.max(STEPS_MIN, Math.floor(timeframeMs / stepMs));
  const { tick, step } = listing.instrument;
  const steps = row.volume === 0n ? [] : pathOf(row, { timeframeMs, count, tick, lot: step, grain: maker.grain });
  for (const [turn, { atMs, price, qty, isRising }] of steps.entries()) {
    yield* maker.book(openAt + atMs, ...maker.around(price, isRising, turn));
    if (qty > 0n) yield maker.trade(openAt + atMs, { price, qty, isBuyerMaker: !isRising });
  }
  if (steps.length > 0) return;
  const cell = cellOfRow(row, openAt);
  yield { kind: 'still', id: listing.id, dueAt: openAt + timeframeMs - 1, cell };
}
