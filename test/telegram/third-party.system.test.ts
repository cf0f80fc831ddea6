import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { TelegramServer } from 'telegram-test-api/lib/telegramServer.js';
import { expect, it, onTestFinished } from 'vitest';
import { openBridgeHome } from '../support/bridge-process.ts';

const TOKEN = `1234567:${'T'.repeat(35)}`;
const PROFILE = 'phone';
const ANN = 77;
const EVENTS = ['AddedBotMessage', 'EditedMessageText', 'EditedMessageReplyMarkup'];

interface Shown {
  readonly id: number;
  readonly text: string;
  readonly buttons: readonly { readonly text: string; readonly callback_data: string }[];
}

/** A server of the Bot API that others wrote, with one person in front of it. */
class Chat {
  readonly #server: TelegramServer;

  constructor(server: TelegramServer) {
    this.#server = server;
  }

  get messages(): readonly Shown[] {
    return this.#server.storage.botMessages.map(({ messageId, message: { text, reply_markup: markup } }) => {
      // Its types come from a package that is not installed.
      const { inline_keyboard: rows = [] } = (markup ?? {}) as { inline_keyboard?: Shown['buttons'][] };
      return { id: messageId, text, buttons: rows.flat() };
    });
  }

  /** The newest message of which that is so, once there is one. */
  see(what: string, isIt: (shown: Shown) => boolean, ms = 30_000): Promise<Shown> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        for (const event of EVENTS) this.#server.off(event, look);
      };
      const look = (): void => {
        const found = this.messages.findLast(isIt);
        if (found === undefined) return;
        leave();
        resolve(found);
      };
      const timer = setTimeout(() => {
        leave();
        reject(new Error(`expected ${what}, found ${JSON.stringify(this.messages, null, 1)}`));
      }, ms);
      for (const event of EVENTS) this.#server.on(event, look);
      look();
    });
  }

  text(words: RegExp): Promise<Shown> {
    return this.see(`${words}`, ({ text }) => words.test(text));
  }

  async say(text: string): Promise<void> {
    const client = this.#server.getClient(TOKEN, { chatId: ANN, userId: ANN, firstName: 'Ann' });
    const isCommand = text.startsWith('/');
    if (isCommand) await this.#server.addUserCommand(client.makeCommand(text));
    else await this.#server.addUserMessage(client.makeMessage(text));
  }

  /** Presses a button of a message, once there is such a one. */
  async press(label: string, beneath: RegExp): Promise<number> {
    const begins = (button: Shown['buttons'][number]): boolean => button.text.startsWith(label);
    const isIt = ({ text, buttons }: Shown): boolean => beneath.test(text) && buttons.some(begins);
    const { id, buttons } = await this.see(`a button ${label} beneath ${beneath}`, isIt);
    const client = this.#server.getClient(TOKEN, { chatId: ANN, userId: ANN, firstName: 'Ann' });
    const data = buttons.find(begins)?.callback_data ?? '';
    await this.#server.addUserCallback(client.makeCallbackQuery(data, { message: { message_id: id } }));
    return id;
  }
}

/** It takes no port 0. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('on a server that others wrote: pairing, screens by buttons, an alert, and a pause that is confirmed', async () => {
  const server = new TelegramServer({ port: await freePort(), host: '127.0.0.1', storeTimeout: 600 });
  await server.start();
  onTestFinished(async () => void (await server.stop()));
  const chat = new Chat(server);
  const home = openBridgeHome({ api: server.config.apiURL, token: TOKEN, profile: PROFILE });
  const strategy = '--strategy ema-cross --param fast=3 --param slow=5 --sl 1%';
  const start = `auto start --profile ${PROFILE} --feed synthetic:7 --symbol BTC/USDT:USDT ${strategy}`;
  expect(await home.run(start)).toMatchObject({ code: 0 });
  await home.pair((code) => void chat.say(code));
  await chat.text(/phone[\s\S]*operator/);
  const bridge = await home.bridge();

  await chat.say('/start');
  await chat.text(/SCREENS/);
  // Each way leads to another screen in the same message.
  const home1 = await chat.press('Risk', /SCREENS/);
  const risk = await chat.text(/RISK BUDGET/);
  expect(risk.id).toBe(home1);
  await chat.press('Home', /RISK BUDGET/);
  await chat.text(/SCREENS/);
  await chat.press('Portfolio', /SCREENS/);
  await chat.text(/ACCOUNTS/);
  await chat.press('Back', /ACCOUNTS/);
  await chat.text(/SCREENS/);

  expect(await home.run(`alert test --profile ${PROFILE}`)).toMatchObject({ code: 0 });
  await chat.text(/TEST ALERT[\s\S]*wherever alerts go/);

  await chat.say('/auto');
  await chat.press('Pause', /SIGNAL/);
  await chat.press('Yes', /pause\?/i);
  await chat.text(/PAUSED/);
  const listed = await home.run(`journal list --kind command_received --limit 1000 --profile ${PROFILE} --json`);
  const paused = JSON.parse(listed.out).entries.filter(
    ({ body }: { body: { command: string } }) => body.command === 'pause_run',
  );
  expect(paused).toMatchObject([{ body: { who: `telegram:${ANN}`, face: 'telegram' } }]);
  // It knows no menus of commands: that is a line of the log, and no more.
  const log = readFileSync(join(home.env.XDG_STATE_HOME ?? '', 'dzentra', PROFILE, 'telegram.log'), 'utf8');
  expect(log).toContain('the menu of commands was not set');
  expect(await bridge.end('SIGTERM')).toBe(0);
  expect(chat.messages.filter(({ text }) => /as of \d\d/.test(text)).length).toBeLessThanOrEqual(4);
});
