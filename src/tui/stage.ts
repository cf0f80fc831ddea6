import { render } from 'ink';
import { createElement } from 'react';
import { Frame } from './frame-component.ts';

/** Where painted lines are put. */
export interface Stage {
  show(lines: readonly string[], columns: number): void;
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

/** The session paces itself; Ink only must not hold frames back. */
const FPS_MAX = 1_000;

/** The alternate screen, with Ink on it: what was on the terminal before comes back. */
export function createStage({ stdin, stdout, stderr, fail }: StageOptions): Stage {
  const frame = (lines: readonly string[], columns: number) => createElement(Frame, { lines, columns });
  const instance = render(frame([], stdout.columns), {
    stdin,
    stdout,
    stderr,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: FPS_MAX,
    exitOnCtrlC: false,
    // What a stray package prints must not tear the frame; other streams are not the console's.
    patchConsole: stdout === process.stdout,
    interactive: true,
    isScreenReaderEnabled: false,
  });
  const exited = instance.waitUntilExit().catch(fail);
  return {
    show: (lines, columns) => instance.rerender(frame(lines, columns)),
    async leave() {
      instance.unmount();
      await exited;
    },
  };
}
