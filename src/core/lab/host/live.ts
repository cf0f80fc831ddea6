import type { Refused } from '../../domain/command.ts';
import type { Input } from '../../domain/input.ts';
import type { State } from '../../domain/state.ts';
import { DAY_MS } from '../../domain/time.ts';
import type { Core } from '../../engine/core.ts';
import type { LiveInput, Opened } from '../../market/feed.ts';
import type { ExchangeFeed } from './feed.ts';
import type { Source } from './play.ts';
import { pastInputs, type Story } from './story.ts';

/**
 * So much history stands before a symbol, or the warm-up of its first runs where that is longer, and never more than this:
 * later runs warm up on what was asked for then.
 */
const HISTORY_MS = 30 * DAY_MS;
const HISTORY_MS_MAX = 60 * DAY_MS;

/** The inputs of an exchange in the order of arrival. */
export interface LiveSource extends Source {
  /** Asks for a symbol: its past first. A problem is why it cannot be had now; ask again later. */
  ensure(symbol: string, warmupMs?: number): Promise<Refused | undefined>;
}

/** `seenAt`: what happened up to then is in the journal, and prices up to then were matched. */
export function createLiveSource(core: Core, story: Story, { live }: ExchangeFeed, seenAt: number): LiveSource {
  const past: { readonly symbol: string; readonly opened: Opened }[] = [];
  const opening = new Map<string, Promise<Refused | undefined>>();
  let next: LiveInput | undefined;
  let done = 0;
  const peek = (): LiveInput | undefined => {
    next ??= live.take();
    return next;
  };
  const present = (): number => Math.max(core.now, Math.floor(live.now()));
  /** Where nothing rests there is nothing to match. */
  const givePast = (symbol: string, { rows, funding }: Opened, from: number): void => {
    const { state } = core;
    const isMatched = touches(state, symbol);
    const inputs = pastInputs(state.runs, symbol, rows, {
      timeframeMs: live.timeframeMs,
      seenAt: isMatched ? from : Number.POSITIVE_INFINITY,
      now: () => core.now,
      funding: isMatched ? funding.map((each) => ({ kind: 'funding', symbol, ...each })) : [],
    });
    for (const input of inputs) story.give(input);
  };
  const giveLive = (input: LiveInput): void => {
    if (input.kind !== 'history') {
      story.give({ ...input, at: present() } as Input);
      return;
    }
    // A hole of the stream: what rests was not matched against it.
    givePast(input.symbol, { rows: input.rows, funding: [] }, Number.NEGATIVE_INFINITY);
  };
  return {
    get soonestAt() {
      return past.length > 0 || peek() !== undefined ? core.now : Number.POSITIVE_INFINITY;
    },
    get done() {
      return done;
    },
    run(_until, candles) {
      for (let i = 0; i < candles; i++) {
        const opened = past.shift();
        const input = opened === undefined ? peek() : undefined;
        if (opened !== undefined) givePast(opened.symbol, opened.opened, seenAt);
        else if (input === undefined) return;
        else {
          next = undefined;
          giveLive(input);
        }
        done++;
      }
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

/** Is there anything on a symbol that prices of the past concern? */
const touches = ({ runs, alerts = [] }: State, symbol: string): boolean =>
  runs.some((run) => run.symbol === symbol && (run.position !== undefined || run.orders.length > 0)) ||
  alerts.some((alert) => alert.symbol === symbol);
