import { describe, expect, test } from 'vitest';
import { outboxOf } from '../../../src/core/alert/outbox.ts';
import { price } from '../../../src/core/base/decimal.ts';
import { PAPER_COSTS } from '../../../src/core/command/run/costs.ts';
import type { AlertBody } from '../../../src/core/domain/alert.ts';
import type { Command } from '../../../src/core/domain/command.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS, type Speed } from '../../../src/core/domain/time.ts';
import { createEngine, type Engine, riskModels } from '../../../src/core/engine/engine.ts';
import { createSpeaker } from '../../../src/core/engine/speech.ts';
import { advance } from '../../../src/core/engine/step.ts';
import { SimulatedVenue } from '../../../src/core/venue/simulated/simulated.ts';
import { BALANCE, refold } from '../../support/engine-play.ts';

const BTC = 'BTC/USDT:USDT';
const NOON = Date.UTC(2026, 0, 5, 12);

interface Session {
  readonly engine: Engine;
  readonly entries: AnyEntry[];
  /** Passes time to so much after the beginning. */
  to(ms: number): void;
  command(command: Command): void;
  feed(state: 'lost' | 'connected' | 'stale'): void;
  /** An alert of a price that is crossed at once: MEDIUM, each of a key of its own. */
  cross(): void;
  raised(): readonly AlertBody[];
}

function session(survived: readonly AnyEntry[] = [], at = NOON, alerts = true, speed: Speed = 1): Session {
  const entries = [...survived];
  const engine = createEngine(
    {
      append: (entry) => entries.push(entry as AnyEntry),
      venue(own) {
        const venue = new SimulatedVenue(own, riskModels);
        venue.restore();
        return venue;
      },
      definitionOf: () => undefined,
      speaker: alerts ? createSpeaker(speed) : undefined,
    },
    refold(survived),
    () => MINUTE_MS,
  );
  const { core } = engine;
  if (survived.length === 0) core.now = at;
  engine.startEpoch('test');
  let last = 60_000;
  const quote = (mid: number): void =>
    engine.input({
      kind: 'quote',
      symbol: BTC,
      at: core.now,
      bid: mid - 1,
      ask: mid + 1,
      bidQty: 1,
      askQty: 1,
      source: 'stream',
    });
  if (survived.length === 0) {
    engine.command(core.now, {
      name: 'open_account',
      account: 'paper',
      asset: 'USDT',
      balance: BALANCE,
      costs: PAPER_COSTS,
    });
  }
  quote(last);
  return {
    engine,
    entries,
    to: (ms) => advance(core, at + ms),
    command: (command) => engine.command(core.now, command),
    feed: (state) => engine.input({ kind: 'feed', symbol: BTC, at: core.now, state, source: 'stream', why: 'reset' }),
    cross() {
      engine.command(core.now, { name: 'add_alert', symbol: BTC, side: 'above', price: price(`${last + 5}`) });
      last += 10;
      quote(last);
    },
    raised: () => entries.flatMap((entry) => (entry.kind === 'alert_raised' ? [entry.body] : [])),
  };
}

const rules = (alerts: readonly AlertBody[]): readonly string[] => alerts.map(({ rule }) => rule);
const set = (option: string, text: string): Command => ({ name: 'set_option', option, text });
const PANIC: Command = { name: 'panic', account: 'paper' };
const delivered = (alert: number, nth = 1): Command => ({
  name: 'deliver_alert',
  alert,
  nth,
  sink: 'webhook',
  ref: '200',
  isRepeat: false,
});

describe('an alert', () => {
  test('is raised of the entry that it is about, with what a sink needs, and the state folds to it', () => {
    const { cross, entries, engine, raised } = session();
    cross();
    const crossed = entries.find(({ kind }) => kind === 'price_crossed');
    const told = entries.find(({ kind }) => kind === 'alert_raised');
    expect(told?.cause).toBe(crossed?.seq);
    expect(raised()).toMatchObject([
      { alert: 1, nth: 1, rule: 'price_crossed', priority: 'MEDIUM', symbol: BTC, of: crossed?.seq, isSilent: false },
    ]);
    expect(encode(refold(entries))).toBe(encode(engine.core.state));
  });

  test('is not raised where nobody lives with the engine, and no other entry differs', () => {
    const [loud, mute] = [session(), session([], NOON, false)];
    for (const each of [loud, mute]) {
      each.cross();
      each.command(PANIC);
      each.feed('lost');
    }
    const facts = loud.entries
      .filter(({ kind }) => kind !== 'alert_raised')
      .map(({ kind, at, body }) => [kind, at, body]);
    expect(mute.entries.map(({ kind, at, body }) => [kind, at, body])).toEqual(facts);
    expect(loud.raised()).toHaveLength(3);
  });

  test('of one key does not speak twice within its cooldown; the rest is counted once the window ends', () => {
    const { feed, to, raised, entries } = session();
    feed('lost');
    to(10 * SECOND_MS);
    feed('lost');
    to(20 * SECOND_MS);
    feed('stale');
    expect(rules(raised())).toEqual(['feed_lost']);
    to(2 * MINUTE_MS);
    const counted = entries.filter(({ kind }) => kind === 'alert_suppressed');
    expect(counted.map(({ at, body }) => [at - NOON, body])).toEqual([
      [MINUTE_MS, expect.objectContaining({ rule: 'feed_lost', key: `feed:${BTC}`, count: 2 })],
    ]);
    feed('lost');
    expect(raised()).toHaveLength(2);
  });

  test('passes a cooldown where its rival spoke in between: lost, back, lost', () => {
    const { feed, to, raised } = session();
    feed('lost');
    to(3 * SECOND_MS);
    feed('connected');
    to(6 * SECOND_MS);
    feed('lost');
    expect(raised().map(({ facts }) => facts.isUp)).toEqual([false, true, false]);
    expect(raised()[1]?.facts.awayMs).toBe(3 * SECOND_MS);
  });

  test.each([
    ['alert.price_crossed', 'off', []],
    ['alert.price_crossed', 'silent', [true]],
    ['alert.price_crossed', 'on', [false]],
    ['alerts', 'off', []],
    ['quiet', '11:30-13:00', [true]],
    ['quiet', '23:00-07:00', [false]],
    ['quiet', '13:00-12:30', [true]],
  ])('with %s %s is told as %j', (option, text, silent) => {
    const { command, cross, raised } = session();
    command(set(option, text));
    cross();
    expect(raised().map(({ isSilent }) => isSilent)).toEqual(silent);
  });

  test('of HIGH priority knows no quiet hours, which are those of the shared zone', () => {
    const { command, cross, raised } = session();
    command(set('zone', '+03:00'));
    command(set('quiet', '14:30-15:30'));
    cross();
    command(PANIC);
    expect(raised().map(({ rule, isSilent }) => [rule, isSilent])).toEqual([
      ['price_crossed', true],
      ['halted', false],
    ]);
  });
});

describe('a burst', () => {
  test('becomes one digest a minute, and nothing of HIGH priority waits for it', () => {
    const { cross, command, to, raised, engine } = session();
    for (let i = 0; i < 9; i++) cross();
    command(PANIC);
    expect(raised().map(({ isHeld }) => isHeld)).toEqual([...Array(5).fill(false), ...Array(4).fill(true), false]);
    expect(outboxOf(engine.core.state, 'webhook', engine.core.now).map(({ rule }) => rule)).toEqual([
      'halted',
      ...Array(5).fill('price_crossed'),
    ]);
    to(MINUTE_MS);
    const digest = raised().at(-1);
    expect(digest).toMatchObject({ rule: 'digest', facts: { count: 4, rules: 'price_crossed 4' } });
    to(2 * MINUTE_MS);
    cross();
    expect(raised().at(-1)).toMatchObject({ rule: 'price_crossed', isHeld: false });
  });

  test('of a thousand is six messages, and what is HIGH goes first', () => {
    const { cross, command, to, engine } = session();
    for (let i = 0; i < 1_000; i++) cross();
    command(PANIC);
    to(MINUTE_MS);
    const waiting = outboxOf(engine.core.state, 'webhook', engine.core.now);
    expect(waiting.map(({ rule }) => rule)).toEqual(['halted', ...Array(5).fill('price_crossed'), 'digest']);
    expect(waiting.at(-1)?.facts.count).toBe(995);
  });

  test('that a restart cut in two is told all the same', () => {
    const before = session();
    for (let i = 0; i < 7; i++) before.cross();
    const after = session(before.entries);
    after.to(2 * MINUTE_MS);
    expect(after.raised().at(-1)).toMatchObject({
      rule: 'digest',
      facts: { count: 3, rules: 'price_crossed 2, engine_started 1' },
    });
  });
});

describe('an alert of HIGH priority', () => {
  test('is told again every 15 minutes once a sink took it, numbered, until somebody acknowledges it', () => {
    const { command, to, raised, engine } = session();
    command(set('alert.channel_lost', 'off'));
    command(PANIC);
    to(HOUR_MS);
    expect(raised()).toHaveLength(1);
    command(delivered(1));
    to(HOUR_MS + 14 * MINUTE_MS);
    expect(raised()).toHaveLength(1);
    to(HOUR_MS + 15 * MINUTE_MS);
    expect(raised().map(({ alert, nth }) => [alert, nth])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(outboxOf(engine.core.state, 'webhook', engine.core.now)).toMatchObject([{ alert: 1, nth: 2 }]);
    // What did not arrive does not pile up.
    to(3 * HOUR_MS);
    expect(raised()).toHaveLength(2);
    command(delivered(1, 2));
    command({ name: 'acknowledge_alert', alert: 1, by: 'test' });
    to(6 * HOUR_MS);
    expect(raised()).toHaveLength(2);
    expect(engine.core.state.alarm?.open).toEqual([]);
  });

  test('goes on being told after a restart', () => {
    const before = session();
    before.command(PANIC);
    before.command(delivered(1));
    const after = session(before.entries);
    after.to(16 * MINUTE_MS);
    const told = after.entries.filter((entry) => entry.kind === 'alert_raised' && entry.body.rule === 'halted');
    expect(told.map(({ at, body }) => [at - NOON, 'nth' in body && body.nth])).toEqual([
      [0, 1],
      [15 * MINUTE_MS, 2],
    ]);
  });
});

describe('a channel', () => {
  const lost = (alerts: readonly AlertBody[]) => alerts.filter(({ rule }) => rule.startsWith('channel'));

  test('that was used and died is told of where others listen, once, and again when it is back', () => {
    const { command, cross, to, raised, engine, entries } = session();
    cross();
    command(delivered(1));
    to(MINUTE_MS);
    command(PANIC);
    to(3 * MINUTE_MS - 1);
    expect(lost(raised())).toEqual([]);
    to(3 * MINUTE_MS);
    expect(lost(raised())).toMatchObject([
      { rule: 'channel_lost', priority: 'HIGH', facts: { sink: 'webhook', since: NOON, waiting: 1 } },
    ]);
    // Nobody is told about himself.
    const waiting = (sink: string) => outboxOf(engine.core.state, sink, engine.core.now).map(({ rule }) => rule);
    expect([waiting('webhook'), waiting('telegram:7')]).toEqual([
      ['halted'],
      ['halted', 'channel_lost', 'price_crossed'],
    ]);
    to(20 * MINUTE_MS);
    expect(lost(raised())).toHaveLength(1);
    command(delivered(2));
    expect(lost(raised()).map(({ rule, priority }) => [rule, priority])).toEqual([
      ['channel_lost', 'HIGH'],
      ['channel_back', 'LOW'],
    ]);
    expect(engine.core.state.alarm?.open.map(({ rule }) => rule)).not.toContain('channel_lost');
    expect(entries.at(-2)).toMatchObject({ kind: 'alert_acknowledged', body: { alert: 3, by: 'channel_back' } });
    command(delivered(4));
    expect(lost(raised())).toHaveLength(2);
    expect(encode(refold(entries))).toBe(encode(engine.core.state));
  });

  test('that died is noticed over a restart of the engine', () => {
    const before = session();
    before.cross();
    before.command(delivered(1));
    before.command(PANIC);
    const after = session(before.entries);
    after.to(2 * MINUTE_MS);
    expect(lost(after.raised())).toMatchObject([{ rule: 'channel_lost', facts: { sink: 'webhook' } }]);
  });

  test('that says by itself that it is lost is alarmed at once, once, with its reason, until it is back', () => {
    const { command, cross, to, raised, engine, entries } = session();
    const report: Command = { name: 'report_channel', sink: 'webhook', state: 'lost', why: 'conflict' };
    cross();
    command(delivered(1));
    cross();
    to(MINUTE_MS);
    command(report);
    command(report);
    to(HOUR_MS);
    expect(lost(raised())).toMatchObject([
      { rule: 'channel_lost', priority: 'HIGH', facts: { sink: 'webhook', since: NOON, waiting: 1, why: 'conflict' } },
    ]);
    expect(entries.find(({ kind }) => kind === 'alert_channel_told')?.at).toBe(NOON + MINUTE_MS);
    expect(outboxOf(engine.core.state, 'telegram:7', engine.core.now)[0]?.rule).toBe('channel_lost');
    command(delivered(2));
    expect(lost(raised()).at(-1)?.rule).toBe('channel_back');
    command(report);
    expect(lost(raised()).at(-1)?.rule).toBe('channel_lost');
    expect(encode(refold(entries))).toBe(encode(engine.core.state));
  });

  test('that nobody heard of before may say so, too', () => {
    const { command, raised } = session();
    command({ name: 'report_channel', sink: 'telegram:7', state: 'lost', why: 'unauthorized' });
    expect(raised()).toMatchObject([{ rule: 'channel_lost', facts: { sink: 'telegram:7', since: NOON } }]);
    command({ ...delivered(1), sink: 'telegram:7' } as Command);
    expect(lost(raised()).at(-1)).toMatchObject({ rule: 'channel_back', facts: { sink: 'telegram:7', awayMs: 0 } });
  });

  test('that says that it is back ends its alarm with nothing to take, and is missed when it dies again', () => {
    const { command, cross, to, raised, engine, entries } = session();
    const report = (state: 'lost' | 'back'): Command => ({ name: 'report_channel', sink: 'webhook', state, why: '' });
    cross();
    command(delivered(1));
    command(report('back'));
    to(MINUTE_MS);
    command(report('lost'));
    to(5 * MINUTE_MS);
    command(report('back'));
    expect(engine.core.state.alarm?.open.map(({ rule }) => rule)).not.toContain('channel_lost');
    command(PANIC);
    to(8 * MINUTE_MS);
    const told = lost(raised()).filter(({ rule, priority }) => rule === 'channel_back' || priority === 'HIGH');
    expect(told.map(({ rule }) => rule)).toEqual(['channel_lost', 'channel_back', 'channel_lost']);
    expect(encode(refold(entries))).toBe(encode(engine.core.state));
  });

  test('that nobody expects any more is not missed', () => {
    const { command, cross, to, raised } = session();
    cross();
    command(delivered(1));
    command(set('sink.webhook', 'off'));
    command(PANIC);
    to(HOUR_MS);
    expect(lost(raised())).toEqual([]);
  });
});

describe('where the market passes faster than a hand moves', () => {
  const told = (speed: Speed) => {
    const play = session([], NOON, true, speed);
    play.command(set('alert.daily_summary', 'off'));
    play.cross();
    play.command(PANIC);
    play.command(delivered(1));
    play.command(delivered(2));
    return play;
  };

  test('HIGH is told again, and a channel is missed, after minutes of people', () => {
    const { to, raised, command, feed } = told(60);
    to(15 * HOUR_MS - 1);
    expect(raised()).toHaveLength(2);
    to(15 * HOUR_MS);
    expect(raised().at(-1)).toMatchObject({ rule: 'halted', nth: 2 });
    to(17 * HOUR_MS - 1);
    expect(rules(raised())).not.toContain('channel_lost');
    to(17 * HOUR_MS);
    expect(rules(raised()).at(-1)).toBe('channel_lost');
    command(delivered(2, 2));
    feed('lost');
    expect(rules(raised()).slice(-2)).toEqual(['channel_back', 'feed_lost']);
  });

  test('nobody waits at full speed; what is news there is news as long as the market says', () => {
    const { to, raised } = told('max');
    to(20 * 24 * HOUR_MS);
    expect(rules(raised())).toEqual(['price_crossed', 'halted']);
  });

  test.each([
    [1, HOUR_MS],
    [60, 60 * HOUR_MS],
    [0.5, HOUR_MS / 2],
    ['max', HOUR_MS],
    [1e9, HOUR_MS],
  ] as const)('at x%s an alert of MEDIUM priority is news for %i ms of the market', (speed, newsMs) => {
    const { raised } = told(speed);
    expect((raised()[0]?.expiresAt ?? 0) - NOON).toBe(newsMs);
  });
});

describe('the outbox', () => {
  test('holds what a sink has not taken, and leaves out what is no news any more', () => {
    const { command, cross, to, engine } = session();
    const waiting = (sink: string): readonly number[] =>
      outboxOf(engine.core.state, sink, engine.core.now).map(({ alert }) => alert);
    command(set('alert.channel_lost', 'off'));
    cross();
    cross();
    command(delivered(1));
    expect(waiting('webhook')).toEqual([2]);
    expect(waiting('telegram')).toEqual([1, 2]);
    to(HOUR_MS);
    expect(waiting('telegram')).toEqual([]);
  });

  test('of a thousand that nobody has taken yet loses none; what was taken makes way first', () => {
    const { command, engine } = session();
    const { core } = engine;
    const waiting = () => outboxOf(core.state, 'webhook', core.now).map(({ alert }) => alert);
    for (let made = 0; made < 1_000; made++) command({ name: 'test_alert' });
    expect(waiting()).toHaveLength(1_000);
    for (let taken = 11; taken <= 20; taken++) command(delivered(taken));
    for (let made = 0; made < 1_010; made++) command({ name: 'test_alert' });
    expect(waiting()).toHaveLength(2_000);
    expect(waiting().slice(0, 11)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 21]);
  });

  test('is not opened again by word that comes late', () => {
    const { command, to, engine } = session();
    command(PANIC);
    command(delivered(1));
    to(15 * MINUTE_MS);
    command(delivered(1, 2));
    command(delivered(1, 1));
    expect(outboxOf(engine.core.state, 'webhook', engine.core.now)).toEqual([]);
  });

  test.each([
    ['of a number that nobody raised', delivered(7)],
    ['told more often than it was', delivered(1, 2)],
    ['to acknowledge what is not there', { name: 'acknowledge_alert', alert: 7, by: 'test' } as const],
  ])('refuses word %s', (_what, command) => {
    const { cross, engine, entries } = session();
    cross();
    const refused = engine.command(engine.core.now, command);
    expect(refused?.code).toBe('ALERT_UNKNOWN');
    expect(entries.at(-1)?.kind).toBe('command_refused');
  });
});
