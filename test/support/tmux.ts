import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A program in a real terminal of its own tmux server, driven by keys and read as a screen. */
export interface Terminal {
  /** Names of keys as tmux knows them: `Enter`, `Escape`, `c`, `BTab`. */
  keys(...keys: readonly string[]): void;
  /** Characters as they are typed. */
  type(text: string): void;
  screen(): string;
  /** Waits until the screen says it; throws with the screen where it does not in time. */
  until(what: RegExp | ((screen: string) => boolean), seconds?: number): Promise<string>;
  resize(columns: number, rows: number): void;
  /** Whether the program still runs. */
  readonly isAlive: boolean;
  close(): void;
}

export const hasTmux = spawnSync('tmux', ['-V']).status === 0;

const LOOK_MS = 100;

/** Opens a terminal of a size and runs a shell line in it; its exit code is the pane's last line. */
export function openTerminal(
  line: string,
  columns: number,
  rows: number,
  env: Readonly<Record<string, string>>,
): Terminal {
  const folder = mkdtempSync(join(tmpdir(), 'dzentra-tmux-'));
  const socket = join(folder, 'tmux');
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  tmux('new-session', '-d', '-s', 'd', '-x', `${columns}`, '-y', `${rows}`, `${line}; echo "exit $?"; exec cat`);
  tmux('set-option', '-g', 'status', 'off');
  tmux('resize-window', '-t', 'd', '-x', `${columns}`, '-y', `${rows}`);
  const screen = (): string => tmux('capture-pane', '-p', '-t', 'd');
  return {
    keys: (...keys) => void tmux('send-keys', '-t', 'd', ...keys),
    type: (text) => void tmux('send-keys', '-t', 'd', '-l', text),
    screen,
    async until(what, seconds = 60) {
      const isThere = typeof what === 'function' ? what : (text: string): boolean => what.test(text);
      for (let look = 0; look < (seconds * 1_000) / LOOK_MS; look++) {
        const now = screen();
        if (isThere(now)) return now;
        await pause(LOOK_MS);
      }
      throw new Error(`expected the screen to say ${String(what)} within ${seconds} s, found\n${screen()}`);
    },
    resize: (width, height) => void tmux('resize-window', '-t', 'd', '-x', `${width}`, '-y', `${height}`),
    get isAlive() {
      return !/^exit \d+$/m.test(screen());
    },
    close() {
      spawnSync('tmux', ['-S', socket, 'kill-server']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
