import { expect, onTestFinished, test } from 'vitest';
import type { FaceCommand } from '../../../src/core/domain/ask.ts';
import { createSyntheticFeed } from '../../../src/core/lab/host/synthetic.ts';
import * as pictures from '../../../src/core/view/door.ts';
import { createAlertSink } from '../../../src/telegram/alert/alert-sink.ts';
import type { Answered, BotApi, Post } from '../../../src/telegram/bot/api.ts';
import { createOutbound } from '../../../src/telegram/bot/queue.ts';
import { alerts, type BridgeMemory } from '../../../src/telegram/core.ts';
import { attached, served, until } from '../../core/control/stub-host.ts';
import { handTimers } from '../../support/hand-timers.ts';
import { FIRST_ASKS, handHost } from '../../support/host-play.ts';
import { stubLog } from './stage.ts';

test('a real engine on its socket: what its rules raise reaches the chat, and its journal knows', async () => {
  await alerts();
  const { host, journal } = handHost({ feed: createSyntheticFeed(7) });
  for (const ask of FIRST_ASKS) await host.ask(ask, { who: 'test', face: 'cli' });
  const { path } = await served(host);
  const client = await attached(path, { face: 'telegram' });
  const posts: Post[] = [];
  const send = async (_chat: number, post: Post): Promise<Answered<number>> => ({
    ok: true,
    value: 40 + posts.push(post),
  });
  const hand = handTimers();
  const clock = { now: hand.wall, after: hand.after };
  let memory: BridgeMemory = { v: 1, bot: null, nextUpdate: 0, people: [], screens: [], sending: [] };
  const store = {
    get memory() {
      return memory;
    },
    change: async (change: (memory: BridgeMemory) => BridgeMemory) => {
      memory = change(memory);
    },
  };
  const buttons = {
    begin: () => ({ add: () => 'x', bind: () => undefined }),
    take: () => 'old' as const,
    forget: () => undefined,
  };
  const outbound = createOutbound({ send } as unknown as BotApi, clock);
  const logged: string[] = [];
  const log = stubLog({ logged });
  const chat = -100_123_456_789;
  const sink = createAlertSink({
    ...{ chat, client, pictures, outbound, buttons, store, clock, log },
    onBlocked: () => undefined,
  });
  onTestFinished(() => sink.close());
  client.subscribe(() => sink.changed());
  const ask = (command: FaceCommand) => client.ask({ do: 'command', command }, { who: 'test', face: 'cli' });
  await ask({ name: 'set_option', option: `sink.telegram.${chat}`, text: 'off' });
  await ask({ name: 'test_alert' });
  await ask({ name: 'panic', account: 'paper' });
  const delivered = () => journal.all.flatMap((entry) => (entry.kind === 'alert_delivered' ? [entry.body] : []));
  await until(() => delivered().length === 2 && memory.sending.length === 0);
  const titles = new Set(posts.map(({ html }) => html.split('\n')[0]));
  expect(titles).toEqual(new Set(['<b>HALTED: panic  paper test</b>', '<b>TEST ALERT  paper test</b>']));
  expect(new Set(delivered().map(({ alert }) => alert))).toEqual(new Set([1, 2]));
  for (const each of delivered()) expect(each).toMatchObject({ sink: `telegram:${chat}`, nth: 1, isRepeat: false });
  expect(client.scene().state.options).toMatchObject({ [`sink.telegram.${chat}`]: 'on' });
  expect(logged).toEqual([]);
});
