import type { Json } from './client.ts';
import { isJson } from './fields.ts';
import { Failure, fail } from './problem.ts';

/** Collects what an account has and names what is missing. */
export interface Parts {
  /** A part, or `instead` where the venue does not give it; `what` begins the sentence that says so. */
  part<T>(what: string, instead: T, question: () => Promise<T>): Promise<T>;
  /** What can be read of the rows of a part; those that cannot be are counted, and `missing` says so. */
  rows<R extends object, T>(what: string, rows: readonly unknown[], read: (row: R) => T): readonly T[];
  lacks(sentence: string): void;
  readonly missing: readonly string[];
}

export function collectParts(): Parts {
  const missing: string[] = [];
  return {
    missing,
    lacks: (sentence) => {
      missing.push(sentence);
    },
    part: async (what, instead, question) => {
      try {
        return await question();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        missing.push(`${what}: ${error.problem.found}.`);
        return instead;
      }
    },
    rows: <R extends object, T>(what: string, rows: readonly unknown[], read: (row: R) => T) => {
      const unread: string[] = [];
      const told = rows.flatMap((row) => {
        try {
          return [read(isJson(row) ? (row as R) : lacking('fields'))];
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          unread.push(error.problem.found);
          return [];
        }
      });
      if (unread.length > 0) {
        missing.push(
          `${what}: ${unread.length} of ${rows.length} cannot be read (${[...new Set(unread)].join('; ')}).`,
        );
      }
      return told;
    },
  };
}

/** A field without which a row tells nothing. */
export function needed<T>(row: Json, name: string, read: (row: Json, name: string) => T | null): T {
  return read(row, name) ?? lacking(name);
}

/** Ends the reading of a row. */
export const lacking = (name: string): never => fail('BAD_ANSWER', `a row with ${name}`, `no ${name}`);
