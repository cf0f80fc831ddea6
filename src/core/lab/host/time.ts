import type { Core } from '../../engine/core.ts';
import { advance } from '../../engine/step.ts';
import type { Source } from './play.ts';
import type { HostPorts } from './ports.ts';

/** One turn of the loop writes so many entries or takes so many milliseconds, whichever is first. */
const TURN_ENTRIES = 1_000;
const TURN_MS = 50;
const CANDLES = 64;
/** Mark and tape are looked after at least so often. */
const REST_MS_MAX = 1_000;

/** Market time as it passes: it belongs to the feed, and the wall clock says how fast. */
export interface MarketTime {
  /** The present instant. Where the engine is behind it is how far the engine came. */
  readonly at: number;
  /** Begins to pass from the engine's present instant on. */
  start(): void;
  /** Does what is due, at most a turn's worth of it. */
  turn(): void;
  /** Everything up to and with an instant happens. */
  runTo(at: number): void;
  /**
   * The next instant at which nothing happens is the present one: a command has an instant of its own, so that a tape needs
   * no word on what came first.
   */
  own(): void;
  /** What shares the present instant is done: a commit holds whole instants. */
  finishInstant(): void;
  /** Milliseconds until something may be due. */
  restMs(): number;
}

export function createMarketTime(core: Core, pump: Source, ports: HostPorts): MarketTime {
  const { feed, speed, clock, journal } = ports;
  let began: { readonly wall: number; readonly at: number } | undefined;
  const paced = (): number => {
    if (pump.isHeld === true) return core.now;
    if (feed.kind === 'exchange') return Math.max(core.now, Math.floor(feed.live.now(core.now)));
    if (began === undefined || speed === 'max') return core.now;
    return Math.max(core.now, Math.min(feed.endsAt, Math.floor(began.at + (clock() - began.wall) * speed)));
  };
  const dueAt = (): number => Math.min(pump.soonestAt, core.wakeAt);
  /** At full speed time passes only for somebody, and to the end of the feed. */
  const target = (): number => {
    if (speed !== 'max') return paced();
    return began === undefined || pump.soonestAt === Number.POSITIVE_INFINITY ? core.now : feed.endsAt;
  };
  let isBehind = false;
  const runTo = (at: number): void => {
    pump.run(at, Number.MAX_SAFE_INTEGER);
    advance(core, at);
  };
  return {
    get at() {
      return isBehind ? core.now : paced();
    },
    start() {
      began = { wall: clock(), at: core.now };
    },
    turn() {
      const until = clock() + TURN_MS;
      const to = target();
      while (dueAt() <= to && journal.waiting < TURN_ENTRIES && clock() < until) {
        if (pump.soonestAt <= to) pump.run(to, CANDLES);
        else advance(core, core.wakeAt);
      }
      isBehind = dueAt() <= to;
      runTo(core.now);
    },
    runTo,
    own() {
      runTo(isBehind ? core.now : paced());
      for (let isFree = false; !isFree; ) {
        isFree = dueAt() > core.now + 1;
        runTo(core.now + 1);
      }
    },
    finishInstant: () => runTo(core.now),
    restMs() {
      if (isBehind) return 0;
      if (speed === 'max' || pump.isHeld === true) return REST_MS_MAX;
      return Math.min(REST_MS_MAX, Math.max(0, (dueAt() - paced()) / speed));
    },
  };
}
