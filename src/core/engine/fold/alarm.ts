import { type Alarm, type HeardFeed, NO_ALARM, type OpenAlert } from '../../domain/alert.ts';
import type { Entry } from '../../domain/entry.ts';
import type { Bodies } from '../../domain/events.ts';
import type { State } from '../../domain/state.ts';
import { DAY_MS, MINUTE_MS } from '../../domain/time.ts';
import type { Folds } from './lookup.ts';

/** More that nobody answers make way: what a sink has taken first, then the least important. A burst waits for its sinks. */
const OPEN_MAX = 2_000;
const BURST_MS = MINUTE_MS;
/** Sinks that are remembered; those that were silent longest make way. */
const SINKS_MAX = 32;

const change = (state: State, more: Partial<Alarm>): void => {
  state.alarm = { ...(state.alarm ?? NO_ALARM), ...more };
};

function raise(state: State, entry: Entry<'alert_raised'>, body: Bodies['alert_raised']): void {
  const { made, open, recent, held, spoken } = state.alarm ?? NO_ALARM;
  const { at, seq, run, account } = entry;
  const { alert, nth, key, priority, rule, isHeld } = body;
  const others = open.filter((each) => each.alert !== alert && (each.priority === 'HIGH' || each.expiresAt > at));
  const before = open.find((each) => each.alert === alert);
  const { delivered = {}, deliveredAt = 0 } = before ?? {};
  const told: OpenAlert = { ...body, seq, run, account, at, delivered, deliveredAt };
  change(state, {
    made: Math.max(made, alert),
    open: isHeld ? others : bounded([...others, told]),
    spoken: nth > 1 ? spoken : { ...young(spoken, at, key), [key]: at },
    recent: priority === 'HIGH' || isHeld || rule === 'digest' ? recent : [...lately(recent, at), at],
    held: rule === 'digest' ? null : isHeld ? more(held, entry) : held,
  });
}

const lately = (recent: readonly number[], at: number): number[] => recent.filter((each) => each > at - BURST_MS);

function bounded(open: readonly OpenAlert[]): readonly OpenAlert[] {
  if (open.length <= OPEN_MAX) return open;
  const lesser = open.filter(({ priority }) => priority !== 'HIGH');
  const least = lesser.find(isTold) ?? lesser[0] ?? open.find(isTold) ?? open[0];
  return open.filter((each) => each !== least);
}

const isTold = ({ delivered, nth }: OpenAlert): boolean => Object.values(delivered).some((told) => told >= nth);

/** Keys of the last day but one, which goes to the end. */
function young(spoken: Alarm['spoken'], at: number, but: string): Alarm['spoken'] {
  return Object.fromEntries(Object.entries(spoken).filter(([key, spokeAt]) => key !== but && spokeAt > at - DAY_MS));
}

function more(held: Alarm['held'], { at, seq, body: { rule } }: Entry<'alert_raised'>): Alarm['held'] {
  const { since = at, count = 0, rules = {}, of = seq } = held ?? {};
  return { since, count: count + 1, rules: { ...rules, [rule]: (rules[rule] ?? 0) + 1 }, of };
}

function deliver(state: State, entry: Entry<'alert_delivered'>, body: Bodies['alert_delivered']): void {
  const { open, sinks = {} } = state.alarm ?? NO_ALARM;
  const { alert, nth, sink } = body;
  // Word of an earlier one may come late.
  const taken = (delivered: OpenAlert['delivered']) => ({ ...delivered, [sink]: Math.max(nth, delivered[sink] ?? 0) });
  const others = Object.entries(sinks).filter(([name]) => name !== sink);
  change(state, {
    open: open.map((each) =>
      each.alert === alert ? { ...each, delivered: taken(each.delivered), deliveredAt: entry.at } : each,
    ),
    // The newest stands last.
    sinks: Object.fromEntries([...others, [sink, entry.at] as const].slice(-SINKS_MAX)),
  });
}

/** One that is back has just shown a sign of life: another outage is another one. */
function hearChannel(state: State, { at }: Entry, { sink, state: said }: Bodies['alert_channel_told']): void {
  const { sinks = {} } = state.alarm ?? NO_ALARM;
  if (said === 'back' && sinks[sink] !== undefined) change(state, { sinks: { ...sinks, [sink]: at } });
}

function hearFeed(state: State, { at, seq }: Entry, symbol: string, isUp: boolean): void {
  const { feeds } = state.alarm ?? NO_ALARM;
  const before = feeds[symbol];
  const since = before?.isUp === false ? before.downAt : undefined;
  const feed: HeardFeed = isUp ? { isUp, at, seq, downAt: since } : { isUp, at, seq, downAt: since ?? at };
  change(state, { feeds: { ...feeds, [symbol]: feed } });
}

/** What alerts remember: those that are open, who spoke when, and where prices are away. */
export const ALARM_FOLDS: Folds = {
  alert_raised: raise,
  alert_delivered: deliver,
  alert_channel_told: hearChannel,
  alert_acknowledged: (state, _entry, { alert }) => {
    const { open } = state.alarm ?? NO_ALARM;
    change(state, { open: open.filter((each) => each.alert !== alert) });
  },
  feed_lost: (state, entry, { symbol }) => hearFeed(state, entry, symbol, false),
  feed_stale: (state, entry, { symbol }) => hearFeed(state, entry, symbol, false),
  // Prices come again, from elsewhere.
  feed_switched: (state, entry, { symbol }) => hearFeed(state, entry, symbol, true),
  feed_connected: (state, entry, { symbol }) => hearFeed(state, entry, symbol, true),
};
