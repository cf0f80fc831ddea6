import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Clock, machineClock } from '../clock.ts';

/** Why there is no picture: for people in `chart.ts`; `why` is a line for the log. */
export interface DrawFailure {
  readonly failed: 'broken' | 'timeout' | 'busy';
  readonly why: string;
}

export interface DrawOptions {
  readonly clock?: Clock | undefined;
  /** From the start of the child on; it is dead when that is over. 15 s by default. */
  readonly timeoutMs?: number | undefined;
  /** The program of the child; that beside this file by default. */
  readonly child?: string | undefined;
}

const TIMEOUT_MS = 15_000;
/** More than that wait for nobody: whoever asks next is told to come back. */
const WAITING_MAX = 8;
const SVG_CHARACTERS_MAX = 4_000_000;
const PNG_BYTES_MAX = 8_000_000;
const WHY_CHARACTERS_MAX = 300;
/** The heap of the child; what it draws with lies outside of it, and goes with it. */
const HEAP_MB = 64;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Compiled beside compiled, source beside source. */
const CHILD = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url));

let line: Promise<unknown> = Promise.resolve();
let waiting = 0;

/**
 * SVG text drawn as PNG by a child process of its own, one after the other: two at once would take the memory of two.
 * It never rejects, and when it resolves its child has ended.
 */
export async function drawPng(svg: string, options: DrawOptions = {}): Promise<Uint8Array | DrawFailure> {
  if (waiting >= WAITING_MAX) return { failed: 'busy', why: `${waiting} pictures wait` };
  if (svg.length > SVG_CHARACTERS_MAX) return { failed: 'broken', why: `a drawing of ${svg.length} characters` };
  waiting++;
  const turn = line.then(() => drawNow(svg, options)).catch(unstarted);
  line = turn;
  try {
    return await turn;
  } finally {
    waiting--;
  }
}

/** A machine without files or memory left refuses a child at once. */
const unstarted = (problem: unknown): DrawFailure => ({
  failed: 'broken',
  why: problem instanceof Error ? problem.message : String(problem),
});

/** It knows nothing of the bridge: no token, no proxy, no settings of the runtime. Windows starts none without its root. */
const environment = (): NodeJS.ProcessEnv => {
  const { PATH, SystemRoot } = process.env;
  return { ...(PATH === undefined ? {} : { PATH }), ...(SystemRoot === undefined ? {} : { SystemRoot }) };
};

function drawNow(
  svg: string,
  { clock = machineClock, timeoutMs = TIMEOUT_MS, child: program = CHILD }: DrawOptions,
): Promise<Uint8Array | DrawFailure> {
  const { promise, resolve } = Promise.withResolvers<Uint8Array | DrawFailure>();
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, program], {
    env: environment(),
    stdio: 'pipe',
    windowsHide: true,
  });
  child.on('error', (problem) => {
    // What never started never closes.
    if (child.pid === undefined) resolve(unstarted(problem));
  });
  const png: Buffer[] = [];
  let bytes = 0;
  let said = '';
  let failure: DrawFailure | undefined;
  const fail = (failed: DrawFailure['failed'], why: string): void => {
    failure ??= { failed, why };
    child.kill('SIGKILL');
  };
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > PNG_BYTES_MAX) fail('broken', `a picture of more than ${PNG_BYTES_MAX} bytes`);
    else png.push(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, WHY_CHARACTERS_MAX);
  });
  // A child that ends early reads no further: its code tells why.
  child.stdin.on('error', () => {});
  child.stdin.end(svg);
  child.once('close', (code) =>
    resolve(failure ?? pictureOf(Buffer.concat(png), code, said.trim().replace(/\s+/g, ' '))),
  );
  const cancel = clock.after(timeoutMs, () => fail('timeout', `no picture after ${timeoutMs} ms`));
  return promise.finally(cancel);
}

function pictureOf(png: Buffer, code: number | null, said: string): Uint8Array | DrawFailure {
  if (code === 0 && png.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return png;
  return { failed: 'broken', why: said === '' ? `the child ended with code ${code}` : said };
}
