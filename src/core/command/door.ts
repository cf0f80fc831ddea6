/** What a face needs to read lines and to show outcomes; `index.ts` loads it when the first line comes. */
import { processRedactor } from '../config/redact.ts';
import type { Scene } from '../view/scene.ts';
import type { FaceLine, FaceSurroundings } from './face/line.ts';
import type { Painting, Result } from './face/result.ts';
import type { DebugPorts } from './ports.ts';
import type { Refusal } from './refusal.ts';

export { nearest } from '../strategy/nearest.ts';
export { summaryIn } from '../view/summaries.ts';
export { takeFace } from './argv/face.ts';
export { parseLine } from './argv/parse.ts';
export type { FaceLine, FaceSurroundings, Stamp } from './face/line.ts';
export type { Painting, Result } from './face/result.ts';
export { layout, progressLine, screenLines, tabbed, tabs } from './layout.ts';
export { exitOf, outcomeOfThrown } from './outcome.ts';
export { isRefusal } from './refusal.ts';
export { COMMANDS } from './registry.ts';
export * as bridgeRefusals from './telegram/refusals.ts';
export { inAscii, noteLine, refusalLines, sentence, stoppedLines } from './telling/outcome-lines.ts';

/** Text without the keys of this process; and without all that looks like a secret, for what nobody has written. */
export const { hide: hideSecrets, redact } = processRedactor;

/** The sandbox as a scene, undefined where none was begun. It needs an engine: every other line waits 40 ms less for it. */
export async function sandboxSceneOf(ports: DebugPorts): Promise<Scene | undefined> {
  return (await import('./debug/sandbox.ts')).sandboxSceneOf(ports);
}

/** The command line of a face that is a screen already. A terminal's own lines do without it. */
export async function createFaceLine(around: FaceSurroundings): Promise<FaceLine> {
  return (await import('./face/line.ts')).createFaceLine(around);
}

/** A refusal as lines of a face. */
export async function refusedResult(painting: Painting, refusal: Omit<Refusal, 'ok' | 'exit'>): Promise<Result> {
  return (await import('./face/result.ts')).refusedResult(painting, refusal);
}
