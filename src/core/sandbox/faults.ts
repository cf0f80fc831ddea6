import { editDistance } from '../base/edits.ts';
import { type Fault, type FaultKind, type Faults, SPOILERS } from './fault.ts';
import type { SandboxClock } from './market.ts';

/** Faults of an answer, of a stream, and of the whole exchange: the place that each kind looks at. */
const REST: readonly FaultKind[] = ['delay', ...SPOILERS];
const STREAM: readonly FaultKind[] = [
  'silence',
  'half-open',
  'cut',
  'refuse',
  'gap',
  'duplicate',
  'reorder',
  'garbage',
  'mute-ack',
];
const WHOLE: readonly FaultKind[] = ['clock-skew', 'filters', 'halt', 'delist'];
export const KINDS: readonly FaultKind[] = [...REST, ...STREAM, ...WHOLE];

/** The faults of a stand-in, with those that wait for their time. */
export interface SandboxFaults extends Faults {
  /** Set, and not at work yet. */
  readonly waiting: readonly Fault[];
}

/** Why a text is no fault: what was expected, what was found, what to do. */
export interface FaultProblem {
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

interface Held {
  readonly fault: Fault;
  readonly fromAt: number;
  readonly toAt: number;
  matched: number;
  struck: number;
}

type Place = { readonly path?: string; readonly stream?: string };

/** Faults at work by the wall clock of the stand-in: what they last does not depend on how fast the market is played. */
export function createFaults(clock: SandboxClock): SandboxFaults {
  let held: Held[] = [];

  const isSpent = (one: Held): boolean => one.fault.count !== undefined && one.struck >= one.fault.count;
  const living = (): Held[] => {
    const now = clock.wall();
    held = held.filter((one) => now < one.toAt && !isSpent(one));
    return held;
  };
  const active = (): Held[] => living().filter((one) => clock.wall() >= one.fromAt);

  return {
    set(fault) {
      const fromAt = clock.wall() + (fault.afterMs ?? 0);
      const toAt = fault.forMs === undefined ? Number.POSITIVE_INFINITY : fromAt + fault.forMs;
      held.push({ fault, fromAt, toAt, matched: 0, struck: 0 });
    },
    clear(kind) {
      held = kind === undefined ? [] : held.filter((one) => one.fault.kind !== kind);
    },
    strike(kinds, where) {
      for (const one of active()) {
        if (!kinds.includes(one.fault.kind) || !isAt(one.fault, where)) continue;
        one.matched += 1;
        if (one.matched % (one.fault.every ?? 1) !== 0) continue;
        one.struck += 1;
        return one.fault;
      }
      return undefined;
    },
    holds: (kind, where = {}) => active().find((one) => one.fault.kind === kind && isAt(one.fault, where))?.fault,
    get all() {
      return active().map((one) => one.fault);
    },
    get waiting() {
      return living()
        .filter((one) => clock.wall() < one.fromAt)
        .map((one) => one.fault);
    },
  };
}

/** The fault of this kind that holds for a market now. */
export function faultOf(faults: Faults, kind: FaultKind, id: string): Fault | undefined {
  return faults.all.find((fault) => fault.kind === kind && (fault.id === undefined || fault.id === id));
}

function isAt(fault: Fault, where: Place): boolean {
  if (fault.path !== undefined && where.path?.startsWith(fault.path) !== true) return false;
  return fault.stream === undefined || where.stream?.includes(fault.stream) === true;
}

type Field = Exclude<keyof Fault, 'kind'>;
const TEXTS: readonly Field[] = ['path', 'stream', 'id', 'msg'];
/** [least, most] of each number. */
const NUMBERS: Partial<Record<Field, readonly [number, number]>> = {
  afterMs: [0, 1e9],
  forMs: [1, 1e9],
  every: [1, 1e9],
  count: [1, 1e9],
  ms: [-1e12, 1e12],
  status: [200, 599],
  code: [-99_999, 99_999],
  retryAfter: [0, 1e6],
};
const FIELDS: readonly string[] = [...TEXTS, ...Object.keys(NUMBERS)];
/** Kinds that need a number to say anything. */
const NEEDS: Partial<Record<FaultKind, Field>> = { delay: 'ms', 'clock-skew': 'ms', error: 'code' };

/**
 * Reads a fault as `kind[:key=value,...]`, such as `delay:path=/fapi/v1/klines,ms=2000,forMs=10000`, or as an object with
 * the same names. A message with a comma in it can be given in an object only.
 */
export function readFault(source: unknown): Fault | FaultProblem {
  const fields = typeof source === 'string' ? fieldsOf(source) : objectOf(source);
  if ('expected' in fields) return fields as unknown as FaultProblem;
  const kind = String(fields.kind);
  if (!isKind(kind)) return kindProblem(kind);
  const fault: Record<string, unknown> = { kind };
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'kind' || value === undefined) continue;
    const found = readField(kind, name, value);
    if (typeof found === 'object') return found;
    fault[name] = found;
  }
  const needed = NEEDS[kind];
  if (needed !== undefined && fault[needed] === undefined) {
    return problem(
      `${kind} with ${needed}`,
      `${kind} without it`,
      `say for instance ${kind}:${needed}=${EXAMPLES[needed]}`,
    );
  }
  return fault as unknown as Fault;
}

const EXAMPLES: Partial<Record<Field, string>> = {
  ms: '2000',
  code: '-1001',
  status: '503',
  afterMs: '1000',
  forMs: '10000',
  retryAfter: '60',
};

/** Whether what was read is a fault. */
export const isFault = (read: Fault | FaultProblem): read is Fault => 'kind' in read;

/** The flag's text as an object; numbers are still text. */
function fieldsOf(text: string): Record<string, unknown> | FaultProblem {
  const colon = text.indexOf(':');
  const fields: Record<string, unknown> = { kind: (colon < 0 ? text : text.slice(0, colon)).trim() };
  if (colon < 0) return fields;
  for (const part of text.slice(colon + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals < 1)
      return problem('key=value after the colon', quote(part), `say for instance ${String(fields.kind)}:count=1`);
    const name = part.slice(0, equals).trim();
    if (Object.hasOwn(fields, name)) return problem(`${name} once`, `it twice in ${quote(text)}`, 'leave one out');
    fields[name] = part.slice(equals + 1).trim();
  }
  return fields;
}

function objectOf(source: unknown): Record<string, unknown> | FaultProblem {
  if (typeof source === 'object' && source !== null && !Array.isArray(source)) {
    const fields = { ...source } as Record<string, unknown>;
    if (typeof fields.kind === 'string') return fields;
  }
  return problem(
    'a fault such as {"kind":"delay","ms":2000}',
    quote(JSON.stringify(source) ?? 'nothing'),
    'name its kind',
  );
}

function readField(kind: FaultKind, name: string, value: unknown): string | number | FaultProblem {
  if (!FIELDS.includes(name)) return problem(`one of the keys ${FIELDS.join(', ')}`, quote(name), near(name, FIELDS));
  const misplaced = placeOf(kind, name);
  if (misplaced !== undefined) return misplaced;
  const range = NUMBERS[name as Field];
  if (range === undefined) return readText(name, value);
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= range[0] && number <= range[1]) return number;
  const found = typeof value === 'string' ? quote(value) : String(JSON.stringify(value));
  return problem(
    `${name} as a whole number from ${range[0]} to ${range[1]}`,
    found,
    `say for instance ${name}=${EXAMPLES[name as Field] ?? '1'}`,
  );
}

function readText(name: string, value: unknown): string | FaultProblem {
  if (typeof value !== 'string' || value === '')
    return problem(`${name} as text`, String(JSON.stringify(value)), 'fill it in');
  if (name !== 'path' || value.startsWith('/')) return value;
  return problem('a path that begins with /', quote(value), `say path=/${value}`);
}

/** A place that a kind does not look at would make the fault strike everywhere, or nowhere. */
function placeOf(kind: FaultKind, name: string): FaultProblem | undefined {
  const owners = name === 'path' ? REST : name === 'stream' ? STREAM : name === 'id' ? WHOLE.slice(1) : undefined;
  if (owners === undefined || owners.includes(kind)) return undefined;
  return problem(`${name} with ${owners.join(', ')}`, `${name} with ${kind}`, `leave ${name} out`);
}

/** Whether a word is a kind of fault. */
export const isKind = (text: string): text is FaultKind => (KINDS as readonly string[]).includes(text);

/** What to say of a word that is none. */
export const kindProblem = (text: string): FaultProblem =>
  problem(`one of the kinds ${KINDS.join(', ')}`, `kind ${quote(text)}`, near(text, KINDS));

const problem = (expected: string, found: string, fix: string): FaultProblem => ({ expected, found, fix });
const quote = (text: string): string => JSON.stringify(text.slice(0, 80));

/** The known word that was most likely meant: three letters away at most. */
function near(word: string, known: readonly string[]): string {
  const best = known
    .map((name) => ({ name, far: editDistance(word.slice(0, 80), name) }))
    .sort((a, b) => a.far - b.far)[0];
  return best !== undefined && best.far <= 3 ? `did you mean ${best.name}?` : 'choose one of them';
}
