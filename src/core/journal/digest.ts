import { createHash, type Hash } from 'node:crypto';
import type { AnyEntry, Cause } from '../domain/entry.ts';
import { jsonText } from './row.ts';

/** The digest of one run: SHA-256 as hex over the contents of its entries, and how many they are. */
export interface RunDigest {
  readonly digest: string;
  readonly entries: number;
}

/** An entry of a run as every mode writes it: numbered within the run, without its address. */
export interface Content {
  readonly run: number;
  /** 1 for the run that started first. */
  readonly nth: number;
  /** 1 for the first entry after `run_started`. */
  readonly index: number;
  readonly text: string;
  readonly entry: AnyEntry;
}

/**
 * Digests of the runs that start within `entries`: contents `{kind, v, at, cause, body}`, one JSON line each,
 * from after `run_started`, without `alert_*` and `command_*`. Equal for paper, backtest and replay of one tape.
 */
export function digests(entries: Iterable<AnyEntry>): Map<number, RunDigest> {
  const digest = new Digest();
  for (const entry of entries) digest.add(entry);
  return digest.result();
}

/** The same, entry by entry. */
export class Digest {
  readonly #numbering = new Numbering();
  readonly #runs = new Map<number, { hash: Hash; entries: number }>();

  add(entry: AnyEntry): void {
    const content = this.#numbering.content(entry);
    if (entry.kind === 'run_started') this.#runs.set(entry.run, { hash: createHash('sha256'), entries: 0 });
    const run = this.#runs.get(entry.run);
    if (content === undefined || run === undefined) return;
    run.hash.update(`${content.text}\n`);
    run.entries = content.index;
  }

  result(): Map<number, RunDigest> {
    return new Map(
      [...this.#runs].map(([run, { hash, entries }]) => [run, { digest: hash.copy().digest('hex'), entries }]),
    );
  }
}

/** The contents of all runs in order; one that began before `entries` is numbered from its first entry among them. */
export function* contents(entries: Iterable<AnyEntry>): Generator<Content> {
  const numbering = new Numbering();
  for (const entry of entries) {
    const content = numbering.content(entry);
    if (content !== undefined) yield content;
  }
}

/** Where an entry stands; index 0 is `run_started`, -1 is outside of every digest. */
interface Place {
  readonly run: number;
  readonly index: number;
  readonly kind: string;
  readonly at: number;
}

/** Numbers entries within their runs and renames what points at them. */
class Numbering {
  readonly #places: Place[] = [];
  readonly #runs = new Map<number, { readonly nth: number; entries: number }>();
  #firstSeq = 0;

  content(entry: AnyEntry): Content | undefined {
    if (this.#places.length === 0) this.#firstSeq = entry.seq;
    const { run, kind, v, at } = entry;
    const index = this.#indexOf(entry);
    this.#places[entry.seq - this.#firstSeq] = { run, index, kind, at };
    const nth = this.#runs.get(run)?.nth;
    if (index < 1 || nth === undefined) return undefined;
    const cause = typeof entry.cause === 'number' ? this.#name(run, entry.cause) : entry.cause;
    return { run, nth, index, text: jsonText({ kind, v, at, cause, body: this.#body(entry) }), entry };
  }

  #indexOf({ run, kind }: AnyEntry): number {
    if (kind === 'run_started') {
      this.#runs.set(run, { nth: this.#runs.size + 1, entries: 0 });
      return 0;
    }
    if (run === 0 || isOutside(kind)) return -1;
    const numbered = this.#runs.get(run) ?? { nth: this.#runs.size + 1, entries: 0 };
    this.#runs.set(run, numbered);
    numbered.entries += 1;
    return numbered.entries;
  }

  /** A seq as its index within the run; an entry outside of it by kind and instant. */
  #name(run: number, seq: number): Cause {
    const place = this.#places[seq - this.#firstSeq];
    if (place === undefined) return 'unknown';
    return place.run === run && place.index >= 0 ? place.index : `${place.kind} ${place.at}`;
  }

  /** Words in bodies that are seqs or the run's own number. */
  #body(entry: AnyEntry): unknown {
    const { run, kind, body } = entry;
    switch (kind) {
      case 'position_flipped':
      case 'flip_incomplete':
        return { ...body, closed: this.#name(run, body.closed) };
      case 'funding_paid':
        return body.closed === undefined ? body : { ...body, closed: this.#name(run, body.closed) };
      case 'note_added':
        return { ...body, about: this.#name(run, body.about) };
      case 'lease_taken':
      case 'lease_released':
        return { ...body, run: body.run === run ? 0 : body.run };
      default:
        return body;
    }
  }
}

/** Of these a run has others where people look on in another way. */
export const isOutside = (kind: string): boolean => kind.startsWith('alert_') || kind.startsWith('command_');
