import { text, toNumber } from '../base/decimal.ts';
import type { Command, Refused } from '../domain/command.ts';
import type { PriceAlert } from '../domain/state.ts';
import { type Core, emit, inputCause } from './core.ts';
import { type SymbolMarket, symbolMarket } from './market.ts';
import { refuse } from './refusals.ts';

/** Keeps the nearest alerts of each symbol beside its quote: a price between them concerns no alert. */
export function placeAlerts(core: Core): void {
  const { market, state } = core;
  market.alerts = state.alerts;
  for (const symbol of market.list) {
    symbol.alertLow = Number.NEGATIVE_INFINITY;
    symbol.alertHigh = Number.POSITIVE_INFINITY;
  }
  for (const alert of state.alerts ?? []) {
    const symbol = symbolMarket(market, alert.symbol);
    const price = toNumber(alert.price);
    if (alert.side === 'above') symbol.alertHigh = Math.min(symbol.alertHigh, price);
    else symbol.alertLow = Math.max(symbol.alertLow, price);
  }
}

/** A price, or the reach of a candle: alerts that it crosses speak once and are gone. */
export function decideAlerts(core: Core, symbol: SymbolMarket, high: number, low: number): void {
  if (high < symbol.alertHigh && low > symbol.alertLow) return;
  for (const { alert, symbol: name, side, price } of core.state.alerts ?? []) {
    if (name !== symbol.symbol) continue;
    const seen = side === 'above' ? high : low;
    if (!isCrossed(side, seen, toNumber(price))) continue;
    emit(core, 'price_crossed', undefined, '', inputCause(core), { alert, symbol: name, side, price, seen });
  }
}

const isCrossed = (side: PriceAlert['side'], seen: number, price: number): boolean =>
  side === 'above' ? seen >= price : seen <= price;

type AddAlert = Extract<Command, { readonly name: 'add_alert' }>;

/** More are a mistake of a script. */
const ALERTS_MAX = 200;

export function addAlert(core: Core, { symbol, side, price }: AddAlert, cause: number): Refused | undefined {
  const { market, state } = core;
  const { alerts = [], alertsMade = 0 } = state;
  const known = market.symbols.get(symbol);
  if (known === undefined) {
    const names = market.list.map((each) => each.symbol).join(', ') || 'none';
    return refuse('SYMBOL_UNKNOWN', `a symbol with prices (${names})`, symbol, 'start a run on it, or watch it first');
  }
  if (price <= 0n) return refuse('PRICE_OFF_TICK', 'a price above zero', text(price), 'give another price');
  const { mid } = known.quote;
  if (isCrossed(side, mid, toNumber(price))) {
    const expected = `a price ${side} the present one, ${mid}`;
    return refuse('ALERT_PASSED', expected, text(price), 'it is there already: give a price that is yet to come');
  }
  if (alerts.length >= ALERTS_MAX) {
    return refuse('ALERTS_AT_MAX', `at most ${ALERTS_MAX} alerts`, `${alerts.length}`, 'remove some first');
  }
  emit(core, 'alert_added', undefined, '', cause, { alert: alertsMade + 1, symbol, side, price });
  return undefined;
}

export function removeAlert(core: Core, alert: number, cause: number): Refused | undefined {
  const { alerts = [] } = core.state;
  if (!alerts.some((each) => each.alert === alert)) {
    const known = alerts.map((each) => each.alert).join(', ') || 'none';
    return refuse('ALERT_UNKNOWN', `the number of an alert (${known})`, `${alert}`, 'see dzentra alert list');
  }
  emit(core, 'alert_removed', undefined, '', cause, { alert });
  return undefined;
}

type Acknowledge = Extract<Command, { readonly name: 'acknowledge_alert' }>;

/** One alert, or all of them. */
export function acknowledge(core: Core, { alert, by }: Acknowledge, cause: number): Refused | undefined {
  const open = core.state.alarm?.open ?? [];
  const chosen = alert === 0 ? open : open.filter((each) => each.alert === alert);
  if (chosen.length === 0) {
    const known = open.map((each) => each.alert).join(', ') || 'none';
    return refuse('ALERT_UNKNOWN', `the number of an open alert (${known})`, `${alert}`, 'see dzentra alert list');
  }
  for (const each of chosen) emit(core, 'alert_acknowledged', undefined, '', cause, { alert: each.alert, by });
  return undefined;
}

type Deliver = Extract<Command, { readonly name: 'deliver_alert' }>;

/** A sink took an alert; one that is no longer open was answered meanwhile. */
export function deliver(core: Core, command: Deliver, cause: number): Refused | undefined {
  const { name: _name, ...body } = command;
  const open = core.state.alarm?.open.find(({ alert }) => alert === body.alert);
  if (open === undefined || body.nth > open.nth) {
    return refuse('ALERT_UNKNOWN', 'an open alert', `${body.alert}`, 'it was acknowledged, or is no news any more');
  }
  emit(core, 'alert_delivered', undefined, '', cause, body);
  return undefined;
}

type Report = Extract<Command, { readonly name: 'report_channel' }>;

export function reportChannel(core: Core, { name: _name, ...body }: Report, cause: number): undefined {
  emit(core, 'alert_channel_told', undefined, '', cause, body);
}
