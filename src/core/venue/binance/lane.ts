import type { Endpoint, Timers } from '../exchange.ts';
import type { Route } from './channels.ts';
import { Connection, type ConnectionSink } from './connection.ts';
import type { StreamLimits } from './limits.ts';
import { backoffMs, type Pace } from './pace.ts';
import type { Watch } from './watch.ts';

/** Hears what becomes of a lane's channels. */
export interface LaneSink {
  message(serial: number, bytes: Uint8Array): void;
  /** A connection opened where there was none: its channels are asked for. */
  opened(watches: Iterable<Watch>): void;
  lost(watches: Iterable<Watch>, why: string): void;
  refused(watch: Watch, why: string): void;
  failed(why: string): void;
  /** Whether nothing of these symbols waits for a frame of the connection that gives way. */
  isSettled(watches: Iterable<Watch>): boolean;
}

export interface LaneOptions {
  readonly route: Route;
  readonly url: string;
  readonly endpoint: Endpoint;
  readonly timers: Timers;
  readonly random: () => number;
  readonly limits: StreamLimits;
  /** Connection attempts of the whole stream. */
  readonly connects: Pace;
  readonly nextSerial: () => number;
  readonly nextId: () => number;
  readonly log: (text: string) => void;
  readonly sink: LaneSink;
}

/** Channels that share a connection, whichever that is: the next one takes over before the old one ends. */
export class Lane {
  readonly route: Route;
  readonly #options: LaneOptions;
  readonly #watches = new Map<string, Watch>();
  readonly #heard: ConnectionSink;
  #current: Connection | undefined;
  #next: Connection | undefined;
  /** Since when all of the next one's subscriptions are answered. */
  #settledAt = Number.NaN;
  #dueAt = Number.NEGATIVE_INFINITY;
  #attempts = 0;
  /** Why another connection is to take over. */
  #wish: string | undefined;
  #wishDueAt = Number.NEGATIVE_INFINITY;
  #dialed = 0;

  constructor(options: LaneOptions) {
    this.route = options.route;
    this.#options = options;
    this.#heard = {
      opened: (connection) => this.#opened(connection),
      message: (connection, bytes) => options.sink.message(connection.serial, bytes),
      acked: (connection, streams) => this.#acked(connection, streams),
      refused: (connection, streams, why) => this.#refused(connection, streams, why),
      closed: (connection, why) => this.#closed(connection, why),
      spoke: (connection, stream) => (this.#watches.get(stream)?.serial ?? -1) >= connection.serial,
    };
  }

  get size(): number {
    return this.#watches.size;
  }

  get state(): 'open' | 'connecting' | 'waiting' {
    if (this.#current?.state === 'open') return 'open';
    return this.#current === undefined ? 'waiting' : 'connecting';
  }

  get connections(): number {
    return this.#open.length;
  }

  /** Connections after the first. */
  get reconnects(): number {
    return Math.max(0, this.#dialed - 1);
  }

  add(watch: Watch): void {
    this.#watches.set(watch.stream, watch);
    for (const each of this.#open) each.subscriber.ask(watch.stream);
  }

  remove(watch: Watch): void {
    this.#watches.delete(watch.stream);
    for (const each of this.#open) each.subscriber.drop(watch.stream);
  }

  resubscribe(watch: Watch): void {
    watch.expectedAt = Number.POSITIVE_INFINITY;
    if (this.#current?.state === 'open') this.#current.subscriber.renew(watch.stream);
  }

  /** Opens another connection that takes over. */
  renew(why: string): void {
    if (this.#wish !== undefined || this.#next !== undefined) return;
    this.#wish = why;
    this.#options.log(`${this.route}: another connection takes over: ${why}`);
  }

  answer(serial: number, id: string, error: string | null): void {
    for (const each of this.#open) if (each.serial === serial) each.subscriber.answer(id, error);
  }

  /** The venue says that it will close that connection. */
  closing(serial: number): void {
    if (serial === this.#current?.serial) this.renew('the venue will close this one');
  }

  probe(now: number): void {
    for (const each of this.#open) each.probe(now);
  }

  sweep(now: number): void {
    const { connects, limits } = this.#options;
    this.#current?.sweep(now);
    this.#next?.sweep(now);
    if (this.#current === undefined) {
      if (now >= this.#dueAt && connects.take(now)) this.#current = this.#dial();
      return;
    }
    if (this.#current.state !== 'open') return;
    if (now - this.#current.openedAt >= limits.lifeMs) this.renew('its time is over');
    if (this.#next !== undefined) {
      if (this.#isReady(this.#next, now)) this.#takeOver(this.#next, now);
    } else if (this.#wish !== undefined && now >= this.#wishDueAt && connects.take(now)) {
      this.#settledAt = Number.NaN;
      this.#next = this.#dial();
    }
  }

  end(): void {
    this.#current?.close();
    this.#next?.close();
    this.#current = undefined;
    this.#next = undefined;
  }

  get #open(): Connection[] {
    return [this.#current, this.#next].filter((each) => each !== undefined).filter(({ state }) => state === 'open');
  }

  #known(streams: readonly string[]): Watch[] {
    return streams.flatMap((stream) => this.#watches.get(stream) ?? []);
  }

  #muteMs(watch: Watch): number {
    const { muteMsMax, beginMs } = this.#options.limits;
    return Math.min(muteMsMax, beginMs * 2 ** watch.attempts);
  }

  #dial(): Connection {
    this.#dialed += 1;
    return new Connection({ ...this.#options, serial: this.#options.nextSerial(), sink: this.#heard });
  }

  #opened(connection: Connection): void {
    for (const stream of this.#watches.keys()) connection.subscriber.ask(stream);
    if (connection === this.#current) this.#options.sink.opened(this.#watches.values());
    connection.sweep(this.#options.timers.mono());
  }

  #acked(connection: Connection, streams: readonly string[]): void {
    if (connection !== this.#current) return;
    for (const watch of this.#known(streams)) {
      if (watch.attempts === 0 && watch.serial >= connection.serial) continue;
      watch.expectedAt = this.#options.timers.mono() + this.#muteMs(watch);
    }
  }

  #refused(connection: Connection, streams: readonly string[], why: string): void {
    if (connection !== this.#current) return;
    for (const watch of this.#known(streams)) {
      watch.expectedAt = this.#options.timers.mono() + this.#muteMs(watch);
      this.#options.sink.refused(watch, why);
    }
  }

  /** Every live channel spoke on it; the calm ones have had their time. */
  #isReady(next: Connection, now: number): boolean {
    const { limits, sink } = this.#options;
    if (next.state !== 'open') return false;
    if (now - next.openedAt >= limits.overlapMs) return true;
    if (!next.subscriber.isSettled || !sink.isSettled(this.#watches.values())) return false;
    if (Number.isNaN(this.#settledAt)) this.#settledAt = now;
    if (now - this.#settledAt >= limits.beginMs) return true;
    for (const watch of this.#watches.values()) {
      if (watch.state === 'live' && watch.serial < next.serial) return false;
    }
    return true;
  }

  #takeOver(connection: Connection, now: number): void {
    const old = this.#current;
    this.#current = connection;
    this.#next = undefined;
    this.#wish = undefined;
    for (const watch of this.#watches.values()) {
      if (watch.serial >= connection.serial) continue;
      const quietUntil = watch.heardAt + this.#options.limits.silenceMs[watch.channel];
      watch.expectedAt = Math.max(now + this.#muteMs(watch), quietUntil || 0);
    }
    old?.close();
  }

  #closed(connection: Connection, why: string): void {
    const { timers, limits, random, sink } = this.#options;
    const now = timers.mono();
    sink.failed(why);
    if (now - connection.openedAt >= limits.steadyMs) this.#attempts = 0;
    const dueAt = now + backoffMs(this.#attempts, limits.backoffMs, random());
    this.#attempts += 1;
    if (connection === this.#next) {
      this.#next = undefined;
      this.#wishDueAt = dueAt;
    } else if (this.#next?.state === 'open') {
      this.#takeOver(this.#next, now);
    } else {
      this.#current = this.#next;
      if (this.#current === undefined) this.#dueAt = dueAt;
      this.#lost(why);
    }
  }

  #lost(why: string): void {
    const { log, sink } = this.#options;
    this.#next = undefined;
    this.#wish = undefined;
    log(`${this.route}: lost: ${why}`);
    for (const watch of this.#watches.values()) watch.expectedAt = Number.POSITIVE_INFINITY;
    sink.lost(this.#watches.values(), why);
  }
}
