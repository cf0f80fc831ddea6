import type { Bar } from '../../domain/candle.ts';
import type { CandleRow } from '../../domain/frame.ts';
import type { CandleTick, TradeTick } from '../../venue/exchange.ts';
import { type CandleBuilder, createCandleBuilder } from '../build.ts';
import { TIMEFRAME_MS } from './options.ts';

const IDS_KEPT = 1_024;
const BUILT_KEPT = 3;
/** Volumes are sums: the last digits of a double may differ. */
const VOLUME_ERROR = 1e-6;

/** `waiting`: trades of it may still be under way. `unknown`: not all of them were seen. */
export type Verdict = 'agrees' | 'differs' | 'unknown' | 'waiting';

/** Candles made of the trades themselves, where every trade was seen: what the stream calls closed is held to them. */
export class CandleProof {
  readonly #ids = new Float64Array(IDS_KEPT).fill(-1);
  readonly #built = new Map<number, CandleRow>();
  readonly #builder: CandleBuilder;
  /** The instant from which on every trade was seen. */
  #since = Number.POSITIVE_INFINITY;
  #lastId = NaN;
  #lastAt = 0;

  /** @param qtyDigits digits after the point of the symbol's lot */
  constructor(qtyDigits: number) {
    this.#builder = createCandleBuilder({ timeframeMs: TIMEFRAME_MS, qtyDigits });
  }

  /** Takes a trade. False where it came before: it is not to be counted twice. */
  trade(tick: TradeTick): boolean {
    const { id } = tick;
    const hasId = id >= 0;
    if (hasId) {
      const slot = id % IDS_KEPT;
      if (this.#ids[slot] === id) return false;
      this.#ids[slot] = id;
    }
    const isNext = id === this.#lastId + 1;
    if (hasId && !(id <= this.#lastId)) this.#lastId = id;
    const at = Math.max(tick.venueAt, this.#lastAt);
    if (!(at > 0 && at < Infinity)) {
      this.forget();
      return true;
    }
    // A hole, or a trade out of order: what came before proves nothing; others of its millisecond may be missing, too.
    if (!isNext || at !== tick.venueAt) this.#since = hasId ? at + 1 : Number.POSITIVE_INFINITY;
    this.#lastAt = at;
    this.#keep(this.#builder.push(at, tick.price, tick.qty));
    return true;
  }

  /** Trades may be missing from here on, or be numbered anew. */
  forget(): void {
    this.#lastId = NaN;
  }

  /**
   * What the trades say of a closed candle of the stream. Venues number gathered trades in their own way, so it is the
   * next trade after it that tells that all of it came.
   * @param isLast nobody waits any longer: what is here is taken for all
   */
  judge(tick: CandleTick, isLast: boolean): Verdict {
    const built = this.#built.get(tick.openAt);
    if (built !== undefined) return equals(built, tick) ? 'agrees' : 'differs';
    const open = this.#builder.open();
    if (open === undefined || open.openAt !== tick.openAt || open.openAt < this.#since) return 'unknown';
    if (tick.lastId !== this.#lastId && !isLast) return 'waiting';
    return equals(rowOf(open), tick) ? 'agrees' : 'differs';
  }

  /** The candle that forms, as far as trades tell. */
  forming(): CandleRow | undefined {
    const open = this.#builder.open();
    return open === undefined ? undefined : rowOf(open);
  }

  #keep(bar: Bar | undefined): void {
    if (bar === undefined || bar.openAt < this.#since) return;
    this.#built.set(bar.openAt, rowOf(bar));
    for (const [openAt] of this.#built) {
      if (this.#built.size <= BUILT_KEPT) return;
      this.#built.delete(openAt);
    }
  }
}

const rowOf = ({ openAt, open, high, low, close, volume }: Bar): CandleRow => [openAt, open, high, low, close, volume];

function equals([, open, high, low, close, volume]: CandleRow, tick: CandleTick): boolean {
  if (open !== tick.open || high !== tick.high || low !== tick.low || close !== tick.close) return false;
  return Math.abs(volume - tick.volume) <= VOLUME_ERROR * Math.max(volume, tick.volume);
}
