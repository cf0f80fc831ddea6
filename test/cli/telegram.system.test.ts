import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type BotApiStandIn, startBotApi } from '../support/bot-api.ts';
import { ROOT } from '../support/checkout.ts';
import { scratchFolder } from '../support/scratch.ts';

const MAIN = join(ROOT, 'src/cli/main.ts');
const PROFILE = 'phone';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Program {
  readonly api: BotApiStandIn;
  readonly folder: string;
  /** Runs a line to its end; `input` stands on standard input, `when` sees what was printed so far. */
  run(line: string, input?: string, when?: (out: string) => void): Promise<Ended>;
}

/** The program with folders of its own and a Bot API; the test waits for it, so that this process can answer. */
async function program(): Promise<Program> {
  const api = await startBotApi();
  const folder = scratchFolder();
  const dir = (name: string): string => join(folder, name);
  mkdirSync(dir('config/dzentra'), { recursive: true });
  mkdirSync(dir('run'), { mode: 0o700 });
  writeFileSync(dir('config/dzentra/config.toml'), `[telegram]\napi = "${api.url}"\n`);
  const folders = { XDG_STATE_HOME: dir('state'), XDG_CONFIG_HOME: dir('config'), XDG_DATA_HOME: dir('data') };
  const env = { ...process.env, ...folders, XDG_RUNTIME_DIR: dir('run'), DZENTRA_KEYRING: 'off', LANG: 'C.UTF-8' };
  const run: Program['run'] = (line, input = '', when = () => undefined) => {
    const child = spawn(process.execPath, [MAIN, ...line.split(' '), '--profile', PROFILE], { env, stdio: 'pipe' });
    let [out, err] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => {
      out += piece.toString();
      when(out);
    });
    child.stderr.on('data', (piece: Buffer) => {
      err += piece.toString();
    });
    child.stdin.end(input);
    return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
  };
  onTestFinished(async () => {
    await run('telegram stop');
    await run('engine stop');
    await api.close();
  });
  return { api, folder, run };
}

it('a bridge is paired, started in the background, killed, started again and ended, without its token on a command line', async () => {
  const { api, folder, run } = await program();
  const ann = api.user(42, 'Ann');
  expect(await run('telegram start')).toMatchObject({ code: 2, err: expect.stringContaining('NO_TOKEN') });

  let isSent = false;
  const paired = await run('telegram pair', `${api.token}\n`, (out) => {
    if (isSent || !/^[0-9A-Z]{4}-[0-9A-Z]{4}\n/.test(out)) return;
    isSent = true;
    ann.say(out.trim());
  });
  expect(paired).toMatchObject({ code: 0, out: expect.stringContaining('Paired: Ann (user 42), operator.') });

  expect(await run('telegram start')).toMatchObject({ code: 5, err: expect.stringContaining('dzentra engine start') });
  expect((await run('engine start --feed synthetic:7')).code).toBe(0);
  const started = JSON.parse((await run('telegram start --json')).out);
  expect(started).toMatchObject({ isNew: true, bot: '@dzentra_test_bot' });
  expect(JSON.parse((await run('telegram start --json')).out)).toMatchObject({ isNew: false, pid: started.pid });
  expect(readFileSync(`/proc/${started.pid}/cmdline`, 'utf8')).not.toContain(api.token.split(':')[1]);

  ann.say('/risk');
  await api.waitFor('a screen', () =>
    api.made('sendMessage', 42).some(({ params }) => params.reply_markup !== undefined),
  );

  process.kill(started.pid, 'SIGKILL');
  const again = JSON.parse((await run('telegram start --json')).out);
  expect(again).toMatchObject({ isNew: true });
  expect(JSON.parse((await run('telegram status --json')).out)).toMatchObject({ state: 'running', pid: again.pid });
  expect(await run('telegram stop')).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse((await run('telegram status --json')).out)).toMatchObject({ state: 'stopped', pid: null });

  const written = ['telegram.log', 'telegram.out', 'telegram.json'].map((name) =>
    readFileSync(join(folder, 'state/dzentra', PROFILE, name), 'utf8'),
  );
  expect(written.join('\n')).not.toContain(api.token.split(':')[1]);
}, 120_000);
