import { join } from 'node:path';
import { pathsOf } from './boot/paths.ts';
import type { Ports } from './command/ports.ts';

/** What the core has to know of the process. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/**
 * The only place that names adapters: what commands need, each made when it is first used. The modes are rows of one
 * table: a backtest has stored candles, a simulated venue and no file; paper has a feed, a simulated venue and a journal
 * file; a replay has a tape in the place of both.
 */
export function boot(host: Host): Promise<Ports> {
  const paths = pathsOf(host.env);
  const own = join(paths.config, 'strategies');
  const journal = async (): Promise<Ports['journal']> => (await import('./boot/journal.ts')).journalPorts(paths);
  const data = async (): Promise<Ports['data']> => (await import('./boot/data.ts')).dataPorts(paths);
  return Promise.resolve({
    strategies: {
      list: async () => (await import('./boot/strategies.ts')).listStrategies(own),
      find: async (nameOrPath) => (await import('./boot/strategies.ts')).findStrategy(nameOrPath, own),
    },
    backtest: async (request, hooks) => (await import('./boot/backtest.ts')).backtest(request, hooks, paths),
    foreground: async (request, hooks) => (await import('./boot/paper.ts')).foreground(request, hooks, paths),
    replay: async (request, hooks) => (await import('./boot/replay.ts')).replay(request, hooks, paths),
    journal: {
      open: async (where) => (await journal()).open(where),
      verify: async (where, hooks) => (await journal()).verify(where, hooks),
      prune: async (where, beforeAt, backup) => (await journal()).prune(where, beforeAt, backup),
      export: async (where, format, query, write) => (await journal()).export(where, format, query, write),
    },
    data: {
      import: async (of) => (await data()).import(of),
      list: async () => (await data()).list(),
      check: async (of) => (await data()).check(of),
      export: async (of, write) => (await data()).export(of, write),
    },
    frame: async (columns) => (await import('./boot/frame.ts')).frame(columns),
  });
}
