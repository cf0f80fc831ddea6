import type { CommandInput, Input, Report } from '../domain/input.ts';
import type { Order } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';

/**
 * Where orders go. Effects are released to it when their entries are durable; what it says of them comes back as
 * reports through the pump. A simulated venue is a pure function in the same pump: it sees each input before the engine
 * decides on it.
 */
export interface Venue {
  /** The venue takes reduce-only orders away by itself when the position is gone. */
  readonly clearsReduceOnly: boolean;
  submit(run: Run, order: Order): void;
  cancel(run: Run, order: Order): void;
  /** Asks what became of an order whose fate is unknown; it is never sent again. */
  query(run: Run, order: Order): void;
  /** An input, before the engine decides on it. */
  see(input: Input): void;
  /** A price from before a restart: it is known again, and nothing happens of it. */
  recall(input: Input): void;
  /** The instant of the next report, Infinity for none. */
  readonly dueAt: number;
  /**
   * The report that is due (from a tape: the command, too); call it only where `dueAt` has come. Undefined where nothing
   * came of it.
   */
  take(now: number): Report | CommandInput | undefined;
}
