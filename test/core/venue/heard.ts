import type {
  BookTick,
  CandleTick,
  ChannelChange,
  MarkTick,
  QuoteTick,
  StreamSink,
  TradeTick,
} from '../../../src/core/venue/exchange.ts';

/** All that a stream said, copied. */
export class Heard implements StreamSink {
  readonly quotes: QuoteTick[] = [];
  readonly books: { readonly symbol: string; readonly updateId: number; readonly bid: number; readonly ask: number }[] =
    [];
  readonly trades: TradeTick[] = [];
  readonly candles: CandleTick[] = [];
  readonly marks: MarkTick[] = [];
  readonly changes: ChannelChange[] = [];

  quote(tick: QuoteTick): void {
    this.quotes.push({ ...tick });
  }
  book({ symbol, updateId, bidPrice, askPrice }: BookTick): void {
    this.books.push({ symbol, updateId, bid: bidPrice[0] ?? Number.NaN, ask: askPrice[0] ?? Number.NaN });
  }
  trade(tick: TradeTick): void {
    this.trades.push({ ...tick });
  }
  candle(tick: CandleTick): void {
    this.candles.push({ ...tick });
  }
  mark(tick: MarkTick): void {
    this.marks.push({ ...tick });
  }
  changed(change: ChannelChange): void {
    this.changes.push(change);
  }

  /** `quote live`, `trade quiet`, in their order; of one channel where one is named. */
  said(channel?: ChannelChange['channel']): string[] {
    return this.changes
      .filter((change) => channel === undefined || change.channel === channel)
      .map((change) => `${change.channel} ${change.state}`);
  }

  get tradeIds(): number[] {
    return this.trades.map(({ id }) => id);
  }
}
