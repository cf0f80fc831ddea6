import type { Refused } from '../../domain/command.ts';
import type { Input } from '../../domain/input.ts';
import type { Core } from '../../engine/core.ts';
import type { LiveInput, Opened } from '../../market/feed.ts';
import { createDoors, touches } from './doors.ts';
import type { ExchangeFeed } from './feed.ts';
import type { Source, Wanted } from './play.ts';
import { type PastInput, pastInputs, type Story } from './story.ts';

/** The inputs of an exchange in the order of arrival. */
export interface LiveSource extends Source {
  /** It gives nothing before that; then what happened while nobody looked, on all symbols, and what came meanwhile behind it. */
  holdUntil(ready: Promise<unknown>): void;
  /**
   * Asks for a symbol: its past first, one that is long enough for the runs where they want one, with the candles of mids
   * that are kept where a run analyses those. A problem is why it cannot be had now; ask again later.
   */
  ensure(symbol: string, wanted?: Wanted): Promise<Refused | undefined>;
  /** Lets a symbol go that was had. */
  release(symbol: string): void;
}

/** `seenAt`: what happened up to then is in the journal, and prices up to then were matched. */
export function createLiveSource(core: Core, story: Story, { live, mids }: ExchangeFeed, seenAt: number): LiveSource {
  const doors = createDoors(core, { live, mids }, seenAt);
  let next: LiveInput | undefined;
  let done = 0;
  let isHeld = true;
  const peek = (): LiveInput | undefined => {
    next ??= live.take();
    return next;
  };
  const present = (): number => Math.max(core.now, Math.floor(live.now(core.now)));
  /** Where nothing rests there is nothing to match. */
  const pastOf = (symbol: string, { rows, funding }: Opened, from: number): Iterator<PastInput> => {
    const { state } = core;
    const isMatched = touches(state, symbol);
    return pastInputs(state.runs, symbol, rows, {
      timeframeMs: live.timeframeMs,
      seenAt: isMatched ? from : Number.POSITIVE_INFINITY,
      now: () => core.now,
      funding: isMatched ? funding.map((each) => ({ kind: 'funding', symbol, ...each })) : [],
    });
  };
  const giveLive = (input: LiveInput): void => {
    if ('symbol' in input && !doors.had.has(input.symbol)) return;
    if (input.kind !== 'history') {
      story.give({ ...input, at: present() } as Input);
      return;
    }
    // A hole of the stream: what rests was not matched against it.
    const hole = pastOf(input.symbol, { rows: input.rows, funding: [] }, Number.NEGATIVE_INFINITY);
    for (const each of inOrder([hole])) story.give(each.make());
  };
  return {
    get soonestAt() {
      const isDue = doors.isNews || peek() !== undefined;
      return !isHeld && isDue ? core.now : Number.POSITIVE_INFINITY;
    },
    get isHeld() {
      return isHeld;
    },
    get done() {
      return done;
    },
    run(_until, candles) {
      if (isHeld) return;
      for (const symbol of doors.takeLeft()) story.give({ kind: 'left', symbol, at: present() });
      // First: after these a run of mids hears no candles of trades.
      for (const { symbol, rows } of doors.takeMids()) {
        story.give({ kind: 'history', symbol, at: core.now, timeframeMs: live.timeframeMs, rows, price: 'mid' });
      }
      const pasts = doors.takePast().map(({ symbol, opened }) => pastOf(symbol, opened, seenAt));
      for (const each of inOrder(pasts)) story.give(each.make());
      done += pasts.length;
      for (let i = 0; i < candles; i++) {
        const input = peek();
        if (input === undefined) return;
        next = undefined;
        giveLive(input);
        done++;
      }
    },
    holdUntil(ready) {
      const free = (): void => {
        isHeld = false;
      };
      ready.then(free, free);
    },
    ensure: doors.ensure,
    release: doors.release,
  };
}

/** Several pasts as one: what came first of all of them is next. */
function* inOrder(pasts: readonly Iterator<PastInput>[]): Generator<PastInput> {
  const heads = pasts.map((past) => ({ past, head: past.next() }));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const each of heads) {
      if (each.head.done !== true && !(each.head.value.at >= (first?.head.value?.at ?? Infinity))) first = each;
    }
    if (first === undefined || first.head.done === true) return;
    yield first.head.value;
    first.head = first.past.next();
  }
}
