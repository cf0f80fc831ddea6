import { money, rate } from '../../src/core/base/decimal.ts';
import { PAPER_COSTS } from '../../src/core/command/run/costs.ts';
import type { Answer, Ask, Asking } from '../../src/core/domain/ask.ts';
import type { AnyEntry } from '../../src/core/domain/entry.ts';
import type { Input } from '../../src/core/domain/input.ts';
import { createMemoryJournal, type MemoryJournal } from '../../src/core/journal/memory.ts';
import type { HostFeed, TimedFeed } from '../../src/core/lab/host/feed.ts';
import { createHost, type PaperHost } from '../../src/core/lab/host/host.ts';
import type { HostPorts } from '../../src/core/lab/host/ports.ts';
import { retell } from '../../src/core/lab/host/retell.ts';
import { CEILINGS } from '../../src/core/risk/defaults.ts';
import { STRATEGIES } from '../../src/core/strategy/registry.ts';
import { createTapedVenue, type TapedInput } from '../../src/core/venue/taped.ts';
import { refold } from './engine-play.ts';

/** A power of two: instants of the hand-driven clock are exact. */
export const SPEED = 1_024;

/** An ask at so many market milliseconds after the beginning of the feed. */
export interface Timed {
  readonly at: number;
  readonly ask: Ask;
}

export interface TapedRecord {
  readonly n: number;
  readonly at: number;
  readonly seq: number;
  readonly input: Input;
}

/** A host in memory whose clock goes only as far as somebody waits. */
export interface HandHost {
  readonly host: PaperHost;
  readonly journal: MemoryJournal;
  readonly tape: readonly TapedRecord[];
  /** How often the loop waited. */
  readonly waits: () => number;
  /** Passes market time to an instant after the beginning, with asks on the way; `stop` may end it at any wait. */
  pass(to: number, asks?: readonly Timed[], stop?: (waits: number) => boolean): Promise<readonly Answer[]>;
}

export interface HandOptions {
  readonly feed: HostFeed;
  readonly survived?: readonly AnyEntry[];
  readonly more?: Partial<HostPorts>;
}

export function handHost({ feed, survived = [], more = {} }: HandOptions): HandHost {
  let clock = 0;
  let waits = 0;
  let waited: (ms: number) => Promise<void> = () => Promise.resolve();
  const journal = createMemoryJournal();
  for (const entry of survived) journal.append(entry);
  const tape: TapedRecord[] = [];
  const host = createHost({
    mode: 'PAPER',
    onUpgrade: 'resume',
    profile: 'test',
    build: 'test',
    feed,
    speed: SPEED,
    journal: Object.assign(journal, { isSnapshotDue: false, saveSnapshot: () => {}, keepMark: () => {} }),
    state: refold(survived),
    isShort: false,
    openTape: () => ({
      append: (n, input, seq) => tape.push({ n, at: input.at, seq, input: structuredClone(input) }),
      precede: () => {},
      flush: () => {},
      close: () => {},
    }),
    find: (name) =>
      Promise.resolve(
        STRATEGIES.find((each) => each.name === name) ?? { code: 'UNKNOWN', expected: 'one', found: name, fix: 'none' },
      ),
    known: new Map(STRATEGIES.map((each) => [each.name, each])),
    account: { name: 'paper', balance: money('10000'), costs: PAPER_COSTS },
    ceilings: CEILINGS,
    system: () => null,
    strategies: [],
    commands: [],
    isDebugEnabled: false,
    clock: () => clock,
    wait: (ms) => waited(ms),
    ...more,
  });
  return {
    host,
    journal,
    tape,
    waits: () => waits,
    async pass(to, asks = [], stop = () => false) {
      const stopping = new AbortController();
      const answers: Answer[] = [];
      const startAt = host.scene().now ?? 0;
      const startClock = clock;
      const wallOf = (at: number): number => startClock + (feed.beginsAt + at - startAt) / SPEED;
      const left = [...asks];
      waited = async (ms) => {
        waits++;
        if (stop(waits)) return stopping.abort();
        const next = left[0];
        clock = Math.min(clock + ms, wallOf(to), next === undefined ? Number.POSITIVE_INFINITY : wallOf(next.at));
        if (next !== undefined && clock >= wallOf(next.at)) {
          left.shift();
          answers.push(await host.ask(next.ask, askingOf(next)));
        } else if (clock >= wallOf(to)) stopping.abort();
      };
      await host.run(stopping.signal);
      return answers;
    },
  };
}

const askingOf = ({ at }: Timed): Asking => ({ id: `at${at}`, who: 'test', face: 'cli' });

/** Three runs that trade often, and a position by hand. Asked before time passes, they have the same instants everywhere. */
export const FIRST_ASKS: readonly Ask[] = [
  ...['BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT:USDT'].map(
    (symbol): Ask => ({
      do: 'start',
      start: {
        strategy: 'ema-cross',
        params: { fast: '2', slow: '5' },
        symbol,
        seed: 1,
        observe: false,
        risk: {
          sizing: { by: 'fraction', fraction: rate('0.1') },
          leverage: rate('2'),
          stop: { by: 'fixed', distance: rate('0.003') },
          target: { by: 'fixed', distance: rate('0.004') },
          loss: { by: 'none' },
          limits: {},
        },
      },
    }),
  ),
  { do: 'trade', symbol: 'XRP/USDT:USDT', draft: { type: 'market', sign: 1, size: { by: 'settings' } } },
];

/** What a tape tells when it is played on what was there before its epoch. */
export async function retold(
  feed: TimedFeed,
  { tape, journal }: HandHost,
  before: readonly AnyEntry[],
): Promise<readonly AnyEntry[]> {
  const made: AnyEntry[] = [...before];
  const last = journal.all.at(-1);
  await retell({
    feed,
    build: 'test',
    speed: SPEED,
    state: refold(before),
    before,
    venue: (core) => createTapedVenue(tape as readonly TapedInput[], core),
    definitionOf: (name) => STRATEGIES.find((each) => each.name === name),
    append: (entry) => made.push(entry),
    toSeq: last?.seq ?? 0,
    toAt: last?.at ?? 0,
    turn: () => Promise.resolve(false),
  });
  return made;
}
