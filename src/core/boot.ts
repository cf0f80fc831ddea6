import { join } from 'node:path';
import { configFileOf, defaultProfile, type Looks, languageTold, logFileOf, looksTold, pathsOf } from './boot/paths.ts';
import type { Ports } from './command/ports.ts';
import { localeOf } from './config/locale.ts';

/** What the core has to know of the process. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** The language of a face, for little: as told by a flag, the environment or the file, else of the locale. */
export const languageOf = (env: Host['env'], told?: string): 'en' | 'ru' =>
  localeOf(told ?? languageTold(pathsOf(env), env), env);

/** How screens look, for as little. */
export const looksOf = (env: Host['env']): Looks => looksTold(pathsOf(env), env);

/**
 * The only place that names adapters: what commands need, each made when it is first used. The modes are rows of one
 * table: a backtest has stored candles, a simulated venue and no file; paper has a feed, a simulated venue and a journal
 * file; a replay has a tape in the place of both.
 */
export function boot(host: Host): Promise<Ports> {
  const paths = pathsOf(host.env);
  const own = join(paths.config, 'strategies');
  const journal = async (): Promise<Ports['journal']> => (await import('./boot/journal.ts')).journalPorts(paths);
  const data = async () => (await import('./boot/data.ts')).dataPorts(paths);
  const engine = async () => (await import('./boot/engine.ts')).enginePorts(paths, host.env);
  const keys = async () => (await import('./boot/keys.ts')).keyPorts(paths, host.env);
  const doctor = async () => (await import('./boot/doctor.ts')).doctorPorts(paths, host.env);
  const bridge = async () => (await import('./boot/telegram.ts')).bridgePorts(paths, host.env);
  const sandbox = async () => (await import('./boot/sandbox.ts')).sandboxPorts();
  const debug = async () => (await import('./boot/debug.ts')).debugPorts(paths, host.env);
  let configured: Promise<Ports['config']> | undefined;
  const config = (): Promise<Ports['config']> => {
    configured ??= import('./boot/config.ts').then(({ configPorts }) => configPorts(paths, host.env));
    return configured;
  };
  return Promise.resolve({
    strategies: {
      list: async () => (await import('./boot/strategies.ts')).listStrategies(own),
      find: async (nameOrPath) => (await import('./boot/strategies.ts')).findStrategy(nameOrPath, own),
      absolute: async (nameOrPath) => (await import('./boot/strategies.ts')).absoluteStrategy(nameOrPath),
    },
    backtest: async (request, hooks) => (await import('./boot/backtest.ts')).backtest(request, hooks, paths),
    foreground: async (request, hooks) => (await import('./boot/paper.ts')).foreground(request, hooks, paths),
    replay: async (request, hooks) => (await import('./boot/replay.ts')).replay(request, hooks, paths),
    tape: async (file, span, write, signal) =>
      (await import('./boot/tape-records.ts')).tapeRecords(file, span, write, signal),
    journal: journalOf(journal),
    data: {
      import: async (of, signal) => (await data()).import(of, signal),
      list: async () => (await data()).list(),
      download: async (of, hooks) => (await import('./boot/download.ts')).downloadPort(paths, host.env)(of, hooks),
      check: async (of, signal) => (await data()).check(of, signal),
      export: async (of, write, signal) => (await data()).export(of, write, signal),
    },
    engine: {
      profile: (given) => given ?? defaultProfile(paths, host.env),
      logFile: (profile) => logFileOf(paths, profile),
      connect: async (profile, options) => (await engine()).connect(profile, options),
      misfit: async (options) => (await engine()).misfit(options),
      start: async (options, signal) => (await engine()).start(options, signal),
      run: async (options, signal, onReady) => (await engine()).run(options, signal, onReady),
      stop: async (profile, signal) => (await engine()).stop(profile, signal),
      status: async (profile) => (await engine()).status(profile),
      logLines: async (profile, count) => (await engine()).logLines(profile, count),
      followLog: async (profile, signal, onLine) => (await engine()).followLog(profile, signal, onLine),
      reset: async (profile) => (await engine()).reset(profile),
    },
    sandbox: {
      serve: async (options, hooks) => (await sandbox()).serve(options, hooks),
      faults: async (port, change) => (await sandbox()).faults(port, change),
      differences: async () => (await sandbox()).differences(),
    },
    picture: async (request) => (await import('./boot/picture.ts')).picture(request, paths),
    debug: {
      isEnabled: host.env.DEBUG_ENABLED === '1',
      load: async () => (await debug()).load(),
      store: async (session) => (await debug()).store(session),
      read: async (path, signal) => (await debug()).read(path, signal),
      write: async (path, text) => (await debug()).write(path, text),
      candles: async (feed, symbol, signal) => (await debug()).candles(feed, symbol, signal),
      onChange: (listener) => later(debug().then(({ onChange }) => onChange(listener))),
    },
    keys: keysOf(keys),
    doctor: doctorOf(doctor),
    bridge: bridgeOf(bridge),
    markets: async (exchange) => (await import('./boot/exchange-rest.ts')).marketsOf(paths, host.env, exchange),
    account: async (exchange, ask) =>
      (await import('./boot/exchange-rest.ts')).accountOf(paths, host.env, exchange, ask),
    config: {
      file: configFileOf(paths),
      load: async (flags) => (await config()).load(flags),
      init: async () => (await config()).init(),
    },
    frame: async (columns) => (await import('./boot/frame.ts')).frame(columns),
  });
}

const journalOf = (journal: () => Promise<Ports['journal']>): Ports['journal'] => ({
  open: async (where) => (await journal()).open(where),
  verify: async (where, hooks) => (await journal()).verify(where, hooks),
  prune: async (where, beforeAt, backup, signal) => (await journal()).prune(where, beforeAt, backup, signal),
  export: async (where, format, query, write, signal) => (await journal()).export(where, format, query, write, signal),
});

const keysOf = (keys: () => Promise<Ports['keys']>): Ports['keys'] => ({
  list: async () => (await keys()).list(),
  find: async (exchange, ask) => (await keys()).find(exchange, ask),
  check: async (key) => (await keys()).check(key),
  whyNoKeyring: async () => (await keys()).whyNoKeyring(),
  passphrase: async () => (await keys()).passphrase(),
  add: async (key, place, passphrase) => (await keys()).add(key, place, passphrase),
  remove: async (exchange) => (await keys()).remove(exchange),
});

const doctorOf = (doctor: () => Promise<Ports['doctor']>): Ports['doctor'] => ({
  machine: async (profile) => (await doctor()).machine(profile),
  exchanges: async () => (await doctor()).exchanges(),
  network: {
    place: async (exchange) => (await doctor()).network.place(exchange),
    lookUp: async (name) => (await doctor()).network.lookUp(name),
    connect: async (place) => (await doctor()).network.connect(place),
    open: async (exchange, key) => (await doctor()).network.open(exchange, key),
    measureClock: async (exchange, rest) => (await doctor()).network.measureClock(exchange, rest),
  },
});

const bridgeOf = (bridge: () => Promise<Ports['bridge']>): Ports['bridge'] => ({
  settings: async (profile) => (await bridge()).settings(profile),
  token: async (profile) => (await bridge()).token(profile),
  given: async (text) => (await bridge()).given(text),
  keepToken: async (profile, token) => (await bridge()).keepToken(profile, token),
  open: async (profile) => (await bridge()).open(profile),
  look: async (profile) => (await bridge()).look(profile),
  status: async (profile) => (await bridge()).status(profile),
  start: async (profile, signal) => (await bridge()).start(profile, signal),
  stop: async (profile, signal) => (await bridge()).stop(profile, signal),
  log: async (profile) => (await bridge()).log(profile),
});

/** Ends something that is still beginning, once it has begun. */
function later(begun: Promise<() => void>): () => void {
  return () => void begun.then((end) => end());
}
