import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { serveSandbox } from '../../src/core/sandbox/server.ts';
import { type BotApiStandIn, startBotApi } from '../support/bot-api.ts';
import { type BridgeHome, openBridgeHome } from '../support/bridge-process.ts';
import { leaksIn, secretOf, secretsIn } from '../support/canary.ts';
import { ROOT } from '../support/checkout.ts';
import { shiftedClock, stubMarket } from '../support/sandbox-market.ts';
import { scratchFolder, writeFiles } from '../support/scratch.ts';

const PROFILE = 'phone';
const TOKEN = '7000000009:CCsecretCANARYofTHEtokenCANARYofTHEt';
const WRONG = '7000000008:DDsecretCANARYofAwrongTOKENofAwrongT';
const KEY = 'sandbox-canary-KEY-6f1e0c7a9d';
const KEY_SECRET = 'canary-SECRET-b1946ac92492d2347c6235b4d';
const PASSPHRASE = 'canary correct horse battery';
const SECRETS = [secretOf(TOKEN), secretOf(WRONG), KEY, KEY_SECRET, PASSPHRASE];

/** A session whose every word is kept. */
class Session {
  readonly said: string[] = [];
  readonly home: BridgeHome;
  readonly #env: Readonly<Record<string, string>>;

  constructor(home: BridgeHome) {
    const folder = scratchFolder();
    writeFiles(folder, { passphrase: PASSPHRASE });
    chmodSync(join(folder, 'passphrase'), 0o600);
    this.home = home;
    this.#env = { DZENTRA_TELEGRAM_TOKEN: '', DZENTRA_PASSPHRASE_FILE: join(folder, 'passphrase') };
  }

  async run(line: string, input = '', env: Readonly<Record<string, string>> = {}): Promise<number | null> {
    const ended = await this.home.run(line.startsWith('keys') ? line : `${line} --profile ${PROFILE}`, {
      input,
      env: { ...this.#env, ...env },
    });
    this.said.push(ended.out, ended.err);
    return ended.code;
  }

  /** Starts a line that goes on; `when` sees all that it has said so far. */
  start(
    line: string,
    input: string,
    when: (out: string) => void,
  ): { readonly ended: Promise<number | null>; child: ChildProcess } {
    const args = [join(ROOT, 'bin/dzentra.js'), ...line.split(' '), '--profile', PROFILE];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...this.home.env, ...this.#env },
      stdio: 'pipe',
    });
    let out = '';
    const hear = (text: string): void => {
      out += text;
      this.said.push(text);
      when(out);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.stdin.end(input);
    onTestFinished(() => void child.kill('SIGKILL'));
    return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
  }
}

/** Command lines of the processes of this checkout, as `ps` shows them to everybody. */
const commandLines = (): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(ROOT));

/** Answers of a server, or of somebody between, that hold the address with the token. */
function betray(api: BotApiStandIn, kind: 'refused' | 'server-error', code: number, method: string, times = 1): void {
  const description = `no route POST ${api.url}/bot${TOKEN}/${method} (token=${encodeURIComponent(TOKEN)})`;
  api.faults.set({ kind, code, method, description, times });
}

/** Keys of an exchange: refused by it, kept while it is away, sealed with a passphrase, listed, checked. */
async function addKeys(session: Session, sandbox: { close(): Promise<void> }): Promise<void> {
  const given = `${KEY}\n${KEY_SECRET}\n`;
  expect(await session.run('keys add binanceusdm --stdin --in file', given)).not.toBe(0);
  await sandbox.close();
  expect(await session.run('keys add binanceusdm --stdin --in file', given)).toBe(0);
  expect(await session.run('keys add binance --stdin --in encrypted', given)).toBe(0);
  await session.run('keys list');
  await session.run('keys check binanceusdm');
  await session.run('keys check binance --json');
}

/** What a person does with a phone, also what he should not. */
async function usePhone(api: BotApiStandIn, session: Session): Promise<void> {
  const ann = api.user(42, 'Ann');
  // What a person pastes by mistake goes nowhere, either.
  const pasted = [`my token is ${TOKEN}`, `/why ${TOKEN}`, `/${TOKEN}`];
  for (const text of [...pasted, '/start', '/system', '/config show', '/telegram status']) {
    ann.say(text);
    await api.waitFor(`${text} to be taken`, () => api.isIdle);
    session.said.push(...commandLines());
  }
  expect(session.said.filter((line) => line.includes('telegram run'))).not.toEqual([]);
  betray(api, 'refused', 400, 'sendMessage', 2);
  betray(api, 'server-error', 500, 'sendMessage', 2);
  betray(api, 'refused', 404, 'editMessageText', 2);
  betray(api, 'server-error', 500, 'getUpdates', 2);
  await session.run('alert test');
  await session.run('telegram test');
  await api.goAway();
  await session.run('telegram test');
  await api.comeBack();
  ann.say('/risk');
  await api.waitFor('the screen of risk', () => ann.chat.find(/RISK BUDGET/));
}

it('no secret stands in a file, an output, a message, an error or a command line of a whole session', async () => {
  const api = await startBotApi({ token: TOKEN });
  onTestFinished(api.close);
  const clock = shiftedClock(Date.now());
  const sandbox = await serveSandbox({ usdm: stubMarket('usdm', clock), clock });
  const endpoint = `endpoint = "${sandbox.usdm?.base}"`;
  const exchanges = ['binanceusdm', 'binance'].map((name) => `[exchanges.${name}]\n${endpoint}\n`);
  const config = `[profiles.${PROFILE}]\nlog = "debug"\n${exchanges.join('')}`;
  const home = openBridgeHome({ api: api.url, token: TOKEN, profile: PROFILE, config });
  const folder = dirname(home.env.XDG_STATE_HOME ?? '');
  const session = new Session(home);
  await addKeys(session, sandbox);
  const strategy = '--strategy ema-cross --param fast=3 --param slow=5 --sl 1%';
  expect(await session.run(`auto start --feed synthetic:7 --symbol BTC/USDT:USDT ${strategy}`)).toBe(0);

  const ann = api.user(42, 'Ann');
  let isSent = false;
  const pairing = session.start('telegram pair', `${TOKEN}\n`, (out) => {
    const code = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/m.exec(out)?.[0];
    if (code === undefined || isSent) return;
    isSent = true;
    ann.say(code);
  });
  expect(await pairing.ended).toBe(0);
  expect(await session.run('telegram run', '', { DZENTRA_TELEGRAM_TOKEN: WRONG })).toBe(4);
  betray(api, 'refused', 401, 'getMe');
  expect(await session.run('telegram run')).toBe(4);

  const lift = api.faults.random(7, 0.2);
  const bridge = session.start('telegram run', '', () => undefined);
  await api.waitFor('a long poll', () => api.updates.isPolled);
  await usePhone(api, session);
  lift();
  await session.run('telegram status');
  await session.run('doctor');
  await session.run('journal list --limit 1000 --json');
  betray(api, 'refused', 401, 'getUpdates');
  ann.say('/home');
  expect(await bridge.ended).toBe(4);
  await session.run('engine stop');

  const saw = [...session.said, ...api.calls.map(({ params }) => JSON.stringify(params))];
  expect(saw.flatMap((text) => secretsIn(text, SECRETS).map((each) => `${each}: ${text.slice(0, 300)}`))).toEqual([]);
  expect(leaksIn(folder, SECRETS)).toEqual([]);
  // It was looked for where it stands: files that their owner alone can read.
  const kept = [`telegram/${PROFILE}.token`, 'keys/binanceusdm.json'].map((name) =>
    join(folder, 'config/dzentra', name),
  );
  for (const path of kept) {
    expect(secretsIn(readFileSync(path), SECRETS), path).not.toEqual([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
});
