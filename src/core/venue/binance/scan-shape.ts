/* The frames of Binance, byte for byte: texts and what stands between them. */

/** What is read after a step's text. Numbers, and not names, because they are compared for each step of each frame. */
export const NOTHING = 0;
/** The venue's name of the market, with its closing quote. */
export const SYMBOL = 1;
/** The same name again. */
export const SAME = 2;
/** Decimal text with its closing quote. */
export const DECIMAL = 3;
/** Decimal text of a rate: it may be negative or empty. */
export const RATE = 4;
export const INTEGER = 5;
/** An id of a trade, -1 for none. */
export const TRADE_ID = 6;
/** `true` or `false`, as 1 or 0. */
export const FLAG = 7;
/** A string whose content does not matter, with its closing quote. */
export const TEXT = 8;
/** The length of a candle: `1m`, with its closing quote; into a slot as ms, and a month as 0. */
export const LENGTH = 9;
/** Rows of price and size up to the closing bracket. */
export const BIDS = 10;
export const ASKS = 11;
/** Nothing: frames of this shape do not say it, so that the slot is NaN. */
export const ABSENT = 12;

export interface Step {
  /** What must stand there, byte for byte. */
  readonly length: number;
  /** The same by four bytes, the first one lowest; of each word the bits count that its mask has. */
  readonly words: Int32Array;
  readonly masks: Int32Array;
  readonly reads: number;
  /** Where the number goes. */
  readonly slot: number;
  /** A key that some frames have and others do not. */
  readonly isOptional: boolean;
}

export interface Shape {
  readonly kind: Kind;
  readonly steps: readonly Step[];
}

export type Kind = 'quote' | 'trade' | 'candle' | 'mark' | 'diff';

/** Slots of each kind in `Fields.numbers`. */
export const QUOTE = { updateId: 0, bid: 1, bidQty: 2, ask: 3, askQty: 4, at: 5 } as const;
export const TRADE = { id: 0, price: 1, qty: 2, at: 3, isBuyerMaker: 4 } as const;
export const MARK = { at: 0, price: 1, rate: 2, fundingAt: 3 } as const;
export const DIFF = { at: 0, firstId: 1, lastId: 2, prevId: 3 } as const;
export const CANDLE = {
  at: 0,
  openAt: 1,
  closeAt: 2,
  firstId: 3,
  lastId: 4,
  open: 5,
  close: 6,
  high: 7,
  low: 8,
  volume: 9,
  isClosed: 10,
  length: 11,
} as const;
/** Numbers that are read and not kept. */
export const UNUSED = 12;
export const SLOTS = 13;

const ASCII = new TextEncoder();
const step = (text: string, reads = NOTHING, slot = UNUSED, isOptional = false): Step => ({
  length: text.length,
  words: words(ASCII.encode(text)),
  masks: words(new Uint8Array(text.length).fill(0xff)),
  reads,
  slot,
  isOptional,
});
/** Four bytes each, the last ones filled up with zeros. */
function words(text: Uint8Array): Int32Array {
  const bytes = new Uint8Array((text.length + 3) & ~3);
  bytes.set(text);
  const view = new DataView(bytes.buffer);
  return Int32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getInt32(4 * i, true));
}

const maybe = (text: string, reads: number): Step => step(text, reads, UNUSED, true);
const absent = (slot: number): Step => step('', ABSENT, slot);
const shape = (kind: Kind, ...steps: readonly Step[]): Shape => ({ kind, steps });

const END = step('}');
/** The kind of underlying, at the end of USDS-M frames since 2026. */
const UNDERLYING = maybe(',"st":', INTEGER);
const PAIR = maybe(',"ps":"', TEXT);
const SIDES = [
  step(',"b":"', DECIMAL, QUOTE.bid),
  step(',"B":"', DECIMAL, QUOTE.bidQty),
  step(',"a":"', DECIMAL, QUOTE.ask),
  step(',"A":"', DECIMAL, QUOTE.askQty),
];
const PRICE = [step(',"p":"', DECIMAL, TRADE.price), step(',"q":"', DECIMAL, TRADE.qty)];
const TAKEN = [step(',"T":', INTEGER, TRADE.at), step(',"m":', FLAG, TRADE.isBuyerMaker)];
const AGGREGATED = [
  ...PRICE,
  maybe(',"nq":"', TEXT),
  step(',"f":', INTEGER),
  step(',"l":', INTEGER),
  ...TAKEN,
  maybe(',"M":', FLAG),
  UNDERLYING,
  END,
];
const ROWS = [step(',"b":[', BIDS), step(',"a":[', ASKS), UNDERLYING, END];

const SPOT_QUOTE = shape(
  'quote',
  step('{"u":', INTEGER, QUOTE.updateId),
  step(',"s":"', SYMBOL),
  ...SIDES,
  absent(QUOTE.at),
  END,
);
const USDM_QUOTE = shape(
  'quote',
  step('{"e":"bookTicker","u":', INTEGER, QUOTE.updateId),
  step(',"s":"', SYMBOL),
  PAIR,
  ...SIDES,
  step(',"T":', INTEGER),
  step(',"E":', INTEGER, QUOTE.at),
  UNDERLYING,
  END,
);
/** As the documentation has it. */
const USDM_QUOTE_TOLD = shape(
  'quote',
  step('{"e":"bookTicker","u":', INTEGER, QUOTE.updateId),
  step(',"E":', INTEGER, QUOTE.at),
  step(',"T":', INTEGER),
  step(',"s":"', SYMBOL),
  PAIR,
  ...SIDES,
  UNDERLYING,
  END,
);
const USDM_AGGREGATE = shape(
  'trade',
  step('{"e":"aggTrade","E":', INTEGER),
  step(',"a":', INTEGER, TRADE.id),
  step(',"s":"', SYMBOL),
  ...AGGREGATED,
);
const SPOT_AGGREGATE = shape(
  'trade',
  step('{"e":"aggTrade","E":', INTEGER),
  step(',"s":"', SYMBOL),
  step(',"a":', INTEGER, TRADE.id),
  ...AGGREGATED,
);
/** Only trades of the market: what insurance fund and auto-deleveraging do is in no candle of the venue either. */
const USDM_TRADE = shape(
  'trade',
  step('{"e":"trade","E":', INTEGER),
  step(',"T":', INTEGER, TRADE.at),
  step(',"s":"', SYMBOL),
  step(',"t":', INTEGER, TRADE.id),
  ...PRICE,
  step(',"X":"MARKET","m":', FLAG, TRADE.isBuyerMaker),
  UNDERLYING,
  END,
);
const SPOT_TRADE = shape(
  'trade',
  step('{"e":"trade","E":', INTEGER),
  step(',"s":"', SYMBOL),
  step(',"t":', INTEGER, TRADE.id),
  ...PRICE,
  maybe(',"b":', INTEGER),
  maybe(',"a":', INTEGER),
  ...TAKEN,
  maybe(',"M":', FLAG),
  END,
);
const MARKED = shape(
  'mark',
  step('{"e":"markPriceUpdate","E":', INTEGER, MARK.at),
  step(',"s":"', SYMBOL),
  step(',"p":"', DECIMAL, MARK.price),
  maybe(',"ap":"', TEXT),
  maybe(',"P":"', TEXT),
  maybe(',"i":"', TEXT),
  maybe(',"P":"', TEXT),
  step(',"r":"', RATE, MARK.rate),
  step(',"T":', INTEGER, MARK.fundingAt),
  UNDERLYING,
  END,
);
const USDM_DIFF = shape(
  'diff',
  step('{"e":"depthUpdate","E":', INTEGER, DIFF.at),
  step(',"T":', INTEGER),
  step(',"s":"', SYMBOL),
  PAIR,
  step(',"U":', INTEGER, DIFF.firstId),
  step(',"u":', INTEGER, DIFF.lastId),
  step(',"pu":', INTEGER, DIFF.prevId),
  ...ROWS,
);
const SPOT_DIFF = shape(
  'diff',
  step('{"e":"depthUpdate","E":', INTEGER, DIFF.at),
  step(',"s":"', SYMBOL),
  step(',"U":', INTEGER, DIFF.firstId),
  step(',"u":', INTEGER, DIFF.lastId),
  absent(DIFF.prevId),
  ...ROWS,
);

/** USDS-M puts a space between the keys of a candle, spot does not. */
function candle(gap: string): Shape {
  const key = (name: string, reads: number, slot: number = UNUSED): Step => step(`,${gap}"${name}":`, reads, slot);
  const text = (name: string, reads: number, slot: number = UNUSED): Step => step(`,${gap}"${name}":"`, reads, slot);
  return shape(
    'candle',
    step('{"e":"kline","E":', INTEGER, CANDLE.at),
    step(',"s":"', SYMBOL),
    step(',"k":{"t":', INTEGER, CANDLE.openAt),
    key('T', INTEGER, CANDLE.closeAt),
    text('s', SAME),
    text('i', LENGTH, CANDLE.length),
    key('f', TRADE_ID, CANDLE.firstId),
    key('L', TRADE_ID, CANDLE.lastId),
    text('o', DECIMAL, CANDLE.open),
    text('c', DECIMAL, CANDLE.close),
    text('h', DECIMAL, CANDLE.high),
    text('l', DECIMAL, CANDLE.low),
    text('v', DECIMAL, CANDLE.volume),
    key('n', INTEGER),
    key('x', FLAG, CANDLE.isClosed),
    text('q', TEXT),
    text('V', TEXT),
    text('Q', TEXT),
    text('B', TEXT),
    END,
    UNDERLYING,
    END,
  );
}

/** Shapes by the first letter of the event's name; `u` is the quote of spot, which has none. */
export const SHAPES: { readonly [letter: string]: readonly Shape[] } = {
  u: [SPOT_QUOTE],
  b: [USDM_QUOTE, USDM_QUOTE_TOLD],
  a: [USDM_AGGREGATE, SPOT_AGGREGATE],
  t: [USDM_TRADE, SPOT_TRADE],
  k: [candle(' '), candle('')],
  m: [MARKED],
  d: [USDM_DIFF, SPOT_DIFF],
};
