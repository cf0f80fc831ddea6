import type { Money, Price, Qty, Rate } from '../base/decimal.ts';
import type { AlertBody, AlertDelivery, AwaitedPrice, ChannelReport, SuppressedAlerts } from './alert.ts';
import type { Refused } from './command.ts';
import type { QuoteEvidence, SizeEvidence, Vote } from './evidence.ts';
import type { Instrument } from './instrument.ts';
import type { Order, OrderType, Role, Side, TimeInForce } from './order.ts';
import type { Position, Protection } from './position.ts';
import type { QuoteSource } from './quote.ts';
import type { EntryWishes, SignalSide } from './run.ts';
import type { Costs, RiskSettings } from './settings.ts';

interface SignalBody {
  readonly side: SignalSide;
  readonly strength: 'weak' | 'normal' | 'strong';
  readonly confidence: number;
  readonly votes: readonly Vote[];
  readonly values: Readonly<Record<string, number | null>>;
  readonly candleAt: number;
  readonly close: number;
  readonly startedAt: number;
}

/** The position after a fill, or null where it is flat. */
export interface PositionAfter {
  readonly side: 'long' | 'short';
  readonly qty: Qty;
  readonly cost: Money;
}

interface PositionFill {
  readonly order: number;
  readonly fill: Qty;
  readonly price: Price;
  readonly fee: Money;
  /** Wallet balance of the account after the fill. */
  readonly balance: Money;
}

interface OpenedBody extends PositionFill {
  readonly after: PositionAfter;
  readonly openedAt: number;
  readonly risk: Money;
  readonly stopPrice?: Price | undefined;
  readonly targetPrice?: Price | undefined;
  readonly lossMax?: Money | undefined;
  /** The order's own, where it has one. */
  readonly leverage?: Rate | undefined;
  readonly protection: Protection;
}

interface Handed {
  readonly gross: Money;
  readonly fees: Money;
  readonly funding: Money;
}

/** A closed position as a trade: `pnl = gross - fees + funding`. Prices are value over quantity, rounded down. */
export interface ClosedBody extends PositionFill {
  readonly side: 'long' | 'short';
  readonly qty: Qty;
  readonly entryAt: number;
  readonly exitAt: number;
  readonly entryPrice: Price;
  readonly exitPrice: Price;
  readonly entryValue: Money;
  readonly exitValue: Money;
  readonly gross: Money;
  readonly fees: Money;
  readonly funding: Money;
  readonly pnl: Money;
  /** pnl in units of the planned risk; null without one. */
  readonly r: number | null;
  /** Worst and best open profit or loss while it was held, before costs. */
  readonly mae: number;
  readonly mfe: number;
  readonly reason: string;
  /** What could not be sold because it is under the step or the minimum (spot). */
  readonly dust?: Qty | undefined;
}

/** What became of the feed of a symbol; `source`: where its prices come from now. */
interface FeedBody {
  readonly symbol: string;
  readonly source: QuoteSource;
  readonly why: string;
}

/** Bodies by kind. A body holds results, so that `evolve` assigns and computes nothing; none names a mode, feed or venue. */
export interface Bodies {
  epoch_started: { readonly epoch: number; readonly build: string; readonly resumedFrom: number };
  account_opened: { readonly account: string; readonly asset: string; readonly balance: Money; readonly costs: Costs };
  run_started: {
    readonly run: number;
    readonly account: string;
    readonly symbol: string;
    readonly strategy: string;
    readonly strategyVersion: number;
    readonly strategySha256?: string | undefined;
    readonly params: Readonly<Record<string, number | string | boolean>>;
    readonly timeframeMs: number;
    readonly higherMs: number;
    readonly seed: number;
    readonly instrument: Instrument;
    readonly riskSettings: RiskSettings;
    readonly observe: boolean;
  };
  run_ended: { readonly reason: string };
  /** OBSERVING <-> RUNNING. */
  run_switched: { readonly observe: boolean };
  /** `missing`: own candles that the run waits for; it is warm where that is 0. */
  warmed_up: {
    readonly bars: number;
    readonly needed: number;
    readonly missing: number;
    readonly side: SignalSide;
    readonly votes: readonly Vote[];
    readonly startedAt: number;
    readonly ready: boolean;
  };
  feed_gap: { readonly symbol: string; readonly from: number; readonly to: number; readonly missing: number };
  feed_connected: FeedBody;
  feed_lost: FeedBody;
  feed_stale: FeedBody;
  feed_switched: FeedBody;
  /** Our clock jumped, or the venue's is off or unsure from now on (`offsetMs` null), or both are well again. */
  clock_stepped: { readonly stepMs: number | null; readonly offsetMs: number | null };
  /** The venue changed what it says of a symbol: runs on it go by it from now on. */
  instrument_changed: {
    readonly symbol: string;
    readonly status: 'trading' | 'halted' | 'delisted';
    readonly instrument: Instrument;
  };
  signal_raised: SignalBody & { readonly reason: string };
  signal_confirmed: {
    readonly side: SignalSide;
    readonly confirmations: number;
    readonly startedAt: number;
    readonly stopDistance: number | null;
    /** Beside them what the candle said that made it READY, where no `signal_raised` of that candle does. */
  } & Partial<Pick<SignalBody, 'values' | 'candleAt' | 'close'>>;
  signal_dropped: { readonly side: SignalSide; readonly reason: string };
  /** A person (or a debug script) wants a position; it is sized and reviewed at the next price. */
  entry_asked: {
    readonly side: 'long' | 'short';
    readonly reason: string;
    readonly noStop: boolean;
    readonly stopDistance: number | null;
    readonly wishes?: EntryWishes | undefined;
  };
  /** A rule or a person wants the position closed at the next price. */
  /** `qty`: a part. */
  close_asked: { readonly reason: string; readonly why: string; readonly qty?: Qty | undefined };
  order_denied: {
    readonly code: string;
    readonly side: Side;
    readonly role: Role;
    readonly expected: string;
    readonly found: string;
    readonly fix: string;
  };
  order_intended: {
    readonly order: number;
    readonly role: Role;
    readonly type: OrderType;
    readonly side: Side;
    readonly qty: Qty;
    readonly limit?: Price | undefined;
    readonly trigger?: Price | undefined;
    readonly reduceOnly: boolean;
    readonly postOnly: boolean;
    readonly tif: TimeInForce;
    readonly reason: string;
    readonly key?: string | undefined;
    readonly quote?: QuoteEvidence | undefined;
    readonly size?: SizeEvidence | undefined;
  };
  order_submitted: { readonly order: number };
  order_accepted: { readonly order: number };
  order_rejected: { readonly order: number; readonly code: string; readonly why: string };
  order_filled: {
    readonly order: number;
    readonly fill: Qty;
    readonly price: Price;
    readonly fee: Money;
    /** Where the fee was taken in the base asset: the quantity it took. */
    readonly feeBase?: Qty | undefined;
    readonly liquidity: 'maker' | 'taker';
    /** The named model of the simulated venue, or the venue's own trade id. */
    readonly model: string;
    readonly trade: string;
    readonly mid: number;
    readonly slippageBps: number;
    readonly venueAt: number;
    /** Quantity that is left to fill. */
    readonly left: Qty;
  };
  order_canceling: { readonly order: number; readonly reason: string };
  order_canceled: { readonly order: number; readonly reason: string };
  order_expired: { readonly order: number; readonly reason: string };
  order_unknown: { readonly order: number; readonly reason: string };
  position_opened: OpenedBody;
  position_increased: OpenedBody;
  position_flipped: OpenedBody & { readonly closed: number };
  position_reduced: PositionFill & {
    readonly after: PositionAfter;
    /** Value of the fill, the cost that it releases, and their difference before costs. */
    readonly value: Money;
    readonly released: Money;
    readonly gross: Money;
    readonly reason: string;
  };
  position_closed: ClosedBody;
  /**
   * A position leaves its run, with all that works for it. Its trade goes whole to the run that closes it: `gross`, `fees`
   * and `funding` so far move along, so that the sums of a run are those of its trades.
   */
  position_handed: Handed & { readonly to: number };
  /** The same seen by the run that gets it; its orders carry their new numbers; `numbers` are those before. */
  position_taken: Handed & {
    readonly from: number;
    readonly position: Position;
    readonly orders: readonly Order[];
    readonly numbers: readonly number[];
  };
  flip_incomplete: { readonly closed: number; readonly code: string };
  liquidated: { readonly mark: number; readonly liquidation: Price; readonly loss: Money };
  stop_placed: { readonly order: number; readonly trigger: Price };
  /** The new trigger rests; the one before is on its way out. `role` is left out for a stop. */
  stop_replaced: {
    readonly order: number;
    readonly trigger: Price;
    readonly was: Price;
    readonly role?: 'target' | undefined;
  };
  trail_moved: { readonly order: number; readonly trigger: Price; readonly was: Price };
  stop_triggered: { readonly order: number; readonly trigger: Price; readonly seen: number };
  stop_lost: { readonly order: number; readonly why: string };
  funding_paid: {
    readonly rate: Rate;
    readonly mark: number;
    readonly amount: Money;
    readonly balance: Money;
    readonly fundingAt: number;
    /** What was held then, where it is told late and that is held no more. `closed`: the entry that closed all of it. */
    readonly held?: { readonly side: 'long' | 'short'; readonly qty: Qty } | undefined;
    readonly closed?: number | undefined;
  };
  equity_marked: { readonly high: Money; readonly low: Money; readonly equity: Money; readonly balance: Money };
  day_closed: { readonly day: number; readonly equity: Money; readonly balance: Money; readonly pnl: Money };
  limit_reached: { readonly rule: string; readonly loss: Money; readonly max: Money; readonly until: number };
  /** `fault`: what went wrong in the strategy, with file and line. */
  trading_paused: { readonly reason: string; readonly fault?: string | undefined };
  /** `strategyVersion`: what the run's strategy is from here on, where that is another one. */
  trading_resumed: { readonly reason: string; readonly strategyVersion?: number | undefined };
  halted: { readonly reason: string };
  resumed_by_operator: { readonly from: string };
  lease_taken: { readonly symbol: string; readonly run: number };
  lease_released: { readonly symbol: string; readonly run: number };
  cooldown_started: { readonly reason: string; readonly until: number };
  /** A deposit (above zero) or a withdrawal. Day and week start as if it had been there: it is no gain and no loss. */
  transferred: {
    readonly amount: Money;
    readonly balance: Money;
    /** Balance with open profit and loss, once it was there. */
    readonly equity?: Money | undefined;
    readonly dayStartEquity?: Money | undefined;
    readonly weekStartEquity?: Money | undefined;
  };
  /** `leverage`: what the open position keeps. The others: what it gets at once; null for none any more. */
  setting_changed: {
    readonly riskSettings: RiskSettings;
    readonly leverage?: Rate | undefined;
    readonly stopPrice?: Price | undefined;
    readonly lossMax?: Money | null | undefined;
  };
  alert_added: AwaitedPrice;
  alert_removed: { readonly alert: number };
  /** The mid reached what an alert waits for; `seen` is the price that did. The alert is gone. */
  price_crossed: AwaitedPrice & { readonly seen: number };
  /** What a rule makes of an entry; one that nobody acknowledged is told again under its number. */
  alert_raised: AlertBody;
  alert_delivered: AlertDelivery;
  alert_acknowledged: { readonly alert: number; readonly by: string };
  alert_suppressed: SuppressedAlerts;
  alert_channel_told: ChannelReport;
  option_set: { readonly option: string; readonly text: string };
  command_received: {
    readonly id: string;
    readonly who: string;
    readonly face: string;
    readonly command: string;
    readonly args: string;
    /** The words that its id stands for, where it was given one. */
    readonly line?: string | undefined;
  };
  command_refused: Refused & { readonly id: string };
  note_added: { readonly about: number; readonly note: string };
}

export type Kind = keyof Bodies;

/** The version of each kind's body, written with every entry; readers upcast older ones. */
export const KIND_VERSION = 1;

/**
 * The words that are exact wherever they stand in a body, a state or a taped input: one word, one type. Their values are
 * bigints in memory and decimal text outside.
 */
export const EXACT_WORDS: ReadonlySet<string> = new Set([
  // instruments, settings and costs
  'tick',
  'step',
  'qtyMin',
  'qtyMax',
  'notionalMin',
  'contractSize',
  'makerRate',
  'takerRate',
  'assetStep',
  'floor',
  'maintenanceRate',
  'leverageMax',
  'cum',
  'fraction',
  'risk',
  'leverage',
  'distance',
  'distanceMin',
  'distanceMax',
  'multiple',
  'amount',
  'slippageCap',
  'riskMax',
  'reservedAccount',
  'reservedRun',
  'heat',
  'dayBlock',
  'dayFlatten',
  'weekHalt',
  'spread',
  'slippage',
  // orders, fills and positions
  'qty',
  'filled',
  'fill',
  'left',
  'limit',
  'trigger',
  'was',
  'price',
  'fee',
  'feeBase',
  'fees',
  'funding',
  'gross',
  'pnl',
  'cost',
  'value',
  'released',
  'stopPrice',
  'targetPrice',
  'lossMax',
  'entryPrice',
  'exitPrice',
  'entryValue',
  'exitValue',
  'closedQty',
  'closedCost',
  'closedValue',
  'dust',
  'entry',
  'perUnit',
  'wanted',
  'notional',
  'margin',
  'liquidation',
  'rate',
  // accounts
  'balance',
  'startBalance',
  'deposits',
  'equity',
  'dayStartEquity',
  'weekStartEquity',
  'high',
  'low',
  'open',
  'loss',
  'max',
  // frames
  'reserved',
  'reservedMax',
  'heatMax',
  'openPnl',
  'dayPnl',
  'weekPnl',
  'feeOut',
]);
