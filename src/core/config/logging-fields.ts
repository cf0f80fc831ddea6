/** What a log line may carry: plain JSON, bounded, so that no field can flood a file or drag an exchange object along. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
export type LogFields = Readonly<Record<string, unknown>>;

const CHARACTERS_MAX = 8_000;
const ITEMS_MAX = 50;
const DEPTH_MAX = 5;

/**
 * Makes values plain: an error with its code, stack and causes; a bigint as text; a map or set as a list; an instance of a
 * class as its name only. What is deeper than 5 levels, beyond 50 items or 8,000 characters is cut, visibly. Never throws.
 */
export class PlainFields {
  readonly #redact: (text: string) => string;

  /** `redact` sees a text before it is cut: half a secret is no longer known as one. */
  constructor(redact: (text: string) => string) {
    this.#redact = redact;
  }

  /** The fields of one line. One that is named as a part of every line (`level`, `at`, `message`) becomes `field_level`. */
  of(fields: LogFields): Record<string, Plain> {
    const entries = Object.entries(fields).map(([name, value]): [string, unknown] => {
      return [/^(level|at|message)$/.test(name) ? `field_${name}` : name, value];
    });
    return this.#record(entries, 0);
  }

  #plain(value: unknown, depth: number): Plain {
    if (typeof value === 'string') return this.#cut(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value !== 'object') return `[${typeof value}]`;
    try {
      return depth < DEPTH_MAX ? this.#object(value, depth) : '[deeper]';
    } catch {
      return '[unreadable]';
    }
  }

  #object(value: object, depth: number): Plain {
    if (value instanceof Error) return this.#error(value, depth);
    if (value instanceof Date) return value.toISOString();
    if (value instanceof Map || value instanceof Set) return this.#list([...value.values()], depth);
    if (Array.isArray(value)) return this.#list(value, depth);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === null || prototype === Object.prototype) return this.#record(Object.entries(value), depth);
    return `[${value.constructor.name}]`;
  }

  /** Nothing else that a client library hung on it: requests, headers, the exchange. */
  #error(error: Error, depth: number): Plain {
    const { code, status, errors } = error as { code?: unknown; status?: unknown; errors?: unknown };
    const { name, message, stack, cause } = error;
    return this.#record(Object.entries({ name, message, code, status, stack, cause, errors }), depth);
  }

  #record(entries: readonly [string, unknown][], depth: number): Record<string, Plain> {
    const kept = entries.filter(([, value]) => value !== undefined).slice(0, ITEMS_MAX);
    return Object.fromEntries(kept.map(([key, value]) => [this.#cut(key), this.#plain(value, depth + 1)]));
  }

  #list(items: readonly unknown[], depth: number): Plain {
    const kept = items.slice(0, ITEMS_MAX).map((item) => this.#plain(item, depth + 1));
    return items.length > ITEMS_MAX ? [...kept, `[${items.length - ITEMS_MAX} more]`] : kept;
  }

  #cut(text: string): string {
    if (text.length <= CHARACTERS_MAX) return text;
    const safe = this.#redact(text);
    return safe.length <= CHARACTERS_MAX
      ? safe
      : `${safe.slice(0, CHARACTERS_MAX)}[${safe.length - CHARACTERS_MAX} more]`;
  }
}

/** An error as text for people, with its causes: for crash output, which passes the redactor like any other text. */
export function errorText(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined || depth > DEPTH_MAX
    ? own
    : `${own}\ncaused by ${errorText(error.cause, depth + 1)}`;
}
