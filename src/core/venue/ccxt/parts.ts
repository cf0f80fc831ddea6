import type { VenueAccountFrame } from '../../domain/frame.ts';
import type { Json } from './client.ts';
import { isJson } from './fields.ts';
import { Failure, fail } from './problem.ts';

type List = VenueAccountFrame['partial'][number];

/** What is asked for, as the sentences name it, and the list that lacks it where it is not told. */
const LISTS = {
  Balances: 'balances',
  Positions: 'positions',
  'Leverage and margin mode': null,
  'Position mode': null,
  'Open orders': 'orders',
  'Conditional orders (stops)': 'orders',
  'Funding and fees': 'flows',
} as const satisfies Record<string, List | null>;
export type Part = keyof typeof LISTS;

/** Collects what an account has and names what is missing. */
export interface Parts {
  /** A part, or `instead` where the venue does not give it. */
  part<T>(what: Part, instead: T, question: () => Promise<T>): Promise<T>;
  /** What can be read of the rows of a part; those that cannot be are counted, and `missing` says so. */
  rows<R extends object, T>(what: Part, rows: readonly unknown[], read: (row: R) => T): readonly T[];
  lacks(what: Part, why: string): void;
  /** What the frame of the account says of it. */
  readonly told: Pick<VenueAccountFrame, 'missing' | 'partial'>;
}

export function collectParts(): Parts {
  const missing: string[] = [];
  const partial: List[] = [];
  const lacks = (what: Part, why: string): void => {
    missing.push(`${what}: ${why}.`);
    const list = LISTS[what];
    if (list !== null && !partial.includes(list)) partial.push(list);
  };
  return {
    told: { missing, partial },
    lacks,
    part: async (what, instead, question) => {
      try {
        return await question();
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        lacks(what, error.problem.found);
        return instead;
      }
    },
    rows: <R extends object, T>(what: Part, rows: readonly unknown[], read: (row: R) => T) => {
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
        lacks(what, `${unread.length} of ${rows.length} cannot be read (${[...new Set(unread)].join('; ')})`);
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
