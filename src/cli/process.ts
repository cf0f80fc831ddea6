import type { WriteStream } from 'node:tty';
import { createStops, type Stops } from './stops.ts';
import type { Output, Terminal } from './terminal.ts';

/**
 * The process as a terminal. A reader that leaves (`| head`) ends the work quietly; a full disk or a terminal that went away
 * ends the process with a sentence, or what it prints alone where the work goes on. Without stderr nobody can be told: the
 * exit code stands.
 */
export function processTerminal(onReaderLeft: () => void): Terminal {
  let goesOn: ((why: string) => void) | undefined;
  const onLost = (problem: NodeJS.ErrnoException): void => {
    if (problem.code === 'EPIPE') onReaderLeft();
    else if (goesOn === undefined) endUnprinted(problem);
    else goesOn(problem.message);
  };
  return {
    out: outputOf(process.stdout, onLost),
    err: outputOf(process.stderr, () => {}),
    goOnUnprinted(told) {
      goesOn = told;
    },
    env: process.env,
    // stdin last: its stream takes milliseconds to make, and a script has no need of it.
    ask: process.stdout.isTTY && process.stdin.isTTY ? asked : undefined,
    askSecret: process.stderr.isTTY && process.stdin.isTTY ? askedUnseen : undefined,
    readInput: readAll,
    now: () => performance.now(),
  };
}

/** One question on stderr: stdout is for data. Ctrl-C while it waits is no answer. */
async function asked(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const { promise, resolve } = Promise.withResolvers<string>();
  lines.on('SIGINT', () => resolve(''));
  lines.on('close', () => resolve(''));
  lines.question(question).then(resolve, () => resolve(''));
  const answer = await promise;
  lines.close();
  return answer;
}

let prompt: ((question: string) => Promise<string | undefined>) | undefined;

/** The same without showing what is typed. One prompt a process: it keeps the lines that were pasted ahead. */
async function askedUnseen(question: string): Promise<string | undefined> {
  const { createSecretPrompt } = await import('./secret-prompt.ts');
  prompt ??= createSecretPrompt(process.stdin, (text) => process.stderr.write(text));
  return await prompt(question);
}

const INPUT_MAX = 65_536;

/** What a pipe or a file gives, as far as a key can be long. */
async function readAll(): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  let text = '';
  for await (const piece of process.stdin.setEncoding('utf8')) {
    text += String(piece);
    if (text.length > INPUT_MAX) break;
  }
  return text;
}

/** Says why nothing can be printed, where that still can be said, and ends the process. */
export function endUnprinted({ message }: Error): never {
  const lines = [
    `dzentra: expected an output that can be written, found ${message}`,
    '  what was done stays done: free the disk or name another output, and look before it is given again',
  ];
  process.stderr.on('error', () => {});
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

function outputOf(
  stream: WriteStream & NodeJS.WritableStream,
  onLost: (problem: NodeJS.ErrnoException) => void,
): Output {
  let isLost = false;
  stream.on('error', (problem: NodeJS.ErrnoException) => {
    if (isLost) return;
    isLost = true;
    onLost(problem);
  });
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY === true ? stream.columns : undefined;
    },
    get rows() {
      return stream.isTTY === true ? stream.rows : undefined;
    },
    write: (text) =>
      new Promise((resolve) => {
        if (isLost) resolve();
        // Called with an error too, which the listener above tells.
        else stream.write(text, () => resolve());
      }),
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C, a polite end and a terminal that goes away end the command; the second one ends the process. */
export function processStops(): Stops {
  const stops = createStops(
    (signal) => {
      if (signal === 'SIGINT' && process.stderr.isTTY) process.stderr.write('\rstopping; Ctrl-C again ends at once\n');
    },
    (code) => process.exit(code),
  );
  for (const signal of SIGNALS) process.on(signal, () => stops.stop(signal));
  return Object.assign(stops, {
    async letGo() {
      // A signal that came while modules were loaded is told on the next turn, to listeners that are still there.
      await new Promise((resolve) => setImmediate(resolve));
      stops.signal.throwIfAborted();
      for (const signal of SIGNALS) process.removeAllListeners(signal);
    },
  });
}
