import type { Change, ConnectOptions, EngineClient } from '../command/engine.ts';
import type { Answer, Ask, Asking } from '../domain/ask.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { Draft, Preview } from '../domain/frame.ts';
import type { JournalQuery } from '../journal/journal.ts';
import type { Scene, Ui } from '../view/scene.ts';
import type { View } from '../view/view.ts';
import type { Plug } from './channel.ts';
import { type After, Link } from './link.ts';
import { packAsk, packUi, VERSION, type Welcome } from './protocol.ts';
import { Replica } from './replica.ts';

/** An engine's client with what lifecycle commands need. */
export interface ControlClient extends EngineClient {
  /** The engine that answered. */
  readonly engine: Welcome;
  /** Asks the engine to end; resolves with its process id when it has heard. */
  shutdown(): Promise<number>;
}

export interface ClientOptions extends ConnectOptions {
  readonly build: string;
  readonly who: string;
  /** The face's clock, ms. */
  readonly now: () => number;
  readonly after: After;
  /** 0 to 1: tries of many clients must not come at once. */
  readonly random: () => number;
}

const ANSWER_MS = 15_000;
const HELLO_MS = 5_000;
/** A follower hears something every second; after so many looks at a silent link it is lost. */
const SILENT_LOOKS = 5;
const LOOK_MS = 1_000;
const RETRY_MS = 100;
const RETRY_MS_MAX = 5_000;

type Dial = () => Promise<Plug>;

/**
 * Keeps one engine in view over links that come and go. What is asked on a link that breaks is never sent again: whether it
 * was done is for the journal to tell.
 */
export class Client implements ControlClient {
  readonly #options: ClientOptions;
  readonly #dial: Dial | undefined;
  readonly #replica = new Replica();
  readonly #listeners = new Set<(change: Change) => void>();
  #link: Link | undefined;
  /** The link, once the engine has answered on it. */
  #up: Link | undefined;
  #welcome: Welcome | undefined;
  #watched: readonly string[] = [];
  #isClosed = false;
  #isMending = false;
  #tries = 0;
  /** Looks since something was heard: no clock is asked, which may be set meanwhile. */
  #silentLooks = 0;
  #endRetry: (() => void) | undefined;
  #endGuard: (() => void) | undefined;

  /** With `dial` a lost link is tried again. */
  constructor(options: ClientOptions, dial?: Dial) {
    this.#options = options;
    this.#dial = dial;
  }

  get engine(): Welcome {
    if (this.#welcome === undefined) throw new Error('Invariant: a client has said hello');
    return this.#welcome;
  }

  get picture(): EngineClient['picture'] {
    if (this.#welcome?.mode !== 'picture') return undefined;
    return { engine: this.#welcome.build, own: this.#options.build };
  }

  /** Says hello; resolves when the first scene is there. */
  async greet(plug: Plug): Promise<void> {
    const { build, role, who, face, follow, isWhole, now, after } = this.#options;
    const link: Link = new Link(
      plug,
      {
        notice: (method, params) => this.#hear(link, method, params),
        lost: () => this.#lost(link),
      },
      after,
    );
    this.#link = link;
    const since = this.#replica.seq === 0 ? undefined : this.#replica.seq;
    const hello = { ...VERSION, build, role, who, face, follow, isWhole, since };
    try {
      this.#welcome = (await link.request('hello', hello, HELLO_MS)) as Welcome;
    } catch (problem) {
      if (this.#link === link) this.#link = undefined;
      link.cut();
      throw problem;
    }
    this.#tries = 0;
    this.#up = link;
    this.#replica.link('up', now());
    this.#guard();
    if (this.#watched.length > 0) link.tell('watch', { symbols: this.#watched });
  }

  scene(): Scene {
    return this.#replica.scene();
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async ask(ask: Ask, asking: Asking): Promise<Answer> {
    return (await this.#request('ask', { ask: packAsk(ask), asking })) as Answer;
  }

  async preview(symbol: string, draft: Draft): Promise<Preview> {
    return (await this.#request('preview', { symbol, draft })) as Preview;
  }

  /** Page by page; oldest first, also where the newest were asked for. */
  async entries(query: JournalQuery): Promise<readonly AnyEntry[]> {
    const all: AnyEntry[] = [];
    let rest = query;
    for (;;) {
      const { entries, isMore } = (await this.#request('entries', { query: rest })) as Page;
      all.push(...entries);
      if (!isMore) break;
      const limit = rest.limit === undefined ? undefined : rest.limit - entries.length;
      const edge = entries.at(-1)?.seq ?? 0;
      // Sorted either way: a host may give the newest first or last.
      const low = Math.min(edge, entries[0]?.seq ?? 0);
      rest = query.newest === true ? { ...rest, limit, toSeq: low - 1 } : { ...rest, limit, fromSeq: edge + 1 };
    }
    return all.sort((a, b) => a.seq - b.seq);
  }

  async watch(symbols: readonly string[]): Promise<void> {
    this.#watched = [...new Set([...this.#watched, ...symbols])];
    await this.#request('watch', { symbols: this.#watched });
  }

  async view(ui: Ui): Promise<View> {
    const { text, preview } = packUi(ui);
    return JSON.parse((await this.#request('view', { ui: text, preview })) as string) as View;
  }

  report(painting: { readonly paintedAt: number; readonly skipped: number; readonly lagMs: number }): void {
    this.#link?.tell('report', { painting });
  }

  async shutdown(): Promise<number> {
    return (await this.#request('shutdown', {})) as number;
  }

  close(): void {
    this.#isClosed = true;
    this.#endGuard?.();
    this.#endRetry?.();
    this.#listeners.clear();
    this.#link?.cut();
    this.#link = undefined;
  }

  /** Rejects at once where there is no link: nothing is kept for later. */
  #request(method: string, params: unknown): Promise<unknown> {
    const link = this.#link ?? new Link(NO_PLUG, NO_LISTENER, this.#options.after);
    if (this.#link === undefined) link.closed(0, 'none');
    return link.request(method, params, ANSWER_MS);
  }

  /** Messages in the order in which the engine wrote them: entries come before the answer to who caused them. */
  #hear(link: Link, method: string, params: unknown): void {
    if (link !== this.#link) return;
    this.#silentLooks = 0;
    if (method === 'changed') {
      this.#tell({ entries: [], isLink: false });
      return;
    }
    const applied = this.#replica.apply(method, params);
    if (applied === undefined || this.#welcome === undefined) return;
    if (applied.ok) this.#tell({ entries: applied.entries, isLink: false });
    else this.#mend(link);
  }

  /** The replica differs from the engine: the whole scene comes again. */
  #mend(link: Link): void {
    if (this.#isMending) return;
    this.#isMending = true;
    const ended = (): void => {
      this.#isMending = false;
    };
    link.request('snapshot', {}, ANSWER_MS).then(ended, ended);
  }

  /** The last picture stays, and says that it is old. */
  #lost(link: Link): void {
    if (link !== this.#up) return;
    this.#up = undefined;
    this.#link = undefined;
    if (this.#isClosed) return;
    this.#endGuard?.();
    this.#endGuard = undefined;
    this.#replica.link('lost', this.#options.now());
    this.#tell({ entries: [], isLink: true });
    this.#retryLater();
  }

  /** Doubled each time up to the bound, and spread: fifty faces do not come back in one instant. */
  #retryLater(): void {
    if (this.#dial === undefined || this.#isClosed || this.#options.follow !== 'all') return;
    const { after, random } = this.#options;
    const delay = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(this.#tries++, 10)) * (0.5 + random() / 2);
    this.#endRetry = after(delay, () => void this.#retry());
  }

  async #retry(): Promise<void> {
    try {
      const plug = await this.#dial?.();
      if (plug === undefined) return;
      if (this.#isClosed) plug.channel.cut();
      else await this.greet(plug);
    } catch {
      this.#retryLater();
      return;
    }
    this.#tell({ entries: [], isLink: true });
  }

  /** A process that was stopped keeps its socket open and says nothing. */
  #guard(): void {
    const { follow, after } = this.#options;
    if (follow !== 'all' || this.#dial === undefined) return;
    this.#silentLooks = 0;
    this.#endGuard?.();
    const look = (): void => {
      if (++this.#silentLooks > SILENT_LOOKS) this.#link?.cut();
      else this.#endGuard = after(LOOK_MS, look);
    };
    this.#endGuard = after(LOOK_MS, look);
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** A bounded piece of an answer. */
interface Page {
  readonly entries: readonly AnyEntry[];
  readonly isMore: boolean;
}

const NO_LISTENER = { notice: () => undefined, lost: () => undefined };
const NO_PLUG: Plug = {
  channel: { send: () => undefined, waiting: 0, close: () => undefined, cut: () => undefined },
  listen: () => undefined,
};
