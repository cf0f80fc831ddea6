import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import type { Scene } from '../../../src/core/view/scene.ts';
import { runTui, type TuiOptions } from '../../../src/tui/main.ts';
import type { Clock } from '../../../src/tui/pace.ts';
import { type StubClient, type StubCommands, screens, stubClient, stubCommands } from './stub.ts';

/** The keyboard of a virtual terminal: what is typed, and whether the program took it. */
class Keyboard extends EventEmitter {
  readonly isTTY = true;
  isRaw = false;
  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }
  setEncoding(): this {
    return this;
  }
  resume(): this {
    return this;
  }
  pause(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  read(): null {
    return null;
  }
}

/** The screen of a virtual terminal: all that was written goes through xterm. */
class Screen extends EventEmitter {
  readonly isTTY = true;
  readonly xterm: headless.Terminal;
  columns: number;
  rows: number;
  text = '';
  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.xterm = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 1_000 });
  }
  write(text: string, ...rest: readonly unknown[]): boolean {
    this.text += text;
    const done = rest.findLast((each) => typeof each === 'function') as (() => void) | undefined;
    this.xterm.write(text, done);
    return true;
  }
}

/** A whole terminal with the program on it. */
export interface Stand {
  readonly client: StubClient;
  readonly commands: StubCommands;
  readonly clock: TestClock;
  readonly exit: Promise<number>;
  /** Ends it as a signal does. */
  end(): Promise<void>;
  readonly errors: () => string;
  /** Everything that was written since the last call. */
  written(): string;
  isRaw(): boolean;
  /** Types each piece on its own, with time between them. */
  type(...keys: readonly string[]): Promise<void>;
  /** Lines as a person sees them. */
  lines(): Promise<string[]>;
  isAlternate(): Promise<boolean>;
  resize(columns: number, rows: number): void;
  settle(): Promise<void>;
  /** Resolves once the program has the keyboard and showed something. */
  readonly ready: Promise<void>;
  /** Resolves once it showed anything. */
  readonly drawn: Promise<void>;
}

const KEY_MS = 60;
/** Enough for a data frame, for all to be drawn anew after a resize, and for a hand that reads before it goes on. */
const SETTLE_STEPS = 6;
const STEP_MS = 130;
/** Ink puts a frame on the terminal within a millisecond; xterm reads it after that. */
const INK_MS = 5;
const inkDone = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, INK_MS));

/** A clock that stands until it is moved on: the program's own timers are those of the test. */
class TestClock implements Clock {
  #at = 1_750_000_000_000;
  #calls: { readonly at: number; readonly call: () => void }[] = [];
  now = (): number => this.#at;
  schedule = (delayMs: number, call: () => void): (() => void) => {
    const due = { at: this.#at + delayMs, call };
    this.#calls.push(due);
    return () => {
      this.#calls = this.#calls.filter((each) => each !== due);
    };
  };
  advance(ms: number): void {
    const end = this.#at + ms;
    for (;;) {
      const next = this.#calls.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#calls = this.#calls.filter((each) => each !== next);
      this.#at = Math.max(this.#at, next.at);
      next.call();
    }
    this.#at = end;
  }
}

export function stand(given: Partial<TuiOptions> & { columns?: number; rows?: number; scene?: Scene } = {}): Stand {
  const { columns = 100, rows = 30, scene, ...options } = given;
  const stdin = new Keyboard();
  const stdout = new Screen(columns, rows);
  const stderr = new Screen(columns, rows);
  const client = stubClient(scene);
  const commands = stubCommands();
  const clock = new TestClock();
  let from = 0;
  const settled = async (): Promise<void> => {
    for (let step = 0; step < SETTLE_STEPS; step++) {
      clock.advance(STEP_MS);
      await inkDone();
    }
    await new Promise<void>((resolve) => stdout.xterm.write('', resolve));
  };
  const ending = new AbortController();
  const exit = runTui({
    signal: ending.signal,
    clock,
    client,
    profile: 'demo',
    version: '0',
    boot: () => Promise.reject(new Error('not needed')),
    env: { LANG: 'en_US.UTF-8' },
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    locale: 'en',
    screens: screens(),
    commands,
    ...options,
  });
  const drawnWith = async (text: string): Promise<void> => {
    while (!(stdin.isRaw && stdout.text.includes(text))) await inkDone();
    await settled();
  };
  return {
    client,
    commands,
    clock,
    exit,
    async end() {
      ending.abort();
      await exit;
    },
    ready: drawnWith('PAPER'),
    drawn: drawnWith('\n'),
    errors: () => stderr.text,
    isRaw: () => stdin.isRaw,
    settle: settled,
    written() {
      const text = stdout.text.slice(from);
      from = stdout.text.length;
      return text;
    },
    async type(...keys) {
      for (const key of keys) {
        stdin.emit('data', key);
        await inkDone();
        clock.advance(KEY_MS);
      }
      await settled();
    },
    async lines() {
      await settled();
      const { active } = stdout.xterm.buffer;
      return Array.from(
        { length: stdout.xterm.rows },
        (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
      );
    },
    async isAlternate() {
      await settled();
      return stdout.xterm.buffer.active.type === 'alternate';
    },
    resize(toColumns, toRows) {
      stdout.columns = toColumns;
      stdout.rows = toRows;
      stdout.xterm.resize(toColumns, toRows);
      stdout.emit('resize');
    },
  };
}
