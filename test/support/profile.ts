import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ROOT } from './checkout.ts';
import { scratchFolder } from './scratch.ts';

/** A home of its own for one test, with the program as a user has it; engines that it started end with the test. */
export interface Home {
  readonly env: Readonly<Record<string, string>>;
  readonly launcher: string;
  /** Runs a command line to its end. */
  dzentra(line: string): { readonly code: number | null; readonly out: string; readonly err: string };
  /** Runs one with `--json` and reads what it printed. */
  // biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
  json(line: string): any;
}

const LAUNCHER = join(ROOT, 'bin/dzentra.js');

export function openHome(...profiles: readonly string[]): Home {
  const folder = scratchFolder();
  const runtime = join(folder, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  const env = {
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    XDG_RUNTIME_DIR: runtime,
    LANG: 'C.UTF-8',
    LC_ALL: 'C.UTF-8',
  };
  const dzentra = (line: string): ReturnType<Home['dzentra']> => {
    const args = [LAUNCHER, ...line.split(' ')];
    const ended = spawnSync(process.execPath, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
    return { code: ended.status, out: ended.stdout, err: ended.stderr };
  };
  onTestFinished(() => {
    for (const profile of profiles) dzentra(`engine stop --profile ${profile}`);
  });
  return {
    env,
    launcher: `${process.execPath} ${LAUNCHER}`,
    dzentra,
    json(line) {
      const { code, out, err } = dzentra(`${line} --json`);
      if (out === '') throw new Error(`expected data of ${line}, found exit ${code}: ${err}`);
      return JSON.parse(out);
    },
  };
}
