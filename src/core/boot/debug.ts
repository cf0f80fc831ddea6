import { unwatchFile, watchFile } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { DebugPorts, DebugSession } from '../command/ports.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import type { Candles } from '../domain/candle.ts';
import type { CandleRow } from '../domain/frame.ts';
import { DataError } from '../market/data-error.ts';
import { makeFolder } from '../platform/folder.ts';
import { dataRefusal } from './feed.ts';
import type { Paths } from './paths.ts';

/** Candles of a snapshot: enough to see what came before. */
const SNAPSHOT = 240;
const SYNTHETIC_DAYS = 7;
const DAY_MS = 86_400_000;
const POLL_MS = 250;

/**
 * What debug commands can reach: one file of their own, candles to read, a file that the user names. The folder's name
 * begins with a dot, which no profile's does.
 */
export function debugPorts(paths: Paths, env: Readonly<Record<string, string | undefined>>): DebugPorts {
  const folder = join(paths.state, '.debug');
  const file = join(folder, 'sandbox.json');
  return {
    isEnabled: env.DEBUG_ENABLED === '1',
    async load() {
      const source = await orNothing(readFile(file, 'utf8'));
      return source === undefined ? undefined : sessionOf(source);
    },
    async store(session) {
      if (session === undefined) {
        await rm(file, { force: true });
        return;
      }
      makeFolder(folder);
      // Whole or not at all: another command may read at the same time.
      await writeFile(`${file}.new`, JSON.stringify(session), { mode: 0o600 });
      await rename(`${file}.new`, file);
    },
    async read(path, signal) {
      if (path === '-') return await text(addAbortSignal(signal, process.stdin));
      const { readScript } = await import('./script-file.ts');
      return await readScript(path, { what: 'a script', fix: 'name a file that is there, or -' }, signal);
    },
    async write(path, body) {
      try {
        await writeFile(path, body, { flag: 'wx', mode: 0o600 });
        return undefined;
      } catch (problem) {
        const found = problem instanceof Error ? problem.message : String(problem);
        return refusal(2, 'NOT_WRITTEN', 'a new file', found, 'name a file that is not there yet');
      }
    },
    candles: candlesOf,
    onChange(listener) {
      watchFile(file, { interval: POLL_MS }, listener);
      return () => unwatchFile(file, listener);
    },
  };
}

/** A file that an older program wrote, or that somebody edited badly, is none. */
function sessionOf(source: string): DebugSession | undefined {
  try {
    const session = JSON.parse(source) as Partial<DebugSession>;
    return session.v === 1 && Array.isArray(session.lines) ? (session as DebugSession) : undefined;
  } catch (problem) {
    if (problem instanceof SyntaxError) return undefined;
    throw problem;
  }
}

async function orNothing(reading: Promise<string>): Promise<string | undefined> {
  try {
    return await reading;
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && (problem.code === 'ENOENT' || problem.code === 'EISDIR'))
      return undefined;
    throw problem;
  }
}

async function candlesOf(
  feed: string,
  symbol: string,
  signal: AbortSignal,
): Promise<{ rows: readonly CandleRow[]; stepMs: number } | Refusal> {
  const [kind = '', rest = ''] = feed.split(/:(.*)/s);
  if (kind === 'replay') {
    try {
      const { readCandles } = await import('../market/csv.ts');
      const { candles } = await readCandles(rest, {}, signal);
      return { rows: rowsOf(candles), stepMs: candles.timeframeMs };
    } catch (problem) {
      if (problem instanceof DataError) return dataRefusal(problem);
      throw problem;
    }
  }
  const { SYNTHETIC_EPOCH_AT, SyntheticMarket } = await import('../market/synthetic.ts');
  const market = new SyntheticMarket(symbol, rest === '' ? 1 : Number(rest));
  const now = Math.max(SYNTHETIC_EPOCH_AT + DAY_MS, Date.now());
  const [from, to] =
    kind === 'snapshot'
      ? [now - SNAPSHOT * 60_000, now]
      : [SYNTHETIC_EPOCH_AT, SYNTHETIC_EPOCH_AT + SYNTHETIC_DAYS * DAY_MS];
  const candles = market.candles(from - (from % 60_000), to - (to % 60_000));
  return { rows: rowsOf(candles), stepMs: candles.timeframeMs };
}

function rowsOf({ openAt, open, high, low, close, volume }: Candles): readonly CandleRow[] {
  return Array.from(
    openAt,
    (at, i): CandleRow => [at, open[i] ?? 0, high[i] ?? 0, low[i] ?? 0, close[i] ?? 0, volume[i] ?? 0],
  );
}
