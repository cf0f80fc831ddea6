import { Failure } from './problem.ts';

/** Collects what an account has and names what is missing. */
export interface Parts {
  /** A part, or `instead` where the venue does not give it; `what` begins the sentence that says so. */
  part<T>(what: string, instead: T, question: () => Promise<T>): Promise<T>;
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
  };
}
