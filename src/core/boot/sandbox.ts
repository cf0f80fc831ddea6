import { type Refusal, refusal } from '../command/refusal.ts';
import type {
  FaultChange,
  FaultRow,
  SandboxPorts,
  Served,
  ServeHooks,
  ServeOptions,
} from '../command/sandbox/ports.ts';
import type { Fault } from '../sandbox/fault.ts';
import type { FaultProblem, SandboxFaults } from '../sandbox/faults.ts';
import type { SandboxClock } from '../sandbox/market.ts';
import { openMarkets, type SourcedMarket } from './sandbox-source.ts';
import { readScript } from './script-file.ts';

const ANSWER_MS = 3_000;
/** A market that nobody watches goes on, too: one that rests would have hours to catch up with. */
const BEAT_MS = 250;
const HOST = '127.0.0.1';

/** The stand-in exchange behind `dzentra sandbox`. */
export function sandboxPorts(): SandboxPorts {
  return {
    serve,
    faults: changeFaults,
    async differences() {
      const [{ BEHAVIOUR_DIFFERENCES, FIELD_DIFFERENCES }, { STREAM_DIFFERENCES }] = await Promise.all([
        import('../sandbox/differences.ts'),
        import('../sandbox/stream/differences.ts'),
      ]);
      return [...BEHAVIOUR_DIFFERENCES, ...STREAM_DIFFERENCES, ...FIELD_DIFFERENCES];
    },
  };
}

/** The clock of this machine; its timers keep the process alive as long as something is served. */
const WALL: SandboxClock = {
  wall: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

async function serve(options: ServeOptions, hooks: ServeHooks): Promise<Refusal | undefined> {
  const [{ createFaults }, { serveSandbox, SandboxError }] = await Promise.all([
    import('../sandbox/faults.ts'),
    import('../sandbox/server.ts'),
  ]);
  const faults = createFaults(WALL);
  const plan = await planOf(options, hooks.signal);
  if ('exit' in plan) return plan;
  const markets = await openMarkets(options, WALL, hooks.signal);
  if ('exit' in markets) return markets;
  if (hooks.signal.aborted) return undefined;
  try {
    const sandbox = await serveSandbox({
      ...marketsOf(markets),
      clock: WALL,
      ports: { usdm: options.port, spot: options.port === 0 ? 0 : options.port + 1 },
      faults,
      accounts: accountsOf(markets, options.balance),
      onError: hooks.onProblem,
    });
    for (const fault of plan.begin) faults.set(fault);
    const ends = plan.script.map(({ atMs, act }) => WALL.after(atMs, () => act(faults)));
    hooks.onReady(markets.map(({ market, plays }) => servedOf(sandbox, market.kind, plays, market.listings)));
    const beat = setInterval(() => {
      for (const { market } of markets) market.play();
    }, BEAT_MS);
    await ended(hooks.signal);
    clearInterval(beat);
    for (const end of ends) end();
    await sandbox.close();
    return undefined;
  } catch (problem) {
    if (!(problem instanceof SandboxError)) throw problem;
    return refusal(3, 'IN_USE', 'a free port', problem.message, 'give another --port, or --port 0');
  }
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

function marketsOf(markets: readonly SourcedMarket[]) {
  const of = (kind: 'usdm' | 'spot') => markets.find(({ market }) => market.kind === kind)?.market;
  return { usdm: of('usdm'), spot: of('spot') };
}

function accountsOf(markets: readonly SourcedMarket[], balance: string) {
  const of = (kind: 'usdm' | 'spot') => {
    const listing = markets.find(({ market }) => market.kind === kind)?.market.listings[0];
    return { balances: [{ asset: listing?.instrument.quote ?? 'USDT', free: balance, locked: '0' }] };
  };
  return { usdm: of('usdm'), spot: of('spot') };
}

function servedOf(
  sandbox: Readonly<Record<'usdm' | 'spot', { readonly port: number; readonly base: string } | undefined>>,
  market: 'usdm' | 'spot',
  plays: string,
  listings: readonly { readonly id: string }[],
): Served {
  const { port = 0, base = '' } = sandbox[market] ?? {};
  return { market, port, base, plays, symbols: listings.map(({ id }) => id) };
}

interface Planned {
  readonly begin: readonly Fault[];
  readonly script: readonly { readonly atMs: number; readonly act: (faults: SandboxFaults) => void }[];
}

/** Faults of the command line and of the script, read before anything is served. */
async function planOf({ faults, script }: ServeOptions, signal: AbortSignal): Promise<Planned | Refusal> {
  const reader = await import('../sandbox/faults.ts');
  const { isFault, readFault } = reader;
  const begin = faults.map(readFault);
  const wrong = begin.find((one): one is FaultProblem => !isFault(one));
  if (wrong !== undefined) return refusalOf(wrong);
  const lines = script === undefined ? [] : await linesOf(script, signal);
  if ('exit' in lines) return lines;
  const acts: Planned['script'][number][] = [];
  for (const [at, line] of lines.entries()) {
    const { atMs, ...what } = parsed(line) ?? {};
    const act = actOf(what, reader);
    if (typeof atMs === 'number' && atMs >= 0 && typeof act === 'function') {
      acts.push({ atMs, act });
      continue;
    }
    const { expected, found, fix } = typeof act === 'object' ? act : { ...BAD_LINE, found: line.slice(0, 80) };
    return refusal(2, 'BAD_LINE', `line ${at + 1} of ${script}: ${expected}`, found, fix);
  }
  return { begin: begin.filter(isFault), script: acts };
}

const BAD_LINE = {
  expected: '{"atMs":5000,"fault":{...}} or {"atMs":5000,"clear":"cut"}',
  fix: 'correct the line',
};

/** What a line of a script does: it sets a fault, or clears those of a kind, or all with `true`. Undefined: neither. */
function actOf(
  { fault, clear }: Readonly<Record<string, unknown>>,
  { isFault, isKind, kindProblem, readFault }: typeof import('../sandbox/faults.ts'),
): Planned['script'][number]['act'] | FaultProblem | undefined {
  if (clear === true) return (all) => all.clear();
  if (clear !== undefined) {
    const kind = String(clear);
    return isKind(kind) ? (all) => all.clear(kind) : kindProblem(kind);
  }
  if (fault === undefined) return undefined;
  const read = readFault(fault);
  return isFault(read) ? (all) => all.set(read) : read;
}

async function linesOf(path: string, signal: AbortSignal): Promise<readonly string[] | Refusal> {
  const text = await readScript(path, { what: 'a script of faults', fix: 'name a file that is there' }, signal);
  if (typeof text !== 'string') return text;
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}

/** Asks a running stand-in; refused where none answers at that port. What is no fault is refused before anybody is asked. */
async function changeFaults(port: number, change: FaultChange): Promise<readonly FaultRow[] | Refusal> {
  const wrong = await problemIn(change);
  if (wrong !== undefined) return refusalOf(wrong);
  let last: readonly FaultRow[] | Refusal = [];
  for (const [method, query, body] of requestsOf(change)) {
    last = await ask(port, { method, query, body });
    if ('exit' in last) return last;
  }
  return last;
}

async function problemIn(change: FaultChange): Promise<FaultProblem | undefined> {
  if (change.do === 'list') return undefined;
  const { isFault, isKind, kindProblem, readFault } = await import('../sandbox/faults.ts');
  if (change.do === 'set') return change.faults.map(readFault).find((one): one is FaultProblem => !isFault(one));
  const unknown = change.kinds.find((kind) => !isKind(kind));
  return unknown === undefined ? undefined : kindProblem(unknown);
}

const refusalOf = ({ expected, found, fix }: FaultProblem): Refusal => refusal(2, 'BAD_OPTION', expected, found, fix);

function requestsOf(
  change: FaultChange,
): readonly (readonly [method: string, query: string, body: string | undefined])[] {
  if (change.do === 'list') return [['GET', '', undefined]];
  if (change.do === 'set') return [['POST', '', JSON.stringify(change.faults)]];
  if (change.kinds.length === 0) return [['DELETE', '', undefined]];
  return change.kinds.map((kind) => ['DELETE', `?kind=${kind}`, undefined] as const);
}

async function ask(
  port: number,
  { method, query, body }: { readonly method: string; readonly query: string; readonly body: string | undefined },
): Promise<readonly FaultRow[] | Refusal> {
  try {
    const url = `http://${HOST}:${port}/sandbox/faults${query}`;
    const signal = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(url, { method, signal, ...(body === undefined ? {} : { body }) });
    const json = parsed(await response.text());
    const problem = json?.problem as FaultProblem | undefined;
    if (problem !== undefined) return refusalOf(problem);
    const { active, waiting } = json ?? {};
    if (Array.isArray(active) && Array.isArray(waiting)) return [...rowsOf(active, false), ...rowsOf(waiting, true)];
  } catch {
    // Refused, silent or not HTTP: it is told below.
  }
  const fix = 'dzentra sandbox serve, and its port with --port';
  return refusal(4, 'VENUE_DOWN', `a stand-in exchange at ${HOST}:${port}`, 'none that answers', fix);
}

const rowsOf = (faults: readonly Fault[], isWaiting: boolean): readonly FaultRow[] =>
  faults.map(({ kind, ...details }) => ({ kind, isWaiting, details: details as FaultRow['details'] }));
