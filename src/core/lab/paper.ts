import { reached } from '../engine/core.ts';
import type { Engine } from '../engine/engine.ts';
import type { Pump } from '../engine/pump.ts';
import { advance } from '../engine/step.ts';
import type { Journal, Reached } from '../journal/journal.ts';
import type { Progress } from './request.ts';

/** A journal that keeps snapshots, too. */
export interface PaperJournal extends Journal {
  readonly isSnapshotDue: boolean;
  saveSnapshot(seq: number, state: unknown): void;
  keepMark(): void;
}

/** What a paper run needs of the world: the wall clock for its pace, a turn of the loop, and a tape. */
export interface PaperPorts {
  readonly journal: PaperJournal;
  readonly tape: { precede(reached: Reached): void; flush(): void };
  /** What was committed is durable: now others may hear of it. */
  readonly released: () => void;
  /** Milliseconds that never go back. */
  readonly clock: () => number;
  /** Resolves after so many milliseconds (0: a turn of the loop), or as soon as the signal aborts. */
  readonly wait: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** One commit takes a turn of the loop, so many entries or so many milliseconds, whichever is first. */
const TURN_ENTRIES = 1_000;
const TURN_MS = 50;
const CANDLES = 256;
/** A paced run looks at its clock at least so often. */
const PACE_MS_MAX = 250;

/**
 * Runs a pump until its feed ends or the signal aborts; `speed` is market time over wall time, or `max`. A commit holds
 * whole instants, so that a run that is killed at any moment goes on at the next instant as if nothing had been.
 */
export async function runPaper(
  engine: Engine,
  pump: Pump,
  speed: 'max' | number,
  ports: PaperPorts,
): Promise<'ended' | 'stopped'> {
  const pace = createPace(engine, pump, speed, ports);
  for (;;) {
    if (ports.signal.aborted) {
      commit(engine, ports);
      return 'stopped';
    }
    const isMore = pace.turn();
    finishInstant(engine, pump);
    commit(engine, ports);
    ports.progress(pump.done, pump.total);
    if (!isMore) return 'ended';
    await ports.wait(pace.restMs());
  }
}

interface Pace {
  /** Does what is due; false at the end of the feed. */
  turn(): boolean;
  /** Milliseconds until something may be due. */
  restMs(): number;
}

function createPace(engine: Engine, pump: Pump, speed: 'max' | number, ports: PaperPorts): Pace {
  const { journal, clock } = ports;
  if (speed === 'max') {
    return {
      turn() {
        const until = clock() + TURN_MS;
        let isMore = true;
        while (isMore && journal.waiting < TURN_ENTRIES && clock() < until)
          isMore = pump.run(Number.POSITIVE_INFINITY, CANDLES);
        return isMore;
      },
      restMs: () => 0,
    };
  }
  const wallStart = clock();
  const marketStart = engine.core.now;
  const marketNow = (): number => Math.floor(marketStart + (clock() - wallStart) * speed);
  return {
    turn() {
      const now = marketNow();
      const isMore = pump.run(now, Number.MAX_SAFE_INTEGER);
      if (isMore) advance(engine.core, Math.min(now, pump.nextAt));
      return isMore;
    },
    restMs: () => Math.min(PACE_MS_MAX, Math.max(0, (Math.min(pump.nextAt, engine.core.wakeAt) - marketNow()) / speed)),
  };
}

/** What shares the instant of the last entry is done before it is committed: opens, and settlements before a gap. */
function finishInstant(engine: Engine, pump: Pump): void {
  do {
    pump.run(engine.core.now, 1);
  } while (pump.nextAt <= engine.core.now);
}

function commit(engine: Engine, ports: PaperPorts): void {
  const { journal, tape } = ports;
  if (journal.waiting > 0) {
    tape.precede(reached(engine.core));
    journal.commit();
  } else journal.keepMark();
  ports.released();
  if (journal.isSnapshotDue) journal.saveSnapshot(engine.core.state.seq, engine.core.state);
  tape.flush();
}
