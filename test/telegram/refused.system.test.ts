import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type BotApiStandIn, startBotApi } from '../support/bot-api.ts';
import { type BridgeHome, openBridgeHome } from '../support/bridge-process.ts';

const PROFILE = 'phone';
const RUN = `telegram run --profile ${PROFILE}`;
const WRONG = '7000000002:BBwrongWRONGwrongWRONGwrongWRONGwro';
const RUSSIAN = { LANG: 'ru_RU.UTF-8', LC_ALL: 'ru_RU.UTF-8' };
const SECRET = /canaryCANARY|wrongWRONG/;

interface Refused {
  readonly exit: number;
  readonly code: string;
  readonly found: RegExp;
  readonly fix: RegExp;
  readonly russian: string;
}

async function open(): Promise<{ api: BotApiStandIn; home: BridgeHome }> {
  const api = await startBotApi();
  onTestFinished(api.close);
  return { api, home: openBridgeHome({ api: api.url, token: api.token, profile: PROFILE }) };
}

/** `telegram run` ends with its exit code and says what was expected, found, and what to do, in both languages. */
async function refuses(home: BridgeHome, said: Refused, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const english = await home.run(RUN, { env });
  expect(english, said.code).toMatchObject({ code: said.exit, out: '' });
  tells(english.err, said, ['expected', 'found', 'fix']);
  const russian = await home.run(RUN, { env: { ...env, ...RUSSIAN } });
  expect(russian, said.code).toMatchObject({ code: said.exit, out: '' });
  expect(russian.err).toContain(said.russian);
  tells(russian.err, said, ['ожидалось', 'найдено', 'решение']);
  const { out, err } = await home.run(`${RUN} --json`, { env });
  expect(JSON.parse(err.trimEnd().split('\n').at(-1) ?? ''), out).toMatchObject({ code: said.code });
  expect(out + err).not.toMatch(SECRET);
}

function tells(text: string, { code, found, fix }: Refused, [expected, ...words]: readonly string[]): void {
  expect(text).toMatch(new RegExp(`^dzentra: ${code}\\b`, 'm'));
  expect(text).toMatch(new RegExp(`^ +${expected} +\\S`, 'm'));
  expect(text).toMatch(new RegExp(`^ +${words[0]} +.*${found.source}`, 'm'));
  expect(text).toMatch(new RegExp(`^ +${words[1]} +.*${fix.source}`, 'm'));
  expect(text).not.toMatch(SECRET);
}

it('a bridge that cannot start says what it expected, what it found and what to do', async () => {
  const { api, home } = await open();
  await refuses(
    home,
    { exit: 2, code: 'NO_TOKEN', found: /none/, fix: /dzentra telegram pair/, russian: 'токена бота нет' },
    { DZENTRA_TELEGRAM_TOKEN: '' },
  );
  await refuses(home, {
    ...{ exit: 2, code: 'NOBODY_PAIRED', found: /nobody is/, fix: /dzentra telegram pair --profile phone/ },
    russian: 'никто',
  });
  const ann = api.user(42, 'Ann');
  await home.pair((code) => void ann.say(code));
  await refuses(home, {
    ...{ exit: 5, code: 'NO_ENGINE', found: /none/, fix: /dzentra engine start --profile phone/ },
    russian: 'движок',
  });
  expect(await home.run(`engine start --feed synthetic:7 --profile ${PROFILE}`)).toMatchObject({ code: 0 });
  await refuses(
    home,
    {
      ...{ exit: 4, code: 'TOKEN_REJECTED', found: /401 for the one of DZENTRA_TELEGRAM_TOKEN/, fix: /@BotFather/ },
      russian: 'такого токена Telegram не знает',
    },
    { DZENTRA_TELEGRAM_TOKEN: WRONG },
  );
  const bridge = await home.bridge();
  await refuses(home, {
    ...{ exit: 3, code: 'BRIDGE_RUNS', fix: /dzentra telegram stop --profile phone/, russian: 'мост уже работает' },
    found: new RegExp(`process ${bridge.pid}`),
  });
  // None of them disturbed the one that runs.
  ann.say('/risk');
  await api.waitFor('a screen', () => ann.chat.find(/RISK BUDGET/));
  expect(await bridge.end('SIGTERM')).toBe(0);
  expect(bridge.said()).not.toMatch(SECRET);
});

it.each([
  ['English', {}, /expected/],
  ['Russian', RUSSIAN, /ожидалось/],
] as const)('a second one that polls ends it with an alarm (%s)', async (_, env, word) => {
  const { api, home } = await open();
  const ann = api.user(42, 'Ann');
  await home.pair((code) => void ann.say(code));
  expect(await home.run(`engine start --feed synthetic:7 --profile ${PROFILE}`)).toMatchObject({ code: 0 });
  const ended = home.run(RUN, { env });
  await api.waitFor('a long poll', () => api.updates.isPolled && api.made('setMyCommands').length >= 2);
  const thief = await fetch(`${api.url}/bot${api.token}/getUpdates?timeout=1`);
  expect(thief.status).toBe(200);
  const { code, err } = await ended;
  expect(code).toBe(4);
  expect(err).toMatch(/^dzentra: BOT_POLLED/m);
  expect(err).toMatch(word);
  expect(err).toMatch(/status 409[\s\S]*stolen: @BotFather, \/revoke/);
  expect(err).not.toMatch(SECRET);
  const log = readFileSync(join(home.env.XDG_STATE_HOME ?? '', 'dzentra', PROFILE, 'telegram.log'), 'utf8');
  expect(log).toContain('BOT_POLLED');
  expect(log).not.toMatch(SECRET);
  const told = async (line: string): Promise<string> => (await home.run(`${line} --profile ${PROFILE}`)).out;
  expect(await told('telegram status')).toMatch(
    /stopped\nended\tBOT_POLLED: [\s\S]*ended\.fix\t.*@BotFather, \/revoke/,
  );
  expect(await told('doctor')).toMatch(/^warn\tbridge\tended by itself, BOT_POLLED: /m);
  // Every other face shows an alarm, and tells what it is.
  const { entries } = JSON.parse(await told('journal list --kind alert_raised --json'));
  expect(entries).toMatchObject([
    { body: { rule: 'channel_lost', priority: 'HIGH', facts: { sink: 'telegram:42', why: 'conflict' } } },
  ]);
  expect(await told('frame system --size 80')).toMatch(/ALERTS[\s\S]*HIGH +\S.*telegram/i);
});
