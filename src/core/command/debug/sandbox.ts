import { type Money, money, text } from '../../base/decimal.ts';
import type { AnyEntry } from '../../domain/entry.ts';
import { createSandbox, type Sandbox } from '../../lab/debug-sandbox.ts';
import { sandboxScene } from '../../lab/debug-scene.ts';
import { emptyUi, type Scene } from '../../view/scene.ts';
import { type Data, runData, runsUnder } from '../attached/data.ts';
import { factsOf } from '../attached/screen.ts';
import type { Context, Field } from '../command.ts';
import { type Block, type Outcome, refused } from '../outcome.ts';
import type { DebugPorts, DebugSession } from '../ports.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { entriesUnder } from '../run/fields.ts';
import { ENTRY_COLUMNS, entryCells } from '../telling/told.ts';

/** The one port of a debug command, where it is turned on: nothing else of the program can be reached from there. */
export async function withDebug(context: Context, work: (ports: DebugPorts) => Promise<Outcome>): Promise<Outcome> {
  const { debug } = await context.boot();
  if (debug.isEnabled) return await work(debug);
  const why = refusal(2, 'DEBUG_OFF', 'DEBUG_ENABLED=1', 'it is not set', 'DEBUG_ENABLED=1 dzentra debug start');
  return refused(why);
}

/** How debug commands are turned on, for the help of each. */
export const ENABLED_HELP = 'It needs DEBUG_ENABLED=1 in the environment: DEBUG_ENABLED=1 dzentra debug start.';

/** A sandbox that was begun, with every line of it run again. */
export interface Begun {
  readonly session: DebugSession;
  readonly sandbox: Sandbox;
}

/** The sandbox of a session. */
export function sandboxOf(session: Pick<DebugSession, 'symbol' | 'balance' | 'stepMs' | 'candles' | 'lines'>): Sandbox {
  const { symbol, balance, stepMs, candles: feed, lines } = session;
  const startAt = feed[0]?.[0];
  const sandbox = createSandbox({ symbol, balance: money(balance), stepMs, feed, startAt });
  for (const line of lines) sandbox.run(line);
  return sandbox;
}

/** The sandbox that was begun, or how to begin one. */
export async function begun(ports: DebugPorts): Promise<Begun | Refusal> {
  const session = await ports.load();
  if (session === undefined) return refusal(3, 'NO_SANDBOX', 'a sandbox', 'none is begun', 'dzentra debug start');
  return { session, sandbox: sandboxOf(session) };
}

/** The sandbox as a scene, for a face that shows it; undefined where none was begun. */
export async function sandboxSceneOf(ports: DebugPorts): Promise<Scene | undefined> {
  const session = await ports.load();
  return session === undefined ? undefined : sandboxScene(sandboxOf(session), session.feed ?? 'script');
}

/** What `--json` prints of a sandbox. */
export const SANDBOX_FIELDS: readonly Field[] = [
  ['now', 'ms', 'its clock'],
  ['price', 'number|null', 'the last price'],
  ['left', 'number', 'candles of its feed that are left'],
  ['balance', 'decimal', 'its balance'],
  ['run', 'object', 'its one run'],
  ...runsUnder('run'),
];
export const sandboxFields = (schema: string): readonly Field[] => [
  ['schema', 'text', schema],
  ...SANDBOX_FIELDS,
  ['entries', 'array', 'what came of it, oldest first'],
  ...entriesUnder('entries[]'),
];

export function sandboxData(sandbox: Sandbox, feed: string): Data {
  const scene = sandboxScene(sandbox, feed);
  const [run] = scene.state.runs;
  if (run === undefined) throw new Error('Invariant: a sandbox has a run');
  const balance: Money | undefined = scene.state.accounts[0]?.balance;
  const { mid } = sandbox.debug.touch;
  return {
    now: sandbox.debug.now,
    price: Number.isNaN(mid) ? null : mid,
    left: sandbox.left,
    balance: text(balance ?? 0n),
    run: runData(scene, run),
  };
}

/** The Debug screen of a sandbox. */
export async function screenOf({ session, sandbox }: Begun): Promise<Block> {
  const { viewOf } = await import('../../view/screens.ts');
  const feed = session.feed ?? 'script';
  const view = viewOf(sandboxScene(sandbox, feed), emptyUi('debug'));
  return { kind: 'view', view, piped: [factsOf(sandboxData(sandbox, feed))] };
}

/** Entries as a table. */
export const entriesTable = (entries: readonly AnyEntry[]): Block => ({
  kind: 'table',
  columns: ENTRY_COLUMNS,
  rows: entries.map(entryCells),
  empty: 'nothing came of it yet: what is asked for is done at the next price (dzentra debug step)',
});
