/** A broken promise of the program itself: journaled, alarmed, and the process stops; a restart recovers. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Stays on in production. The message names the invariant: `Invariant: fills never exceed the order quantity`. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(invariant);
}

/** Makes a `switch` over a union exhaustive: a new member no longer compiles. */
export function unreachable(value: never, what: string): never {
  throw new InvariantError(`Invariant: every ${what} is handled, found ${JSON.stringify(value)}`);
}
