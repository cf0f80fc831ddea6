import { parse, text } from '../../src/core/base/decimal.ts';
import { builtInInstrument } from '../../src/core/domain/instrument-table.ts';
import type { Position } from '../../src/core/sandbox/account/account.ts';
import type { Kline, Listing, MarketFrame, SandboxClock, SandboxMarket } from '../../src/core/sandbox/market.ts';

/** A short of USDS-M as its account holds it. */
export const SHORT_POSITION: Position = {
  symbol: 'BTCUSDT',
  side: 'BOTH',
  amount: '-0.010',
  entryPrice: '60000',
  breakEvenPrice: '60000',
  leverage: 10,
  marginType: 'cross',
  isolatedMargin: '0',
  updatedAt: 1,
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The wall clock of a stand-in in a test: real timers, and a time of day that a test sets forward by hand. */
export interface ShiftedClock extends SandboxClock {
  shift(ms: number): void;
  /** Timers that still wait. */
  readonly waiting: number;
}

export function shiftedClock(startAt = Date.UTC(2026, 5, 1, 12, 0, 5)): ShiftedClock {
  const began = performance.now();
  let shifted = 0;
  let waiting = 0;
  return {
    wall: () => startAt + Math.floor(performance.now() - began) + shifted,
    after(ms, run) {
      let isDone = false;
      waiting += 1;
      const end = (): boolean => {
        if (isDone) return false;
        isDone = true;
        waiting -= 1;
        return true;
      };
      const timer = setTimeout(() => {
        if (end()) run();
      }, ms);
      return () => {
        if (end()) clearTimeout(timer);
      };
    },
    shift(ms) {
      shifted += ms;
    },
    get waiting() {
      return waiting;
    },
  };
}

/** A market that a test can reckon with: the price of a minute is its number, 60000 for BTC and 3000 for ETH at the start. */
export interface StubMarket extends SandboxMarket {
  /** Sends a frame to whoever listens. */
  frame(frame: MarketFrame): void;
  /** Called whenever it is played. */
  onPlay(run: () => void): void;
  /** How often it was played. */
  readonly played: number;
  setNow(at: number): void;
}

export function stubMarket(kind: 'usdm' | 'spot', clock: SandboxClock): StubMarket {
  const listings = ['BTC', 'ETH'].map((base) => listingOf(kind, base));
  const listeners = new Set<(frame: MarketFrame) => void>();
  let at: number | undefined;
  let played = 0;
  let onPlay: () => void = () => undefined;
  const now = (): number => at ?? clock.wall();
  const priceAt = (id: string, instant: number): string => {
    const start = id.startsWith('BTC') ? 60_000 : 3000;
    return pad(kind, String(start + (Math.floor(instant / MINUTE_MS) % 100)), 'price');
  };
  const tradeOf = (id: string, number: number) => ({
    id: number,
    price: priceAt(id, number * 1000),
    qty: pad(kind, '0.010', 'qty'),
    at: number * 1000,
    isBuyerMaker: number % 2 === 0,
  });

  return {
    kind,
    listings,
    speed: 1,
    now,
    klines(id, intervalMs, { startAt, endAt, limit }) {
      const last = Math.floor(Math.min(endAt ?? now(), now()) / intervalMs) * intervalMs;
      const first =
        startAt === undefined ? last - (limit - 1) * intervalMs : Math.ceil(startAt / intervalMs) * intervalMs;
      const count = Math.max(0, Math.min(limit, (last - first) / intervalMs + 1));
      return Array.from({ length: count }, (_, row) => candle(kind, priceAt, id, first + row * intervalMs, intervalMs));
    },
    depth(id, levels) {
      const middle = Number(priceAt(id, now()));
      const side = (sign: number) =>
        Array.from({ length: Math.min(levels, 50) }, (_, row) => {
          const price = pad(kind, (middle + sign * (row + 1)).toFixed(1), 'price');
          return [price, pad(kind, '1.5', 'qty')] as const;
        });
      return { lastUpdateId: Math.floor(now() / 100), eventAt: now(), bids: side(-1), asks: side(1) };
    },
    trades(id, { limit, fromId }) {
      const last = Math.floor(now() / 1000);
      const count = Math.min(limit, 1000);
      const first = fromId ?? last - count + 1;
      return Array.from({ length: Math.max(0, Math.min(count, last - first + 1)) }, (_, row) =>
        tradeOf(id, first + row),
      );
    },
    mark(id) {
      if (kind === 'spot') return undefined;
      const price = `${text(parse(priceAt(id, now())))}.50000000`;
      const nextFundingAt = Math.ceil((now() + 1) / (DAY_MS / 3)) * (DAY_MS / 3);
      return { mark: price, index: price, fundingRate: '0.00010000', nextFundingAt, at: now() };
    },
    funding(id, { startAt, endAt, limit }) {
      const last = Math.floor(now() / (DAY_MS / 3));
      const rows = Array.from({ length: 30 }, (_, row) => (last - 29 + row) * (DAY_MS / 3))
        .filter((each) => each >= (startAt ?? 0) && each <= (endAt ?? now()))
        .map((each) => ({ at: each, rate: '0.00010000', mark: priceAt(id, each) }));
      return startAt === undefined ? rows.slice(-limit) : rows.slice(0, limit);
    },
    onFrame(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    play() {
      played += 1;
      onPlay();
    },
    onPlay(run) {
      onPlay = run;
    },
    frame(frame) {
      for (const listener of listeners) listener(frame);
    },
    get played() {
      return played;
    },
    setNow(instant) {
      at = instant;
    },
  };
}

function listingOf(kind: 'usdm' | 'spot', base: string): Listing {
  const instrument = builtInInstrument(kind === 'usdm' ? `${base}/USDT:USDT` : `${base}/USDT`);
  if (instrument === undefined) throw new Error(`no instrument for ${base}`);
  return {
    id: `${base}USDT`,
    instrument,
    status: 'TRADING',
    fundingHours: kind === 'usdm' ? 8 : 0,
    onboardAt: 1_569_398_400_000,
  };
}

/** Prices of USDS-M have one digit here, all amounts of spot have eight. */
function pad(kind: 'usdm' | 'spot', amount: string, of: 'price' | 'qty'): string {
  const digits = kind === 'spot' ? 8 : of === 'price' ? 1 : 3;
  return Number(amount).toFixed(digits);
}

function candle(
  kind: 'usdm' | 'spot',
  priceAt: (id: string, at: number) => string,
  id: string,
  openAt: number,
  intervalMs: number,
): Kline {
  const open = priceAt(id, openAt);
  const by = (move: number): string => pad(kind, String(Number(open) + move), 'price');
  return {
    openAt,
    closeAt: openAt + intervalMs - 1,
    open,
    high: by(2),
    low: by(-2),
    close: by(1),
    volume: pad(kind, '10', 'qty'),
    quoteVolume: String(Number(open) * 10),
    trades: 60,
    takerBase: pad(kind, '5', 'qty'),
    takerQuote: String(Number(open) * 5),
  };
}
