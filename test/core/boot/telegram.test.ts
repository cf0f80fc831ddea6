import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import { bridgePorts } from '../../../src/core/boot/telegram.ts';
import { scratchFolder } from '../../support/scratch.ts';

const TOKEN = '700000001:CANARYcanaryCANARYcanaryCANARYcanary';

function ports(toml: string, more: Readonly<Record<string, string>> = {}) {
  const home = scratchFolder();
  const env = { XDG_CONFIG_HOME: home, XDG_STATE_HOME: home, DZENTRA_KEYRING: 'off', ...more };
  mkdirSync(join(home, 'dzentra'), { mode: 0o700 });
  writeFileSync(join(home, 'dzentra/config.toml'), toml);
  return bridgePorts(pathsOf(env), env);
}

const PROXY = 'http://127.0.0.1:3128';

describe('the settings of the bridge', () => {
  it.each<[string, string, Record<string, string>, object]>([
    ['are the defaults', '', {}, { api: 'https://api.telegram.org', groups: false, raisesRisk: false }],
    ['take the proxy of the environment', '', { HTTPS_PROXY: PROXY }, { proxy: PROXY }],
    [
      'take that of the file before it',
      `[telegram]\nproxy = "http://a:1"\n`,
      { HTTPS_PROXY: PROXY },
      { proxy: 'http://a:1' },
    ],
    ['spare what NO_PROXY names', '', { HTTPS_PROXY: PROXY, NO_PROXY: 'telegram.org' }, {}],
    [
      'take no proxy to this machine',
      '[telegram]\napi = "http://127.0.0.1:8081/"\nproxy = "http://a:1"\n',
      {},
      { api: 'http://127.0.0.1:8081' },
    ],
    ['let a phone do more where the file says so', '[telegram]\nraises-risk = true\n', {}, { raisesRisk: true }],
    ['do not where a variable says so', '', { DZENTRA_RAISES_RISK: 'true', DZENTRA_TELEGRAM_RAISES_RISK: 'true' }, {}],
  ])('%s', async (_, toml, env, expected) => {
    const plain = { api: 'https://api.telegram.org', groups: false, raisesRisk: false };
    expect(await ports(toml, env).settings('night')).toEqual({ ...plain, ...expected });
  });

  it('are refused where the proxy of the environment is none, without its password', async () => {
    const settings = await ports('', { HTTPS_PROXY: 'socks5://me:hunter2@a:1' }).settings('night');
    expect(settings).toMatchObject({ exit: 2, code: 'BAD_PROXY' });
    expect(JSON.stringify(settings)).not.toContain('hunter2');
  });
});

describe('the token of a profile', () => {
  it('is of that profile alone: two bridges on one bot would drive each other out', async () => {
    const own = ports('');
    const kept = await own.keepToken('night', TOKEN);
    expect(kept).toMatchObject({ file: expect.stringMatching(/telegram\/night\.token$/) });
    expect(await own.token('night')).toMatchObject({ token: TOKEN });
    expect(await own.token('day')).toMatchObject({ exit: 2, code: 'NO_TOKEN' });
  });
});

describe('a bridge that does not run', () => {
  it('has no one to stop', async () => {
    const own = ports('');
    expect(await own.status('night')).toEqual({ state: 'stopped', profile: 'night' });
    expect(await own.stop('night', AbortSignal.timeout(5_000))).toMatchObject({ exit: 2, code: 'NO_BRIDGE' });
  });
});
