import { encode } from '../domain/entry.ts';
import type {
  AccountFrame,
  ClientFrame,
  MarketFrame,
  RunFrame,
  SystemFrame,
  VenueAccountFrame,
} from '../domain/frame.ts';
import type { Scene, Witness } from '../view/scene.ts';

/** The latest values: `keys` is the whole list in its order where that changed, `items` those that changed. */
export interface Latest<T> {
  readonly keys?: readonly (string | number)[];
  readonly items: readonly T[];
}

/** What changed since the last frame; what is absent did not. */
export interface Frame {
  readonly now?: number | null;
  readonly feed?: string;
  readonly markets?: Latest<MarketFrame>;
  readonly runs?: Latest<RunFrame>;
  readonly accounts?: Latest<AccountFrame>;
  readonly system?: SystemFrame | null;
  readonly venueAccount?: VenueAccountFrame | null;
  readonly witnesses?: readonly Witness[];
}

/** Lists of latest values, and what tells one of them from another. */
const GROUPS = [
  ['markets', (scene: Scene) => scene.markets.map((market) => [market.symbol, market] as const)],
  ['runs', (scene: Scene) => scene.runs.map((run) => [run.run, run] as const)],
  ['accounts', (scene: Scene) => scene.accounts.map((account) => [account.account, account] as const)],
] as const;

/** A list after its latest values came. */
export function withLatest<T>(old: readonly T[], latest: Latest<T>, keyOf: (item: T) => string | number): readonly T[] {
  const known = new Map([...old, ...latest.items].map((item) => [keyOf(item), item]));
  const keys = latest.keys ?? old.map(keyOf);
  return keys.flatMap((key) => known.get(key) ?? []);
}

/** Remembers the texts of what was told, and tells what is new: everything is encoded once for all clients. */
export class FrameTeller {
  readonly #told = new Map<string, string>();

  /** Params of a message, or undefined where nothing changed. `system` is told where it is given. */
  news(scene: Scene, system?: SystemFrame | null): string | undefined {
    const fields = [
      ...this.#field('now', encode(scene.now)),
      ...this.#field('feed', encode(scene.feed)),
      ...(system === undefined ? [] : this.#field('system', encode(system))),
      ...this.#field('venueAccount', encode(scene.venueAccount ?? null)),
    ];
    for (const [name, itemsOf] of GROUPS) fields.push(...this.#group(name, itemsOf(scene)));
    return fields.length === 0 ? undefined : `{${fields.join(',')}}`;
  }

  #field(name: string, text: string): readonly string[] {
    return this.#isNew(name, text) ? [`"${name}":${text}`] : [];
  }

  #group(name: string, pairs: readonly (readonly [key: string | number, item: unknown])[]): readonly string[] {
    const items: string[] = [];
    for (const [key, item] of pairs) {
      const text = encode(item);
      if (this.#isNew(`${name} ${key}`, text)) items.push(text);
    }
    const keys = JSON.stringify(pairs.map(([key]) => key));
    const order = this.#isNew(`${name}[]`, keys) ? `"keys":${keys},` : '';
    return items.length === 0 && order === '' ? [] : [`"${name}":{${order}"items":[${items.join(',')}]}`];
  }

  /** Compared as text: what is equal to a reader is not sent. */
  #isNew(key: string, text: string): boolean {
    if (this.#told.get(key) === text) return false;
    this.#told.set(key, text);
    return true;
  }
}

/** The engine's health with who is attached. */
export const withClients = (system: SystemFrame | null, clients: readonly ClientFrame[]): SystemFrame | null =>
  system === null ? null : { ...system, clients };
