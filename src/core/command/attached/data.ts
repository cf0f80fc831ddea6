import { type Money, priceOf, text } from '../../base/decimal.ts';
import { encode } from '../../domain/entry.ts';
import type { AccountFrame, MarketFrame, Preview, VenueAccountFrame } from '../../domain/frame.ts';
import type { Order } from '../../domain/order.ts';
import type { Run } from '../../domain/run.ts';
import type { RiskSettings } from '../../domain/settings.ts';
import { accountOf } from '../../domain/state.ts';
import { holdingOf } from '../../view/holding.ts';
import type { Scene } from '../../view/scene.ts';
import { marketOf } from '../../view/select.ts';
import type { Field } from '../command.ts';

/** What `--json` prints of an engine: English codes, decimal text, ms. */
export type Data = Readonly<Record<string, unknown>>;

/** Plain data of a value with exact amounts. */
export const plainData = (value: unknown): unknown => JSON.parse(encode(value));

const under = (parent: string, fields: readonly Field[]): Field[] =>
  fields.map(([path, type, about]) => [`${parent}.${path}`, type, about]);

export const POSITION_FIELDS: readonly Field[] = [
  ['run', 'number', 'the run that holds it'],
  ['symbol', 'text', 'its symbol'],
  ['side', 'long|short', 'its side'],
  ['qty', 'decimal', 'quantity in the base asset'],
  ['entryPrice', 'decimal', 'cost over quantity'],
  ['notional', 'decimal', 'cost of what is held'],
  ['mark', 'decimal|null', 'the price that it is valued at; null where none is known'],
  ['gross', 'decimal|null', 'profit or loss at the mark before costs'],
  ['net', 'decimal|null', 'what is left if it is closed now: booked, fees, funding and the fee of the exit are in it'],
  ['r', 'number|null', 'net in units of the planned risk'],
  ['fees', 'decimal', 'fees so far'],
  ['funding', 'decimal', 'funding so far, received positive'],
  ['stopPrice', 'decimal|null', 'the stop'],
  ['targetPrice', 'decimal|null', 'the target'],
  ['lossMax', 'decimal|null', 'the loss that closes it'],
  ['risk', 'decimal', 'the loss at the stop that was planned: 1 R'],
  ['liquidation', 'decimal|null', 'estimated liquidation price'],
  ['protection', 'code', 'pending, working, lost or waived'],
  ['openedAt', 'ms', 'instant of the first fill'],
];
export const positionsUnder = (parent: string): Field[] => under(parent, POSITION_FIELDS);

/** The position of a run at the prices of this instant, or null where it is flat. */
export function positionData(scene: Scene, run: Run): Data | null {
  const account = accountOf(scene.state, run.account);
  const holding = holdingOf(run, account, marketOf(scene, run.symbol));
  if (holding === undefined) return null;
  const { position, mark } = holding;
  return {
    run: run.run,
    symbol: run.symbol,
    side: position.sign === 1 ? 'long' : 'short',
    qty: text(position.qty),
    entryPrice: text(holding.entry),
    notional: text(position.cost),
    mark: mark === null ? null : text(priceOf(mark)),
    gross: textOf(holding.gross),
    net: textOf(holding.net),
    r: holding.r,
    fees: text(position.fees),
    funding: text(position.funding),
    stopPrice: textOf(holding.stop?.price),
    targetPrice: textOf(holding.target?.price),
    lossMax: textOf(position.lossMax),
    risk: text(position.risk),
    liquidation: textOf(holding.liquidation),
    protection: position.protection,
    openedAt: position.openedAt,
  };
}

const textOf = (value: bigint | null | undefined): string | null =>
  value === null || value === undefined ? null : text(value);

export const RUN_FIELDS: readonly Field[] = [
  ['run', 'number', 'its number'],
  ['account', 'text', 'its account'],
  ['symbol', 'text', 'its symbol'],
  ['strategy', 'text', 'its strategy; manual is a person'],
  ['state', 'code', 'OFF, OBSERVING, RUNNING or PAUSED'],
  ['timeframeMs', 'number', 'time frame of its candles, ms'],
  ['warmedUp', 'boolean', 'whether it has seen the history that it needs'],
  ['signal', 'object', 'what it thinks'],
  ['signal.side', 'code', 'BUY, SELL or HOLD'],
  ['signal.since', 'ms|null', 'close of the first candle on this side; null where none has closed'],
  ['signal.ready', 'boolean', 'confirmed'],
  ['signal.votes', 'array', 'name, vote (-1, 0, 1) and weight of each voice'],
  ['signal.confidence', 'number|null', '0 to 1; null on HOLD'],
  ['cooldownUntil', 'ms|null', 'no entry before'],
  ['lastDenial', 'object|null', 'code, at and seq of the last entry that was denied'],
  ['funnel', 'object|null', 'closes, candidates, ready, denied and orders of the UTC day'],
  ['next', 'object|null', 'while it is flat: the entry as it would go now'],
  ['trades', 'number', 'closed positions'],
  ['position', 'object|null', 'the open position'],
  ...under('position', POSITION_FIELDS),
];
export const runsUnder = (parent: string): Field[] => under(parent, RUN_FIELDS);

const SIDES = { '1': 'BUY', '0': 'HOLD', '-1': 'SELL' } as const;

/** A run with what it thinks and holds. */
export function runData(scene: Scene, run: Run): Data {
  const frame = scene.runs.find((each) => each.run === run.run);
  const side = SIDES[`${run.signal.side}`];
  return {
    run: run.run,
    account: run.account,
    symbol: run.symbol,
    strategy: run.strategy,
    state: run.state,
    timeframeMs: run.timeframeMs,
    warmedUp: run.warmedUp,
    signal: {
      side,
      since: run.signal.startedAt,
      ready: run.signal.ready,
      votes: frame?.votes ?? [],
      confidence: side === 'HOLD' ? null : (frame?.confidence ?? null),
    },
    cooldownUntil: run.cooldownUntil === 0 ? null : run.cooldownUntil,
    lastDenial: run.lastDenial ?? null,
    funnel: frame?.funnel ?? null,
    next: frame?.next == null ? null : previewData(frame.next),
    trades: run.trades,
    position: positionData(scene, run),
  };
}

export const ORDER_FIELDS: readonly Field[] = [
  ['run', 'number', 'the run that it belongs to'],
  ['order', 'number', 'its number within the run'],
  ['symbol', 'text', 'its symbol'],
  ['role', 'code', 'entry, exit, stop, target or plan'],
  ['type', 'code', 'market, limit, stop or target'],
  ['side', 'code', 'buy or sell'],
  ['qty', 'decimal', 'quantity in the base asset'],
  ['filled', 'decimal', 'what of it is filled'],
  ['limit', 'decimal|null', 'its limit'],
  ['trigger', 'decimal|null', 'the price that it waits for'],
  ['reduceOnly', 'boolean', 'it only reduces a position'],
  ['status', 'code', 'intended, working, canceling or unknown'],
  ['reason', 'code', 'why it exists'],
  ['intendedAt', 'ms', 'when it was intended'],
  ['seq', 'number', 'the entry that intended it'],
];
export const ordersUnder = (parent: string): Field[] => under(parent, ORDER_FIELDS);

export const orderData = (run: Run, order: Order): Data => ({
  run: run.run,
  order: order.order,
  symbol: run.symbol,
  role: order.role,
  type: order.type,
  side: order.side,
  qty: text(order.qty),
  filled: text(order.filled),
  limit: textOf(order.limit),
  trigger: textOf(order.trigger),
  reduceOnly: order.reduceOnly,
  status: order.status,
  reason: order.reason,
  intendedAt: order.intendedAt,
  seq: order.seq,
});

export const PREVIEW_FIELDS: readonly Field[] = [
  ['ok', 'boolean', 'whether it would go'],
  ['side', 'code', 'buy or sell'],
  ['code', 'code', 'why not'],
  ['expected', 'text', 'what it would need'],
  ['found', 'text', 'what is'],
  ['fix', 'text', 'what to do'],
  ['type', 'code', 'market or limit'],
  ['qty', 'decimal', 'quantity, rounded and clipped'],
  ['price', 'decimal', 'what it is sized at'],
  ['notional', 'decimal', 'quantity x price'],
  ['margin', 'decimal', 'margin that it reserves'],
  ['fee', 'decimal', 'estimated fee of the entry'],
  ['feeOut', 'decimal', 'estimated fee of the exit at the stop'],
  ['risk', 'decimal', 'loss at the stop with all costs'],
  ['riskShare', 'fraction', 'the same as a share of equity'],
  ['stopPrice', 'decimal|null', 'the stop'],
  ['targetPrice', 'decimal|null', 'the target'],
  ['lossMax', 'decimal|null', 'the loss that closes it'],
  ['liquidation', 'decimal|null', 'estimated liquidation price'],
  ['clippedBy', 'code|null', 'the limit that made it smaller'],
  ['closesQty', 'decimal|null', 'the open position of the other side that is closed first, all of it'],
  ['closesFee', 'decimal|null', 'estimated fee of that'],
  ['quoteAt', 'ms', 'instant of the quote that it stands on'],
  ['mid', 'number', 'mid of that quote'],
];
export const previewsUnder = (parent: string): Field[] => under(parent, PREVIEW_FIELDS);

/** An entry as it would go now, or why it would not. */
export function previewData(preview: Preview): Data {
  const side = preview.sign === 1 ? 'buy' : 'sell';
  if (!preview.ok) {
    const { code, expected, found, fix } = preview;
    return { ok: false, side, code, expected, found, fix };
  }
  return {
    ok: true,
    side,
    type: preview.type,
    qty: text(preview.qty),
    price: text(preview.price),
    notional: text(preview.notional),
    margin: text(preview.margin),
    fee: text(preview.fee),
    feeOut: text(preview.feeOut),
    risk: text(preview.risk),
    riskShare: preview.riskShare,
    stopPrice: textOf(preview.stopPrice),
    targetPrice: textOf(preview.targetPrice),
    lossMax: textOf(preview.lossMax),
    liquidation: textOf(preview.liquidation),
    clippedBy: preview.clippedBy ?? null,
    closesQty: textOf(preview.closes?.qty),
    closesFee: textOf(preview.closes?.fee),
    quoteAt: preview.quoteAt,
    mid: preview.mid,
  };
}

export const ACCOUNT_FIELDS: readonly Field[] = [
  ['account', 'text', 'its name'],
  ['asset', 'text', 'the asset that amounts are in'],
  ['safety', 'code', 'ACTIVE, REDUCING or HALTED'],
  ['safetyReason', 'text', 'why entries are blocked'],
  ['balance', 'decimal', 'wallet balance, without what is open'],
  ['equity', 'decimal|null', 'balance with open profit and loss'],
  ['openPnl', 'decimal|null', 'gross of what is open'],
  ['reserved', 'decimal|null', 'margin in use'],
  ['reservedMax', 'decimal|null', 'the most that may be'],
  ['heat', 'decimal|null', 'loss to all stops'],
  ['heatMax', 'decimal|null', 'the most that it may be'],
  ['positions', 'number|null', 'open positions'],
  ['dayPnl', 'decimal|null', 'since the UTC day began'],
  ['weekPnl', 'decimal|null', 'since Monday'],
];
export const accountsUnder = (parent: string): Field[] => under(parent, ACCOUNT_FIELDS);

/** Every account with its sums. */
export const accountsData = ({ state, accounts }: Scene): readonly Data[] =>
  state.accounts.map((account) => {
    const sums = accounts.find((each) => each.account === account.account);
    const sum = (name: keyof AccountFrame): string | null => textOf(sums?.[name] as Money | null | undefined);
    return {
      account: account.account,
      asset: account.asset,
      safety: account.safety,
      safetyReason: account.safetyReason,
      balance: text(account.balance),
      equity: sum('equity'),
      openPnl: sum('openPnl'),
      reserved: sum('reserved'),
      reservedMax: sum('reservedMax'),
      heat: sum('heat'),
      heatMax: sum('heatMax'),
      positions: sums?.positions ?? null,
      dayPnl: sum('dayPnl'),
      weekPnl: sum('weekPnl'),
    };
  });

export const MARKET_FIELDS: readonly Field[] = [
  ['symbol', 'text', 'its symbol'],
  ['source', 'code', 'where the quote comes from'],
  ['simulated', 'boolean', 'made up'],
  ['bid', 'number|null', 'best bid'],
  ['ask', 'number|null', 'best ask'],
  ['mid', 'number|null', 'their middle'],
  ['last', 'number|null', 'last trade or close'],
  ['mark', 'number|null', 'mark price'],
  ['quoteAt', 'ms|null', 'instant of bid and ask'],
  ['fundingRate', 'fraction|null', 'of the next settlement'],
  ['nextFundingAt', 'ms|null', 'the next settlement'],
  ['change', 'fraction|null', 'change of price over 24 h'],
  ['venueAt', 'ms|null', "the venue's own instant of bid and ask; null where it tells none"],
  ['status', 'code|null', 'trading, halted or delisted at its exchange; null without one'],
  ['fundingMs', 'number|null', 'between two settlements, ms'],
];
export const marketsUnder = (parent: string): Field[] => under(parent, MARKET_FIELDS);

export const marketData = (market: MarketFrame): Data => ({
  symbol: market.symbol,
  source: market.source,
  simulated: market.isSimulated,
  bid: market.bid,
  ask: market.ask,
  mid: market.mid,
  last: market.last,
  mark: market.mark,
  quoteAt: market.quoteAt,
  fundingRate: market.fundingRate,
  nextFundingAt: market.nextFundingAt,
  change: market.change,
  venueAt: market.venueAt ?? null,
  status: market.status ?? null,
  fundingMs: market.fundingMs ?? null,
});

const VENUE_ACCOUNT_FIELDS: readonly Field[] = [
  ['exchange', 'text', 'the exchange'],
  ['key', 'text|null', 'the first and last characters of its key; null where that cannot be opened'],
  ['at', 'ms|null', 'when it was told what follows, of the wall clock; null for never'],
  ['error', 'object|null', 'why it cannot be read now; what follows was told before'],
  ['error.code', 'code', 'a code of an exchange or of a key, such as BAD_KEY'],
  ['error.since', 'ms', 'since when, of the wall clock'],
  ['error.found', 'text', 'what is wrong'],
  ['error.fix', 'text', 'what helps'],
  ['positionMode', 'code|null', 'one-way or hedge'],
  ['balances', 'array', 'what it holds'],
  ['balances[].asset', 'text', 'the asset'],
  ['balances[].total', 'decimal|null', 'all of it'],
  ['balances[].free', 'decimal|null', 'what is free'],
  ['balances[].used', 'decimal|null', 'what is in use'],
  ['positions', 'array', 'open positions there'],
  ['positions[].symbol', 'text', 'its symbol'],
  ['positions[].side', 'long|short|null', 'its side'],
  ['positions[].qty', 'decimal|null', 'its size'],
  ['positions[].entry', 'decimal|null', 'entry price'],
  ['positions[].mark', 'decimal|null', 'mark price'],
  ['positions[].liquidation', 'decimal|null', 'liquidation price'],
  ['positions[].leverage', 'decimal|null', 'leverage'],
  ['positions[].pnl', 'decimal|null', 'open profit or loss'],
  ['positions[].isIsolated', 'boolean|null', 'isolated or cross margin'],
  ['orders', 'array', 'open orders there, conditional ones too'],
  ['orders[].id', 'text', "the venue's number"],
  ['orders[].symbol', 'text', 'its symbol'],
  ['orders[].side', 'code|null', 'buy or sell'],
  ['orders[].type', 'text|null', "the venue's word"],
  ['orders[].qty', 'decimal|null', 'quantity; null, too, where it closes the position whole'],
  ['orders[].filled', 'decimal|null', 'what of it is filled'],
  ['orders[].price', 'decimal|null', 'its limit'],
  ['orders[].trigger', 'decimal|null', 'the price that it waits for'],
  ['orders[].reduceOnly', 'boolean', 'it only reduces a position'],
  ['orders[].closesPosition', 'boolean', 'it closes the position whole, whatever its size is by then'],
  ['orders[].at', 'ms|null', 'when it was placed'],
  ['flows', 'array', 'funding, fees, transfers and profit or loss, newest first'],
  ['flows[].id', 'text', "the venue's number"],
  ['flows[].at', 'ms', 'when'],
  ['flows[].kind', 'code', 'funding, fee, transfer, pnl or other'],
  ['flows[].symbol', 'text|null', 'its symbol'],
  ['flows[].asset', 'text', 'the asset'],
  ['flows[].amount', 'decimal', 'received above zero, paid below'],
  ['missing', 'array', 'what the venue did not tell, in sentences'],
  ['partial', 'array', 'balances, positions, orders or flows that are not whole'],
];
export const venueAccountUnder = (parent: string): Field[] => under(parent, VENUE_ACCOUNT_FIELDS);

/** The real account that keys were given for, for reading; null where there is none. Amounts as the venue wrote them. */
export const venueAccountData = ({ venueAccount }: Scene): unknown =>
  venueAccount === null || venueAccount === undefined ? null : venueAccountOf(venueAccount);

/** The real account of an exchange, as the venue wrote it. */
export const venueAccountOf = (account: VenueAccountFrame): unknown => plainData(account);

/** Risk settings with exact amounts as text. */
export const riskData = (risk: RiskSettings): unknown => plainData(risk);
