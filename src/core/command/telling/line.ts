import type { AnyEntry } from '../../domain/entry.ts';
import type { Bodies, Kind } from '../../domain/events.ts';
import { exact } from '../../view/format.ts';
import { readable } from '../refusal.ts';
import { count, market, plainWords, shareOf, sideWord, signedMoney, time, votesLine } from './words.ts';

type Line<K extends Kind> = (body: Bodies[K]) => string;

const order = (body: { readonly order: number }): string => `order ${body.order}`;
const because = (reason: string): string => plainWords(reason);

type Opening = Pick<Bodies['position_opened'], 'after' | 'fill' | 'price' | 'risk' | 'fee'>;
const opened = ({ after, fill, price, risk, fee }: Opening): string =>
  `${after.side.toUpperCase()} ${exact(fill)} @ ${exact(price)}  risk ${exact(risk)}  fee ${exact(fee)}`;

const feedWords = ({ symbol, source, why }: Bodies['feed_switched']): string =>
  `${symbol}: ${why === '' ? '' : `${why}; `}prices by ${source === 'rest' ? 'polling' : source}`;

/** One line of a list by kind. */
const LINES: { readonly [K in Kind]: Line<K> } = {
  epoch_started: (body) => `start ${body.epoch} of the engine, build ${body.build}`,
  account_opened: (body) => `${body.account}: ${exact(body.balance)} ${body.asset}`,
  run_started: (body) => `run ${body.run}: ${body.strategy} v${body.strategyVersion} on ${body.symbol}`,
  run_ended: (body) => because(body.reason),
  warmed_up: (body) =>
    body.missing > 0
      ? `${count(body.bars, 'candle')} seen, ${body.missing} missing: it waits for them`
      : `${count(body.bars, 'candle')} seen${body.needed === 0 ? '' : ` of ${body.needed}`}, the opinion is ${sideWord(body.side)}`,
  feed_gap: (body) => `${body.symbol}: ${count(body.missing, 'candle')} missing from ${time(body.from)}`,
  feed_connected: feedWords,
  feed_lost: feedWords,
  feed_stale: feedWords,
  feed_switched: feedWords,
  clock_stepped: ({ stepMs, offsetMs }) => {
    const off = offsetMs === null ? "the exchange's clock is not known" : `offset ${market(offsetMs)} ms`;
    return stepMs === null ? off : `our clock jumped by ${market(stepMs)} ms, ${off}`;
  },
  instrument_changed: ({ symbol, status, instrument }) =>
    `${symbol}: ${status}  tick ${exact(instrument.tick)}  step ${exact(instrument.step)}  least ${exact(instrument.qtyMin)}`,
  signal_raised: (body) => `${sideWord(body.side)} ${votesLine(body.votes)}  ${body.reason}`,
  signal_confirmed: (body) => `${sideWord(body.side)} READY after ${count(body.confirmations, 'close')}`,
  signal_dropped: (body) => `${sideWord(body.side)}: ${because(body.reason)}`,
  run_switched: (body) => (body.observe ? 'observing: signals only' : 'running'),
  entry_asked: (body) => `${body.side}: ${because(body.reason)}${wishWords(body.wishes)}`,
  close_asked: (body) => `${because(body.reason)}: ${body.why}`,
  order_denied: (body) =>
    `${body.code} ${body.side}: expected ${readable(body.expected)}, found ${readable(body.found)}`,
  order_intended: (body) =>
    `${order(body)}: ${body.side} ${exact(body.qty)} ${orderWords(body)} (${because(body.reason)})`,
  order_submitted: order,
  order_accepted: order,
  order_rejected: (body) => `${order(body)}: ${body.code} ${body.why}`,
  order_filled: (body) =>
    `${order(body)}: ${exact(body.fill)} @ ${exact(body.price)}  fee ${exact(body.fee)}  slip ${market(body.slippageBps, 1)} bps  ${body.model}`,
  order_canceling: (body) => `${order(body)}: ${because(body.reason)}`,
  order_canceled: (body) => `${order(body)}: ${because(body.reason)}`,
  order_expired: (body) => `${order(body)}: ${because(body.reason)}`,
  order_unknown: (body) => `${order(body)}: ${because(body.reason)}`,
  position_opened: opened,
  position_increased: opened,
  position_flipped: opened,
  position_reduced: (body) =>
    `${exact(body.fill)} @ ${exact(body.price)}  gross ${signedMoney(body.gross)}  left ${exact(body.after.qty)} (${because(body.reason)})`,
  position_closed: (body) =>
    `${body.side.toUpperCase()} ${exact(body.qty)}  ${because(body.reason).toUpperCase()}  ${signedMoney(body.pnl)}${body.r === null ? '' : `  ${market(body.r, 2)} R`}`,
  position_handed: (body) => `to run ${body.to}  gross ${signedMoney(body.gross)}  fees ${exact(body.fees)}`,
  position_taken: ({ from, position, orders }) =>
    `from run ${from}: ${position.sign === 1 ? 'LONG' : 'SHORT'} ${exact(position.qty)} with ${count(orders.length, 'order')}`,
  flip_incomplete: (body) => `flat after #${body.closed}: ${body.code}`,
  liquidated: (body) => `mark ${market(body.mark)} reached ${exact(body.liquidation)}, loss ${exact(body.loss)}`,
  stop_placed: (body) => `${order(body)}: trigger ${exact(body.trigger)}`,
  stop_replaced: (body) => `${order(body)}: ${body.role ?? 'stop'} ${exact(body.was)} -> ${exact(body.trigger)}`,
  trail_moved: (body) => `${order(body)}: trigger ${exact(body.was)} -> ${exact(body.trigger)}`,
  stop_triggered: (body) => `${order(body)}: ${market(body.seen)} reached ${exact(body.trigger)}`,
  stop_lost: (body) => `${order(body)}: ${body.why}`,
  funding_paid: (body) => `${signedMoney(body.amount)} at a rate of ${shareOf(body.rate)}${heldWords(body)}`,
  equity_marked: (body) => `equity ${exact(body.equity)}  balance ${exact(body.balance)}`,
  day_closed: (body) => `equity ${exact(body.equity)}  day ${signedMoney(body.pnl)}`,
  limit_reached: (body) =>
    `${because(body.rule)}: loss ${exact(body.loss)} of ${exact(body.max)}${untilWords(body.until)}`,
  trading_paused: ({ reason, fault }) =>
    fault === undefined
      ? because(reason)
      : `${because(reason)}: ${fault}; mend the file, dzentra engine restart, dzentra auto resume`,
  trading_resumed: (body) => because(body.reason),
  halted: (body) => because(body.reason),
  resumed_by_operator: (body) => `from ${because(body.from)}`,
  lease_taken: (body) => `${body.symbol} by run ${body.run}`,
  lease_released: (body) => `${body.symbol} by run ${body.run}`,
  cooldown_started: (body) => `${because(body.reason)}${untilWords(body.until)}`,
  transferred: (body) => `${signedMoney(body.amount)}  balance ${exact(body.balance)}`,
  setting_changed: (body) =>
    `risk settings${body.stopPrice === undefined && body.lossMax === undefined ? '' : ', the open position too'}`,
  alert_added: (body) => `alert ${body.alert}: ${body.symbol} ${body.side} ${exact(body.price)}`,
  alert_removed: (body) => `alert ${body.alert}`,
  price_crossed: (body) =>
    `alert ${body.alert}: ${body.symbol} ${body.side} ${exact(body.price)}, seen ${market(body.seen)}`,
  alert_raised: (body) =>
    `alert ${body.alert} ${body.priority} ${body.rule}${body.nth > 1 ? `, told ${body.nth} times` : ''}`,
  alert_delivered: (body) => `alert ${body.alert} by ${body.sink}${body.isRepeat ? ' (repeat?)' : ''}`,
  alert_acknowledged: (body) => `alert ${body.alert} by ${body.by}`,
  alert_suppressed: (body) => `${body.rule}: ${count(body.count, 'time')}`,
  alert_channel_told: (body) => `${body.sink} is ${body.state}${body.why === '' ? '' : `: ${because(body.why)}`}`,
  option_set: (body) => `${body.option} ${body.text}`,
  command_received: (body) => `${body.command} by ${body.who} (${body.face})`,
  command_refused: (body) => `${body.code}: expected ${readable(body.expected)}, found ${readable(body.found)}`,
  note_added: (body) => `#${body.about}: ${body.note}`,
};

/** `, for the long 0.5 that was held then, closed by #17`; nothing where it is held now. */
export function heldWords({ held, closed }: Bodies['funding_paid']): string {
  if (held === undefined) return '';
  const end = closed === undefined ? '' : `, closed by #${closed}`;
  return `, for the ${held.side} ${exact(held.qty)} that was held then${end}`;
}

function wishWords(wishes: Bodies['entry_asked']['wishes']): string {
  if (wishes === undefined) return '';
  const { limit, stopPrice, targetPrice } = wishes;
  const parts = [
    limit === undefined ? '' : `limit ${exact(limit)}`,
    stopPrice === undefined ? '' : `stop ${exact(stopPrice)}`,
    targetPrice === undefined ? '' : `target ${exact(targetPrice)}`,
  ];
  return parts.map((part) => (part === '' ? '' : `  ${part}`)).join('');
}

const untilWords = (until: number): string => (until === 0 ? '' : `, until ${time(until)}`);

/** `market`, `limit 61,932.9 ioc`, `stop at 61,221.8 reduce-only`. */
export function orderWords(body: Bodies['order_intended']): string {
  const parts: string[] = [body.type];
  if (body.trigger !== undefined) parts.push(`at ${exact(body.trigger)}`);
  if (body.limit !== undefined) parts.push(`${body.side === 'buy' ? '<=' : '>='} ${exact(body.limit)}`);
  if (body.tif !== 'gtc') parts.push(body.tif);
  if (body.postOnly) parts.push('post-only');
  if (body.reduceOnly) parts.push('reduce-only');
  return parts.join(' ');
}

/** What an entry says, in one line without its instant, number and kind. */
export function lineOf(entry: AnyEntry): string {
  return (LINES[entry.kind] as Line<Kind>)(entry.body);
}

/** Every kind of entry. */
export const KINDS: readonly string[] = Object.keys(LINES);

/** The kinds of entries that a name stands for: `order` for `order_filled` and all others that begin so. */
export const kindsNamed = (name: string): readonly string[] =>
  KINDS.filter((kind) => kind === name || kind.startsWith(`${name}_`));
