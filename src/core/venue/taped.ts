import type { CommandInput, Report } from '../domain/input.ts';
import type { Venue } from './venue.ts';

/** What is on a tape beside the market: a report or a command with the number that the input had. */
export interface TapedInput {
  readonly n: number;
  readonly at: number;
  readonly input: Report | CommandInput;
}

/** Where a replay stands: the instant of the step at hand, and how many inputs there were so far. */
export interface Place {
  readonly now: number;
  readonly inputs: number;
}

/**
 * The venue of a replay is none: what it said is on the tape, and comes at the place that it had among the inputs. It is
 * due at its instant; inputs of that very instant that were before it come first.
 */
export function createTapedVenue(records: Iterable<TapedInput>, place: () => Place): Venue {
  const tape = records[Symbol.iterator]();
  let next = tape.next();
  return {
    clearsReduceOnly: true,
    get dueAt() {
      if (next.done === true) return Number.POSITIVE_INFINITY;
      const { n, at } = next.value;
      const { now, inputs } = place();
      return at > now || n === inputs + 1 ? at : Number.POSITIVE_INFINITY;
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
