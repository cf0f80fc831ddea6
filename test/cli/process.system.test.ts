import { type ChildProcess, execFileSync, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candlesToCsv, waves } from '../support/candles.ts';

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');
const home = mkdtempSync(join(tmpdir(), 'dzentra-cli-'));
const env = {
  ...process.env,
  XDG_STATE_HOME: join(home, 'state'),
  XDG_CONFIG_HOME: join(home, 'config'),
  XDG_DATA_HOME: join(home, 'data'),
  DEBUG_ENABLED: '1',
};
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A process of its own; `when` sees what it has written so far and may end it. */
function dzentra(
  line: string,
  when: (out: string, child: ReturnType<typeof spawn>) => void = () => {},
  stdio: StdioOptions = ['ignore', 'pipe', 'pipe'],
  begun: (child: ChildProcess) => void = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...line.split(' ')], { env, stdio });
  begun(child);
  let out = '';
  let err = '';
  child.stdout?.on('data', (piece: Buffer) => {
    out += piece.toString();
    when(out, child);
  });
  child.stderr?.on('data', (piece: Buffer) => {
    err += piece.toString();
  });
  return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
}

const STOPPED = 'stopped\n  nothing was changed; run it again to have it whole\n';

/** A user whom the system does not know. Only user 0 can be one, and only where everybody may read the checkout. */
const STRANGER = { uid: 54_321, gid: 54_321, cwd: '/', encoding: 'utf8' } as const;
const canBeStranger =
  process.geteuid?.() === 0 && spawnSync(process.execPath, ['--check', MAIN], { ...STRANGER, env: {} }).status === 0;

describe('the process', () => {
  it.runIf(canBeStranger)('of a user whom the system does not know has the folders that variables name', () => {
    const options = { ...STRANGER, env: { XDG_CONFIG_HOME: '/nowhere' } };
    const told = execFileSync(process.execPath, [MAIN, 'config', 'path'], options);
    expect(told).toContain('/nowhere/dzentra/config.toml');
  });

  it.runIf(canBeStranger).each(['panic', 'engine status', 'journal list'])(
    'of another user is told that it has no right, not that there is nothing: %s',
    (line) => {
      const args = [MAIN, ...line.split(' '), '--profile', 'demo', '--json'];
      const { stderr } = spawnSync(process.execPath, args, { ...STRANGER, env: { ...env, HOME: '/' } });
      expect(JSON.parse(stderr)).toMatchObject({ code: 'NO_RIGHT', found: expect.stringContaining(home) });
    },
  );

  it('checks candles from a pipe, which can be read once', () => {
    const rows = ['1746057600,1,2,1,2,1', '1746057660,2,2,1,1,1'].join('\\n');
    const script = `printf '${rows}' | "${process.execPath}" "${MAIN}" data check /dev/stdin --json`;
    const told = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' });
    expect(JSON.parse(told)).toMatchObject({ rows: 2, timeframe: '1m', faults: [] });
  });

  it('makes candles of trades from a pipe', () => {
    const rows = [0, 60, 120].map((second) => `${1_746_057_600 + second},1,2`).join('\\n');
    const line = 'data import /dev/stdin --symbol BTC/USDT --timeframe 1m --json';
    const script = `printf '${rows}' | "${process.execPath}" "${MAIN}" ${line}`;
    expect(JSON.parse(execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }))).toMatchObject({ added: 2 });
  });

  it('prints its version', async () => {
    expect(await dzentra('--version')).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
  });

  it('ends where a strategy loops without end, and names the file', async () => {
    const file = join(home, 'loops.mjs');
    writeFileSync(file, 'for (;;) {}\n');
    const { code, out, err } = await dzentra(`strategies show ${file} --json`);
    expect([code, out]).toEqual([null, '']);
    expect(JSON.parse(err)).toMatchObject({
      schema: 'dzentra.error/1',
      code: 'STRATEGY_BROKEN',
      found: `${file}: its code was not over after 10 s`,
    });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('ends a paper run on %s and says what was saved, in a journal that verifies', async (signal, code) => {
    const line = `auto start --foreground --speed 600 --profile ${signal.toLowerCase()}`;
    let isAsked = false;
    const ended = await dzentra(`${line} --print all`, (out, child) => {
      if (isAsked || !out.includes('warmed_up')) return;
      isAsked = true;
      child.kill(signal);
    });
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(
      /^stopped\n {2}\d+ entr(y|ies) written to the journal of profile \w+, the last is #\d+\n/,
    );
    const last = Number(/the last is #(\d+)/.exec(ended.err)?.[1]);
    const verified = await dzentra(`journal verify --profile ${signal.toLowerCase()} --json`);
    expect(JSON.parse(verified.out)).toMatchObject({ sound: true, lastSeq: last });
  });

  it.each([
    ['SIGINT', 130, 'data check PIPE --json', STOPPED],
    ['SIGTERM', 143, 'data import PIPE --symbol BTC/USDT:USDT --timeframe 1m', STOPPED],
    ['SIGINT', 130, 'backtest --symbol BTC/USDT:USDT --data PIPE', STOPPED],
    ['SIGINT', 130, 'sandbox serve PIPE --symbol BTC/USDT:USDT --port 0', STOPPED],
    ['SIGINT', 130, 'sandbox serve --script PIPE --port 0', STOPPED],
    ['SIGINT', 130, 'debug start --feed replay:PIPE', STOPPED],
    ['SIGINT', 130, 'debug run PIPE', STOPPED],
    ['SIGINT', 130, 'engine run --profile pipe --feed replay:PIPE', expect.stringMatching(/^stopped\n {2}0 entries /)],
  ] as const)('ends on %s with %i and a sentence where it waits for a pipe: %s', async (signal, code, line, err) => {
    const pipe = join(home, `${line.replace(/\W+/g, '-')}.csv`);
    execFileSync('mkfifo', [pipe]);
    let child: ChildProcess | undefined;
    const ended = dzentra(
      line.replace('PIPE', pipe),
      () => {},
      ['ignore', 'pipe', 'pipe'],
      (spawned) => {
        child = spawned;
      },
    );
    // Opened when the command opens it: it reads from here on.
    const writer = await open(pipe, 'w');
    child?.kill(signal);
    expect(await ended).toEqual({ code, out: '', err });
    await writer.close();
  });

  const NOTHING = 'stopped\n  nothing was saved: the journal was in memory\n';
  const SAVED = 'stopped\n  0 entries are in FOLDER\n';

  it.each([
    ['SIGINT', 'backtest --data DATA --symbol BTC/USDT:USDT --strategy', 'closeAt > 1e12', 130, NOTHING],
    ['SIGINT', 'backtest --data DATA --symbol BTC/USDT:USDT --journal FOLDER --strategy', 'closeAt > 1e12', 130, SAVED],
    ['SIGTERM', 'backtest --data DATA --symbol BTC/USDT:USDT --strategy', 'closeAt > 1e12', null, ''],
    ['SIGTERM', 'strategies show', 'closeAt > 0', null, ''],
  ] as const)(
    'is ended by %s in a strategy of the user that loops for ever: %s',
    async (signal, line, when, code, err) => {
      const strategy = join(home, `${signal}.mjs`);
      const data = join(home, 'loops-BTCUSDT-1m.csv');
      // The signal comes from the loop itself.
      writeFileSync(
        strategy,
        `export default (kit) => kit.define({
  name: 'loops', version: 1, title: 'Loops', about: 'Loops.', params: {},
  votes: () => [{ name: 'one', weight: 1, about: 'it' }], values: [], confirmations: () => 1,
  warmup: () => ({ bars: 1, higherBars: 0 }), timeframes: () => ({ own: 'feed' }),
  create: () => ({ close({ closeAt }) { while (${when}) process.kill(process.pid, '${signal}'); } }),
});
`,
      );
      writeFileSync(data, candlesToCsv(waves(10)));
      const folder = join(home, 'loops');
      const ended = await dzentra(`${line.replace('DATA', data).replace('FOLDER', folder)} ${strategy}`);
      expect(ended).toEqual({ code, out: '', err: err.replace('FOLDER', folder) });
    },
  );

  it.each(['SIGINT', 'SIGTERM'])('hears of %s that came just before signals are let end it', (signal) => {
    const module = resolve(import.meta.dirname, '../../src/cli/process.ts');
    const script = `
      import { processStops } from ${JSON.stringify(module)};
      const stops = processStops();
      process.kill(process.pid, '${signal}');
      await stops.letGo().catch((why) => process.stdout.write(why));
    `;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(ended).toMatchObject({ status: 0, stdout: signal, stderr: '' });
  });

  it('fails where a strategy of the user ends the process', async () => {
    const strategy = join(home, 'leaves.mjs');
    writeFileSync(strategy, 'process.exit(0);\nexport default () => {};\n');
    const { code, out, err } = await dzentra(`strategies show ${strategy}`);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^dzentra: a strategy file ended the process \(process\.exit\) .*\n$/);
  });

  it.each(['mjs', 'mts'])('names the line of a strategy of the user that is no %s', async (extension) => {
    const strategy = join(home, `typo.${extension}`);
    writeFileSync(strategy, 'const a = 1;\nconst = 2;\n');
    const { code, err } = await dzentra(`strategies show ${strategy}`);
    expect(code).toBe(2);
    expect(err).toContain(`${strategy}:2: SyntaxError`);
  });

  describe('where a promise of a strategy of the user fails', () => {
    const strategy = (): string => join(home, 'astray.mjs');
    const data = (): string => join(home, 'astray-BTCUSDT-1m.csv');

    beforeAll(() => {
      writeFileSync(
        strategy(),
        `export default (kit) => kit.define({
  name: 'astray', version: 1, title: 'Astray', about: 'Fails beside its candles.', params: {},
  votes: () => [{ name: 'one', weight: 1, about: 'it' }], values: [], confirmations: () => 1,
  warmup: () => ({ bars: 1, higherBars: 0 }), timeframes: () => ({ own: 'feed' }),
  create: () => ({ close({ closeAt }) { if (closeAt > 1e12) Promise.reject(new Error('late')); } }),
});
`,
      );
      writeFileSync(data(), candlesToCsv(waves(10)));
    });

    it('trades on in the foreground, and logs where', async () => {
      const line = `auto start --foreground --feed replay:${data()} --speed 100000 --profile astray`;
      expect(await dzentra(`${line} --strategy ${strategy()}`)).toMatchObject({ code: 0 });
      const log = readFileSync(join(home, 'state/dzentra/astray/dzentra.log'), 'utf8');
      expect(log).toContain(`a strategy failed beside its candles: ${strategy()}:5: Error: late`);
    });

    it('ends a backtest, whose result nobody can know, and tells where', async () => {
      const line = `backtest --data ${data()} --symbol BTC/USDT:USDT --strategy ${strategy()} --json`;
      const { code, out, err } = await dzentra(line);
      expect({ code, out }).toEqual({ code: 3, out: '' });
      const found = `astray (${strategy()}:5): Error: late`;
      expect(JSON.parse(err)).toMatchObject({ code: 'STRATEGY_BROKEN', found });
    });
  });

  it('prints what a strategy prints beside its data', async () => {
    const strategy = join(home, 'talks.mjs');
    const data = join(home, 'talks-BTCUSDT-1m.csv');
    writeFileSync(
      strategy,
      `export default (kit) => (console.log('made'), kit.define({
  name: 'talks', version: 1, title: 'Talks', about: 'Talks.', params: {},
  votes: () => [{ name: 'one', weight: 1, about: 'it' }], values: [], confirmations: () => 1,
  warmup: () => ({ bars: 1, higherBars: 0 }), timeframes: () => ({ own: 'feed' }),
  create: () => ({ close() { console.table([1]); } }),
}));
`,
    );
    writeFileSync(data, candlesToCsv(waves(10)));
    const { out, err } = await dzentra(`backtest --json --data ${data} --symbol BTC/USDT:USDT --strategy ${strategy}`);
    expect(JSON.parse(out)).toMatchObject({ schema: 'dzentra.backtest/1' });
    expect(err).toMatch(/^made\n.*index/s);
  });

  describe.skipIf(!existsSync('/dev/full'))('on an output that is full', () => {
    const full = () => openSync('/dev/full', 'w');

    it.each(['--version', '--help', 'version', 'strategies list --json'])(
      'of %s says so in a sentence and fails',
      async (line) => {
        const { code, err } = await dzentra(line, () => {}, ['ignore', full(), 'pipe']);
        expect(code).toBe(1);
        expect(err).toMatch(
          /^dzentra: expected an output that can be written, found ENOSPC: [^\n]*\n {2}what was [^\n]*\n$/,
        );
      },
    );

    it('for notes keeps the data and the exit code', async () => {
      const { code, out } = await dzentra('journal verify --profile none', () => {}, ['ignore', 'pipe', full()]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
    });

    it('of a run in the foreground goes on to the end of its feed and tells its log once', async () => {
      const line = 'auto start --foreground --speed max --print all --profile unprinted';
      const err = 'note: the market is SIMULATED: its prices are made up\n';
      expect(await dzentra(line, () => {}, ['ignore', full(), 'pipe'])).toMatchObject({ code: 0, err });
      const verified = await dzentra('journal verify --profile unprinted --json');
      expect(JSON.parse(verified.out)).toMatchObject({ sound: true });
      const log = readFileSync(join(home, 'state', 'dzentra', 'unprinted', 'dzentra.log'), 'utf8');
      expect(log.match(/nothing can be printed any more; trading goes on/g)).toHaveLength(1);
      expect(log).toMatch(/paper run ended/);
    });

    it('of an engine leaves it trading until it is told to end', async () => {
      const line = 'engine run --profile full --feed synthetic:7 --speed 600';
      const running = dzentra(line, () => {}, ['ignore', full(), 'pipe']);
      let status = await dzentra('engine status --profile full');
      while (status.code !== 0) status = await dzentra('engine status --profile full');
      expect(await dzentra('engine stop --profile full')).toMatchObject({ code: 0 });
      expect(await running).toMatchObject({ code: 0, err: '' });
    });
  });

  it('is quiet when its reader leaves', async () => {
    await dzentra('auto start --foreground --feed synthetic:7 --speed max --profile read');
    const ended = await dzentra('journal export --profile read', (_out, child) => child.stdout?.destroy());
    expect(ended).toMatchObject({ code: 143, err: '' });
  });

  it('says what it kept when its reader leaves', async () => {
    const ended = await dzentra('auto start --foreground --speed max --print all --profile reader', (_out, child) => {
      child.stdout?.destroy();
    });
    expect(ended.code).toBe(143);
    expect(ended.err).toMatch(/^stopped\n/);
  });
});
