import type { AnyEntry } from '../domain/entry.ts';
import { type Content, contents } from './digest.ts';

/** The first entry in which two journals differ. A side that ended is undefined. */
export interface Difference {
  /** The runs of both sides are paired in the order of their start: 1 for the first. */
  readonly nth: number;
  /** The number within the run, 1 for the first entry after `run_started`. */
  readonly index: number;
  readonly a: Content | undefined;
  readonly b: Content | undefined;
}

/**
 * Compares what the digests are made of, run by run, and names the first entry that differs; undefined where none does.
 * Runs may have other numbers and be interleaved in another way on the two sides.
 */
export function compare(a: Iterable<AnyEntry>, b: Iterable<AnyEntry>): Difference | undefined {
  const left = new Side(a);
  const right = new Side(b);
  while (true) {
    const fromLeft = left.read();
    const fromRight = right.read();
    if (fromLeft === undefined && fromRight === undefined) return unpaired(left.first(), right.first());
    for (const nth of new Set([fromLeft?.nth, fromRight?.nth])) {
      const found = nth === undefined ? undefined : compareRun(left, right, nth);
      if (found !== undefined) return found;
    }
  }
}

/** Takes the pairs of one run that both sides have read. */
function compareRun(left: Side, right: Side, nth: number): Difference | undefined {
  while (left.has(nth) && right.has(nth)) {
    const a = left.take(nth);
    const b = right.take(nth);
    if (a?.text !== b?.text) return { nth, index: a?.index ?? 0, a, b };
  }
  return undefined;
}

function unpaired(a: Content | undefined, b: Content | undefined): Difference | undefined {
  const first = a ?? b;
  if (first === undefined) return undefined;
  return { nth: first.nth, index: first.index, a, b: a === undefined ? b : undefined };
}

/** The contents of one journal, those that wait for the other side by run. */
class Side {
  readonly #source: Iterator<Content>;
  readonly #waiting = new Map<number, Content[]>();

  constructor(entries: Iterable<AnyEntry>) {
    this.#source = contents(entries);
  }

  read(): Content | undefined {
    const { done, value } = this.#source.next();
    if (done === true) return undefined;
    const queue = this.#waiting.get(value.nth);
    if (queue === undefined) this.#waiting.set(value.nth, [value]);
    else queue.push(value);
    return value;
  }

  has(nth: number): boolean {
    return (this.#waiting.get(nth)?.length ?? 0) > 0;
  }

  take(nth: number): Content | undefined {
    return this.#waiting.get(nth)?.shift();
  }

  /** The earliest content that the other side does not have. */
  first(): Content | undefined {
    const heads = [...this.#waiting.values()].flatMap((queue) => queue.slice(0, 1));
    return heads.sort((a, b) => a.entry.seq - b.entry.seq)[0];
  }
}
