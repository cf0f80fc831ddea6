import type { Refused } from '../domain/command.ts';

/** A refusal of a command: what was expected, what was found, what to do. */
export const refuse = (code: string, expected: string, found: string, fix: string): Refused => ({
  code,
  expected,
  found,
  fix,
});
