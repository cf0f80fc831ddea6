import type { AnyEntry } from '../domain/entry.ts';
import type { ClientFrame } from '../domain/frame.ts';
import type { JournalQuery } from '../journal/journal.ts';
import type { Scene, Ui } from '../view/scene.ts';
import type { View } from '../view/view.ts';
import { CLOSE } from './channel.ts';
import { FrameTeller, withClients } from './frames.ts';
import type { Host } from './host.ts';
import { ListTeller, wholeLists } from './lists.ts';
import { type Hello, noticeText, stateHash, VERSION, type Version } from './protocol.ts';

/** What a session is to the desk. */
export interface Place {
  readonly client: number;
  /** A follower gets entries and frames, or is told that a picture is old. */
  readonly wants: 'nothing' | 'entries' | 'pictures';
  readonly frame: ClientFrame | undefined;
  /** Symbols that it wants frames of beside those of the runs. */
  readonly watched: readonly string[];
  /** Bytes that it has not taken yet. */
  readonly buffered: number;
  /** It missed frames and gets all of them once it has room. */
  isBehind: boolean;
  /** Bytes of its first picture: they may wait beside the bound. */
  slackBytes: number;
  readonly sentBytes: number;
  send(text: string): void;
  end(code: number, reason: string): void;
  cut(): void;
}

/** What a desk needs of the process. */
export interface DeskOptions {
  readonly build: string;
  readonly pid: number;
  /** A screen as this version draws it. */
  readonly view: (scene: Scene, ui: Ui) => View | Promise<View>;
  /** Wall clock, ms. */
  readonly now: () => number;
  /** Calls `run` every `ms`; returns how to end it. */
  readonly every: (ms: number, run: () => void) => () => void;
  /** A client of role operate asks the engine to end. */
  readonly onShutdown?: (() => void) | undefined;
  /** What it tells clients of itself; another one than theirs makes them pictures. */
  readonly version?: Version | undefined;
  readonly onError?: ((problem: unknown) => void) | undefined;
  /** Bytes that may wait for one client; a slower one is dropped. */
  readonly bufferedMax?: number | undefined;
}

const TICK_MS = 100;
const TICKS_SYSTEM = 10;
const TICKS_CHECK = 100;
const BUFFERED_MAX = 8 * 2 ** 20;
/** Above it frames are left out: the latest is all that counts. */
const BUFFERED_FRAMES_MAX = 256 * 1024;
/** Entries that a client which comes back gets in the place of a new state. */
const RESUMED_MAX = 5_000;
/** Entries that a picture for one look holds. */
const ENTRIES_LIGHT = 30;
const PAGE_ENTRIES_MAX = 2_000;

/** All clients of one engine: what is told is made once for all of them, and no timer runs while nobody follows. */
export class Desk {
  readonly host: Host;
  readonly build: string;
  readonly version: Version;
  readonly pid: number;
  readonly profile: string;
  readonly now: () => number;
  readonly #options: DeskOptions;
  readonly #places = new Set<Place>();
  #frames = new FrameTeller();
  #lists = new ListTeller();
  #ticks = 0;
  #last = 0;
  #endTicks: (() => void) | undefined;
  readonly #endReleased: () => void;

  constructor(host: Host, options: DeskOptions) {
    this.host = host;
    this.#options = options;
    this.build = options.build;
    this.version = options.version ?? VERSION;
    this.pid = options.pid;
    this.now = options.now;
    this.profile = host.scene().profile;
    this.#endReleased = host.onReleased((entries) => this.#released(entries));
  }

  number(): number {
    return ++this.#last;
  }

  get size(): number {
    return this.#places.size;
  }

  enter(place: Place): void {
    this.#places.add(place);
  }

  leave(place: Place): void {
    this.#places.delete(place);
    if (place.watched.length > 0) this.watch().catch((problem: unknown) => this.failed(problem));
    if (this.#followers().length === 0) this.#sleep();
  }

  /** What one client wants to see does not end with what another wants. */
  async watch(): Promise<void> {
    await this.host.watch([...new Set([...this.#places].flatMap(({ watched }) => watched))]);
  }

  greeted(place: Place): void {
    if (place.wants !== 'nothing') this.#wake();
  }

  failed(problem: unknown): void {
    this.#options.onError?.(problem);
  }

  shutdown(): void {
    this.#options.onShutdown?.();
  }

  async view(ui: Ui): Promise<View> {
    return await this.#options.view(this.#scene(), ui);
  }

  /** What a client gets after `hello`: what it missed where that is little, else all of it. */
  tellFirst(place: Place, { follow, isWhole, since }: Hello): void {
    if (follow === 'one' && isWhole !== true) this.#tellLight(place);
    else if (since === undefined || !this.#tellMissed(place, since)) this.tellWhole(place, true);
  }

  /** The whole scene, its lists in pieces. Without the state it mends what a slow client missed. */
  tellWhole(place: Place, isWithState: boolean): void {
    const before = place.sentBytes;
    const scene = this.#scene();
    const { candles: _candles, trades: _trades, equity: _equity, ...rest } = scene;
    const { state: _state, entries: _entries, ...latest } = rest;
    place.send(noticeText('scene', isWithState ? rest : latest));
    for (const params of wholeLists(scene)) place.send(notice('lists', params));
    place.slackBytes = place.sentBytes - before;
    place.isBehind = false;
  }

  /** Enough for one answer: no lists, the last entries only. */
  #tellLight(place: Place): void {
    const scene = this.#scene();
    const { candles: _candles, trades: _trades, equity: _equity, ...rest } = scene;
    place.send(
      noticeText('scene', { ...rest, strategies: [], commands: [], entries: scene.entries.slice(-ENTRIES_LIGHT) }),
    );
  }

  /** Entries since the last one that the client has; false where it is too far behind, or ahead of this journal. */
  #tellMissed(place: Place, since: number): boolean {
    const { state } = this.host.scene();
    if (since > state.seq || state.seq - since > RESUMED_MAX) return false;
    const entries = this.host.entries({ fromSeq: since + 1 });
    this.tellWhole(place, false);
    place.send(noticeText('entries', { entries }));
    place.send(this.#checkText());
    return true;
  }

  /** The host's scene with what only the desk knows: who is attached. */
  #scene(): Scene {
    const scene = this.host.scene();
    return { ...scene, link: 'up', system: withClients(scene.system, this.#clients()) };
  }

  #clients(): ClientFrame[] {
    return [...this.#places].flatMap(({ frame }) => frame ?? []);
  }

  #followers(): Place[] {
    return [...this.#places].filter(({ wants }) => wants !== 'nothing');
  }

  /** Entries are never left out and never wait: who cannot take them is dropped and comes back by seq. */
  #released(entries: readonly AnyEntry[]): void {
    if (this.#endTicks === undefined || entries.length === 0) return;
    const texts = [...this.#witnessed(entries), noticeText('entries', { entries })];
    for (const place of this.#followers()) {
      for (const text of texts) if (place.wants === 'entries' && this.hasRoom(place)) place.send(text);
    }
  }

  /** The witness of a day is there before the entry that is told with it. */
  #witnessed(entries: readonly AnyEntry[]): readonly string[] {
    if (!entries.some(({ kind }) => kind === 'day_closed')) return [];
    const { witnesses } = this.host.scene();
    return witnesses === undefined ? [] : [noticeText('frame', { witnesses })];
  }

  /** A reader that does not take what it is told is dropped: nobody waits for it. */
  hasRoom(place: Place): boolean {
    const { bufferedMax = BUFFERED_MAX } = this.#options;
    const { buffered } = place;
    if (buffered <= BUFFERED_FRAMES_MAX) place.slackBytes = 0;
    if (buffered <= bufferedMax + place.slackBytes) return true;
    place.cut();
    return false;
  }

  /** The first follower starts the ticks; what it was told whole is not told again as news. */
  #wake(): void {
    if (this.#endTicks !== undefined) return;
    this.#frames = new FrameTeller();
    this.#lists = new ListTeller();
    this.#ticks = 0;
    const scene = this.#scene();
    this.#frames.news(scene, scene.system);
    this.#lists.adopt(scene);
    this.#endTicks = this.#options.every(TICK_MS, () => this.#tick());
  }

  #sleep(): void {
    this.#endTicks?.();
    this.#endTicks = undefined;
  }

  /** Ten times a second: what changed, encoded once, to everybody who has room for it. */
  #tick(): void {
    this.#ticks++;
    let texts: readonly string[];
    try {
      texts = this.#news();
    } catch (problem) {
      this.failed(problem);
      return;
    }
    for (const place of this.#followers()) {
      if (!this.hasRoom(place)) continue;
      if (place.wants === 'pictures') {
        if (texts.length > 0) place.send(CHANGED);
      } else if (place.buffered > BUFFERED_FRAMES_MAX) place.isBehind = true;
      else if (place.isBehind) this.tellWhole(place, false);
      else for (const text of texts) place.send(text);
    }
  }

  #news(): readonly string[] {
    const scene = this.#scene();
    const isSystemDue = this.#ticks % TICKS_SYSTEM === 0;
    const frame = this.#frames.news(scene, isSystemDue ? scene.system : undefined);
    const texts = frame === undefined ? [] : [notice('frame', frame)];
    for (const params of this.#lists.news(scene)) texts.push(notice('lists', params));
    if (this.#ticks % TICKS_CHECK === 0) texts.push(this.#checkText());
    return texts;
  }

  /** What the state of every follower must hash to when it has folded up to that seq. */
  #checkText(): string {
    const { state } = this.host.scene();
    return noticeText('check', { seq: state.seq, hash: stateHash(state) });
  }

  /** Ends every connection. */
  close(): void {
    this.#endReleased();
    this.#sleep();
    for (const place of this.#places) place.end(CLOSE.goingAway, 'the engine ends');
  }
}

const notice = (method: string, params: string): string => `{"jsonrpc":"2.0","method":"${method}","params":${params}}`;
const CHANGED = notice('changed', '{}');

/** A page of entries and whether there are more of them; its size is bounded, whatever the query says. */
export function pageOf(
  host: Host,
  query: JournalQuery,
): { readonly entries: readonly AnyEntry[]; readonly isMore: boolean } {
  const limit = Math.min(query.limit ?? PAGE_ENTRIES_MAX, PAGE_ENTRIES_MAX);
  const entries = host.entries({ ...query, limit });
  return { entries, isMore: limit < (query.limit ?? Number.POSITIVE_INFINITY) && entries.length === limit };
}
