import { describe, expect, test } from 'vitest';
import { type FixtureName, fixture } from '../../../src/core/lab/fixture/fixture.ts';
import * as pictures from '../../../src/core/view/door.ts';
import { createLinkWatch } from '../../../src/telegram/alert/link-watch.ts';
import type { Answered, BotApi, Post } from '../../../src/telegram/bot/api.ts';
import { createOutbound } from '../../../src/telegram/bot/queue.ts';
import type { EngineClient, Scene } from '../../../src/telegram/core.ts';
import { handTimers } from '../../support/hand-timers.ts';
import { stubLog } from './stage.ts';

const AT = Date.UTC(2026, 0, 5, 12);

/** A chat beside an engine whose link a test cuts and mends. */
function watched(first: Scene['link'] = 'up', name: FixtureName = 'long-in-profit') {
  const hand = handTimers(AT);
  const clock = { now: hand.wall, after: hand.after };
  const posts: Post[] = [];
  const logged: string[] = [];
  const answers: (Answered<number> | undefined)[] = [];
  let scene: Scene = { ...fixture(name), link: first, linkAt: AT };
  const send = async (_chat: number, post: Post): Promise<Answered<number>> => {
    posts.push(post);
    return answers.shift() ?? { ok: true, value: posts.length };
  };
  const client = { scene: () => scene, picture: undefined as EngineClient['picture'] };
  const outbound = createOutbound({ send } as unknown as BotApi, clock);
  const watch = createLinkWatch({
    chat: 7,
    client: client as unknown as EngineClient,
    pictures,
    outbound,
    clock,
    log: stubLog({ logged }),
  });
  return {
    ...{ hand, posts, logged, answers, watch, client },
    titles: () => posts.map(({ html }) => (html.split('\n')[0] ?? '').replace(/<\/?b>/g, '')),
    async link(link: Scene['link'], more: Partial<Scene['state']> = {}) {
      scene = { ...scene, link, linkAt: hand.wall(), state: { ...scene.state, ...more } };
      watch.changed();
      await hand.move(0);
    },
  };
}

describe('an engine', () => {
  test('that does not answer for some seconds is told of once, with what is open; so is its return', async () => {
    const { link, hand, posts, titles } = watched();
    await link('lost');
    await hand.move(4_999);
    expect(posts).toEqual([]);
    await hand.move(1);
    expect(titles()).toEqual(['ENGINE LOST  paper demo']);
    expect(posts[0]?.html).toMatch(/no answer since 12:00:00 UTC, for 5s.*BTC LONG .*SL .*paper: what rests/s);
    expect(posts[0]?.isSilent).not.toBe(true);
    await hand.move(60_000);
    await link('up');
    expect(titles()).toEqual(['ENGINE LOST  paper demo', 'engine back  paper demo']);
    expect(posts[1]?.html).toContain('the link was away for 1m05s; the engine ran on');
    await hand.move(3_600_000);
    expect([posts.length, hand.waiting]).toEqual([2, 0]);
  });

  test('that was started anew meanwhile says so', async () => {
    const { link, hand, posts } = watched();
    await link('lost');
    await hand.move(10_000);
    await link('up', { epoch: 9 });
    expect(posts[1]?.html).toContain('the engine was started anew (9)');
  });

  test('that is back within seconds, however often, is no news', async () => {
    const { link, hand, posts } = watched();
    for (let i = 0; i < 5; i++) {
      await link('lost');
      await hand.move(4_000);
      await link('up');
    }
    await hand.move(60_000);
    expect([posts, hand.waiting]).toEqual([[], 0]);
  });

  test('that stays away is told of again, ever more rarely', async () => {
    const { link, hand, titles } = watched();
    await link('lost');
    await hand.move(5_000 + 900_000 - 1);
    expect(titles()).toHaveLength(1);
    await hand.move(1);
    expect(titles()).toEqual(['ENGINE LOST  paper demo', 'ENGINE STILL LOST  paper demo']);
    await hand.move(24 * 3_600_000);
    expect(titles().length).toBeLessThan(12);
  });

  test.each(['none', 'lost'] as const)(
    'that is not there when a bridge begins (%s) is not said to be lost',
    async (first) => {
      const { link, hand, posts } = watched(first, 'no-engine');
      await hand.move(60_000);
      await link('up');
      expect(posts).toEqual([]);
      await link('lost');
      await hand.move(5_000);
      expect(posts).toHaveLength(1);
    },
  );

  test('whose loss may not have arrived is told of again, with a mark', async () => {
    const { link, hand, answers, titles } = watched();
    answers.push({ ok: false, is: 'unsure', text: 'no answer' });
    await link('lost');
    await hand.move(10_000);
    expect(titles()).toEqual(['ENGINE LOST  paper demo', 'ENGINE LOST  paper demo (repeat?)']);
  });

  test('that is back before the chat takes messages again is not mentioned', async () => {
    const { link, hand, answers, titles } = watched();
    answers.push({ ok: false, is: 'flood', retryAfterMs: 60_000, text: 'slow' });
    await link('lost');
    await hand.move(6_000);
    await link('up');
    await hand.move(120_000);
    // The one that was refused is all that was tried.
    expect(titles()).toEqual(['ENGINE LOST  paper demo']);
  });

  test('of another version, whose alerts cannot be read, is told of once', async () => {
    const { link, posts, client } = watched();
    client.picture = { engine: '2.0.0', own: '1.9.0' };
    for (let i = 0; i < 3; i++) await link('up');
    expect(posts).toHaveLength(1);
    expect(posts[0]?.html).toContain('engine 2.0.0, bridge 1.9.0: dzentra telegram stop');
  });

  test('is not watched any more after the end', async () => {
    const { link, hand, posts, watch } = watched();
    await link('lost');
    watch.close();
    await hand.move(60_000);
    expect([posts, hand.waiting]).toEqual([[], 0]);
  });
});
