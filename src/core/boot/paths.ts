import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

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
  const home = homedir();
  const folder = (variable: string, fallback: string): string => {
    const given = environment[variable];
    return join(given?.startsWith('/') === true ? given : fallback, 'dzentra');
  };
  return {
    state: folder('XDG_STATE_HOME', join(home, '.local/state')),
    config: folder('XDG_CONFIG_HOME', join(home, '.config')),
    data: folder('XDG_DATA_HOME', join(home, '.local/share')),
    runtime: folder('XDG_RUNTIME_DIR', tmpdir()),
  };
}

export const profileFolder = (paths: Paths, profile: string): string => join(paths.state, profile);
export const candlesFolder = (paths: Paths): string => join(paths.data, 'candles');
