import type { StreamLimits } from './limits.ts';
import { createPace } from './pace.ts';

/** Keeps what one connection is subscribed to: batched, at the venue's pace, each answer awaited. */
export interface Subscriber {
  ask(stream: string): void;
  drop(stream: string): void;
  /** Drops it and asks for it again. */
  renew(stream: string): void;
  answer(id: string, error: string | null): void;
  /** Sends what is due. `unanswered`: the venue did not answer twice. */
  sweep(now: number): 'ok' | 'unanswered';
  /** Everything that was asked for is answered. */
  readonly isSettled: boolean;
}

export interface SubscriberOptions {
  readonly limits: StreamLimits;
  readonly nextId: () => number;
  readonly send: (text: string) => void;
  readonly acked: (streams: readonly string[]) => void;
  readonly refused: (streams: readonly string[], why: string) => void;
  readonly spoke: (stream: string) => boolean;
}

interface Pending {
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly streams: readonly string[];
  readonly isSecond: boolean;
  readonly sentAt: number;
}

export function createSubscriber({ limits, nextId, send, acked, refused, spoke }: SubscriberOptions): Subscriber {
  const wanted = new Set<string>();
  const toDrop = new Set<string>();
  const toAsk = new Set<string>();
  // One bad name refuses its whole batch: the rest of it is asked for one by one.
  const toAskAlone = new Set<string>();
  const toAskAgain: string[][] = [];
  const pending = new Map<string, Pending>();
  const pace = createPace(limits.messagesPerSecond, 1_000);

  return {
    ask(stream) {
      wanted.add(stream);
      toAsk.add(stream);
    },
    drop(stream) {
      wanted.delete(stream);
      toAskAlone.delete(stream);
      if (!toAsk.delete(stream)) toDrop.add(stream);
    },
    renew(stream) {
      toDrop.add(stream);
      toAsk.add(stream);
    },
    answer,
    sweep(now) {
      if (expire(now) === 'unanswered') return 'unanswered';
      while (hasWork() && pace.take(now)) sendNext(now);
      return 'ok';
    },
    get isSettled() {
      return !hasWork() && ![...pending.values()].some(({ method }) => method === 'SUBSCRIBE');
    },
  };

  function hasWork(): boolean {
    return toDrop.size + toAsk.size + toAskAlone.size + toAskAgain.length > 0;
  }

  function answer(id: string, error: string | null): void {
    const answered = pending.get(id);
    if (answered === undefined) return;
    pending.delete(id);
    if (answered.method === 'UNSUBSCRIBE') return;
    const streams = answered.streams.filter((stream) => wanted.has(stream));
    if (error === null) acked(streams);
    else if (answered.streams.length === 1) refused(streams, error);
    else for (const stream of streams) toAskAlone.add(stream);
  }

  function expire(now: number): 'ok' | 'unanswered' {
    for (const [id, { method, streams, isSecond, sentAt }] of pending) {
      if (now - sentAt < limits.ackMs) continue;
      pending.delete(id);
      if (method === 'UNSUBSCRIBE') continue;
      const mute = streams.filter((stream) => wanted.has(stream) && !spoke(stream));
      if (mute.length === 0) acked(streams.filter((stream) => wanted.has(stream)));
      else if (isSecond) return 'unanswered';
      else toAskAgain.push(mute);
    }
    return 'ok';
  }

  function sendNext(now: number): void {
    const dropped = take(toDrop, limits.paramsMax);
    const again = dropped.length > 0 ? undefined : toAskAgain.shift()?.filter((stream) => wanted.has(stream));
    if (dropped.length > 0) request('UNSUBSCRIBE', dropped, now, false);
    else if (again !== undefined) request('SUBSCRIBE', again, now, true);
    else
      request(
        'SUBSCRIBE',
        take(toAsk.size > 0 ? toAsk : toAskAlone, toAsk.size > 0 ? limits.paramsMax : 1),
        now,
        false,
      );
  }

  function request(method: Pending['method'], streams: readonly string[], now: number, isSecond: boolean): void {
    if (streams.length === 0) return;
    const id = nextId();
    pending.set(String(id), { method, streams, isSecond, sentAt: now });
    send(JSON.stringify({ method, params: streams, id }));
  }
}

function take(from: Set<string>, max: number): string[] {
  const taken: string[] = [];
  for (const stream of from) {
    if (taken.length === max) break;
    taken.push(stream);
    from.delete(stream);
  }
  return taken;
}
