import { hash } from 'node:crypto';
import type { Ask } from '../domain/ask.ts';
import { decode, encode } from '../domain/entry.ts';
import { EXACT_WORDS, KIND_VERSION } from '../domain/events.ts';
import type { Preview } from '../domain/frame.ts';
import { STATE_VERSION, type State } from '../domain/state.ts';
import { ACCOUNT_FOLDS } from '../engine/fold/account.ts';
import { ALARM_FOLDS } from '../engine/fold/alarm.ts';
import { ORDER_FOLDS } from '../engine/fold/order.ts';
import { POSITION_FOLDS } from '../engine/fold/position.ts';
import { RUN_FOLDS } from '../engine/fold/run.ts';
import type { Ui } from '../view/scene.ts';

/*
 * JSON-RPC 2.0, one message a text frame, exact words as decimal text. A client says `hello` first; what follows depends on
 * whether both sides fold entries alike. Records whose keys people choose travel as pairs, and views as text: a name such
 * as `price` must not make a text of theirs exact.
 */

/** Raised when messages change so that another version cannot read them. `hello` itself never changes. */
export const PROTOCOL = 1;

/** What both sides must share for entries to mean the same: the kinds that fold, the exact words, the body version. */
export const SCHEMA: string = hash(
  'sha256',
  JSON.stringify([
    KIND_VERSION,
    [...EXACT_WORDS].sort(),
    Object.keys({ ...ORDER_FOLDS, ...POSITION_FOLDS, ...RUN_FOLDS, ...ACCOUNT_FOLDS, ...ALARM_FOLDS }).sort(),
  ]),
).slice(0, 16);

/** What decides whether a client may fold. */
export interface Version {
  readonly protocol: number;
  readonly schema: string;
  readonly stateVersion: number;
}

export const VERSION: Version = { protocol: PROTOCOL, schema: SCHEMA, stateVersion: STATE_VERSION };

export const isSameVersion = (a: Version, b: Version): boolean =>
  a.protocol === b.protocol && a.schema === b.schema && a.stateVersion === b.stateVersion;

/** The first message of a client. `since` is the last seq that it has folded, where it was attached before. */
export interface Hello extends Version {
  readonly build: string;
  readonly role: 'read' | 'operate';
  readonly who: string;
  readonly face: string;
  readonly follow: 'one' | 'all';
  /** With `one`: candles, closed trades and equity come, too. */
  readonly isWhole?: boolean | undefined;
  readonly since?: number | undefined;
}

/** The answer to `hello`: `replica` folds entries, `picture` is shown views. */
export interface Welcome extends Version {
  readonly mode: 'replica' | 'picture';
  readonly build: string;
  readonly pid: number;
  readonly profile: string;
}

/** Bytes of one message to the engine; more ends the connection. */
export const INBOUND_BYTES_MAX = 2 ** 20;
/** Bytes of one message to a client; lists are cut into pieces far below it. */
export const OUTBOUND_BYTES_MAX = 2 ** 26;

export const ERROR = { parse: -32700, request: -32600, method: -32601, params: -32602, internal: -32000 } as const;

/** A message that came in, before anybody looked at its params. */
export interface Message {
  readonly jsonrpc: '2.0';
  readonly id?: number | undefined;
  readonly method?: string | undefined;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: RequestError | undefined;
}

/** Why a request has no result; `data` where it is known in three words. */
export interface RequestError {
  readonly code: number;
  readonly message: string;
  readonly data?: Told | undefined;
}

interface Told {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

export const requestText = (id: number, method: string, params: unknown): string =>
  encode({ jsonrpc: '2.0', id, method, params });
export const noticeText = (method: string, params: unknown): string => encode({ jsonrpc: '2.0', method, params });
export const resultText = (id: number, result: unknown): string => encode({ jsonrpc: '2.0', id, result });
export const errorText = (id: number | null, error: RequestError): string =>
  JSON.stringify({ jsonrpc: '2.0', id, error });

/** Reads a message; undefined where it is none. */
export function readMessage(text: string): Message | undefined {
  let value: unknown;
  try {
    value = decode(text);
  } catch {
    return undefined;
  }
  return isMessage(value) ? value : undefined;
}

function isMessage(value: unknown): value is Message {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { jsonrpc, id, method } = value as Record<string, unknown>;
  if (jsonrpc !== '2.0' || (id !== undefined && id !== null && !Number.isSafeInteger(id))) return false;
  return method === undefined || typeof method === 'string';
}

/** A hash of what must survive: equal on both sides at one seq, or the client asks for the whole again. */
export const stateHash = (state: State): string => hash('sha256', JSON.stringify(state, inKeyOrder)).slice(0, 32);

/** Equal states have equal texts, in whatever order their keys were set. */
function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

type Pairs = readonly (readonly [string, string])[];

/** Parameters of a strategy have names of its author. */
export function packAsk(ask: Ask): unknown {
  if (ask.do !== 'start') return ask;
  return { do: 'start', start: { ...ask.start, params: Object.entries(ask.start.params) } };
}

/** Undoes `packAsk`; the shape was checked before. */
export function unpackAsk(packed: unknown): Ask {
  const ask = packed as Ask;
  if (ask.do !== 'start') return ask;
  return { do: 'start', start: { ...ask.start, params: Object.fromEntries(ask.start.params as unknown as Pairs) } };
}

/** What a person typed stays text; only the preview in a form is exact. */
export function packUi(ui: Ui): { readonly text: string; readonly preview: Preview | null } {
  const { form } = ui;
  if (form === undefined) return { text: JSON.stringify(ui), preview: null };
  return { text: JSON.stringify({ ...ui, form: { ...form, preview: null } }), preview: form.preview };
}

/** Undoes `packUi`. @throws {SyntaxError} */
export function unpackUi(text: string, preview: Preview | null): Ui {
  const ui = JSON.parse(text) as Ui;
  return ui.form === undefined ? ui : { ...ui, form: { ...ui.form, preview } };
}
