import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import type { Home } from '../support/profile.ts';
import { scratchFolder } from '../support/scratch.ts';
import { openExchangeHome, openStandIn, pointAt, until, WAVE_FROM, writeWave } from '../support/stand-in.ts';

const SECRET = 'sandbox-secret';
/** In the shape of a key of Binance; nobody's. */
const REAL = 'Ab1'.repeat(21).padEnd(64, 'Z');

interface Check {
  readonly name: string;
  readonly exchange: string | null;
  readonly verdict: string;
  readonly found: string;
  readonly fix: string | null;
}

const keyFile = (home: Home): string => join(home.env.XDG_CONFIG_HOME ?? '', 'dzentra/keys/binanceusdm.json');

/** Keeps a key while its exchange cannot be asked: nobody looks what it may do. */
function keep(home: Home, port: number, key: string, secret = SECRET): void {
  pointAt(home, 9);
  rmSync(keyFile(home), { force: true });
  const args = [join(ROOT, 'bin/dzentra.js'), 'keys', 'add', 'binanceusdm', '--stdin', '--in', 'file'];
  const env = { ...process.env, ...home.env };
  const ended = spawnSync(process.execPath, args, { env, input: `${key}\n${secret}\n`, encoding: 'utf8' });
  expect(ended.status, ended.stderr).toBe(0);
  expect(`${ended.stdout}${ended.stderr}`).not.toContain(secret);
  pointAt(home, port);
}

function look(home: Home): {
  readonly code: number | null;
  readonly told: string;
  check(name: string): Check | undefined;
} {
  const { code, out, err } = home.dzentra('doctor --json');
  const checks: readonly Check[] = JSON.parse(out).checks;
  return {
    code,
    told: `${out}${err}`,
    check: (name) => checks.find((one) => one.name === name && one.exchange !== null),
  };
}

describe('the doctor', () => {
  it('on a bare machine says what is not set up, and makes nothing', () => {
    const home = openExchangeHome(9);
    writeFileSync(join(home.env.XDG_CONFIG_HOME ?? '', 'dzentra/config.toml'), '');
    const { code, out } = home.dzentra('doctor');
    expect(code).toBe(0);
    expect(out).toMatch(/^off\tdatabase\tno journal of profile demo\tdzentra engine start --profile demo$/m);
    expect(out).toMatch(/^off\tnetwork\tno exchange is named\t/m);
    // The cache is that of the program's own code.
    expect(readdirSync(join(home.env.XDG_CONFIG_HOME ?? '', '..')).sort()).toEqual(['cache', 'config', 'run']);
  });

  it('tells each key that will not do, and a clock that is off, in a line with what to do', async () => {
    const at = await openStandIn('--source synthetic:7');
    const home = openExchangeHome(at.port);
    expect(look(home).check('key')).toMatchObject({ verdict: 'off', fix: 'dzentra keys add binanceusdm' });
    const keys: readonly (readonly [key: string, secret: string, verdict: string, code: number, found: RegExp])[] = [
      ['sandbox-read', SECRET, 'ok', 0, /reads/],
      ['sandbox-noip', SECRET, 'warn', 0, /any address/],
      ['sandbox-revoked', SECRET, 'bad', 1, /-2015/],
      ['sandbox-read', 'sandbox-secre7', 'bad', 1, /-1022/],
      ['sandbox-withdraw', SECRET, 'bad', 1, /takes the money/],
    ];
    for (const [key, secret, verdict, code, found] of keys) {
      keep(home, at.port, key, secret);
      const told = look(home);
      expect(told.check('key'), key).toMatchObject({ verdict, found: expect.stringMatching(found) });
      expect(told.code, key).toBe(code);
      expect(told.told, key).not.toContain(secret);
      expect(told.told, key).not.toContain(key);
    }

    writeFileSync(keyFile(home), readFileSync(keyFile(home), 'utf8').replace('sandbox-withdraw', REAL));
    const requests = await at.stats();
    const misfit = look(home);
    expect(misfit.check('key')).toMatchObject({ verdict: 'bad', found: expect.stringContaining('KEY_MISFIT') });
    expect(misfit.code).toBe(1);
    expect(misfit.told).not.toContain(REAL);
    const signed = Object.keys((await at.stats()).requests).filter((one) => !(one in requests.requests));
    expect(signed, 'a real key goes nowhere').toEqual([]);

    keep(home, at.port, 'sandbox-read');
    await at.fault('clock-skew:ms=4000');
    const skewed = look(home);
    expect(skewed.check('clock')).toMatchObject({ verdict: 'bad', fix: expect.stringContaining('set-ntp') });
    expect(skewed.check('clock')?.found).toMatch(/^(3[5-9]|4[0-4])\d\d ms behind the venue/);
    expect(skewed.code).toBe(1);
    await at.clear();
    expect(look(home).code).toBe(0);
  });

  it('takes the time of a stand-in that plays the past for its own, and its clock for off only where it is', async () => {
    const file = writeWave(scratchFolder(), 'BTCUSDT', { base: 60_000, share: 0.01, minutes: 60 });
    const at = await openStandIn(`${file} --from ${WAVE_FROM} --speed 60 --at recorded`);
    const home = openExchangeHome(at.port);
    keep(home, at.port, 'sandbox-read');
    const fine = look(home);
    expect(fine.check('clock')).toMatchObject({ verdict: 'ok', found: expect.stringMatching(/^\d{1,3} ms /) });
    expect(fine.check('key')).toMatchObject({ verdict: 'ok' });
    await at.fault('clock-skew:ms=600000');
    expect(look(home).check('clock')).toMatchObject({
      verdict: 'bad',
      found: expect.stringMatching(/^\d{4,5} ms behind/),
    });
  });
});

describe('the words of a key', () => {
  it('stand in its own file and in nothing that an engine, its faces or its log ever write', async () => {
    const at = await openStandIn('--source synthetic:7');
    const home = openExchangeHome(at.port, 'canary');
    keep(home, at.port, 'sandbox-read');
    const on = '--profile canary';
    const said: string[] = [];
    const say = (line: string) => {
      const { out, err } = home.dzentra(line);
      said.push(out, err);
      return out;
    };
    say(`engine start ${on} --exchange binanceusdm --log debug`);
    say(`auto start ${on} --symbol BTC/USDT:USDT --strategy trend --json`);
    await until(
      'the account',
      () => say(`portfolio ${on} --json`),
      (out) => /"10000/.test(out) && out.includes('binanceusdm'),
    );
    const faults = ['status:status=503', 'html', 'truncate', 'error:code=-2015,status=401', 'rate-limit:retryAfter=1'];
    for (const fault of faults) {
      await at.fault(fault);
      for (const line of [
        'doctor',
        'doctor --json',
        'keys check binanceusdm',
        'keys list --json',
        `system ${on} --json`,
      ])
        say(line);
      await at.clear();
    }
    for (const line of [`journal list ${on} --json`, 'config show', 'config show --json']) say(line);
    say(`engine stop ${on}`);
    for (const words of ['sandbox-read', SECRET, 'signature=']) {
      expect(said.join('\n').includes(words), `${words} in what was printed`).toBe(false);
    }
    // The cache holds the program's own code, which the last process may still be writing.
    const { XDG_CACHE_HOME: _code, ...folders } = home.env;
    for (const folder of Object.values(folders).filter((path) => path.startsWith('/'))) {
      for (const file of filesIn(folder)) {
        if (file === keyFile(home)) continue;
        const text = readFileSync(file).toString('latin1');
        for (const words of ['sandbox-read', SECRET]) expect(text.includes(words), `${words} in ${file}`).toBe(false);
      }
    }
    expect(readFileSync(keyFile(home), 'utf8')).toContain(SECRET);
  });
});

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}
