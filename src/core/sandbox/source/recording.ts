import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A line of a recording: what the exchange sent, and when its own clock stood there. */
export interface RecordedLine {
  readonly kind: 'depth' | 'quote' | 'trade' | 'snapshot';
  readonly dueAt: number;
  readonly data: string;
}

/** What the lines of a recording have in common. */
export interface RecordingFacts {
  readonly id: string;
  /** USDS-M tells in each diff the one that it follows. */
  readonly kind: 'usdm' | 'spot';
  readonly firstAt: number;
  readonly lastAt: number;
  /** When its book is known; the first line where there is no snapshot. */
  readonly bookAt: number;
  readonly snapshot: string | undefined;
  readonly updateIds: { readonly first: number; readonly last: number };
  readonly tradeIds: { readonly first: number; readonly last: number };
  /** The update id that the first diff after the snapshot follows, and that of the last diff. */
  readonly diffIds: { readonly before: number; readonly last: number };
  readonly price: string;
  readonly qty: string;
}

/** The snapshot bridges one of the first diffs. */
const DIFFS_SEARCHED = 2_000;

const KINDS: readonly (readonly [part: string, kind: RecordedLine['kind']])[] = [
  ['@bookTicker"', 'quote'],
  ['@depth', 'depth'],
  ['@trade"', 'trade'],
];

const numberIn = (data: string, field: string): number | undefined => {
  const at = data.indexOf(`"${field}":`);
  return at < 0 ? undefined : Number.parseInt(data.slice(at + field.length + 3, at + field.length + 24), 10);
};

/** A file of frames: each line `<receive time> <raw JSON>`; a line without "stream" is a REST depth snapshot. */
export class Recording {
  readonly #text: string;
  readonly facts: RecordingFacts;

  /** @throws where the file cannot be read or holds no frames. */
  constructor(file: string) {
    const bytes = readFileSync(file);
    this.#text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
    this.facts = this.#survey(file);
  }

  /**
   * The lines in the order in which they came. An event is due when the exchange's clock has reached its own time; one
   * that bears none (spot's best prices) comes with the one before it.
   */
  *lines(): Generator<RecordedLine> {
    let dueAt = 0;
    // Lines before the first that bears a time come with it.
    const waiting: Omit<RecordedLine, 'dueAt'>[] = [];
    for (let from = 0; from < this.#text.length; ) {
      const to = this.#text.indexOf('\n', from);
      const line = this.#text.slice(from, to < 0 ? undefined : to);
      from = to < 0 ? this.#text.length : to + 1;
      const read = readLine(line);
      if (read === undefined) continue;
      dueAt = Math.max(dueAt, numberIn(read.data, 'E') ?? 0);
      waiting.push(read);
      if (dueAt === 0) continue;
      for (const { kind, data } of waiting) yield { kind, dueAt, data };
      waiting.length = 0;
    }
  }

  #survey(file: string): RecordingFacts {
    const seen = { first: Number.NaN, last: Number.NaN };
    const [updateIds, tradeIds, diffIds] = [{ ...seen }, { ...seen }, { before: Number.NaN, last: Number.NaN }];
    let [firstAt, lastAt, bookAt] = [Number.NaN, Number.NaN, Number.NaN];
    const diffs: { readonly before: number; readonly last: number }[] = [];
    let id = '';
    let market: 'usdm' | 'spot' = 'spot';
    let snapshot: string | undefined;
    let print: { readonly price: string; readonly qty: string } | undefined;
    for (const { kind, dueAt, data } of this.lines()) {
      if (Number.isNaN(firstAt)) firstAt = dueAt;
      lastAt = dueAt;
      if (kind === 'snapshot') {
        snapshot = data;
        bookAt = dueAt;
        continue;
      }
      if (id === '') id = /"s":"([^"]+)"/.exec(data)?.[1] ?? '';
      if (kind === 'trade') {
        widen(tradeIds, numberIn(data, 't'));
        print ??= { price: /"p":"([^"]+)"/.exec(data)?.[1] ?? '0', qty: /"q":"([^"]+)"/.exec(data)?.[1] ?? '0' };
        continue;
      }
      const last = numberIn(data, 'u');
      widen(updateIds, last);
      if (kind !== 'depth' || last === undefined) continue;
      diffIds.last = last;
      if (data.includes('"pu":')) market = 'usdm';
      const before = numberIn(data, 'pu') ?? (numberIn(data, 'U') ?? 1) - 1;
      if (diffs.length < DIFFS_SEARCHED) diffs.push({ before, last });
    }
    const known = snapshot === undefined ? 0 : (numberIn(snapshot, 'lastUpdateId') ?? 0);
    diffIds.before = diffs.find(({ last }) => last >= known)?.before ?? Number.NaN;
    if (id === '' || Number.isNaN(firstAt)) {
      throw new Error(`${file}: expected recorded frames ("<time> {"stream":..,"data":..}" a line), found none`);
    }
    const { price, qty } = print ?? { price: '0', qty: '0' };
    return {
      id,
      kind: market,
      firstAt,
      lastAt,
      bookAt: Number.isNaN(bookAt) ? firstAt : bookAt,
      snapshot,
      updateIds,
      tradeIds,
      diffIds,
      price,
      qty,
    };
  }
}

function readLine(line: string): Omit<RecordedLine, 'dueAt'> | undefined {
  const space = line.indexOf(' ');
  if (space < 0) return undefined;
  const json = line.slice(space + 1).trimEnd();
  if (!json.startsWith('{"stream":')) {
    return json.includes('"lastUpdateId"') ? { kind: 'snapshot', data: json } : undefined;
  }
  const at = json.indexOf('"data":');
  const name = json.slice(0, at);
  const kind = KINDS.find(([part]) => name.includes(part))?.[1];
  return at < 0 || kind === undefined ? undefined : { kind, data: json.slice(at + 7, -1) };
}

function widen(ids: { first: number; last: number }, id: number | undefined): void {
  if (id === undefined) return;
  if (!(ids.first <= id)) ids.first = id;
  if (!(ids.last >= id)) ids.last = id;
}
