import type { CommandInput, Report } from '../domain/input.ts';
import type { Venue } from './venue.ts';

/** What is on a tape beside the market: a report or a command with the number that the input had. */
export interface TapedInput {
  readonly n: number;
  readonly at: number;
  readonly input: Report | CommandInput;
}

/**
 * The venue of a replay is none: what it said is on the tape, and comes at the place that it had among the inputs.
 * @param inputs how many inputs there were so far
 */
export function createTapedVenue(records: Iterable<TapedInput>, inputs: () => number): Venue {
  const tape = records[Symbol.iterator]();
  let next = tape.next();
  return {
    clearsReduceOnly: true,
    get dueAt() {
      if (next.done === true) return Number.POSITIVE_INFINITY;
      const { n, at } = next.value;
      return n === inputs() + 1 ? at : Number.POSITIVE_INFINITY;
    },
    take() {
      if (next.done === true) return undefined;
      const { input } = next.value;
      next = tape.next();
      return input;
    },
    submit: () => {},
    cancel: () => {},
    query: () => {},
    see: () => {},
    recall: () => {},
  };
}
