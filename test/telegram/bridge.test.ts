import { expect, onTestFinished, test } from 'vitest';
import type { FaceCommand } from '../../src/core/domain/ask.ts';
import { createSyntheticFeed } from '../../src/core/lab/host/synthetic.ts';
import { createBotApi } from '../../src/telegram/bot/grammy-api.ts';
import { startBridge } from '../../src/telegram/bridge.ts';
import { machineClock } from '../../src/telegram/clock.ts';
import type { BridgeMemory } from '../../src/telegram/core.ts';
import { stubPorts } from '../core/command/stub-ports.ts';
import { attached, served } from '../core/control/stub-host.ts';
import { type BotApiOptions, startBotApi } from '../support/bot-api.ts';
import { FIRST_ASKS, handHost } from '../support/host-play.ts';
import { stubLog } from './alert/stage.ts';
import { ANN, PROFILE } from './bridge-home.ts';

/** A bridge in this process, between a real engine and the stand-in, and Ann, who is paired. */
async function open(options: BotApiOptions = {}) {
  const telegram = await startBotApi(options);
  onTestFinished(telegram.close);
  const { host } = handHost({ feed: createSyntheticFeed(7) });
  for (const ask of FIRST_ASKS) await host.ask(ask, { who: 'test', face: 'cli' });
  const { path } = await served(host);
  const client = await attached(path, { face: 'telegram' });
  let memory: BridgeMemory = { v: 1, bot: null, nextUpdate: 0, people: [ANN], screens: [], sending: [] };
  const store = {
    get memory() {
      return memory;
    },
    async change(change: (memory: BridgeMemory) => BridgeMemory) {
      memory = change(memory);
    },
    close: () => Promise.resolve(),
  };
  const ann = telegram.user(ANN.user);
  const bridge = await startBridge({
    api: createBotApi({ token: telegram.token, api: telegram.url }),
    bot: { id: 1, username: 'dzentra_test_bot' },
    ...{ client, store, log: stubLog({ logged: [] }), clock: machineClock, ports: stubPorts() },
    settings: { api: telegram.url, groups: false, raisesRisk: false },
    ...{ profile: PROFILE, version: '0.1.0', locale: 'en', onReady: () => undefined },
  });
  onTestFinished(() => bridge.close());
  const ask = (command: FaceCommand) => client.ask({ do: 'command', command }, { who: 'test', face: 'cli' });
  return { telegram, ann, ask };
}

test('a chat that was closed to the bot gets what waited as soon as somebody writes there again', async () => {
  const { telegram, ann, ask } = await open();
  ann.chat.closed = 'blocked';
  await ask({ name: 'test_alert' });
  await telegram.waitFor('an alert that is refused', () => telegram.made('sendMessage').length > 0);
  ann.chat.closed = undefined;
  ann.say('/help');
  await telegram.waitFor('the alert', () => ann.chat.find('TEST ALERT'));
  expect(ann.chat.messages.filter(({ text }) => text.includes('TEST ALERT'))).toHaveLength(1);
});

test('a command for another bot of the chat is none of this one\u2019s', async () => {
  const { telegram, ann } = await open();
  ann.say('/nothing@other_bot');
  ann.say('/nothing@Dzentra_Test_Bot');
  await telegram.waitFor('the answer', () => ann.chat.find('/nothing@Dzentra_Test_Bot'));
  expect(ann.chat.messages.filter(({ text }) => text.includes('No such command'))).toHaveLength(1);
});

test('what is typed now is not old on a machine whose clock is ahead of Telegram', async () => {
  const { telegram, ann } = await open({ behindMs: 300_000 });
  ann.say('/nothing');
  await telegram.waitFor('the answer', () => ann.chat.find('No such command'));
  expect(ann.chat.messages.filter(({ text }) => text.includes('Dropped'))).toEqual([]);
});

test('an answer comes though the first try of it was lost', async () => {
  const { telegram, ann } = await open();
  for (const [said, answer] of [
    ['/nothing', 'No such command'],
    ['hello', 'Not understood: hello'],
  ] as const) {
    telegram.faults.set({ kind: 'bad-gateway', method: 'sendMessage' });
    ann.say(said);
    const shown = await telegram.waitFor(answer, () => ann.chat.find(answer));
    expect(shown.sender).not.toBe(ann.id);
  }
});
