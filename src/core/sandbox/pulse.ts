import type { SandboxClock, SandboxMarket } from './market.ts';

const BEAT_MS = 10;
/** How long a market goes on by itself after it was last asked something. */
const LINGER_MS = 2000;

/** Plays the market while somebody listens or asks, and rests when nobody does. */
export interface Pulse {
  /** Plays what is due now and for a while after. */
  wake(): void;
  /** Plays until the returned function is called: once for each that streams. */
  hold(): () => void;
  /** How many hold it. */
  readonly held: number;
  /** Runs something later, unless the pulse is closed before. */
  after(ms: number, run: () => void): void;
  close(): void;
}

export function createPulse(market: SandboxMarket, clock: SandboxClock): Pulse {
  let held = 0;
  let wokenAt = 0;
  let isClosed = false;
  let stopBeat: (() => void) | undefined;
  const waiting = new Set<() => void>();

  const beat = (): void => {
    stopBeat = undefined;
    if (isClosed) return;
    market.play();
    if (held > 0 || clock.wall() - wokenAt < LINGER_MS) stopBeat = clock.after(BEAT_MS, beat);
  };
  const start = (): void => {
    if (stopBeat === undefined && !isClosed) stopBeat = clock.after(BEAT_MS, beat);
  };

  return {
    wake() {
      wokenAt = clock.wall();
      market.play();
      start();
    },
    hold() {
      held += 1;
      start();
      let isHeld = true;
      return () => {
        if (isHeld) held -= 1;
        isHeld = false;
      };
    },
    get held() {
      return held;
    },
    after(ms, run) {
      if (isClosed) return;
      const stop = clock.after(ms, () => {
        waiting.delete(stop);
        run();
      });
      waiting.add(stop);
    },
    close() {
      isClosed = true;
      stopBeat?.();
      for (const stop of waiting) stop();
      waiting.clear();
    },
  };
}
