import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Sandbox, serveSandbox } from '../../src/core/sandbox/server.ts';
import { shiftedClock, stubMarket } from '../support/sandbox-market.ts';
import { writeFiles } from '../support/scratch.ts';
import { hasTmux, openTerminal, type Terminal } from '../support/tmux.ts';

const MAIN = resolve(import.meta.dirname, '../../src/cli/main.ts');
const SECRET = 'sandbox-secret';

async function home(): Promise<{ folder: string; sandbox: Sandbox }> {
  const folder = mkdtempSync(join(tmpdir(), 'dzentra-keys-'));
  const clock = shiftedClock(Date.now());
  const sandbox = await serveSandbox({ usdm: stubMarket('usdm', clock), clock });
  const config = `[exchanges.binanceusdm]\nendpoint = "${sandbox.usdm?.base}"\n`;
  writeFiles(folder, { 'config/dzentra/config.toml': config });
  onTestFinished(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, sandbox };
}

function terminal(folder: string, line: string): Terminal {
  const env = {
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    DZENTRA_KEYRING: 'off',
  };
  const opened = openTerminal(`${process.execPath} ${MAIN} ${line}`, 100, 40, env);
  onTestFinished(() => opened.close());
  return opened;
}

describe.skipIf(!hasTmux)('keys on a real terminal', () => {
  it('are typed unseen, checked, sealed, and opened again with the passphrase', async () => {
    const { folder } = await home();
    const added = terminal(folder, 'keys add binanceusdm');
    for (const [question, text] of [
      [/API key/, 'sandbox-read'],
      [/API secret/, SECRET],
      [/New passphrase/, 'correct horse'],
      [/again/, 'correct horse'],
    ] as const) {
      await added.until(question);
      added.type(text);
      added.keys('Enter');
    }
    const screen = await added.until(/exit 0/);
    for (const each of ['sandbox-read', SECRET, 'correct horse']) expect(screen).not.toContain(each);
    const file = join(folder, 'config/dzentra/keys/binanceusdm.sealed.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(SECRET);

    const wrong = terminal(folder, 'keys check binanceusdm');
    await wrong.until(/Passphrase/);
    wrong.type('another one');
    wrong.keys('Enter');
    expect(await wrong.until(/exit 2/)).toContain('WRONG_PASSPHRASE');

    const doctor = terminal(folder, 'doctor');
    await doctor.until(/Passphrase/);
    doctor.type('correct horse');
    doctor.keys('Enter');
    const told = await doctor.until(/exit \d/);
    expect(told).toContain('reads');
    expect(told).not.toContain('correct horse');
  });

  it('that can withdraw are not kept, and Ctrl-C at a question keeps nothing', async () => {
    const { folder } = await home();
    const withdraws = terminal(folder, 'keys add binanceusdm --in file');
    await withdraws.until(/API key/);
    withdraws.type('sandbox-withdraw');
    withdraws.keys('Enter');
    await withdraws.until(/API secret/);
    withdraws.type(SECRET);
    withdraws.keys('Enter');
    expect(await withdraws.until(/exit 3/)).toContain('KEY_WITHDRAWS');

    const ended = terminal(folder, 'keys add binanceusdm --in file');
    await ended.until(/API key/);
    ended.keys('C-c');
    await ended.until(/exit 2/);
    expect(await terminal(folder, 'keys list').until(/exit 0/)).toContain('no key');
  });
});
