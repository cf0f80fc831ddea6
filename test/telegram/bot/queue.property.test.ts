import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import type { Lane } from '../../../src/telegram/bot/outbound.ts';
import { createOutbound } from '../../../src/telegram/bot/queue.ts';
import { failed, flood, handClock } from './scene.ts';
import { createScript, type Made, mostWithin } from './script.ts';

const LANES: readonly Lane[] = ['urgent', 'answer', 'news', 'screen'];
const CHATS = [5, 6, -100] as const;

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ is: fc.constant('send'), chat: fc.nat(2), lane: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({ is: fc.constant('edit'), chat: fc.nat(2), lane: fc.constantFrom(1, 3), message: fc.nat(2) }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('pass'), ms: fc.nat(4_000) }) },
);
/** How the nth call goes. */
const luck = fc.constantFrom('ok', 'ok', 'ok', 'ok', 'flood', 'unreachable', 'unsure', 'gone');

test.prop([fc.array(step, { maxLength: 60 }), fc.array(luck, { maxLength: 40 })], { numRuns: 150 })(
  'whatever comes and however it goes: each call ends once, is done once at most, in the order of its lane, at the pace',
  async (steps, lucks) => {
    const { clock, timers } = handClock();
    const script = createScript(clock);
    const outbound = createOutbound(script.api, clock);
    const went = new Map<Made, string>();
    const floods: Made[] = [];
    script.answers = (call) => {
      const luckOf = lucks[script.made.length - 1] ?? 'ok';
      went.set(call, luckOf);
      if (luckOf === 'flood') floods.push(call);
      if (luckOf === 'ok') return undefined;
      return luckOf === 'flood' ? flood(5) : failed(luckOf);
    };
    const ended: Promise<string>[] = [];
    for (const [index, each] of steps.entries()) {
      if (!('chat' in each)) {
        await timers.move(each.ms);
        continue;
      }
      const chat = CHATS[each.chat] ?? 5;
      const lane = LANES[each.lane] ?? 'news';
      const html = `${chat} ${lane} ${index}`;
      const told =
        'message' in each
          ? outbound.edit(chat, lane, each.message, () => ({ html }))
          : outbound.send(chat, lane, () => ({ html }));
      ended.push(told.then((answer) => (answer === undefined ? 'unwritten' : answer.ok ? 'ok' : answer.is)));
    }
    await timers.move(900_000);
    const ends = await Promise.all(ended);
    expect(ends.filter((end) => end === 'flood' || end === 'unreachable')).toEqual([]);

    // What was under way when the refusal came is no breach.
    const isBreach = ({ chat, at }: Made): boolean =>
      floods.some((refusal) => refusal.chat === chat && at > refusal.at && at < refusal.at + 5_000);
    expect(script.made.filter(isBreach)).toEqual([]);
    const final = script.made.filter((call) => !['flood', 'unreachable'].includes(went.get(call) ?? ''));
    expect(new Set(final.map(({ text }) => text)).size).toBe(final.length);
    expect(final.length).toBe(ends.filter((end) => end !== 'unwritten').length);
    for (const chat of CHATS) {
      const own = script.made.filter((call) => call.chat === chat);
      expect(mostWithin(own, 60_000)).toBeLessThanOrEqual(chat < 0 ? 20 : 65);
      for (const lane of LANES) {
        const sends = final.filter(({ is, text }) => is === 'send' && text.startsWith(`${chat} ${lane} `));
        const order = sends.map(({ text }) => Number(text.split(' ')[2]));
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
    }
    expect(timers.waiting).toBe(0);
  },
);
