import { describe, expect, test } from 'vitest';
import { humanTime } from '../../../src/core/alert/human-time.ts';
import { ALERT_RULES } from '../../../src/core/alert/registry.ts';
import type { Heard, Reckoning, Told } from '../../../src/core/alert/rule.ts';
import { money, price, qty } from '../../../src/core/base/decimal.ts';
import { type Alarm, type AlertBody, NO_ALARM, type OpenAlert } from '../../../src/core/domain/alert.ts';
import { type AnyEntry, decode, encode } from '../../../src/core/domain/entry.ts';
import type { ClosedBody, Kind } from '../../../src/core/domain/events.ts';
import type { Run } from '../../../src/core/domain/run.ts';
import type { State } from '../../../src/core/domain/state.ts';
import type { Speed } from '../../../src/core/domain/time.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { DENIAL_CODES } from '../../../src/core/risk/denial.ts';
import { alertText } from '../../../src/core/view/alert.ts';

const scene = fixture('long-in-profit');
const BTC = 'BTC/USDT:USDT';
const AT = Date.UTC(2026, 0, 5, 3, 41, 18);
const held = scene.state.runs.findIndex(({ position }) => position !== undefined);

/** The state of the fixture with its holding run changed. */
function stateWith(more: Partial<Run>, top: Partial<State> = {}): State {
  const runs = scene.state.runs.map((run, i) => (i === held ? { ...run, ...more } : run));
  return { ...scene.state, ...top, runs };
}

const closed = (more: Partial<ClosedBody> = {}): ClosedBody => ({
  order: 3,
  fill: qty('0.07'),
  price: price('61221.8'),
  fee: money('2.1'),
  balance: money('9949'),
  side: 'short',
  qty: qty('0.07'),
  entryAt: AT - 4_260_000,
  exitAt: AT,
  entryPrice: price('60500.1'),
  exitPrice: price('61221.8'),
  entryValue: money('4235'),
  exitValue: money('4285'),
  gross: money('-46.9'),
  fees: money('4.12'),
  funding: money('0'),
  pnl: money('-51.02'),
  r: -1.01,
  mae: -50,
  mfe: 3,
  reason: 'stop_loss',
  ...more,
});

const opened = {
  order: 1,
  fill: qty('0.072'),
  price: price('61840.2'),
  fee: money('2.23'),
  balance: money('9997'),
  after: { side: 'long', qty: qty('0.072'), cost: money('4452.49') },
  openedAt: AT,
  risk: money('50.28'),
  stopPrice: price('61221.8'),
  targetPrice: price('63077'),
  protection: 'pending',
};

const heard: Heard = {
  signals: new Map([[held + 1, { side: 1, strength: 'strong', agree: 4, votes: 6 }]]),
  closed: new Map([[held + 1, closed({ reason: 'flip', pnl: money('12.5'), r: 0.4 })]]),
};

const entryOf = (kind: Kind, body: object, run = held + 1): AnyEntry =>
  ({ seq: 8_770, epoch: 1, run, account: 'paper', kind, v: 1, at: AT, cause: 8_769, body }) as unknown as AnyEntry;

/** What the rules make of an entry. */
const toldOf = (entry: AnyEntry, state: State): readonly (Told & { readonly rule: string })[] =>
  ALERT_RULES.flatMap((rule) => {
    if (!rule.kinds.includes(entry.kind)) return [];
    const told = rule.hear(entry, state, heard);
    return told === undefined ? [] : [{ rule: rule.id, ...told }];
  });

/** The alert as a face shows it, once it has been text. */
function textOf({ rule, priority, key, symbol, facts }: Told & { readonly rule: string }, locale: 'en' | 'ru') {
  const body: AlertBody = {
    alert: 1,
    nth: 1,
    rule,
    priority,
    key,
    symbol,
    of: 8_770,
    expiresAt: AT,
    isSilent: false,
    isHeld: false,
    facts,
  };
  const read = decode<AlertBody>(encode(body));
  return alertText({ ...read, at: AT, seq: 8_771 }, { mode: 'PAPER', profile: 'main' }, locale);
}

const feed = { symbol: BTC, source: 'stream', why: 'ECONNRESET' };
const denied = {
  code: 'SPREAD_WIDE',
  side: 'buy',
  role: 'entry',
  expected: 'at most 3 bps',
  found: '4.1 bps',
  fix: 'wait',
};
const observing = { state: 'OBSERVING' } as const;
const down = { isUp: true, at: AT, seq: 1, downAt: AT - 3_400 };
const limit = { loss: money('202'), max: money('200') };

describe('what a rule makes of an entry', () => {
  test.each<readonly [Kind, object, Partial<Run>, Partial<State>, string]>([
    [
      'signal_confirmed',
      { side: 1, confirmations: 2, startedAt: AT, stopDistance: null },
      observing,
      {},
      'MEDIUM READY BUY BTC',
    ],
    ['signal_dropped', { side: 1, reason: 'ready_stale' }, {}, {}, 'LOW DROPPED BUY BTC'],
    ['position_opened', opened, {}, {}, 'MEDIUM OPENED LONG BTC'],
    [
      'position_closed',
      closed({ reason: 'take_profit', pnl: money('99'), r: 2 }),
      {},
      {},
      'MEDIUM CLOSED SHORT BTC  +99.00  +2.00 R',
    ],
    ['position_closed', closed(), {}, {}, 'HIGH STOPPED SHORT BTC  -51.02  -1.01 R'],
    ['position_closed', closed({ pnl: money('-0.00164') }), {}, {}, 'HIGH STOPPED SHORT BTC  -0.00164  -1.01 R'],
    ['position_closed', closed({ reason: 'max_loss' }), {}, {}, 'HIGH STOPPED SHORT BTC  -51.02  -1.01 R'],
    ['position_flipped', { ...opened, closed: 8_760 }, {}, {}, 'MEDIUM FLIPPED to LONG BTC'],
    ['flip_incomplete', { closed: 8_760, code: 'SPREAD_WIDE' }, {}, {}, 'MEDIUM FLIP INCOMPLETE BTC: flat'],
    ['stop_lost', { order: 4, why: 'CANCELED' }, {}, {}, 'HIGH STOP LOST LONG BTC'],
    ['liquidated', { mark: 31_000.5, liquidation: price('31044'), loss: money('2226') }, {}, {}, 'HIGH LIQUIDATED BTC'],
    ['order_denied', denied, {}, {}, 'LOW DENIED BUY BTC: SPREAD_WIDE'],
    ['order_denied', { ...denied, code: 'MARGIN_INSUFFICIENT' }, {}, {}, 'MEDIUM DENIED BUY BTC: MARGIN_INSUFFICIENT'],
    [
      'order_rejected',
      { order: 4, code: '-2019', why: 'Margin is insufficient.' },
      {},
      {},
      'MEDIUM REJECTED BTC: -2019',
    ],
    ['limit_reached', { rule: 'day_block', ...limit, until: AT }, {}, {}, 'HIGH LOSS LIMIT: day loss block'],
    ['limit_reached', { rule: 'week_halt', ...limit, until: 0 }, {}, {}, 'HIGH LOSS LIMIT: week loss'],
    ['halted', { reason: 'panic' }, {}, {}, 'HIGH HALTED: panic'],
    ['resumed_by_operator', { from: 'HALTED panic' }, {}, {}, 'LOW resumed by hand'],
    ['feed_lost', feed, {}, {}, 'LOW feed lost BTC'],
    ['feed_connected', feed, {}, { alarm: { ...NO_ALARM, feeds: { [BTC]: down } } }, 'LOW feed back BTC'],
    ['feed_gap', { symbol: BTC, from: AT, to: AT, missing: 3 }, {}, {}, 'LOW candles missing BTC'],
    ['clock_stepped', { stepMs: null, offsetMs: -1_500 }, {}, {}, 'MEDIUM CLOCK OFF: no entry goes'],
    ['clock_stepped', { stepMs: null, offsetMs: null }, {}, {}, 'MEDIUM CLOCK OFF: no entry goes'],
    ['clock_stepped', { stepMs: null, offsetMs: 20 }, {}, {}, 'LOW clock well again'],
    ['instrument_changed', { symbol: BTC, status: 'halted' }, {}, {}, 'HIGH BTC is HALTED at the exchange'],
    [
      'instrument_changed',
      { symbol: 'ADA/USDT:USDT', status: 'delisted' },
      {},
      {},
      'MEDIUM ADA is DELISTED at the exchange',
    ],
    [
      'trading_paused',
      { reason: 'strategy_broken', fault: 'mine (/m.mts:7): Error: no' },
      {},
      {},
      'HIGH STRATEGY BROKE BTC: no entries',
    ],
    [
      'trading_paused',
      { reason: 'strategy_broken', fault: 'mine (/m.mts:7): Error: no' },
      { position: undefined },
      {},
      'MEDIUM STRATEGY BROKE BTC: no entries',
    ],
    [
      'price_crossed',
      { alert: 2, symbol: BTC, side: 'above', price: price('63000'), seen: 63_001.5 },
      {},
      {},
      'MEDIUM BTC >= 63,000',
    ],
    [
      'day_closed',
      { day: AT, equity: money('10046.23'), balance: money('10031'), pnl: money('46.23') },
      {},
      {},
      'LOW DAY +46.23',
    ],
    ['epoch_started', { epoch: 2, build: 'test', resumedFrom: 8_000 }, {}, {}, 'MEDIUM engine back, start 2'],
    [
      'epoch_started',
      { epoch: 2, build: 'test', resumedFrom: 8_000 },
      { position: undefined },
      {},
      'LOW engine back, start 2',
    ],
  ])('%s %#: in both languages', (kind, body, run, top, expected) => {
    const told = toldOf(entryOf(kind, body), stateWith(run, top));
    expect(told).toHaveLength(1);
    for (const each of told) {
      const english = textOf(each, 'en');
      expect(`${each.priority} ${english.title}`).toBe(`${expected}  paper main`);
      expect(english.lines.at(-1)).toBe('#8770  03:41:18 UTC');
      const russian = textOf(each, 'ru');
      expect([russian.title, ...russian.lines].join(' ')).toMatch(/[а-я]/i);
      expect(russian.lines).toHaveLength(english.lines.length);
      for (const { title, lines } of [english, russian])
        expect([title, ...lines].join(' ')).not.toMatch(/[{}]|undefined|NaN/);
    }
  });

  test.each<readonly [Kind, object, Partial<Run>]>([
    ['signal_confirmed', { side: 1, confirmations: 2, startedAt: AT, stopDistance: null }, { state: 'RUNNING' }],
    ['signal_dropped', { side: 1, reason: 'in_position' }, {}],
    ['position_closed', closed({ reason: 'flip' }), {}],
    ['limit_reached', { rule: 'day_flatten_seen', ...limit, until: 0 }, {}],
    ['halted', { reason: 'week_halt' }, {}],
    ['trading_paused', { reason: 'asked' }, {}],
    ['feed_connected', { ...feed, why: '' }, {}],
    ['instrument_changed', { symbol: BTC, status: 'trading' }, {}],
    ['epoch_started', { epoch: 1, build: 'test', resumedFrom: 0 }, {}],
  ])('%s %# says nothing by itself: something else says it, or it is no news', (kind, body, run) => {
    expect(toldOf(entryOf(kind, body), stateWith(run))).toEqual([]);
  });

  test('one message says READY and opened, with its votes, or READY and denied, with the reason', () => {
    const [open] = toldOf(entryOf('position_opened', opened), stateWith({}));
    expect(open && textOf(open, 'en').lines).toEqual([
      '0.072 @ 61,840.2  2x  fee 2.23',
      'SL 61,221.8  TP 63,077',
      'risk 50.28',
      'why: trend BUY 4/6 strong',
      '#8770  03:41:18 UTC',
    ]);
    const [no] = toldOf(entryOf('order_denied', denied), stateWith({}));
    expect(no && textOf(no, 'en').lines).toEqual([
      'the spread is too wide (4.1 bps > 3 bps)',
      'wait',
      'why: trend BUY 4/6 strong',
      '#8770  03:41:18 UTC',
    ]);
  });

  test('a flip tells what the first side came to; without it, less', () => {
    const entry = entryOf('position_flipped', { ...opened, closed: 8_760 });
    const [told] = toldOf(entry, stateWith({}));
    expect(told && textOf(told, 'en').lines).toContain('before: +12.50  +0.40 R  exit 61,221.8');
    const rule = ALERT_RULES.find(({ id }) => id === 'position_flipped');
    const bare = rule?.hear(entry, stateWith({}), { signals: new Map(), closed: new Map() });
    expect(bare && textOf({ rule: 'position_flipped', ...bare }, 'en').lines.join()).not.toContain('before');
  });

  test('every code of a denial is known to the texts', () => {
    for (const code of DENIAL_CODES) {
      const [told] = toldOf(entryOf('order_denied', { ...denied, code }), stateWith({}));
      expect(told && textOf(told, 'ru').lines[0]).toMatch(/[а-я]/);
    }
  });
});

describe('what lasts', () => {
  const NOWHERE: Reckoning = { liquidationOf: () => undefined, humanTime: humanTime(1) };
  const waits = (id: string, state: State, reckoning = NOWHERE) =>
    ALERT_RULES.find((rule) => rule.id === id)?.waits?.(state, reckoning) ?? [];

  test('an order is alarming once nobody could say for ten seconds whether it is alive', () => {
    const [order] = scene.state.runs[held]?.orders ?? [];
    if (order === undefined) throw new Error('expected an order in the state');
    const unknown = { ...order, status: 'unknown' as const, askedAt: AT };
    expect(waits('order_unknown', stateWith({ orders: [unknown] }))).toMatchObject([
      { dueAt: AT + 10_000, run: held + 1, told: { priority: 'HIGH', symbol: BTC } },
    ]);
    expect(waits('order_unknown', stateWith({ orders: [order] }))).toEqual([]);
  });

  test.each([
    ['with a position', {}, { isUp: false, at: AT, seq: 5, downAt: AT }, 1],
    ['flat', { position: undefined }, { isUp: false, at: AT, seq: 5, downAt: AT }, 0],
    ['that came back', {}, { isUp: true, at: AT, seq: 5, downAt: AT }, 0],
  ])('a feed that is away for half a minute %s', (_what, run, told, count) => {
    const found = waits('feed_stale', stateWith(run, { alarm: { ...NO_ALARM, feeds: { [BTC]: told } } }));
    expect(found).toHaveLength(count);
    for (const each of found) expect(each).toMatchObject({ dueAt: AT + 30_000, of: 5, told: { priority: 'HIGH' } });
  });

  // The entry is at 100.
  test.each<readonly [string, 1 | -1, string | undefined, string | undefined, boolean]>([
    ['a long whose liquidation is nearer than twice its stop', 1, '95', '90.01', true],
    ['a long whose liquidation is twice as far as its stop', 1, '95', '90', false],
    ['a short whose liquidation is nearer', -1, '105', '109', true],
    ['a short whose liquidation is far', -1, '101', '150', false],
    ['a long whose stop is in profit', 1, '101', '99', false],
    ['a position without a stop', 1, undefined, '99', false],
    ['a position that no price liquidates', 1, '95', undefined, false],
  ])('%s', (_what, sign, stop, liquidation, isNear) => {
    const before = scene.state.runs[held]?.position;
    if (before === undefined) throw new Error('expected a position in the state');
    const stopPrice = stop === undefined ? undefined : price(stop);
    const position = { ...before, sign, qty: qty('2'), cost: money('200'), stopPrice };
    const liquidationOf = () => (liquidation === undefined ? undefined : price(liquidation));
    const own = (run: number) => run === held + 1;
    const found = waits('liquidation_near', stateWith({ position }), { ...NOWHERE, liquidationOf }).filter(({ run }) =>
      own(run),
    );
    expect(found).toHaveLength(isNear ? 1 : 0);
    for (const { told, dueAt } of found) {
      expect(dueAt).toBe(position.changedAt);
      const said = { rule: 'liquidation_near', ...told };
      expect(textOf(said, 'en').title).toMatch(/^LIQUIDATION NEAR (LONG|SHORT) BTC/);
      expect(textOf(said, 'en').lines[0]).toBe(`liq ${liquidation}  SL ${stop}  entry 100`);
      expect(textOf(said, 'ru').lines[0]).toMatch(/^ликв/);
    }
  });
});

describe('a sink that took alerts before', () => {
  const SINK = 'telegram:7';
  const alertAt = (at: number, more: Partial<OpenAlert> = {}): OpenAlert => ({
    ...{ alert: 1, nth: 1, rule: 'halted', priority: 'HIGH', key: 'k', symbol: '', of: 9, expiresAt: at + 3_600_000 },
    ...{ isSilent: false, isHeld: false, facts: {}, seq: 10, run: 0, account: '', at, delivered: {}, deliveredAt: 0 },
    ...more,
  });
  const calm = { priority: 'MEDIUM' } as const;
  const LONG_NEWS = { expiresAt: AT + 86_400_000 };
  const lost = (open: readonly OpenAlert[], more: Partial<Alarm> = {}, options = {}, speed: Speed = 1) =>
    ALERT_RULES.find(({ id }) => id === 'channel_lost')?.waits?.(
      stateWith({}, { alarm: { ...NO_ALARM, open, sinks: { [SINK]: AT }, ...more }, options }),
      { liquidationOf: () => undefined, humanTime: humanTime(speed) },
    ) ?? [];

  test.each<readonly [string, ReturnType<typeof lost>, number | undefined]>([
    ['does not take a HIGH one for two minutes', lost([alertAt(AT + 5_000)]), AT + 125_000],
    ['does not take any for ten minutes', lost([alertAt(AT + 5_000, calm)]), AT + 605_000],
    ['gets HIGH late: that counts first', lost([alertAt(AT, calm), alertAt(AT + 400_000)]), AT + 520_000],
    ['took another one since', lost([alertAt(AT - 600_000)]), AT + 120_000],
    ['took all of them', lost([alertAt(AT, { delivered: { [SINK]: 1 } })]), undefined],
    ['took it, but not yet again', lost([alertAt(AT, { nth: 2, delivered: { [SINK]: 1 } })]), AT + 120_000],
    ['is not asked for what is no news any more', lost([alertAt(AT, { ...calm, expiresAt: AT + 60_000 })]), undefined],
    ['is not judged by the alarm about itself', lost([alertAt(AT, { rule: 'channel_lost' })]), undefined],
    ['was given up by its person', lost([alertAt(AT)], {}, { 'sink.telegram.7': 'off' }), undefined],
    ['was silent for more than a week', lost([alertAt(AT + 8 * 86_400_000)]), undefined],
    ['never took any', lost([alertAt(AT)], { sinks: {} }), undefined],
    ['is waited for as people wait, at x60', lost([alertAt(AT, LONG_NEWS)], {}, {}, 60), AT + 60 * 120_000],
    ['is not waited for at full speed', lost([alertAt(AT, LONG_NEWS)], {}, {}, 'max'), undefined],
  ])('%s', (_what, found, dueAt) => {
    expect(found.map((each) => each.dueAt)).toEqual(dueAt === undefined ? [] : [dueAt]);
    for (const { told } of found) {
      expect(told).toMatchObject({ priority: 'HIGH', facts: { sink: SINK, since: AT } });
      const text = textOf({ rule: 'channel_lost', ...told }, 'en');
      expect(text.title).toBe('ALERTS DO NOT ARRIVE: telegram:7  paper main');
      expect(textOf({ rule: 'channel_lost', ...told }, 'ru').lines[0]).toMatch(/^жд.т [12]; .* 2026-01-05 03:41$/);
    }
  });

  test.each([
    ['conflict', 'en', 'another program polls its bot (409)'],
    ['unauthorized', 'ru', 'Telegram не принимает его токен (401)'],
    ['gone fishing', 'en', 'gone fishing'],
  ] as const)('that says %s of itself is told with that reason (%s)', (why, locale, line) => {
    const [told] = toldOf(entryOf('alert_channel_told', { sink: SINK, state: 'lost', why }), stateWith({}));
    expect(told).toMatchObject({ rule: 'channel_lost', priority: 'HIGH' });
    expect(told && textOf(told, locale).lines[0]).toBe(line);
  });

  test('is back with the first that it takes, once, and that ends the alarm', () => {
    const key = `channel:${SINK}:${AT - 600_000}`;
    const entry = entryOf('alert_delivered', { alert: 1, nth: 1, sink: SINK, ref: '5', isRepeat: false });
    const alarm = { ...NO_ALARM, spoken: { [key]: AT - 60_000 } };
    const [back] = toldOf(entry, stateWith({}, { alarm }));
    expect(back).toMatchObject({ rule: 'channel_back', priority: 'LOW', ends: key });
    expect(back && textOf(back, 'en').lines[0]).toBe('nothing arrived for 10m00s');
    expect(back && textOf(back, 'ru').lines[0]).toBe('ничего не доходило 10m00s');
    const known = { ...alarm, spoken: { ...alarm.spoken, [`channel_back:${SINK}`]: AT } };
    expect(toldOf(entry, stateWith({}, { alarm: known }))).toEqual([]);
    expect(toldOf(entry, stateWith({}, { alarm: NO_ALARM }))).toEqual([]);
  });
});
