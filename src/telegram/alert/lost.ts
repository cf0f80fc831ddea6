import type { Clock } from '../clock.ts';
import { type BridgeLog, type BridgeStore, type EngineClient, sinkOf } from '../core.ts';

/** What the last word of a bridge is said with. */
export interface LostOptions {
  readonly client: EngineClient;
  readonly store: Pick<BridgeStore, 'memory'>;
  readonly clock: Clock;
  readonly log: BridgeLog;
}

/** An engine that does not answer is not waited for: it will miss the chats by itself. */
const ANSWER_MS_MAX = 3_000;
const PEACE_MS = 60_000;

/**
 * A bridge that ends by itself tells the engine that its chats take no alerts any more: the other faces alarm it at once,
 * not after minutes of silence. Call it when nothing is under way any more: a delivery told after it would take it back.
 */
export async function reportLost({ client, store, clock, log }: LostOptions, why: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(ANSWER_MS_MAX, resolve);
  const told = sinksOf(store).map((sink) => report(client, log, { sink, state: 'lost', why }));
  await Promise.race([Promise.all(told), promise]).finally(cancel);
}

/** Takes such an alarm back once the bridge has polled in peace for a while: two that fight for a bot are one alarm. */
export function reportBackLater({ client, store, clock, log }: LostOptions): () => void {
  return clock.after(PEACE_MS, () => {
    const open = client.scene().state.alarm?.open ?? [];
    const isLost = (sink: string): boolean =>
      open.some(({ rule, facts }) => rule === 'channel_lost' && facts.sink === sink);
    for (const sink of sinksOf(store).filter(isLost)) void report(client, log, { sink, state: 'back', why: '' });
  });
}

const sinksOf = ({ memory }: LostOptions['store']): readonly string[] => [
  ...new Set(memory.people.map(({ chat }) => sinkOf(chat))),
];

interface Said {
  readonly sink: string;
  readonly state: 'lost' | 'back';
  readonly why: string;
}

async function report(client: EngineClient, log: BridgeLog, said: Said): Promise<void> {
  try {
    const command = { name: 'report_channel', ...said } as const;
    await client.ask({ do: 'command', command }, { who: said.sink, face: 'telegram' });
  } catch {
    log.warn('the engine could not be told what became of a chat', { sink: said.sink, state: said.state });
  }
}
