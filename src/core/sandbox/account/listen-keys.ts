import { createHash } from 'node:crypto';
import type { SandboxClock } from '../market.ts';

const LIFE_MS = 60 * 60_000;

/** The keys under which user data is streamed: one per API key, for 60 minutes after it was last extended. */
export interface ListenKeys {
  /** The key of this owner, extended; a new one where there is none. */
  create(apiKey: string): string;
  /** False where the owner has none. */
  extend(apiKey: string): boolean;
  /** False where the owner has none. */
  remove(apiKey: string): boolean;
  /** The API key that owns a listen key which still lives. */
  owner(listenKey: string): string | undefined;
  /** Ends one key, or all, as the passing of an hour would. */
  expire(listenKey?: string): void;
  /** Called once for each key that ends by itself or by `expire`, not by `remove`. Returns how to end it. */
  onExpired(listener: (listenKey: string, apiKey: string) => void): () => void;
  /** Lets go of its timers. */
  close(): void;
}

interface Held {
  readonly listenKey: string;
  readonly apiKey: string;
  stop: () => void;
}

/** Listen keys of 64 characters that look random and are not: the n-th of an owner is the same in each run. */
export function createListenKeys(clock: SandboxClock): ListenKeys {
  const held = new Map<string, Held>();
  const listeners = new Set<(listenKey: string, apiKey: string) => void>();
  let made = 0;

  const end = (key: Held): void => {
    key.stop();
    held.delete(key.apiKey);
    for (const listener of listeners) listener(key.listenKey, key.apiKey);
  };
  const live = (key: Held): void => {
    key.stop();
    key.stop = clock.after(LIFE_MS, () => end(key));
  };

  return {
    create(apiKey) {
      const before = held.get(apiKey);
      if (before === undefined) made += 1;
      const key = before ?? { listenKey: nameOf(apiKey, made), apiKey, stop: () => undefined };
      held.set(apiKey, key);
      live(key);
      return key.listenKey;
    },
    extend(apiKey) {
      const key = held.get(apiKey);
      if (key !== undefined) live(key);
      return key !== undefined;
    },
    remove(apiKey) {
      held.get(apiKey)?.stop();
      return held.delete(apiKey);
    },
    owner: (listenKey) => [...held.values()].find((key) => key.listenKey === listenKey)?.apiKey,
    expire(listenKey) {
      for (const key of [...held.values()]) if (listenKey === undefined || key.listenKey === listenKey) end(key);
    },
    onExpired(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      for (const key of held.values()) key.stop();
      held.clear();
    },
  };
}

function nameOf(apiKey: string, turn: number): string {
  return createHash('sha256').update(`${apiKey}/${turn}`).digest('hex');
}
