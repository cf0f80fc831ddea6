import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, type Home, LAUNCHER, minded } from './engine-process.ts';
import { CACHE } from './reference.ts';

export const COLUMNS = 120;
export const ROWS = 40;

const FRAME_MS = 20_000;
const LEAVE_MS = 5_000;
const ESCAPE = '\u001b';
const FRAME_BEGINS = `${ESCAPE}[?2026h`;
const FRAME_ENDS = `${ESCAPE}[?2026l`;

/** Whether a pseudo terminal can be opened without a native module: `script` of util-linux does. */
export const hasTerminal = String(spawnSync('script', ['--version']).stdout).includes('util-linux');

/** The terminal UI on a pseudo terminal of its own. */
export interface TerminalProcess {
  readonly pid: number;
  /** From the start of the process to the last byte of the first whole frame, ms. */
  readonly firstFrameMs: number;
  /** Bytes written so far. */
  readonly bytes: number;
  /** Leaves it as a user does. */
  leave(): Promise<void>;
}

/** Opens the terminal UI of a profile at 120x40 and waits for its first whole frame. */
export async function openTerminal(home: Home, profile: string): Promise<TerminalProcess> {
  const pidFile = join(CACHE, 'terminal.pid');
  const program = [process.execPath, LAUNCHER, 'tui', '--profile', profile].map((word) => `'${word}'`).join(' ');
  const line = `stty cols ${COLUMNS} rows ${ROWS}; echo $$ > '${pidFile}'; exec ${program}`;
  const from = performance.now();
  const child = minded(
    spawn('script', ['-qfec', line, '/dev/null'], {
      env: { ...home.env, SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'ignore'],
    }),
  );
  const screen = { text: '', bytes: 0, isWhole: false };
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.stdout.on('data', (part: Buffer) => {
    screen.bytes += part.length;
    if (screen.isWhole) return;
    screen.text += part.toString('latin1');
    screen.isWhole = holdsFrame(screen.text);
    if (screen.isWhole) resolve(performance.now() - from);
  });
  child.once('exit', () => reject(new Error(`expected a frame, found an end: ${screen.text.slice(-300)}`)));
  const late = setTimeout(() => reject(new Error(`expected a frame within ${FRAME_MS / 1e3} s`)), FRAME_MS);
  try {
    const firstFrameMs = await promise;
    return {
      pid: Number(readFileSync(pidFile, 'utf8')),
      firstFrameMs,
      get bytes() {
        return screen.bytes;
      },
      leave: () => leave(child),
    };
  } catch (problem) {
    await ended(child);
    throw problem;
  } finally {
    clearTimeout(late);
  }
}

/** A synchronized update of the whole screen, with the tabs in it: lines one after the other, or each at its row. */
function holdsFrame(text: string): boolean {
  const isWhole = (part: string): boolean =>
    part.includes('Auto') && (part.split('\n').length >= ROWS || part.includes(`${ESCAPE}[${ROWS - 1};1H`));
  return text.split(FRAME_BEGINS).some((part) => part.includes(FRAME_ENDS) && isWhole(part));
}

async function leave(child: ChildProcess): Promise<void> {
  const late = setTimeout(() => child.kill('SIGTERM'), LEAVE_MS);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stdin?.write('q');
  await gone;
  clearTimeout(late);
}
