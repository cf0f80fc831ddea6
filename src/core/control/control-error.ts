/**
 * `NO_ENGINE` nobody answers; `LINK_LOST` the connection is gone; `OUTCOME_UNKNOWN` it broke before the answer to a
 * command came; `TIMED_OUT` no answer in time; `VERSION_DIFFERS` engine and face cannot do this together; `ENGINE_ERROR`
 * the engine answered with an error; `JOURNAL_DAMAGED` it read an entry that cannot be trusted; `DISK_FULL` it could not
 * write, and ends; `UNSAFE_FOLDER` and `SOCKET_IN_USE` the socket cannot be made.
 */
export type ControlCode =
  | 'NO_ENGINE'
  | 'LINK_LOST'
  | 'OUTCOME_UNKNOWN'
  | 'TIMED_OUT'
  | 'VERSION_DIFFERS'
  | 'ENGINE_ERROR'
  | 'JOURNAL_DAMAGED'
  | 'DISK_FULL'
  | 'UNSAFE_FOLDER'
  | 'SOCKET_IN_USE';

const EXITS: Partial<Record<ControlCode, 1 | 2 | 5 | 6>> = {
  JOURNAL_DAMAGED: 1,
  DISK_FULL: 2,
  NO_ENGINE: 5,
  LINK_LOST: 5,
  OUTCOME_UNKNOWN: 5,
  TIMED_OUT: 6,
};

interface Terms {
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

/** Why an engine could not be spoken to: what was expected, what was found, what to do. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: ControlCode;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
  /** The exit code of a command that ends by it. */
  readonly exit: 1 | 2 | 3 | 5 | 6;

  constructor(code: ControlCode, { expected, found, fix }: Terms, options?: ErrorOptions) {
    super(`${code}: expected ${expected}, found ${found}. ${fix}`, options);
    this.code = code;
    this.expected = expected;
    this.found = found;
    this.fix = fix;
    this.exit = EXITS[code] ?? 3;
  }
}

export const noEngine = (found: string): ControlError =>
  new ControlError('NO_ENGINE', { expected: 'an engine that runs', found, fix: 'dzentra engine start' });

/** What is said of a request whose answer can no longer come. A command may have been carried out all the same. */
export function lostBefore(method: string): ControlError {
  if (method !== 'ask') {
    const fix = 'Try again once the engine answers: dzentra engine status.';
    return new ControlError('LINK_LOST', { expected: 'an answer of the engine', found: 'the link broke', fix });
  }
  const fix = 'Look at the journal before you send it again: dzentra journal tail.';
  const found = 'none came: whether it was done is unknown';
  return new ControlError('OUTCOME_UNKNOWN', { expected: 'the answer to the command', found, fix });
}
