import { StringDecoder } from 'node:string_decoder';

/** What a terminal gives to read from without an echo. */
export interface SecretInput {
  setRawMode(isRaw: boolean): unknown;
  on(event: 'data', listener: (piece: Buffer) => void): unknown;
  off(event: 'data', listener: (piece: Buffer) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/**
 * Asks for lines that are not shown. Lines that were pasted together answer the questions one after another. Ctrl-C and
 * Ctrl-D are no answer.
 */
export function createSecretPrompt(
  input: SecretInput,
  write: (text: string) => void,
): (question: string) => Promise<string | undefined> {
  let ahead = '';
  return (question) => {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const line = createLine();
    const decoder = new StringDecoder('utf8');
    const take = (text: string): boolean => {
      const end = line(text);
      if (end === undefined) return false;
      ahead = end.rest;
      input.off('data', onData);
      input.pause();
      input.setRawMode(false);
      write('\n');
      resolve(end.answer);
      return true;
    };
    const onData = (piece: Buffer): void => void take(decoder.write(piece));
    // The echo goes before the question comes: whoever answers at once is not shown either.
    input.setRawMode(true);
    write(question);
    input.on('data', onData);
    const waiting = ahead;
    ahead = '';
    if (!take(waiting)) input.resume();
    return promise;
  };
}

interface LineEnd {
  readonly answer: string | undefined;
  readonly rest: string;
}

type Phase = 'plain' | 'escape' | 'sequence';

/**
 * A line that is edited blindly: Backspace takes a letter, Ctrl-U all of it. Sequences of keys, and those that a paste is
 * wrapped in, are left out.
 */
function createLine(): (text: string) => LineEnd | undefined {
  let letters: string[] = [];
  let phase: Phase = 'plain';
  return (text) => {
    const typed = Array.from(text);
    for (const [i, letter] of typed.entries()) {
      const was = phase;
      phase = phaseAfter(was, letter);
      if (was !== 'plain' || phase !== 'plain') continue;
      if (letter === '\r' || letter === '\n') return { answer: letters.join(''), rest: restAfter(typed, i) };
      if (letter === CTRL_C || letter === CTRL_D) return { answer: undefined, rest: '' };
      if (letter === CTRL_U) letters = [];
      else if (letter === DELETE || letter === '\b') letters.pop();
      else if (letter >= ' ') letters.push(letter);
    }
    return undefined;
  };
}

const [CTRL_C, CTRL_D, CTRL_U, ESCAPE, DELETE] = ['\u0003', '\u0004', '\u0015', '\u001b', '\u007f'];

/** `ESC [ ... letter` and `ESC O letter` (ECMA-48, 5.4). */
function phaseAfter(phase: Phase, letter: string): Phase {
  if (phase === 'plain') return letter === ESCAPE ? 'escape' : 'plain';
  if (phase === 'escape') return letter === '[' || letter === 'O' ? 'sequence' : 'plain';
  return letter >= '@' && letter <= '~' ? 'plain' : 'sequence';
}

const restAfter = (typed: readonly string[], i: number): string =>
  typed.slice(typed[i] === '\r' && typed[i + 1] === '\n' ? i + 2 : i + 1).join('');
