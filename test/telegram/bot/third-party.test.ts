import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TelegramServer } from 'telegram-test-api/lib/telegramServer.js';
import { expect, onTestFinished, test } from 'vitest';
import type { Update } from '../../../src/telegram/bot/api.ts';
import { createBotApi } from '../../../src/telegram/bot/grammy-api.ts';
import { startPolling } from '../../../src/telegram/bot/poll.ts';
import { createOutbound } from '../../../src/telegram/bot/queue.ts';
import { machineClock } from '../../../src/telegram/clock.ts';
import { value } from './scene.ts';

const TOKEN = `1234567:${'T'.repeat(35)}`;
const ME = 77;

/** It takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('on a server that others wrote: a command comes in, a screen goes out, a press edits it', async () => {
  const server = new TelegramServer({ port: await freePort(), host: '127.0.0.1' });
  await server.start();
  onTestFinished(async () => void (await server.stop()));
  const api = createBotApi({ token: TOKEN, api: server.config.apiURL });
  const outbound = createOutbound(api, machineClock);
  const client = server.getClient(TOKEN, { chatId: ME, userId: ME });
  let message = 0;
  const done = Promise.withResolvers<void>();
  const take = async (update: Update): Promise<void> => {
    if (update.message?.text === '/risk') {
      const keyboard = [[{ text: 'Refresh', data: 'r1' }]];
      message = value(await outbound.send(ME, 'answer', () => ({ html: '<b>Risk</b> 1 %', keyboard })));
      await server.addUserCallback(client.makeCallbackQuery('r1', { message: { message_id: message } }));
    }
    const press = update.callback_query;
    if (press === undefined) return;
    expect(press).toMatchObject({ data: 'r1', from: { id: ME }, message: { message_id: message } });
    value(await outbound.edit(ME, 'screen', message, () => ({ html: '<b>Risk</b> 2 %' })));
    value(await api.answer(press.id));
    done.resolve();
  };
  expect(value(await api.me())).toEqual({ id: 666, username: 'TestNameBot' });
  await server.addUserCommand(client.makeCommand('/risk'));
  const fail = (why: string): void => done.reject(new Error(why));
  const polling = startPolling({
    api,
    clock: machineClock,
    from: 0,
    take,
    passed: (_, problem) => fail(String(problem)),
    stopped: fail,
    onState: () => undefined,
  });
  onTestFinished(() => polling.close());
  await done.promise;
  const shown = server.storage.botMessages.map(({ message: { chat_id, text, parse_mode } }) => ({
    chat_id,
    text,
    parse_mode,
  }));
  expect(shown).toEqual([{ chat_id: ME, text: '<b>Risk</b> 2 %', parse_mode: 'HTML' }]);

  value(await api.remove(ME, message));
  expect(server.storage.botMessages).toEqual([]);
  // It knows no menus: that is told, and harms nothing.
  expect(await api.menu([{ command: 'risk', description: 'Risk' }], '')).toMatchObject({ ok: false, is: 'unsure' });
});
