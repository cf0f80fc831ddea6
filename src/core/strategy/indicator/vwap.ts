const DAY_MS = 86_400_000;

/**
 * Volume-weighted average price of the session, in price: `sum(typical * volume) / sum(volume)`, typical =
 * `(high + low + close) / 3`. A session is a UTC day and starts afresh at 00:00. NaN until a session was seen from its
 * start, and where nothing has traded in it yet. Source: the usual session VWAP on candles; the anchor is ours.
 */
export class Vwap {
  value = NaN;
  private day = NaN;
  private turnover = NaN;
  private volume = NaN;

  /** Takes the next candle: its open time in ms UTC, prices and volume. */
  update(openAt: number, high: number, low: number, close: number, volume: number): number {
    const day = Math.floor(openAt / DAY_MS);
    if (day !== this.day) this.begin(openAt, day);
    this.turnover += ((high + low + close) / 3) * volume;
    this.volume += volume;
    this.value = this.turnover / this.volume;
    return this.value;
  }

  // The first day seen may lack its morning; NaN sums keep it unknown. A later day was watched from its start.
  private begin(openAt: number, day: number): void {
    const isWhole = this.day === this.day || openAt === day * DAY_MS;
    this.turnover = isWhole ? 0 : NaN;
    this.volume = isWhole ? 0 : NaN;
    this.day = day;
  }
}
