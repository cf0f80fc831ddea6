import type { Refused } from '../../domain/command.ts';
import type { CandleRow } from '../../domain/frame.ts';
import { MANUAL } from '../../domain/run.ts';
import type { State } from '../../domain/state.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { Core } from '../../engine/core.ts';
import type { Opened } from '../../market/feed.ts';
import type { ExchangeFeed } from './feed.ts';
import type { LiveSource } from './live.ts';
import type { Wanted } from './play.ts';

/**
 * So much history stands before a symbol on which runs trade, or their warm-up where that is longer, and never more than
 * this. Where something rests it stays as it is: later runs warm up on what was asked for then.
 */
const HISTORY_MS = 30 * DAY_MS;
const HISTORY_MS_MAX = 60 * DAY_MS;
/** Before one that somebody looks at: a venue's limit must do for many of those. */
const LOOKED_MS = 5 * DAY_MS;

/** Where the past comes from: what the exchange tells, and what was kept of it. */
type PastFeed = Pick<ExchangeFeed, 'live' | 'mids'>;

/** A past that came and was not given yet. */
interface Past {
  readonly symbol: string;
  readonly opened: Opened;
}

/** Candles of mids that were kept and not given yet. */
interface PastMids {
  readonly symbol: string;
  readonly rows: readonly CandleRow[];
}

/** A symbol that was asked for: how much of its past, and whether with candles of mids. */
interface Opening {
  readonly answer: Promise<Refused | undefined>;
  readonly backMs: number;
  readonly ofMids: boolean;
}

/** Which symbols are open, and what came of opening and closing them. */
export interface Doors extends Pick<LiveSource, 'ensure' | 'release'> {
  /** Symbols whose past is here: what comes of them is given on. */
  readonly had: ReadonlySet<string>;
  /** Whether there is something to take: symbols that were let go, then mids that were kept, then pasts that came. */
  readonly isNews: boolean;
  takeLeft(): readonly string[];
  takeMids(): readonly PastMids[];
  takePast(): readonly Past[];
}

/** Opens symbols as they are asked for. `seenAt`: prices up to then were matched against what rests. */
export function createDoors(core: Core, feed: PastFeed, seenAt: number): Doors {
  const { live, mids } = feed;
  const opening = new Map<string, Opening>();
  const had = new Set<string>();
  const left: string[] = [];
  let past: Past[] = [];
  let pastMids: PastMids[] = [];
  const ask = (symbol: string, backMs: number, ofMids: boolean): Promise<Refused | undefined> => {
    const now = live.now();
    const first = touches(core.state, symbol) ? Math.min(now, seenAt) : now;
    const from = Math.floor(Math.max(now - HISTORY_MS_MAX, first - backMs));
    const answer = open(feed, symbol, from, ofMids).then(({ opened, rows }) => {
      if ('code' in opened) {
        opening.delete(symbol);
        return opened;
      }
      had.add(symbol);
      if (rows !== undefined) pastMids.push({ symbol, rows });
      past.push({ symbol, opened });
      return undefined;
    });
    opening.set(symbol, { answer, backMs, ofMids });
    return answer;
  };
  /** The first run of mids on a symbol that is open: those that are kept stand before the ones to come. */
  const addMids = (symbol: string, known: Opening, backMs: number): Promise<Refused | undefined> => {
    const read = mids.read(symbol, live.now() - Math.min(backMs, HISTORY_MS_MAX));
    const answer = Promise.all([known.answer, read]).then(([problem, rows]) => {
      if (problem === undefined && had.has(symbol)) pastMids.push({ symbol, rows });
      return problem;
    });
    opening.set(symbol, { ...known, answer, ofMids: true });
    return answer;
  };
  const letGo = (symbol: string): void => {
    live.close(symbol);
    had.delete(symbol);
    past = past.filter((each) => each.symbol !== symbol);
    pastMids = pastMids.filter((each) => each.symbol !== symbol);
    left.push(symbol);
  };
  return {
    had,
    get isNews() {
      return left.length + pastMids.length + past.length > 0;
    },
    takeLeft: () => left.splice(0),
    takeMids: () => pastMids.splice(0),
    takePast: () => past.splice(0),
    ensure(symbol, wanted) {
      const known = opening.get(symbol);
      const { backMs, ofMids } = spanOf(wanted);
      if (known === undefined) return ask(symbol, backMs, ofMids);
      if (known.backMs >= Math.min(backMs, HISTORY_MS_MAX) || !mayGo(core.state, symbol)) {
        return ofMids && !known.ofMids ? addMids(symbol, known, backMs) : known.answer;
      }
      const again = (): Promise<Refused | undefined> => {
        letGo(symbol);
        return ask(symbol, backMs, ofMids);
      };
      const answer = known.answer.then((problem) => problem ?? again());
      opening.set(symbol, { answer, backMs, ofMids });
      return answer;
    },
    release(symbol) {
      if (opening.delete(symbol)) letGo(symbol);
    },
  };
}

/** Mids are read before the symbol is opened: what its stream tells from then on is not to be missed. */
async function open({ live, mids }: PastFeed, symbol: string, from: number, ofMids: boolean) {
  const rows = ofMids ? await mids.read(symbol, from) : undefined;
  return { rows, opened: await live.open(symbol, from) };
}

/** How much of the past is asked for, and whether with mids. */
const spanOf = (wanted: Wanted | undefined): Omit<Opening, 'answer'> =>
  wanted === undefined
    ? { backMs: LOOKED_MS, ofMids: false }
    : { backMs: Math.max(HISTORY_MS, wanted.warmupMs * 1.1), ofMids: wanted.ofMids };

/** Is there anything on a symbol that prices of the past concern? */
export const touches = ({ runs, alerts = [] }: State, symbol: string): boolean =>
  runs.some((run) => run.symbol === symbol && (run.position !== undefined || run.orders.length > 0)) ||
  alerts.some((alert) => alert.symbol === symbol);

/** What rests must not be without prices, and what a strategy has seen it must not see again. */
const mayGo = (state: State, symbol: string): boolean =>
  !touches(state, symbol) && state.runs.every((run) => run.symbol !== symbol || run.strategy === MANUAL);
