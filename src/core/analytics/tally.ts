import { approximate, type Money, NO_MONEY } from '../base/decimal.ts';
import type { ClosedBody } from '../domain/events.ts';
import type { TradingRecord } from './record.ts';

const signOf = (amount: Money): number => (amount > 0n ? 1 : amount < 0n ? -1 : 0);

/** Trades of one kind (all, or longs only): a win has `pnl > 0`, a loss `pnl < 0`, the rest are draws. */
export class Score {
  trades = 0;
  wins = 0;
  losses = 0;
  /** Net sums: of the winners, of the losers (0 or under), of all. */
  won: Money = NO_MONEY;
  lost: Money = NO_MONEY;

  get pnl(): Money {
    return (this.won + this.lost) as Money;
  }

  add(pnl: Money, sign: number = signOf(pnl)): void {
    this.trades++;
    if (sign > 0) {
      this.wins++;
      this.won = (this.won + pnl) as Money;
    } else if (sign < 0) {
      this.losses++;
      this.lost = (this.lost + pnl) as Money;
    }
  }

  static both(one: Score, other: Score): Score {
    const both = new Score();
    both.trades = one.trades + other.trades;
    both.wins = one.wins + other.wins;
    both.losses = one.losses + other.losses;
    both.won = (one.won + other.won) as Money;
    both.lost = (one.lost + other.lost) as Money;
    return both;
  }
}

/** One pass over the trades of a record. Amounts are exact sums; those of an open position are in fees, funding and value. */
export class Tally {
  readonly longs = new Score();
  readonly shorts = new Score();
  best: Money | undefined;
  worst: Money | undefined;
  fees: Money = NO_MONEY;
  /** Received positive. */
  funding: Money = NO_MONEY;
  /** Value traded, entries and exits. */
  volume: Money = NO_MONEY;
  /** Sum of the winners before costs. */
  grossWon: Money = NO_MONEY;
  /** Trades that had a planned risk, and the sum of their R. */
  planned = 0;
  rSum = 0;
  /** Sums over trades of worst, best and given-back open profit, with the largest, in the account's asset. */
  maeSum = 0;
  maeMin = 0;
  mfeSum = 0;
  mfeMax = 0;
  givenBackSum = 0;
  winMs = 0;
  lossMs = 0;
  heldMs = 0;
  winsInRow = 0;
  lossesInRow = 0;
  readonly durations: Float64Array;
  private run = 0;
  private heldUntil = -Infinity;

  constructor(count: number) {
    this.durations = new Float64Array(count);
  }

  get all(): Score {
    return Score.both(this.longs, this.shorts);
  }

  add(trade: ClosedBody): void {
    const { pnl } = trade;
    const sign = signOf(pnl);
    const ms = trade.exitAt - trade.entryAt;
    this.durations[this.longs.trades + this.shorts.trades] = ms;
    (trade.side === 'long' ? this.longs : this.shorts).add(pnl, sign);
    if (this.best === undefined || pnl > this.best) this.best = pnl;
    if (this.worst === undefined || pnl < this.worst) this.worst = pnl;
    this.addStreak(sign, ms);
    this.addCosts(trade.fees, trade.funding, (trade.entryValue + trade.exitValue) as Money);
    if (trade.gross > 0n) this.grossWon = (this.grossWon + trade.gross) as Money;
    if (trade.r !== null) {
      this.planned++;
      this.rSum += trade.r;
    }
    this.addExcursion(trade);
  }

  addCosts(fees: Money, funding: Money, volume: Money): void {
    this.fees = (this.fees + fees) as Money;
    if (funding !== 0n) this.funding = (this.funding + funding) as Money;
    this.volume = (this.volume + volume) as Money;
  }

  /** Time with a position, counted once where positions overlap. Comes in the order of entries. */
  addHeld(from: number, to: number): void {
    this.heldMs += Math.max(0, to - Math.max(from, this.heldUntil));
    this.heldUntil = Math.max(this.heldUntil, to);
  }

  private addStreak(sign: number, ms: number): void {
    if (sign > 0) {
      this.run = this.run > 0 ? this.run + 1 : 1;
      this.winsInRow = Math.max(this.winsInRow, this.run);
      this.winMs += ms;
    } else if (sign < 0) {
      this.run = this.run < 0 ? this.run - 1 : -1;
      this.lossesInRow = Math.max(this.lossesInRow, -this.run);
      this.lossMs += ms;
    } else this.run = 0;
  }

  private addExcursion(trade: ClosedBody): void {
    this.maeSum += trade.mae;
    this.mfeSum += trade.mfe;
    if (trade.mae < this.maeMin) this.maeMin = trade.mae;
    if (trade.mfe > this.mfeMax) this.mfeMax = trade.mfe;
    this.givenBackSum += trade.mfe - approximate(trade.gross);
  }
}

/** Tells the trades of a record once, whatever the number of metrics. */
export function tallyOf(record: TradingRecord): Tally {
  const { trades, open } = record;
  const tally = new Tally(trades.length);
  for (const trade of trades) tally.add(trade);
  for (const { fees, funding, volume } of open) tally.addCosts(fees, funding, volume);
  const held = [...trades, ...open.map(({ entryAt }) => ({ entryAt, exitAt: record.to }))];
  for (const { entryAt, exitAt } of byEntry(held)) tally.addHeld(entryAt, exitAt);
  return tally;
}

interface Span {
  readonly entryAt: number;
  readonly exitAt: number;
}

/** Trades come as they closed; the trades of one run are in the order of their entries already. */
function byEntry(spans: readonly Span[]): readonly Span[] {
  for (let i = 1; i < spans.length; i++) {
    if ((spans[i]?.entryAt ?? 0) < (spans[i - 1]?.entryAt ?? 0)) {
      return spans.toSorted((a, b) => a.entryAt - b.entryAt);
    }
  }
  return spans;
}
