import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Change, EngineClient } from '../src/core/command/engine.ts';
import { fixture } from '../src/core/lab/fixture/fixture.ts';
import type { Scene } from '../src/core/view/scene.ts';
import { runTui } from '../src/tui/main.ts';
import type { Clock } from '../src/tui/pace.ts';
import { COLUMNS, ROWS } from './pseudo-terminal.ts';

const STEP_MS = 250;
const STEPS = 200;

/** What a terminal writes while the engine tells the same picture again and again. */
export async function writtenWhileStill(): Promise<{ readonly bytes: number; readonly frames: number }> {
  const [clock, client, stdout] = [new StepClock(), new StillClient(), new CountedOutput()];
  const ending = new AbortController();
  const stdin = Object.assign(new EventEmitter(), { ...KEYBOARD, isTTY: true });
  const ended = runTui({
    client,
    clock,
    profile: 'demo',
    version: '0',
    boot: () => Promise.reject(new Error('Invariant: no command runs')),
    env: { LANG: 'C.UTF-8' },
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stdout as unknown as NodeJS.WriteStream,
    locale: 'en',
    signal: ending.signal,
  });
  while (!client.isFollowed) await turn();
  await clock.advance(STEP_MS * 4);
  const [bytes, frames] = [stdout.bytes, client.skipped];
  for (let step = 0; step < STEPS; step++) {
    client.tell();
    await clock.advance(STEP_MS);
  }
  const written = { bytes: stdout.bytes - bytes, frames: client.skipped - frames };
  ending.abort('SIGTERM');
  await ended;
  return written;
}

const nothing = (): void => undefined;
const KEYBOARD = {
  setRawMode: nothing,
  setEncoding: nothing,
  resume: nothing,
  pause: nothing,
  ref: nothing,
  unref: nothing,
  read: () => null,
};

class CountedOutput extends EventEmitter {
  readonly isTTY = true;
  readonly columns = COLUMNS;
  readonly rows = ROWS;
  bytes = 0;
  write(text: string, ...rest: readonly unknown[]): boolean {
    this.bytes += Buffer.byteLength(text);
    const done = rest.findLast((each) => typeof each === 'function');
    if (done !== undefined) setImmediate(done as () => void);
    return true;
  }
}

/** Time that passes when it is told to. */
class StepClock implements Clock {
  #at = 1_750_000_000_000;
  readonly #due = new Set<{ readonly at: number; readonly call: () => void }>();
  now(): number {
    return this.#at;
  }
  schedule(delayMs: number, call: () => void): () => void {
    const due = { at: this.#at + delayMs, call };
    this.#due.add(due);
    return () => this.#due.delete(due);
  }
  async advance(ms: number): Promise<void> {
    this.#at += ms;
    for (const due of [...this.#due].filter(({ at }) => at <= this.#at)) if (this.#due.delete(due)) due.call();
    await turn();
  }
}

const refused = (): Promise<never> => Promise.reject(new Error('Invariant: nothing is asked for'));

/** An engine whose picture is a new object each time, and always the same. */
class StillClient implements EngineClient {
  readonly #scene: Scene = fixture('long-in-profit');
  #shown: Scene = this.#scene;
  #listener: ((change: Change) => void) | undefined;
  skipped = 0;
  readonly ask = refused;
  readonly preview = refused;
  readonly entries = refused;
  readonly view = refused;
  readonly watch = (): Promise<void> => Promise.resolve();
  readonly close = nothing;
  get isFollowed(): boolean {
    return this.#listener !== undefined;
  }
  scene(): Scene {
    return this.#shown;
  }
  subscribe(listener: (change: Change) => void): () => void {
    this.#listener = listener;
    return nothing;
  }
  report(painting: { readonly skipped: number }): void {
    this.skipped = painting.skipped;
  }
  tell(): void {
    this.#shown = { ...this.#scene };
    this.#listener?.({ entries: [], isLink: false });
  }
}
