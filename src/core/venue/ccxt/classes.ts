import type { VenueProblemCode } from '../exchange.ts';
import type { Verdict } from './problem.ts';

/** ccxt's classes, the closest first: an error has the names of those that it derives from, too. */
const CLASSES: readonly (readonly [name: string, code: VenueProblemCode])[] = [
  ['BadSymbol', 'UNKNOWN_SYMBOL'],
  ['NotSupported', 'NOT_SUPPORTED'],
  ['AccountNotEnabled', 'KEY_LACKS_RIGHT'],
  ['AccountSuspended', 'KEY_LACKS_RIGHT'],
  ['PermissionDenied', 'KEY_LACKS_RIGHT'],
  ['AuthenticationError', 'BAD_KEY'],
  ['InvalidNonce', 'CLOCK_OFF'],
  ['RateLimitExceeded', 'RATE_LIMITED'],
  ['DDoSProtection', 'RATE_LIMITED'],
  ['OnMaintenance', 'MAINTENANCE'],
  ['RequestTimeout', 'TIMED_OUT'],
  ['ExchangeNotAvailable', 'VENUE_DOWN'],
  ['NetworkError', 'NO_NETWORK'],
  ['BadResponse', 'BAD_ANSWER'],
  ['OperationFailed', 'VENUE_DOWN'],
  ['BaseError', 'REFUSED'],
];
const LIMIT_MS = 60_000;

/** What an error that ccxt threw means where its own tables judged the answer, or where it could not read one. */
export function classifyClass(error: unknown): Verdict {
  const names = ancestry(error);
  const code = CLASSES.find(([name]) => names.includes(name))?.[1] ?? 'BAD_ANSWER';
  const words = error instanceof Error ? error.message : 'no words';
  const found = code === 'BAD_ANSWER' ? `an answer that cannot be read (${words})` : words;
  return code === 'RATE_LIMITED' ? { code, found, silentMs: LIMIT_MS } : { code, found };
}

function ancestry(error: unknown): readonly string[] {
  const names: string[] = [];
  let at: unknown = error instanceof Error ? Object.getPrototypeOf(error) : null;
  while (typeof at === 'object' && at !== null) {
    names.push(String(Reflect.get(at, 'constructor')?.name));
    at = Object.getPrototypeOf(at);
  }
  return names;
}
