import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from '../../../support/checkout.ts';

const FOLDER = resolve(ROOT, '../shared/data/protocol');

/** Whether the recorded messages lie beside this checkout; they are not part of it. */
export const hasRecordings = existsSync(FOLDER);
export const SKIPPED = 'the recorded messages are not here: ../shared/data/protocol';

/** One answer as a recorder or a documentation has it. */
export interface Recorded {
  readonly source: 'recorded' | 'documented' | 'session';
  readonly method: string;
  readonly path: string;
  /** Whether a market was named; undefined where the source does not tell the parameters. */
  readonly isOfOne: boolean | undefined;
  readonly response: unknown;
}

interface Line {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly response?: unknown;
  readonly t?: string;
  readonly url?: string;
  readonly data?: string;
}

function linesOf(file: string): Line[] {
  const text = gunzipSync(readFileSync(resolve(FOLDER, file))).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** Everything that was answered over REST: recordings first, then documentation, then recorded sessions. */
export function recordedAnswers(): Recorded[] {
  const pairs = (file: string, source: Recorded['source']): Recorded[] =>
    linesOf(file).flatMap(({ method, path, query, response }) =>
      method === undefined || path === undefined || response === undefined
        ? []
        : [{ source, method, path, isOfOne: query === undefined ? undefined : /symbol=/.test(query), response }],
    );
  const session = (file: string): Recorded[] =>
    linesOf(file).flatMap(({ t, url, data }) => {
      if (t !== 'http' || url === undefined || data === undefined) return [];
      const { pathname, search } = new URL(url);
      return [
        {
          source: 'session',
          method: 'GET',
          path: pathname,
          isOfOne: /symbol=/.test(search),
          response: JSON.parse(data),
        },
      ];
    });
  return [
    ...pairs('binance-usdm-rest.jsonl.gz', 'recorded'),
    ...pairs('binance-spot-rest.jsonl.gz', 'recorded'),
    ...pairs('binance-docs-shapes-usdm.jsonl.gz', 'documented'),
    ...pairs('binance-docs-shapes-spot-trading.jsonl.gz', 'documented'),
    ...session('cryptofeed-binance_futures-session.jsonl.gz'),
    ...session('cryptofeed-binance-session.jsonl.gz'),
  ];
}

/** Every field with its type, `symbols[].filters[LOT_SIZE].stepSize: string`; rows of a list are taken together. */
export function fieldsOf(value: unknown, name = '$', into = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    const isRow = value.some((one) => typeof one !== 'object') && new Set(value.map((one) => typeof one)).size > 1;
    value.forEach((one, at) => {
      const filter = (one as { filterType?: unknown } | null)?.filterType;
      fieldsOf(one, `${name}[${isRow ? at : typeof filter === 'string' ? filter : ''}]`, into);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [field, one] of Object.entries(value)) fieldsOf(one, `${name}.${field}`, into);
  } else {
    into.add(`${name}: ${value === null ? 'null' : typeof value}`);
  }
  return into;
}

/** The names of an object, and of the first object in each list in it, in their order. */
export function orderOf(value: unknown, name = '$', into = new Map<string, string[]>()): Map<string, string[]> {
  if (Array.isArray(value)) {
    for (const one of value) {
      const filter = (one as { filterType?: unknown } | null)?.filterType;
      orderOf(one, `${name}[${typeof filter === 'string' ? filter : ''}]`, into);
    }
  } else if (typeof value === 'object' && value !== null) {
    if (!into.has(name)) into.set(name, Object.keys(value));
    for (const [field, one] of Object.entries(value)) orderOf(one, `${name}.${field}`, into);
  }
  return into;
}
