import { type Reply, refused, type Spoiling } from './bot-api-http.ts';

/**
 * What goes wrong. Before the deed: `flood` (429, `retryAfterS`), `refused` (`code`, `description`), `blocked` (403),
 * `unauthorized` (401), `conflict` (409), `server-error` (500), `bad-gateway` (502, a page), `reset-before`. After it, the
 * message is there: `reset-after`, `cut` (half an answer), `garbage` (a page with 200), `server-error-after`,
 * `bad-gateway-after`, `slow` (answers after `ms`), `hang` (never answers).
 */
export type FaultKind =
  | 'flood'
  | 'refused'
  | 'blocked'
  | 'unauthorized'
  | 'conflict'
  | 'server-error'
  | 'bad-gateway'
  | 'reset-before'
  | 'reset-after'
  | 'cut'
  | 'garbage'
  | 'server-error-after'
  | 'bad-gateway-after'
  | 'slow'
  | 'hang';

export interface FaultSpec {
  readonly kind: FaultKind;
  /** Absent: any. */
  readonly method?: string;
  readonly chat?: number;
  /** How often; absent: once. */
  readonly times?: number;
  /** So many requests that it would strike go through before. */
  readonly skip?: number;
  readonly retryAfterS?: number;
  readonly code?: number;
  readonly description?: string;
  readonly ms?: number;
}

/** A fault that was set. */
export interface SetFault {
  /** How often it struck. */
  readonly struck: number;
  lift(): void;
}

/** Faults by chance: the nth call of a method has the same one for the same seed. */
export interface RandomFaults {
  /** Absent: all that may happen to a working bot (no `conflict`, `unauthorized`, `blocked`, `refused`, `hang`). */
  readonly kinds?: readonly FaultKind[];
  /** Absent: all but `getUpdates`. */
  readonly methods?: readonly string[];
  /** Of a `flood`, seconds; absent: 1. */
  readonly retryAfterS?: number;
}

/** A fault that strikes one request. */
export type Strike = Pick<FaultSpec, 'kind' | 'retryAfterS' | 'code' | 'description' | 'ms'>;

const BY_CHANCE: readonly FaultKind[] = [
  'flood',
  'server-error',
  'bad-gateway',
  'reset-before',
  'reset-after',
  'cut',
  'garbage',
  'server-error-after',
  'bad-gateway-after',
];

interface Waiting {
  readonly spec: FaultSpec;
  left: number;
  skips: number;
  struck: number;
}

/** The faults of a stand-in: those that were set strike before those of chance. */
export class Faults {
  readonly #set = new Set<Waiting>();
  readonly #counts = new Map<string, number>();
  #chance: ((method: string) => Strike | undefined) | undefined;

  set(spec: FaultSpec): SetFault {
    const fault: Waiting = { spec, left: spec.times ?? 1, skips: spec.skip ?? 0, struck: 0 };
    this.#set.add(fault);
    return {
      get struck() {
        return fault.struck;
      },
      lift: () => void this.#set.delete(fault),
    };
  }

  random(seed: number, share: number, { kinds = BY_CHANCE, methods, retryAfterS = 1 }: RandomFaults = {}): () => void {
    const chance = (method: string): Strike | undefined => {
      if (methods === undefined ? method === 'getUpdates' : !methods.includes(method)) return undefined;
      const nth = (this.#counts.get(method) ?? 0) + 1;
      this.#counts.set(method, nth);
      if (unit(`${seed}/${method}/${nth}`) >= share) return undefined;
      const kind = kinds[Math.floor(unit(`${seed}/${method}/${nth}/kind`) * kinds.length)];
      return kind === undefined ? undefined : { kind, retryAfterS, ms: 50 };
    };
    this.#counts.clear();
    this.#chance = chance;
    return () => {
      if (this.#chance === chance) this.#chance = undefined;
    };
  }

  /** The one that strikes a request; it is used up by that. */
  take(method: string, chat: number | undefined): Strike | undefined {
    for (const fault of this.#set) {
      const { spec } = fault;
      const isMeant = (spec.method ?? method) === method && (spec.chat ?? chat) === chat;
      if (!isMeant) continue;
      if (fault.skips > 0) {
        fault.skips -= 1;
        continue;
      }
      fault.left -= 1;
      fault.struck += 1;
      if (fault.left <= 0) this.#set.delete(fault);
      return spec;
    }
    return this.#chance?.(method);
  }

  clear(): void {
    this.#set.clear();
    this.#chance = undefined;
  }
}

/** What is answered in place of the deed; undefined: the deed is done, and goes wrong, if at all, after it. */
export function insteadOf({
  kind,
  ...fault
}: Strike): { readonly reply: Reply; readonly spoiling: Spoiling } | undefined {
  const spoiling = kind === 'reset-before' ? 'reset' : kind === 'bad-gateway' ? 'page' : 'none';
  const reply = refusalOf(kind, fault);
  return reply === undefined ? undefined : { reply, spoiling };
}

function refusalOf(
  kind: FaultKind,
  { retryAfterS = 1, code = 400, description }: Omit<Strike, 'kind'>,
): Reply | undefined {
  switch (kind) {
    case 'flood':
      return refused(429, `Too Many Requests: retry after ${retryAfterS}`, { retry_after: retryAfterS });
    case 'refused':
      return refused(code, description ?? 'Bad Request: it was said to be refused');
    case 'blocked':
      return refused(403, 'Forbidden: bot was blocked by the user');
    case 'unauthorized':
      return refused(401, 'Unauthorized');
    case 'conflict':
      return CONFLICT;
    case 'server-error':
      return refused(500, description ?? 'Internal Server Error: restart');
    case 'bad-gateway':
    case 'reset-before':
      return refused(502, 'Bad Gateway');
    default:
      return undefined;
  }
}

export const CONFLICT = refused(
  409,
  'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
);

/** What is said in place of the answer to a deed that was done. */
export const insteadAfter = (kind: FaultKind): Reply | undefined =>
  kind === 'server-error-after' ? refused(500, 'Internal Server Error: restart') : undefined;

/** How the answer to a deed that was done goes wrong. */
export function spoilingOf(kind: FaultKind): Spoiling {
  if (kind === 'reset-after') return 'reset';
  if (kind === 'bad-gateway-after') return 'page';
  return kind === 'cut' || kind === 'garbage' ? kind : 'none';
}

/** A number from 0 to 1 that belongs to a text (FNV-1a, mixed as MurmurHash3 ends). */
function unit(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
