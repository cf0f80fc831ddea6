import { Box, render } from 'ink';
import { createElement } from 'react';

/** Where painted lines are put. */
export interface Stage {
  show(lines: readonly string[], columns: number): void;
  /** Leaves the terminal to a shell for a while. */
  pause(): void;
  /** Takes it again; what was shown there is gone. */
  resume(): void;
  /** Gives the terminal back as it was; resolves when that is written. Rejects with what broke in Ink. */
  leave(): Promise<void>;
}

export interface StageOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** An error that Ink met while it drew. */
  fail(problem: unknown): void;
}

const ESCAPE = '\u001b[';
const FRAME_BEGINS = `${ESCAPE}?2026h`;
const FRAME_ENDS = `${ESCAPE}?2026l`;
/** The alternate screen, and no cursor (xterm, DECTCEM). */
const TAKE = `${ESCAPE}?1049h${ESCAPE}?25l`;
const GIVE_BACK = `${ESCAPE}?25h${ESCAPE}?1049l`;
const CLEAR = `${ESCAPE}0m${ESCAPE}2J`;
const CLEAR_REST = `${ESCAPE}0m${ESCAPE}K`;
const rowAt = (row: number): string => `${ESCAPE}${row + 1};1H${ESCAPE}0m`;

/**
 * The alternate screen. Ink takes the terminal and gives it back; between that, rows go there as they are where they
 * differ: Ink would read each painted line back into cells, which costs five times what making the frame does.
 */
export function createStage({ stdin, stdout, stderr, fail }: StageOptions): Stage {
  const instance = render(createElement(Box), {
    stdin,
    stdout,
    stderr,
    alternateScreen: true,
    exitOnCtrlC: false,
    // What a stray package prints must not tear the frame; other streams are not the console's.
    patchConsole: stdout === process.stdout,
    interactive: true,
    isScreenReaderEnabled: false,
  });
  const exited = instance.waitUntilExit().catch(fail);
  let shown: readonly string[] = [];
  let width = 0;
  return {
    show(lines, columns) {
      const isWhole = columns !== width || lines.length < shown.length;
      const before = isWhole ? [] : shown;
      const rows = lines.map((line, row) => (line === before[row] ? '' : `${rowAt(row)}${line}${CLEAR_REST}`));
      const text = `${isWhole ? CLEAR : ''}${rows.join('')}`;
      shown = lines;
      width = columns;
      if (text !== '') stdout.write(`${FRAME_BEGINS}${text}${FRAME_ENDS}`);
    },
    pause: () => void stdout.write(GIVE_BACK),
    resume() {
      shown = [];
      stdout.write(TAKE);
    },
    async leave() {
      instance.unmount();
      await exited;
    },
  };
}
