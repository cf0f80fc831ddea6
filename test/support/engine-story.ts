import { text } from '../../src/core/base/decimal.ts';
import type { AnyEntry } from '../../src/core/domain/entry.ts';
import { encode } from '../../src/core/domain/entry.ts';

/** What happens around every story and says nothing in it. */
const SILENT = new Set([
  'epoch_started',
  'account_opened',
  'run_started',
  'lease_taken',
  'warmed_up',
  'command_received',
  'setting_changed',
]);

const SIDES: Readonly<Record<number, string>> = { [-1]: 'SELL', 0: 'HOLD', 1: 'BUY' };

/** Entries as lines that can be checked in the head: `kind facts`. */
export function story(entries: readonly AnyEntry[]): string[] {
  return entries.filter(({ kind }) => !SILENT.has(kind)).map((entry) => `${entry.kind} ${facts(entry)}`.trim());
}

/** The story without the life of resting orders: what was asked, filled and held. */
export function plot(entries: readonly AnyEntry[]): string[] {
  return story(entries).filter(
    (line) => !/^(order_accepted|order_intended|stop_placed|order_canceled|signal_)/.test(line),
  );
}

function facts(entry: AnyEntry): string {
  switch (entry.kind) {
    case 'signal_raised':
    case 'signal_confirmed':
      return SIDES[entry.body.side] ?? '?';
    case 'signal_dropped':
      return `${SIDES[entry.body.side]} ${entry.body.reason}`;
    case 'entry_asked':
      return entry.body.side;
    case 'close_asked':
    case 'halted':
    case 'run_ended':
    case 'trading_paused':
    case 'trading_resumed':
      return entry.body.reason;
    case 'order_denied':
    case 'command_refused':
      return entry.body.code;
    case 'order_accepted':
    case 'order_submitted':
      return `${entry.body.order}`;
    case 'order_rejected':
    case 'flip_incomplete':
      return 'order' in entry.body ? `${entry.body.order} ${entry.body.code}` : entry.body.code;
    case 'order_canceled':
    case 'order_canceling':
    case 'order_expired':
    case 'order_unknown':
      return `${entry.body.order} ${entry.body.reason}`;
    case 'cooldown_started':
      return entry.body.reason;
    case 'limit_reached':
      return `${entry.body.rule} ${text(entry.body.loss)} of ${text(entry.body.max)}`;
    case 'funding_paid':
      return `${text(entry.body.amount)} at ${entry.body.mark}`;
    case 'lease_released':
      return entry.body.symbol;
    case 'resumed_by_operator':
      return entry.body.from;
    default:
      return trading(entry);
  }
}

function trading(entry: AnyEntry): string {
  switch (entry.kind) {
    case 'order_intended': {
      const { order, role, side, qty, trigger, limit, reason } = entry.body;
      const at = trigger ?? limit;
      return `${order} ${role} ${side} ${text(qty)}${at === undefined ? '' : ` @ ${text(at)}`} ${reason}`;
    }
    case 'stop_placed':
      return `${entry.body.order} @ ${text(entry.body.trigger)}`;
    case 'stop_triggered':
      return `${entry.body.order} @ ${text(entry.body.trigger)} seen ${entry.body.seen}`;
    case 'stop_lost':
      return `${entry.body.order} ${entry.body.why}`;
    case 'order_filled': {
      const { order, fill, price, fee, feeBase, left, model } = entry.body;
      const rest = left > 0n ? ` left ${text(left)}` : '';
      const paid = feeBase !== undefined ? ` fee ${text(feeBase)} base` : fee > 0n ? ` fee ${text(fee)}` : '';
      return `${order} ${text(fill)} @ ${text(price)} ${model}${paid}${rest}`;
    }
    case 'position_opened':
    case 'position_increased':
    case 'position_flipped':
    case 'position_reduced': {
      const { side, qty, cost } = entry.body.after;
      return `${side} ${text(qty)} cost ${text(cost)}`;
    }
    case 'position_closed': {
      const { side, qty, entryPrice, exitPrice, pnl, reason, dust } = entry.body;
      const left = dust === undefined ? '' : ` dust ${text(dust)}`;
      return `${side} ${text(qty)} ${text(entryPrice)} -> ${text(exitPrice)} pnl ${text(pnl)} ${reason}${left}`;
    }
    case 'liquidated':
      return `at ${text(entry.body.liquidation)} mark ${entry.body.mark} loss ${text(entry.body.loss)}`;
    case 'feed_gap':
      return `${entry.body.missing} missing`;
    default:
      return encode(entry.body);
  }
}
