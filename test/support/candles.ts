/** One candle of a hand-made series. */
interface Row {
  readonly openAt: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const START_AT = Date.UTC(2025, 0, 1);

/** A price that swings between 90 and 110 around 100, one candle of 1m after the other. */
export function waves(count: number, periodCandles = 400): readonly Row[] {
  const priceAt = (index: number): number =>
    100 + 10 * Math.sin((index / periodCandles) * 2 * Math.PI) + (index % 7) / 10;
  return Array.from({ length: count }, (_, index) => {
    const open = round(priceAt(index));
    const close = round(priceAt(index + 1));
    return { openAt: START_AT + index * 60_000, open, high: Math.max(open, close), low: Math.min(open, close), close };
  });
}

const round = (price: number): number => Math.round(price * 100) / 100;

/** The series as the file that a user would have. */
export function candlesToCsv(rows: readonly Row[]): string {
  const lines = rows.map(({ openAt, open, high, low, close }) => `${openAt},${open},${high},${low},${close},1`);
  return `timestamp,open,high,low,close,volume\n${lines.join('\n')}\n`;
}
