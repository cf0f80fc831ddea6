import type { Answer, Ask, Asking } from '../domain/ask.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { Draft, Preview } from '../domain/frame.ts';
import type { JournalQuery } from '../journal/journal.ts';
import type { Scene } from '../view/scene.ts';

/** An engine with its feed, its venue and its journal, as the server of its socket needs it. */
export interface Host {
  /**
   * Everything as it stands; `system.clients` is the server's to fill in. The state is the engine's own object and changes
   * with the next step: encode it at once. Lists of candles are append-only, but for their beginning.
   */
  scene(): Scene;
  /** Durable entries, in order; called before the answer to whoever caused them. Returns how to end it. */
  onReleased(listener: (entries: readonly AnyEntry[]) => void): () => void;
  ask(ask: Ask, asking: Asking): Promise<Answer>;
  preview(symbol: string, draft: Draft): Preview;
  entries(query: JournalQuery): readonly AnyEntry[];
  /** Keeps market frames of these beside those of the runs. */
  watch(symbols: readonly string[]): Promise<void>;
}
