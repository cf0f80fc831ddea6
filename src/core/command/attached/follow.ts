import type { Answer } from '../../domain/ask.ts';
import type { AnyEntry } from '../../domain/entry.ts';
import type { Scene } from '../../view/scene.ts';
import type { EngineClient } from '../engine.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** Where something came to rest: a code for scripts, or why not. */
export type Verdict = { readonly ok: true; readonly code: string } | { readonly ok: false; readonly refusal: Refusal };

/** Told after each change; undefined: it goes on. `chain` are the entries that the ask led to, oldest first. */
export type Rest = (chain: readonly AnyEntry[], scene: Scene) => Verdict | undefined;

export type Followed =
  | { readonly state: 'rested'; readonly verdict: Verdict; readonly entries: readonly AnyEntry[] }
  | { readonly state: 'timed_out' | 'interrupted' | 'lost' };

export interface Following {
  readonly answer: Extract<Answer, { ok: true }>;
  /** Entries as they come, from before the ask on; it grows. */
  readonly heard: readonly AnyEntry[];
  readonly rest: Rest;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Follows an answer to where it comes to rest. */
export async function follow(client: EngineClient, following: Following): Promise<Followed> {
  const { heard, rest, timeoutMs, signal } = following;
  const chain = await begun(client, following);
  const known = new Set(chain.map((entry) => entry.seq));
  let read = 0;
  const look = (): Followed | undefined => {
    for (; read < heard.length; read++) {
      const entry = heard[read] as AnyEntry;
      if (known.has(entry.seq) || typeof entry.cause !== 'number' || !known.has(entry.cause)) continue;
      known.add(entry.seq);
      chain.push(entry);
    }
    const verdict = rest(chain, client.scene());
    return verdict === undefined ? undefined : { state: 'rested', verdict, entries: chain };
  };
  return look() ?? (await next(client, look, timeoutMs, signal));
}

/** The command's own entries; for one that was given before, what it had led to already. */
async function begun(client: EngineClient, { answer }: Following): Promise<AnyEntry[]> {
  const chain = [...answer.entries];
  const from = chain[0]?.seq;
  if (!answer.isRepeated || from === undefined) return chain;
  const known = new Set(chain.map((entry) => entry.seq));
  for (const entry of await client.entries({ fromSeq: from })) {
    if (known.has(entry.seq) || typeof entry.cause !== 'number' || !known.has(entry.cause)) continue;
    known.add(entry.seq);
    chain.push(entry);
  }
  return chain;
}

function next(
  client: EngineClient,
  look: () => Followed | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Followed> {
  return new Promise((resolve) => {
    const settle = (followed: Followed): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      end();
      resolve(followed);
    };
    const onAbort = (): void => settle({ state: 'interrupted' });
    // A link that broke may come back, with an engine that was started again: that is waited for, too.
    const isLost = (): boolean => client.scene().link !== 'up';
    const timer = setTimeout(() => settle({ state: isLost() ? 'lost' : 'timed_out' }), timeoutMs);
    // `heard` is filled by a listener that was there first.
    const end = client.subscribe(() => {
      const found = look();
      if (found !== undefined) settle(found);
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
}

type Body<K extends AnyEntry['kind']> = Extract<AnyEntry, { kind: K }>;
const last = <K extends AnyEntry['kind']>(chain: readonly AnyEntry[], kind: K): Body<K> | undefined =>
  chain.findLast((entry): entry is Body<K> => entry.kind === kind);

const no = (exit: 3 | 4, code: string, expected: string, found: string, fix: string): Verdict => ({
  ok: false,
  refusal: refusal(exit, code, expected, found, fix),
});
const yes = (code: string): Verdict => ({ ok: true, code });

/** What ends an order without a fill: denied by risk (3), by the market (3), rejected by the venue (4). */
function ended(chain: readonly AnyEntry[]): Verdict | undefined {
  const denied = last(chain, 'order_denied');
  if (denied !== undefined) {
    const { code, expected, found, fix } = denied.body;
    return no(3, code, expected, found, fix);
  }
  const rejected = last(chain, 'order_rejected');
  if (rejected !== undefined)
    return no(4, rejected.body.code, 'an order that the venue takes', rejected.body.why, `dzentra why ${rejected.seq}`);
  const expired = last(chain, 'order_expired');
  if (expired !== undefined && !chain.some((entry) => entry.kind === 'order_filled'))
    return no(3, 'ORDER_EXPIRED', 'a fill', `an order that expired: ${expired.body.reason}`, 'give the command again');
  return undefined;
}

/** An entry by hand: filled (a part of an IOC order counts), resting in the book, or ended. */
export const restOfEntry: Rest = (chain) => {
  if (last(chain, 'position_flipped') !== undefined) return yes('flipped');
  if (last(chain, 'position_opened') !== undefined) return yes('opened');
  if (last(chain, 'position_increased') !== undefined) return yes('increased');
  const incomplete = last(chain, 'flip_incomplete');
  if (incomplete !== undefined)
    return no(
      3,
      incomplete.body.code,
      'both legs of the flip',
      'the first alone: the run is flat',
      `dzentra why ${incomplete.seq}`,
    );
  const end = ended(chain);
  if (end !== undefined) return end;
  // A limit was filled between the ask and its price.
  if (last(chain, 'signal_dropped') !== undefined)
    return no(3, 'POSITION_OPEN', 'a flat run', 'a position that was opened meanwhile', 'dzentra positions');
  const limits = chain.filter(
    (entry): entry is Body<'order_intended'> =>
      entry.kind === 'order_intended' &&
      entry.body.role === 'entry' &&
      entry.body.type === 'limit' &&
      entry.body.tif !== 'ioc',
  );
  const rests = limits.some(({ body }) =>
    chain.some((entry) => entry.kind === 'order_accepted' && entry.body.order === body.order),
  );
  return rests ? yes('resting') : undefined;
};

/** A close: it counts whatever closed it, a stop that was faster too. */
export const restOfClose =
  (run: number): Rest =>
  (chain, scene) => {
    if (last(chain, 'position_closed') !== undefined) return yes('closed');
    if (last(chain, 'position_reduced') !== undefined) return yes('reduced');
    return scene.state.runs[run - 1]?.position === undefined ? yes('closed') : ended(chain);
  };

/** A panic: flat on the account, with nothing left that could open. */
export const restOfPanic =
  (account: string): Rest =>
  (_chain, { state }) => {
    const left = state.runs.filter(
      (run) => run.account === account && (run.position !== undefined || run.orders.some((order) => !order.reduceOnly)),
    );
    const isHalted = state.accounts.find((each) => each.account === account)?.safety === 'HALTED';
    return isHalted && left.length === 0 ? yes('flat') : undefined;
  };

/** An order that was to be cancelled is gone: cancelled, or filled before that. */
export const restOfCancel =
  (run: number, order: number): Rest =>
  (chain, { state }) => {
    if (chain.some((entry) => entry.kind === 'order_canceled' && entry.body.order === order)) return yes('canceled');
    return state.runs[run - 1]?.orders.every((each) => each.order !== order) ? yes('gone') : undefined;
  };
