import { homedir, tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { shown } from '../command/refusal.ts';
import { nodeFs } from '../platform/fs.ts';

/** Where things lie, by the XDG rules with their fallbacks. */
export interface Paths {
  /** One folder a profile: its journal, tapes and log. */
  readonly state: string;
  readonly config: string;
  /** History: `candles/<exchange>/<symbol>-<timeframe>.arrow`. */
  readonly data: string;
  readonly runtime: string;
}

/** Folders from the environment; a relative path in a variable is ignored, as the rules say. */
export function pathsOf(environment: Readonly<Record<string, string | undefined>>): Paths {
  const home = homeOf();
  const folder = (variable: string, fallback: string): string => {
    const given = environment[variable];
    return join(given?.startsWith('/') === true ? given : fallback, 'dzentra');
  };
  return {
    state: folder('XDG_STATE_HOME', join(home, '.local/state')),
    config: folder('XDG_CONFIG_HOME', join(home, '.config')),
    data: folder('XDG_DATA_HOME', join(home, '.local/share')),
    // The temporary folder is everybody's: a name of our own in it.
    runtime: environment.XDG_RUNTIME_DIR?.startsWith('/')
      ? join(environment.XDG_RUNTIME_DIR, 'dzentra')
      : join(tmpdir(), `dzentra-${userId()}`),
  };
}

/**
 * That of the system where HOME is empty or relative: files would lie wherever somebody stands. A user whom the system does
 * not know, as in containers, has the root for a home: only what no variable places lies there.
 */
function homeOf(): string {
  try {
    const told = homedir();
    return isAbsolute(told) ? told : userInfo().homedir;
  } catch {
    return '/';
  }
}

const userId = (): string => `${process.geteuid?.() ?? 'user'}`;

export const profileFolder = (paths: Paths, profile: string): string => join(paths.state, profile);
export const logFileOf = (paths: Paths, profile: string): string => join(paths.state, profile, 'dzentra.log');
export const candlesFolder = (paths: Paths): string => join(paths.data, 'candles');
export const configFileOf = (paths: Paths): string => join(paths.config, 'config.toml');

const PROFILE = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** A profile is a folder's name, and never a way out of the folder of all of them. */
export class ProfileNameError extends Error {
  override readonly name = 'ProfileNameError';
  readonly code = 'BAD_CONFIG';
  readonly exit = 2;
  readonly expected = 'profile with a name of small letters, digits and hyphens';
  readonly found: string;
  readonly fix = 'give such a name, or unset DZENTRA_PROFILE';

  constructor(given: string) {
    super('BAD_CONFIG: DZENTRA_PROFILE is no name of a profile');
    this.found = `DZENTRA_PROFILE=${shown(given)}`;
  }
}

/**
 * The profile where none is named: DZENTRA_PROFILE, else the one of the configuration file, else demo. The file is not
 * parsed for it: what is wrong in it is told by who reads it whole.
 */
export function defaultProfile(paths: Paths, env: Readonly<Record<string, string | undefined>>): string {
  const told = env.DZENTRA_PROFILE;
  if (told !== undefined && told !== '') {
    if (!PROFILE.test(told)) throw new ProfileNameError(told);
    return told;
  }
  return /^\s*profile\s*=\s*["']([a-z0-9][a-z0-9-]{0,31})["']/m.exec(fileHead(paths))?.[1] ?? 'demo';
}

/** The language that was told: DZENTRA_LANGUAGE, else the configuration file, which is not parsed for it either. */
export function languageTold(paths: Paths, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const told = env.DZENTRA_LANGUAGE;
  if (told !== undefined && told !== '') return told;
  return /^\s*language\s*=\s*["'](en|ru)["']/m.exec(fileHead(paths))?.[1];
}

/** How screens look that commands print: as variables, else the configuration file say. */
export function looksTold(paths: Paths, env: Readonly<Record<string, string | undefined>>): Looks {
  const head = fileHead(paths);
  const ascii = env.DZENTRA_ASCII || /^\s*ascii\s*=\s*["']?(true|false)\b/m.exec(head)?.[1];
  const theme = env.DZENTRA_THEME || /^\s*theme\s*=\s*["'](dark|light|blue-orange)["']/m.exec(head)?.[1];
  return { ascii: ascii === 'true', theme };
}

/** What `ascii` and `theme` of the configuration say. */
export interface Looks {
  readonly ascii: boolean;
  readonly theme: string | undefined;
}

/** What stands before the first table of the configuration file; empty where it cannot be read. */
function fileHead(paths: Paths): string {
  try {
    return nodeFs.readFileSync(configFileOf(paths), 'utf8').split(/^\s*\[/m)[0] ?? '';
  } catch {
    return '';
  }
}
