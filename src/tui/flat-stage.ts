import type { Stage } from './stage.ts';

/** For a screen reader: no other screen, no cursor that jumps; what is new is written line by line beneath the rest. */
export function createFlatStage(write: (text: string) => void): Stage {
  let before: ReadonlySet<string> = new Set();
  return {
    show(lines) {
      const fresh = lines.filter((line) => line.trim() !== '' && !before.has(line));
      before = new Set(lines);
      if (fresh.length > 0) write(`${fresh.join('\n')}\n`);
    },
    pause: () => undefined,
    resume: () => undefined,
    leave: () => Promise.resolve(),
  };
}
