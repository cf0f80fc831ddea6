import type { Faults } from '../fault.ts';
import type { SandboxClock, SandboxMarket } from '../market.ts';
import type { World } from '../world.ts';
import type { Connection } from './connection.ts';
import { garbage } from './garbage.ts';

const STRIKING = ['duplicate', 'reorder', 'garbage', 'delay'] as const;
const DIFFS = /@depth(@|$)/;

const DELAY_MS = 1_000;

/** A frame on its way: what faults know it by, what the client knows it by, its data, and who wants it. */
interface Sending {
  readonly stream: string;
  readonly name: string;
  readonly data: string;
  readonly to: readonly Connection[];
}

function tell({ name, data, to }: Sending): void {
  for (const connection of to) connection.tell(name, data);
}

/** Sends frames as a venue in trouble does: what is set in `faults` happens to them on the way. */
export class FaultyWire {
  readonly #faults: Faults;
  readonly #clock: SandboxClock;
  readonly #market: SandboxMarket;
  readonly #held = new Map<string, string>();
  readonly #timers = new Set<() => void>();
  #garbage = 0;

  constructor({ faults, clock, market }: Pick<World, 'faults' | 'clock' | 'market'>) {
    this.#faults = faults;
    this.#clock = clock;
    this.#market = market;
  }

  /**
   * A frame to all that want it. Faults count it once, however many there are, and know it by `stream`; `name` is what the
   * client knows it by.
   */
  send(stream: string, data: string, to: readonly Connection[], name: string = stream): void {
    const sending: Sending = { stream, name, data, to };
    if (this.#faults.all.length === 0) this.#tellWithHeld(sending);
    else this.#sendFaulty(sending);
  }

  #sendFaulty(sending: Sending): void {
    const { stream, name, data, to } = sending;
    if (this.#faults.holds('silence', { stream }) !== undefined) return;
    if (this.#cutsAll(stream, to) || this.#skips(stream)) return;
    const fault = this.#faults.strike(STRIKING, { stream });
    if (fault?.kind === 'delay') {
      this.after(fault.ms ?? DELAY_MS, () => tell(sending));
    } else if (fault?.kind === 'reorder' && !this.#held.has(name)) {
      // It goes after the next one of its name.
      this.#held.set(name, data);
    } else {
      if (fault?.kind === 'duplicate') tell(sending);
      if (fault?.kind === 'garbage') this.#throwGarbage(sending);
      this.#tellWithHeld(sending);
    }
  }

  /** Cuts a socket; with a time, after the venue's word that it goes down. */
  end(connection: Connection, afterMs: number | undefined): void {
    if (afterMs === undefined) {
      connection.cut();
      return;
    }
    if (connection.isEnding) return;
    connection.isEnding = true;
    connection.tell('', `{"e":"serverShutdown","E":${this.#market.now()}}`);
    this.after(afterMs, () => connection.close(1001, 'server shutdown'));
  }

  /** Runs later, and not at all once this is closed. */
  after(ms: number, run: () => void): void {
    const end = this.#clock.after(ms, () => {
      this.#timers.delete(end);
      run();
    });
    this.#timers.add(end);
  }

  close(): void {
    for (const end of this.#timers) end();
    this.#timers.clear();
  }

  #tellWithHeld(sending: Sending): void {
    tell(sending);
    const data = this.#held.get(sending.name);
    if (data === undefined) return;
    this.#held.delete(sending.name);
    tell({ ...sending, data });
  }

  #cutsAll(stream: string, to: readonly Connection[]): boolean {
    const fault = this.#faults.strike(['cut'], { stream });
    if (fault === undefined) return false;
    for (const connection of to) this.end(connection, fault.ms);
    return fault.ms === undefined;
  }

  /** Left out are diffs of the book; another frame where the fault names its stream. */
  #skips(stream: string): boolean {
    const isMeant =
      DIFFS.test(stream) || this.#faults.all.some(({ kind, stream: part }) => kind === 'gap' && part !== undefined);
    return isMeant && this.#faults.strike(['gap'], { stream }) !== undefined;
  }

  /** Besides the frame, not in its place: a client that drops it has missed nothing. */
  #throwGarbage({ name, data, to }: Sending): void {
    const piece = garbage(this.#garbage++, data);
    for (const connection of to) {
      const isData = typeof piece === 'string' && piece.startsWith('{"') && connection.form === 'wrapped';
      if (isData) connection.tell(name, piece);
      else connection.send(piece);
    }
  }
}
