import { describe, expect, test } from 'vitest';
import { outboxOf } from '../../../../src/core/alert/outbox.ts';
import { price, qty } from '../../../../src/core/base/decimal.ts';
import type { Ask } from '../../../../src/core/domain/ask.ts';
import { type AnyEntry, encode } from '../../../../src/core/domain/entry.ts';
import type { CandleRow } from '../../../../src/core/domain/frame.ts';
import { digests } from '../../../../src/core/journal/digest.ts';
import { createSyntheticFeed } from '../../../../src/core/lab/host/synthetic.ts';
import { refold } from '../../../support/engine-play.ts';
import { FIRST_ASKS, type HandHost, handHost, retold } from '../../../support/host-play.ts';
import { BEGIN_AT, BTC, createLiveScript, exchangeHost, MINUTE_MS, quoteOf } from '../../../support/live-script.ts';

const feed = createSyntheticFeed(7);
const asking = { who: 'test', face: 'cli' };
const command = (command: Extract<Ask, { do: 'command' }>['command']): Ask => ({ do: 'command', command });
const delivered = (alert: number): Ask =>
  command({ name: 'deliver_alert', alert, nth: 1, sink: 'webhook', ref: '204', isRepeat: false });
const END_MS = 3 * 60 * MINUTE_MS;

const texts = (entries: readonly AnyEntry[]): readonly string[] => entries.map((entry) => encode(entry));
const raised = (entries: readonly AnyEntry[]) =>
  entries.flatMap((entry) => (entry.kind === 'alert_raised' ? [entry.body] : []));

/** Three runs that trade often, with word of sinks and of people on the way. */
async function busy(survived: readonly AnyEntry[] = []): Promise<HandHost> {
  const hand = handHost({ feed, survived });
  if (survived.length === 0) for (const ask of FIRST_ASKS) await hand.host.ask(ask, asking);
  const from = survived.length === 0 ? 0 : END_MS;
  const on = (minutes: number, ask: Ask) => ({ at: from + minutes * MINUTE_MS, ask });
  await hand.pass(from + END_MS, [
    on(10, command({ name: 'test_alert' })),
    on(11, delivered(1)),
    on(40, command({ name: 'set_option', option: 'alert.position_opened', text: 'off' })),
    on(41, command({ name: 'acknowledge_alert', alert: 0, by: 'test' })),
    on(90, command({ name: 'panic', account: 'paper' })),
    on(120, command({ name: 'resume_account', account: 'paper' })),
  ]);
  return hand;
}

describe('alerts of an engine that somebody lives with', () => {
  test('are told by its tape again, entry for entry, from the beginning and after a restart', async () => {
    const first = await busy();
    const before = [...first.journal.all];
    const rules = new Set(raised(before).map(({ rule }) => rule));
    expect([...rules]).toEqual(expect.arrayContaining(['position_opened', 'position_flipped', 'halted', 'test']));
    expect(before.filter(({ kind }) => kind === 'alert_suppressed' || kind === 'alert_delivered')).not.toEqual([]);
    expect(texts(await retold(feed, first, []))).toEqual(texts(before));
    const second = await busy(before);
    expect(raised(second.journal.all.slice(before.length))[0]?.rule).toBe('engine_started');
    expect(texts(await retold(feed, second, before))).toEqual(texts(second.journal.all));
  });

  test('change nothing of what is traded: no other entry stands on one', async () => {
    const { journal } = await busy();
    const alerts = new Set(journal.all.filter(({ kind }) => kind.startsWith('alert_')).map(({ seq }) => seq));
    const facts = journal.all.filter(({ kind }) => !kind.startsWith('alert_'));
    expect(facts.filter(({ cause }) => typeof cause === 'number' && alerts.has(cause))).toEqual([]);
    expect(digests(journal.all)).toEqual(digests(journal.all.filter(({ kind }) => !kind.startsWith('alert_d'))));
  });
});

const BUY: Ask = {
  do: 'trade',
  symbol: BTC,
  draft: { type: 'market', sign: 1, size: { by: 'qty', qty: qty('0.01') }, stopPrice: price('49500') },
};
const rows: readonly CandleRow[] = Array.from({ length: 200 }, (_, i): CandleRow => {
  const at = BEGIN_AT - (200 - i) * MINUTE_MS;
  return [at, 50_000, 50_000, 50_000, 50_000, 1];
});

describe('prices that stay away', () => {
  /** A position by hand, then the feed is lost; so many seconds later somebody looks. */
  async function away(seconds: number, isBack: boolean, survived?: readonly AnyEntry[]) {
    const script = createLiveScript(rows);
    if (survived !== undefined) script.now = (survived.at(-1)?.at ?? 0) + 1_000;
    const each = exchangeHost(script, survived);
    const tick = (): void => {
      script.now += 500;
      script.push(quoteOf(50_000));
    };
    const told = (state: 'lost' | 'connected') => (): void =>
      script.push({ kind: 'feed', symbol: BTC, state, source: 'stream', why: 'reset' });
    const later = () => {
      script.now += (seconds * 1_000) / 2;
    };
    const back = isBack ? [told('connected')] : [];
    const opening = survived === undefined ? [tick, () => each.host.ask(BUY, asking), tick, tick, tick, tick] : [];
    await each.play(...opening, told('lost'), later, ...back, later, () =>
      each.host.ask(command({ name: 'test_alert' }), asking),
    );
    return each;
  }

  test.each([
    [29, false, []],
    [31, false, ['feed_stale']],
    [120, true, ['feed_stale']],
    [50, true, []],
  ])('for %d s (back half way: %s) are HIGH while a position is open: %j', async (seconds, isBack, high) => {
    const each = await away(seconds, isBack);
    expect(
      raised(each.journal.all)
        .filter(({ priority }) => priority === 'HIGH')
        .map(({ rule }) => rule),
    ).toEqual(high);
  });

  test('are in the outbox of every sink after a restart, once', async () => {
    const { journal } = await away(40, false);
    const state = refold(journal.all);
    const first = outboxOf(state, 'webhook', state.at)[0];
    expect(first).toMatchObject({ rule: 'feed_stale', priority: 'HIGH', symbol: BTC });
    const script = createLiveScript(rows);
    script.now = state.at + 5_000;
    const again = exchangeHost(script, journal.all);
    await again.host.ask(
      command({ name: 'deliver_alert', alert: first?.alert ?? 0, nth: 1, sink: 'webhook', ref: '', isRepeat: true }),
      asking,
    );
    const after = refold(again.journal.all);
    expect(outboxOf(after, 'webhook', after.at).filter(({ rule }) => rule === 'feed_stale')).toEqual([]);
    expect(outboxOf(after, 'telegram', after.at)[0]?.rule).toBe('feed_stale');
  });
});
