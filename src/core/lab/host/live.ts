import type { Refused } from '../../domain/command.ts';
import type { Input } from '../../domain/input.ts';
import { MANUAL } from '../../domain/run.ts';
import type { State } from '../../domain/state.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { Core } from '../../engine/core.ts';
import type { LiveInput, Opened } from '../../market/feed.ts';
import type { ExchangeFeed } from './feed.ts';
import type { Source } from './play.ts';
import { type PastInput, pastInputs, type Story } from './story.ts';

/**
 * So much history stands before a symbol on which runs trade, or their warm-up where that is longer, and never more than
 * this. Where something rests it stays as it is: later runs warm up on what was asked for then.
 */
const HISTORY_MS = 30 * DAY_MS;
const HISTORY_MS_MAX = 60 * DAY_MS;
/** Before one that somebody looks at: a venue's limit must do for many of those. */
const LOOKED_MS = 5 * DAY_MS;

/** The inputs of an exchange in the order of arrival. */
export interface LiveSource extends Source {
  /** It gives nothing before that; then what happened while nobody looked, on all symbols, and what came meanwhile behind it. */
  holdUntil(ready: Promise<unknown>): void;
  /**
   * Asks for a symbol: its past first, one that is long enough for a run where a warm-up is given. A problem is why it
   * cannot be had now; ask again later.
   */
  ensure(symbol: string, warmupMs?: number): Promise<Refused | undefined>;
  /** Lets a symbol go that was had. */
  release(symbol: string): void;
}

/** `seenAt`: what happened up to then is in the journal, and prices up to then were matched. */
export function createLiveSource(core: Core, story: Story, { live }: ExchangeFeed, seenAt: number): LiveSource {
  const doors = createDoors(core, live, seenAt);
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

/** A past that came and was not given yet. */
interface Past {
  readonly symbol: string;
  readonly opened: Opened;
}

/** Which symbols are open, and what came of opening and closing them. */
interface Doors extends Pick<LiveSource, 'ensure' | 'release'> {
  /** Symbols whose past is here: what comes of them is given on. */
  readonly had: ReadonlySet<string>;
  /** Whether there is something to take: symbols that were let go, then pasts that came. */
  readonly isNews: boolean;
  takeLeft(): readonly string[];
  takePast(): readonly Past[];
}

function createDoors(core: Core, live: ExchangeFeed['live'], seenAt: number): Doors {
  const opening = new Map<string, { readonly answer: Promise<Refused | undefined>; readonly backMs: number }>();
  const had = new Set<string>();
  let past: Past[] = [];
  let left: string[] = [];
  const ask = (symbol: string, backMs: number): Promise<Refused | undefined> => {
    const now = live.now();
    const first = touches(core.state, symbol) ? Math.min(now, seenAt) : now;
    const from = Math.floor(Math.max(now - HISTORY_MS_MAX, first - backMs));
    const answer = live.open(symbol, from).then((opened) => {
      if ('rows' in opened) {
        had.add(symbol);
        past.push({ symbol, opened });
        return undefined;
      }
      opening.delete(symbol);
      return opened;
    });
    opening.set(symbol, { answer, backMs });
    return answer;
  };
  const letGo = (symbol: string): void => {
    live.close(symbol);
    had.delete(symbol);
    past = past.filter((each) => each.symbol !== symbol);
    left.push(symbol);
  };
  return {
    had,
    get isNews() {
      return left.length > 0 || past.length > 0;
    },
    takeLeft() {
      const taken = left;
      left = [];
      return taken;
    },
    takePast() {
      const taken = past;
      past = [];
      return taken;
    },
    ensure(symbol, warmupMs) {
      const known = opening.get(symbol);
      const backMs = warmupMs === undefined ? LOOKED_MS : Math.max(HISTORY_MS, warmupMs * 1.1);
      if (known === undefined) return ask(symbol, backMs);
      if (known.backMs >= Math.min(backMs, HISTORY_MS_MAX) || !mayGo(core.state, symbol)) return known.answer;
      const answer = known.answer.then((problem) => {
        if (problem !== undefined) return problem;
        letGo(symbol);
        return ask(symbol, backMs);
      });
      opening.set(symbol, { answer, backMs });
      return answer;
    },
    release(symbol) {
      if (opening.delete(symbol)) letGo(symbol);
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

/** What rests must not be without prices, and what a strategy has seen it must not see again. */
const mayGo = (state: State, symbol: string): boolean =>
  !touches(state, symbol) && state.runs.every((run) => run.symbol !== symbol || run.strategy === MANUAL);
