import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { doctorPorts } from '../../../src/core/boot/doctor.ts';
import { accountOf, openRest } from '../../../src/core/boot/exchange-rest.ts';
import { keyPorts } from '../../../src/core/boot/keys.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import type { Check } from '../../../src/core/command/doctor/check.ts';
import { venueChecks } from '../../../src/core/command/doctor/venue.ts';
import { isRefusal } from '../../../src/core/command/refusal.ts';
import { processRedactor } from '../../../src/core/config/redact.ts';
import { type Sandbox, serveSandbox } from '../../../src/core/sandbox/server.ts';
import { shiftedClock, stubMarket } from '../../support/sandbox-market.ts';
import { scratchFolder } from '../../support/scratch.ts';

const SECRET = 'sandbox-secret';
const EXCHANGE = 'binanceusdm';

interface Home {
  readonly sandbox: Sandbox;
  readonly keys: ReturnType<typeof keyPorts>;
  readonly open: (withKey: boolean) => ReturnType<typeof openRest>;
  readonly account: () => ReturnType<typeof accountOf>;
  readonly examine: () => Promise<readonly Check[]>;
  readonly keep: (apiKey: string, secret?: string) => Promise<unknown>;
  readonly folder: string;
}

/** A home whose configuration leads to a stand-in over real sockets. */
async function home(): Promise<Home> {
  const clock = shiftedClock(Date.now());
  const sandbox = await serveSandbox({ usdm: stubMarket('usdm', clock), clock });
  onTestFinished(() => sandbox.close());
  const folder = scratchFolder();
  const env = { XDG_CONFIG_HOME: folder, XDG_STATE_HOME: join(folder, 'state'), DZENTRA_KEYRING: 'off' };
  const paths = pathsOf(env);
  mkdirSync(paths.config, { recursive: true });
  writeFileSync(join(paths.config, 'config.toml'), `[exchanges.${EXCHANGE}]\nendpoint = "${sandbox.usdm?.base}"\n`);
  const keys = keyPorts(paths, env);
  return {
    sandbox,
    keys,
    open: (withKey) => openRest(paths, env, EXCHANGE, { withKey }),
    account: () => accountOf(paths, env, EXCHANGE),
    examine: () => venueChecks(EXCHANGE, doctorPorts(paths, env).network, keys, undefined),
    keep: (apiKey, secret = SECRET) => keys.add({ exchange: EXCHANGE, apiKey, secret }, 'file', undefined),
    folder: join(paths.config, 'keys'),
  };
}

const verdictsOf = (checks: readonly Check[]): string[] => checks.map(({ name, verdict }) => `${name} ${verdict}`);

describe('a key at the stand-in', () => {
  it.each([
    ['sandbox-read', { canRead: true, canTrade: false, canWithdraw: false, isBoundToIp: true }],
    ['sandbox-trade', { canTrade: true, canWithdraw: false, positionMode: 'one-way' }],
    ['sandbox-withdraw', { canWithdraw: true }],
    ['sandbox-noip', { isBoundToIp: false }],
    ['sandbox-revoked', { code: 'BAD_KEY', exit: 4 }],
    ['someRealKey123456', { code: 'KEY_MISFIT', exit: 2 }],
  ])('%s may do what it may', async (apiKey, rights) => {
    const { keys } = await home();
    expect(await keys.check({ exchange: EXCHANGE, apiKey, secret: SECRET })).toMatchObject(rights);
  });

  it('opens the account; without one it is refused with what to do', async () => {
    const { account, keep, open } = await home();
    expect(await account()).toMatchObject({ code: 'NO_KEY', fix: `dzentra keys add ${EXCHANGE}` });
    const rest = await open(false);
    if (isRefusal(rest)) throw new Error(rest.found);
    await rest.close();
    await keep('sandbox-read');
    expect(await account()).toMatchObject({ exchange: EXCHANGE, positionMode: 'one-way' });
  });

  it('that is real never reaches it, stored or not', async () => {
    const { account, keep, examine } = await home();
    await keep('realKEY0123456789', 'realSECRET0123456789');
    expect(await account()).toMatchObject({ code: 'KEY_MISFIT' });
    const checks = await examine();
    expect(verdictsOf(checks)).toEqual(['network ok', 'gives ok', 'clock ok', 'key bad']);
    expect(JSON.stringify(checks)).not.toContain('realKEY0123456789');
  });

  it('is known to the redactor of the process from the first check', async () => {
    const { keys } = await home();
    await keys.check({ exchange: EXCHANGE, apiKey: 'sandbox-canary-key', secret: 'canarySECRET998877' });
    expect(processRedactor.redact('x canarySECRET998877 y sandbox-canary-key')).toBe('x [redacted] y [redacted]');
  });

  it('is kept with its instant, and named by no more than its ends', async () => {
    const { keys, keep, folder } = await home();
    await keep('sandbox-read');
    expect(await keys.list()).toMatchObject([
      { exchange: EXCHANGE, from: 'file', key: 'sand...read', addedAt: expect.any(Number) },
    ]);
    expect(JSON.parse(readFileSync(join(folder, `${EXCHANGE}.json`), 'utf8'))).toMatchObject({ secret: SECRET });
    expect(await keys.remove(EXCHANGE)).toEqual([join(folder, `${EXCHANGE}.json`)]);
    expect(await keys.find(EXCHANGE, undefined)).toBeUndefined();
  });
});

describe('the doctor at the stand-in', () => {
  it.each([
    ['sandbox-read', ['network ok', 'gives ok', 'clock ok', 'key ok', 'mode ok']],
    ['sandbox-noip', ['network ok', 'gives ok', 'clock ok', 'key warn', 'mode ok']],
    ['sandbox-withdraw', ['network ok', 'gives ok', 'clock ok', 'key bad']],
    ['sandbox-revoked', ['network ok', 'gives ok', 'clock ok', 'key bad']],
  ])('with %s', async (apiKey, verdicts) => {
    const { keep, examine } = await home();
    await keep(apiKey);
    expect(verdictsOf(await examine())).toEqual(verdicts);
  });

  it('with a clock that is off', async () => {
    const { sandbox, examine } = await home();
    sandbox.faults.set({ kind: 'clock-skew', ms: 5_000 });
    const checks = await examine();
    expect(verdictsOf(checks)).toEqual(['network ok', 'gives ok', 'clock bad', 'key off']);
    expect(checks.find(({ name }) => name === 'clock')?.found).toMatch(/^(4999|5000|5001) ms behind the venue/);
  });

  it('with a web page in the place of answers, and with nobody there', async () => {
    const { sandbox, examine, keep } = await home();
    await keep('sandbox-read');
    sandbox.faults.set({ kind: 'html' });
    const [page] = await examine();
    expect(page).toMatchObject({
      name: 'network',
      verdict: 'bad',
      found: expect.stringContaining('none of binanceusdm'),
    });
    await sandbox.close();
    const [nobody, key] = await examine();
    expect(nobody).toMatchObject({ verdict: 'bad', found: expect.stringContaining('ECONNREFUSED') });
    expect(key).toMatchObject({ verdict: 'warn', fix: `later: dzentra keys check ${EXCHANGE}` });
  });
});
