import type { Refused } from '../../domain/command.ts';
import type { Input } from '../../domain/input.ts';
import type { State } from '../../domain/state.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { Core } from '../../engine/core.ts';
import type { LiveInput, Opened } from '../../market/feed.ts';
import type { ExchangeFeed } from './feed.ts';
import type { Source } from './play.ts';
import { type PastInput, pastInputs, type Story } from './story.ts';

/**
 * So much history stands before a symbol, or the warm-up of its first runs where that is longer, and never more than this:
 * later runs warm up on what was asked for then.
 */
const HISTORY_MS = 30 * DAY_MS;
const HISTORY_MS_MAX = 60 * DAY_MS;

/** The inputs of an exchange in the order of arrival. */
export interface LiveSource extends Source {
  /** It gives nothing before that; then what happened while nobody looked, on all symbols, and what came meanwhile behind it. */
  holdUntil(ready: Promise<unknown>): void;
  /** Asks for a symbol: its past first. A problem is why it cannot be had now; ask again later. */
  ensure(symbol: string, warmupMs?: number): Promise<Refused | undefined>;
}

/** `seenAt`: what happened up to then is in the journal, and prices up to then were matched. */
export function createLiveSource(core: Core, story: Story, { live }: ExchangeFeed, seenAt: number): LiveSource {
  const past: { readonly symbol: string; readonly opened: Opened }[] = [];
  const opening = new Map<string, Promise<Refused | undefined>>();
  let next: LiveInput | undefined;
  let done = 0;
  let isHeld = true;
  const peek = (): LiveInput | undefined => {
    next ??= live.take();
    return next;
  };
  const present = (): number => Math.max(core.now, Math.floor(live.now()));
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
      return !isHeld && (past.length > 0 || peek() !== undefined) ? core.now : Number.POSITIVE_INFINITY;
    },
    get isHeld() {
      return isHeld;
    },
    get done() {
      return done;
    },
    run(_until, candles) {
      if (isHeld) return;
      const pasts = past.splice(0).map(({ symbol, opened }) => pastOf(symbol, opened, seenAt));
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
    ensure(symbol, warmupMs = 0) {
      const known = opening.get(symbol);
      if (known !== undefined) return known;
      const back = Math.max(HISTORY_MS, warmupMs * 1.1);
      const now = live.now();
      const first = touches(core.state, symbol) ? Math.min(now, seenAt) : now;
      const from = Math.floor(Math.max(now - HISTORY_MS_MAX, first - back));
      const asked = live.open(symbol, from).then((opened) => {
        if ('rows' in opened) {
          past.push({ symbol, opened });
          return undefined;
        }
        opening.delete(symbol);
        return opened;
      });
      opening.set(symbol, asked);
      return asked;
    },
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

/** Is there anything on a symbol that prices of the past concern? */
const touches = ({ runs, alerts = [] }: State, symbol: string): boolean =>
  runs.some((run) => run.symbol === symbol && (run.position !== undefined || run.orders.length > 0)) ||
  alerts.some((alert) => alert.symbol === symbol);
