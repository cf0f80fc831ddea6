import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BotApiStandIn, startBotApi } from '../support/bot-api.ts';
import type { ShownMessage } from '../support/bot-api-chat.ts';
import type { Person } from '../support/bot-api-user.ts';
import { type BridgeHome, openBridgeHome } from '../support/bridge-process.ts';
import { ROOT } from '../support/checkout.ts';

const MONTH = join(ROOT, '../shared/data/candles/binance-usdm-BTCUSDT-1m-20250504_20250603.csv.gz');
const PROFILE = 'phone';
const SCREENS = [
  ['auto', /NEXT ENTRY/],
  ['market', /PRICE {2}BTC/],
  ['risk', /RISK BUDGET/],
  ['portfolio', /ACCOUNTS/],
  ['trade', /DRAFT/],
  ['orders', /LAST FILLS/],
  ['journal', /JOURNAL {2}\d/],
  ['analytics', /METRICS/],
  ['monitoring', /SYMBOLS/],
  ['system', /FEED/],
  ['settings', /RISK SETTINGS/],
  ['strategies', /ABOUT ema-cross/],
  ['help', /RAISE RISK/],
] as const;

/** A phone: what its owner sees, and how he presses. */
class Phone {
  readonly #api: BotApiStandIn;
  readonly person: Person;

  constructor(api: BotApiStandIn, person: Person) {
    this.#api = api;
    this.person = person;
  }

  see(words: RegExp): Promise<ShownMessage> {
    return this.until(`${words} in the chat`, () => this.person.chat.find(words));
  }

  /** Says something and waits for the new message that answers it. */
  ask(text: string, words: RegExp): Promise<ShownMessage> {
    const { message } = this.person.say(text);
    const isNew = ({ id, text: shown }: ShownMessage): boolean => id > message && words.test(shown);
    return this.until(`${words} in answer to ${text}`, () => this.person.chat.messages.findLast(isNew));
  }

  async until<T>(what: string, look: () => T | undefined): Promise<T> {
    try {
      return await this.#api.waitFor(what, look);
    } catch (problem) {
      const shown = this.person.chat.messages.map(({ text, buttons }) => `${text}\n${JSON.stringify(buttons)}`);
      throw new Error(shown.slice(-5).join('\n----\n'), { cause: problem });
    }
  }

  /** Presses a button of the newest message that has one beginning so, once there is one. */
  async press(label: string): Promise<ShownMessage> {
    const begins = (text: string): boolean => text.startsWith(label);
    const find = () => this.person.chat.messages.findLast(({ buttons }) => buttons.flat().some(begins));
    const message = await this.until(`a button ${label}`, find);
    await this.person.press(message, message.buttons.flat().find(begins) ?? '').answered;
    return message;
  }
}

/** Answers yes; where the market turned the position round meanwhile, it is asked anew. */
async function confirm(phone: Phone): Promise<void> {
  for (let look = 0; look < 5; look++) {
    const question = await phone.press('Yes');
    const { edits } = question;
    await phone.until('what became of it', () => (question.edits > edits || question.isDeleted ? true : undefined));
    if (!question.text.includes('It is not as it was')) return;
  }
  throw new Error('expected a market that stands still for a moment');
}

/** An engine on a month of real candles, a bridge, and somebody who is paired. */
async function open(config = '') {
  const api = await startBotApi();
  onTestFinished(api.close);
  const home = openBridgeHome({ api: api.url, token: api.token, profile: PROFILE, config });
  const strategy = '--strategy ema-cross --param fast=3 --param slow=5 --sl 1%';
  const line = `auto start --profile ${PROFILE} --feed replay:${MONTH} --symbol BTC/USDT:USDT --speed 40 ${strategy} --observe`;
  expect(await home.run(line)).toMatchObject({ code: 0 });
  const phone = new Phone(api, api.user(42, 'Ann'));
  await home.pair((code) => void phone.person.say(code));
  const bridge = await home.bridge();
  return { home, phone, bridge };
}

interface Received {
  readonly body: { readonly command: string; readonly who: string };
}

// biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
const json = async (home: BridgeHome, line: string): Promise<any> =>
  JSON.parse((await home.run(`${line} --profile ${PROFILE} --json`)).out);

describe.skipIf(!existsSync(MONTH))('a trader with a phone (needs ../shared/data)', () => {
  it('sees every screen, is told what happens, changes risk and closes; the journal says who did it', async () => {
    const { home, phone, bridge } = await open('raises-risk = true\n');
    const { person } = phone;
    await phone.ask('/start', /SCREENS/);
    for (const [screen, says] of SCREENS) {
      const shown = await phone.ask(`/${screen}`, says);
      expect(shown.buttons.flat(), screen).toContain('Home');
      expect(shown.buttons.flat(), screen).toContain('Back');
      expect(shown.text, screen).toMatch(/as of \d\d:\d\d:\d\d UTC$/);
    }
    const live = person.chat.messages.filter(({ text }) => /as of \d\d/.test(text));
    expect(live.length).toBeLessThanOrEqual(4);

    await phone.ask('/risk', /RISK BUDGET/);
    await phone.press('Risk form');
    await phone.press('Risk: 0.5%');
    await phone.see(/Send risk/);
    person.say('0.4%');
    await phone.see(/risk +\[0\.4%/);
    await phone.press('Save');
    await confirm(phone);
    await phone.ask('/risk', /SETTINGS OF BTC[\s\S]*size +0\.40 % +of equity/);

    await phone.see(/READY (BUY|SELL) BTC/);
    await phone.ask('/auto', /SIGNAL/);
    await phone.press('Start...');
    await confirm(phone);
    // In a message of its own or, as much was shown at once, in a digest.
    await phone.see(/OPENED (LONG|SHORT) BTC/);
    await phone.see(/FLIPPED to (LONG|SHORT) BTC[\s\S]*SL [\d,.]+[\s\S]*why: ema-cross[\s\S]*before: [-+]/);
    await phone.press('Close...');
    const question = await phone.see(/close\?[\s\S]*(LONG|SHORT) 0\.\d+ BTC[\s\S]*net now/);
    expect(question.text).toMatch(/30 s/);
    await confirm(phone);
    await phone.see(/CLOSED (LONG|SHORT) BTC[\s\S]*by hand/);
    const { entries } = await json(home, 'journal list --kind command_received --limit 1000');
    for (const name of ['change_settings', 'observe_run', 'close_position']) {
      const asked = entries.filter(({ body }: Received) => body.command === name && body.who === 'telegram:42');
      expect(asked, name).toHaveLength(1);
      expect(asked[0].body, name).toMatchObject({ face: 'telegram' });
    }
    expect(await bridge.end('SIGTERM')).toBe(0);
    expect(await home.run(`engine stop --profile ${PROFILE}`)).toMatchObject({ code: 0 });
    expect(await json(home, 'journal verify')).toMatchObject({ sound: true });
  });
});
