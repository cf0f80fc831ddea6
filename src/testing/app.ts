import { EventEmitter } from 'node:events';
import type { picture } from '../core/index.ts';
import { type FixtureName, type FrameRequest, frameOf, type Scene, sceneOf } from './frame.ts';

type TuiOptions = Parameters<typeof import('../tui/main.ts').runTui>[0];
type Client = TuiOptions['client'];
type Terminal = import('@xterm/headless').Terminal;

/** What the terminal UI is opened on. What is left out: 120x40, English. */
export interface AppRequest {
  /** A named state, or a scene of one's own. */
  readonly state: FixtureName | Scene;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  readonly locale?: 'en' | 'ru' | undefined;
  readonly screen?: picture.ScreenId | undefined;
}

/** The terminal UI at work on a virtual terminal. Its clock stands still between calls. */
export interface App {
  /** Types pieces one after the other: `7`, `\r`, `\u001b`. */
  press(...keys: readonly string[]): Promise<void>;
  /** What a person sees, a line each. */
  frame(): Promise<string>;
  /** The engine has another scene now. */
  show(state: FixtureName | Scene): Promise<void>;
  /** The terminal has another size now. */
  resize(columns: number, rows: number): Promise<void>;
  /** Words of the commands that keys and palette led to; they are written down and not run. */
  readonly commands: readonly (readonly string[])[];
  /** Ends it as a signal does. */
  close(): Promise<void>;
}

/** The frame of a screen as Ink draws it, by `ink-testing-library`. */
export async function inkFrameOf(request: FrameRequest): Promise<string> {
  const [{ render }, { createElement }, { Frame }, frame] = await Promise.all([
    import('ink-testing-library'),
    import('react'),
    import('./ink-frame.ts'),
    frameOf(request),
  ]);
  const { lastFrame, unmount } = render(
    createElement(Frame, { lines: frame.trimEnd().split('\n'), columns: request.columns ?? 80 }),
  );
  await later();
  const drawn = lastFrame() ?? '';
  unmount();
  return drawn;
}

const STEP_MS = 60;
const STEPS = 6;
/** Ink puts a frame on the terminal within a millisecond. */
const INK_MS = 5;

/** Opens the terminal UI on a virtual terminal (`@xterm/headless`, which the test has to have installed). */
export async function renderApp({ state, columns = 120, rows = 40, locale = 'en', screen }: AppRequest): Promise<App> {
  const [{ runTui }, { default: xterm }] = await Promise.all([import('../tui/main.ts'), import('@xterm/headless')]);
  const client = createClient(await madeOf(state));
  const keyboard = new Keyboard();
  const glass = new Glass(new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 }));
  const clock = new StillClock();
  const commands: (readonly string[])[] = [];
  const ending = new AbortController();
  const exit = runTui({
    client: client.client,
    profile: 'demo',
    version: '0',
    boot: () => Promise.reject(new Error('expected no command that needs ports')),
    env: { LANG: 'en_US.UTF-8', NO_COLOR: '1' },
    stdin: keyboard as unknown as NodeJS.ReadStream,
    stdout: glass as unknown as NodeJS.WriteStream,
    stderr: glass as unknown as NodeJS.WriteStream,
    locale,
    screen,
    clock,
    signal: ending.signal,
    commands: {
      run(words) {
        commands.push(words);
        return Promise.resolve({ isOk: true, summary: words.join(' '), lines: [] });
      },
      hints: () => Promise.resolve([]),
      check: () => Promise.resolve({}),
    },
  });
  const settle = async (): Promise<void> => {
    for (let step = 0; step < STEPS; step++) {
      clock.advance(STEP_MS);
      await later();
    }
    await glass.drawn();
  };
  while (!keyboard.isRaw || glass.isBlank) await later();
  await settle();
  return {
    commands,
    async press(...keys) {
      for (const key of keys) {
        keyboard.emit('data', key);
        await later();
        clock.advance(STEP_MS);
      }
      await settle();
    },
    async frame() {
      await settle();
      return glass.text();
    },
    async show(next) {
      client.set(await madeOf(next));
      await settle();
    },
    async resize(toColumns, toRows) {
      glass.resize(toColumns, toRows);
      await settle();
    },
    async close() {
      ending.abort();
      await exit;
    },
  };
}

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, INK_MS));
const madeOf = async (state: FixtureName | Scene): Promise<Scene> =>
  typeof state === 'string' ? await sceneOf(state) : state;

/** An engine that only shows a scene. */
function createClient(first: Scene): { readonly client: Client; set(scene: Scene): void } {
  let scene = first;
  const listeners = new Set<Parameters<Client['subscribe']>[0]>();
  const nothing = { code: 'TEST', expected: 'an engine', found: 'a scene of a test', fix: 'look only' };
  return {
    set(next) {
      const isLink = next.link !== scene.link;
      scene = next;
      for (const listener of listeners) listener({ entries: [], isLink });
    },
    client: {
      scene: () => scene,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      ask: () => Promise.resolve({ ok: false, refused: nothing }),
      preview: () => Promise.resolve({ ok: false, sign: 1, ...nothing }),
      entries: () => Promise.resolve([]),
      watch: () => Promise.resolve(),
      view: () => Promise.reject(new Error('expected a replica, found a wish for pictures')),
      report: () => undefined,
      close: () => undefined,
    },
  };
}

/** The keyboard of a virtual terminal. */
class Keyboard extends EventEmitter {
  readonly isTTY = true;
  isRaw = false;
  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }
  setEncoding = (): this => this;
  resume = (): this => this;
  pause = (): this => this;
  ref = (): this => this;
  unref = (): this => this;
  read = (): null => null;
}

/** Its screen: all that is written goes through xterm. */
class Glass extends EventEmitter {
  readonly isTTY = true;
  isBlank = true;
  readonly #xterm: Terminal;

  constructor(xterm: Terminal) {
    super();
    this.#xterm = xterm;
  }

  get columns(): number {
    return this.#xterm.cols;
  }

  get rows(): number {
    return this.#xterm.rows;
  }

  write(text: string, ...rest: readonly unknown[]): boolean {
    this.isBlank &&= !text.includes('\n');
    this.#xterm.write(
      text,
      rest.findLast((each): each is () => void => typeof each === 'function'),
    );
    return true;
  }

  drawn(): Promise<void> {
    return new Promise((resolve) => this.#xterm.write('', resolve));
  }

  text(): string {
    const { active } = this.#xterm.buffer;
    const lines = Array.from({ length: this.rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
    return lines.map((line) => `${line}\n`).join('');
  }

  resize(columns: number, rows: number): void {
    this.#xterm.resize(columns, rows);
    this.emit('resize');
  }
}

interface Due {
  readonly at: number;
  readonly call: () => void;
}

/** Time that passes when it is told to. */
class StillClock {
  #at = 1_750_000_000_000;
  #calls: readonly Due[] = [];
  now = (): number => this.#at;
  schedule = (delayMs: number, call: () => void): (() => void) => {
    const due = { at: this.#at + delayMs, call };
    this.#calls = [...this.#calls, due];
    return () => {
      this.#calls = this.#calls.filter((each) => each !== due);
    };
  };

  advance(ms: number): void {
    const end = this.#at + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      const due = next;
      this.#calls = this.#calls.filter((each) => each !== due);
      this.#at = Math.max(this.#at, due.at);
      due.call();
    }
    this.#at = end;
  }

  #next(end: number): Due | undefined {
    return this.#calls.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
