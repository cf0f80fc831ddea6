import type { AnyEntry } from '../domain/entry.ts';
import { emptyState, type State } from '../domain/state.ts';
import { evolve } from '../engine/evolve.ts';
import type { Scene } from '../view/scene.ts';
import { type Frame, withLatest } from './frames.ts';
import { type Lists, type Row, type Tail, withTail } from './lists.ts';
import { stateHash } from './protocol.ts';

/** Entries that a replica keeps beside the state, at least. */
const ENTRIES_KEPT = 1_000;

/** A scene as it comes: without a state where the replica goes on from its own. */
export type SceneMessage = Partial<Scene>;

/** What a message did: the new entries, or that the replica is not equal to the engine any more. */
export type Applied = { readonly ok: true; readonly entries: readonly AnyEntry[] } | { readonly ok: false };

const QUIET: Applied = { ok: true, entries: [] };
const BROKEN: Applied = { ok: false };

/** Before the first message, and all that a picture has beside its views. */
const NOTHING: Scene = {
  link: 'none',
  linkAt: null,
  mode: 'PAPER',
  profile: '',
  feed: '',
  now: null,
  state: emptyState(),
  markets: [],
  candles: {},
  runs: [],
  accounts: [],
  system: null,
  entries: [],
  trades: [],
  equity: {},
  strategies: [],
  commands: [],
  isDebugEnabled: false,
};

/** An engine's scene, kept equal to it by the same `evolve`. */
export class Replica {
  #scene: Scene = NOTHING;
  /** Owned and changed in place; a scene that was given away has a copy. */
  #state: State = emptyState();
  #isStateGiven = true;
  #check: { readonly seq: number; readonly hash: string } | undefined;

  /** The last seq that is folded; 0 before the first scene. */
  get seq(): number {
    return this.#state.seq;
  }

  /** A new object whenever something changed, and never one that changes later. */
  scene(): Scene {
    if (!this.#isStateGiven) {
      this.#scene = { ...this.#scene, state: structuredClone(this.#state) };
      this.#isStateGiven = true;
    }
    return this.#scene;
  }

  link(link: Scene['link'], linkAt: number): void {
    this.#scene = { ...this.#scene, link, linkAt };
  }

  /** Applies a message of the engine; undefined where the method is none that it knows. */
  apply(method: string, params: unknown): Applied | undefined {
    switch (method) {
      case 'scene':
        return this.#begin(params as SceneMessage);
      case 'lists':
        return this.#lists(params as Lists);
      case 'frame':
        return this.#frame(params as Frame);
      case 'entries':
        return this.#fold((params as { readonly entries: readonly AnyEntry[] }).entries);
      case 'check':
        this.#check = params as { readonly seq: number; readonly hash: string };
        return this.#holds() ? QUIET : BROKEN;
      default:
        return undefined;
    }
  }

  /** A whole scene, or one without a state and entries: those go on from here. */
  #begin({ state, link: _link, linkAt: _linkAt, ...rest }: SceneMessage): Applied {
    if (state !== undefined) {
      this.#state = state;
      this.#check = undefined;
    }
    this.#isStateGiven = false;
    this.#scene = { ...this.#scene, ...rest };
    return QUIET;
  }

  /** What a list got at its end, or all of it. */
  #lists({ candles, trades, equity }: Lists): Applied {
    const scene = this.#scene;
    this.#scene = {
      ...scene,
      candles: candles === undefined ? scene.candles : withTails(scene.candles, candles),
      trades: trades === undefined ? scene.trades : withTail(scene.trades, trades),
      equity: equity === undefined ? scene.equity : withTails(scene.equity, equity),
    };
    return QUIET;
  }

  /** The latest values take the place of the ones before; what is not in the frame did not change. */
  #frame({ markets, runs, accounts, ...rest }: Frame): Applied {
    const scene = this.#scene;
    this.#scene = {
      ...scene,
      ...rest,
      markets: markets === undefined ? scene.markets : withLatest(scene.markets, markets, ({ symbol }) => symbol),
      runs: runs === undefined ? scene.runs : withLatest(scene.runs, runs, ({ run }) => run),
      accounts:
        accounts === undefined ? scene.accounts : withLatest(scene.accounts, accounts, ({ account }) => account),
    };
    return QUIET;
  }

  /** What the state already holds is not folded again: a picture may be ahead of what is told. */
  #fold(entries: readonly AnyEntry[]): Applied {
    const shown = this.#scene.entries.at(-1)?.seq ?? 0;
    try {
      for (const entry of entries) {
        if (entry.seq <= this.#state.seq) continue;
        evolve(this.#state, entry);
        if (!this.#holds()) return BROKEN;
      }
    } catch {
      return BROKEN;
    }
    const fresh = entries.filter(({ seq }) => seq > shown);
    const all = this.#scene.entries.concat(fresh);
    const kept = all.length > 2 * ENTRIES_KEPT ? all.slice(-ENTRIES_KEPT) : all;
    this.#isStateGiven = false;
    this.#scene = { ...this.#scene, entries: kept };
    return { ok: true, entries: fresh };
  }

  /** Whether the state equals the engine's at the seq that was told; a check of a later seq waits for its entries. */
  #holds(): boolean {
    const check = this.#check;
    if (check === undefined || check.seq > this.#state.seq) return true;
    this.#check = undefined;
    return check.seq < this.#state.seq || check.hash === stateHash(this.#state);
  }
}

function withTails<T extends Row>(
  old: Readonly<Record<string, readonly T[]>>,
  tails: Readonly<Record<string, Tail<T>>>,
): Readonly<Record<string, readonly T[]>> {
  const grown = Object.entries(tails).map(([name, tail]) => [name, withTail(old[name] ?? [], tail)]);
  return { ...old, ...Object.fromEntries(grown) };
}
