import type { Listing, SandboxClock, SandboxMarket } from '../market.ts';
import { digitsIn, formatOf } from './amount.ts';
import { merged } from './merge.ts';
import type { Message, Source } from './message.ts';
import { PlayedMarket } from './played.ts';
import { type RecordedLine, Recording } from './recording.ts';
import { MINUTE_MS } from './span.ts';

/** Trades of a recording became known up to 214 ms after the instant that they bear. */
const LATE_MS = 250;

export interface RecordedOptions {
  /** Paths of frames files, plain or gzip, one symbol in each. */
  readonly files: readonly string[];
  readonly kind: 'usdm' | 'spot';
  /** What the symbols are; one for each file at least. */
  readonly listings: readonly Listing[];
  readonly clock: SandboxClock;
  /** `now`: moved by whole minutes, so that it began less than a minute ago. `recorded`: with its own instants. */
  readonly at?: 'now' | 'recorded';
  /** Market time for one ms of the wall clock; 1 where it is left out. */
  readonly speed?: number;
  /** Begins anew at its end, with update ids that go on; else it is silent from there. */
  readonly loop?: boolean;
}

/** A recorded market as it was: the frames byte for byte, only their instants moved. Its clock begins when all books are known. */
export function openRecorded(options: RecordedOptions): SandboxMarket {
  const { kind, clock, at = 'now', speed = 1, loop = false } = options;
  const recordings = options.files.map((file) => new Recording(file));
  const startAt = Math.max(...recordings.map(({ facts }) => facts.bookAt));
  const wall = clock.wall();
  const shiftMs = at === 'recorded' ? 0 : Math.floor((wall - startAt) / MINUTE_MS) * MINUTE_MS;
  const listings = recordings.map(({ facts }) => listingOf(options.listings, facts.id));
  const source: Source = {
    kind,
    listings,
    formats: new Map(
      recordings.map(({ facts }, at) => {
        const seen = { price: digitsIn(facts.price), qty: digitsIn(facts.qty) };
        return [facts.id, formatOf(kind, listings[at] as Listing, seen)];
      }),
    ),
    startAt: at === 'recorded' ? startAt : wall,
    lateMs: LATE_MS,
    messages: () => messagesOf(recordings, shiftMs, loop),
    history: () => undefined,
  };
  return new PlayedMarket(source, { clock, speed });
}

function listingOf(listings: readonly Listing[], id: string): Listing {
  const listing = listings.find((other) => other.id === id);
  if (listing === undefined) throw new Error(`expected a listing of ${id}, which is recorded, found none`);
  return listing;
}

function* messagesOf(recordings: readonly Recording[], shiftMs: number, loop: boolean): Generator<Message> {
  const firstAt = Math.min(...recordings.map(({ facts }) => facts.firstAt));
  const lastAt = Math.max(...recordings.map(({ facts }) => facts.lastAt));
  const lengthMs = Math.ceil((lastAt - firstAt + 1) / MINUTE_MS) * MINUTE_MS;
  for (let pass = 0; pass === 0 || loop; pass++) {
    yield* merged(recordings.map((recording) => passOf(recording, pass, shiftMs + pass * lengthMs)));
  }
}

/** One passage through a recording. From the second on its book begins with a diff that leads from the last one to it. */
function* passOf(recording: Recording, pass: number, shiftMs: number): Generator<Message> {
  const { id, updateIds, tradeIds, diffIds, snapshot, firstAt } = recording.facts;
  const updates = pass * (updateIds.last - updateIds.first + 1);
  const trades = pass * (tradeIds.last - tradeIds.first + 1);
  if (pass > 0 && snapshot !== undefined) {
    const endedWith = diffIds.last + updates - (updateIds.last - updateIds.first + 1);
    const ids = { firstId: endedWith + 1, lastId: diffIds.before + updates };
    yield { kind: 'bridge', id, dueAt: firstAt + shiftMs, data: snapshot, ...ids };
  }
  let isBookBegun = pass === 0;
  for (const line of recording.lines()) {
    if (pass > 0 && line.kind === 'snapshot') continue;
    if (line.kind === 'depth' && !isBookBegun) {
      isBookBegun = followsIn(line, diffIds.before);
      if (!isBookBegun) continue;
    }
    const data = withIds(withInstants(line.data, shiftMs), { updates, trades });
    yield { kind: line.kind, id, dueAt: line.dueAt + shiftMs, data };
  }
}

const followsIn = ({ data }: RecordedLine, before: number): boolean =>
  data.includes(`"pu":${before},`) || data.includes(`"U":${before + 1},`);

/** Only the digits of `E` and `T` change. */
function withInstants(data: string, shiftMs: number): string {
  if (shiftMs === 0) return data;
  return data.replace(/"([ET])":(\d+)/g, (_, field: string, at: string) => `"${field}":${Number(at) + shiftMs}`);
}

function withIds(data: string, by: { readonly updates: number; readonly trades: number }): string {
  if (by.updates === 0 && by.trades === 0) return data;
  return data.replace(/"(u|U|pu|t)":(\d+)/g, (_, field: string, id: string) => {
    return `"${field}":${Number(id) + (field === 't' ? by.trades : by.updates)}`;
  });
}
