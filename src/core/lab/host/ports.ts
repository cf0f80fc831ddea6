import type { Money } from '../../base/decimal.ts';
import type { Refused } from '../../domain/command.ts';
import type { ExchangeFrame, SystemFrame, VenueAccountFrame } from '../../domain/frame.ts';
import type { Input } from '../../domain/input.ts';
import type { Costs } from '../../domain/settings.ts';
import type { State } from '../../domain/state.ts';
import type { Reached } from '../../journal/journal.ts';
import type { Ceilings } from '../../risk/defaults.ts';
import type { Definition } from '../../strategy/definition.ts';
import type { CommandCard, Scene, StrategyCard } from '../../view/scene.ts';
import type { PaperJournal } from '../paper.ts';
import type { HostFeed } from './feed.ts';

/** The tape of one epoch. */
export interface HostTape {
  append(number: number, input: Input, seq: number): void;
  /** Entries up to this one are about to be committed. */
  precede(reached: Reached): void;
  flush(): void;
  /** The last record tells how far the epoch came. */
  close(end: Reached): void;
}

/** What a host needs of the world. */
export interface HostPorts {
  readonly mode: Scene['mode'];
  /** Whether runs whose strategy has another version now go on by themselves, or wait for a person. */
  readonly onUpgrade: 'resume' | 'wait';
  readonly profile: string;
  readonly build: string;
  readonly feed: HostFeed;
  /** Market time over wall time; `max` only for a feed that ends. */
  readonly speed: 'max' | number;
  readonly journal: PaperJournal;
  /** The fold of the journal. */
  readonly state: State;
  /** The number of the epoch that begins, where it is not the one after the journal's last. */
  readonly epoch?: number | undefined;
  /** The journal ended before its mark: every account starts halted. */
  readonly isShort: boolean;
  /** Opened once the epoch is durable. */
  readonly openTape: (epoch: number) => HostTape;
  /** A strategy by name or path: the same one for the same file. */
  readonly find: (strategy: string) => Promise<Definition | Refused>;
  /** A run was started with a strategy that was found by this name or path. */
  readonly remember?: ((strategy: string, definition: Definition) => void) | undefined;
  /** Strategies of the runs that the journal knows. */
  readonly known: ReadonlyMap<string, Definition>;
  /** What an account opens with where nothing is said. */
  readonly account: { readonly name: string; readonly balance: Money; readonly costs: Costs };
  /** What no setting of a run exceeds: as the configuration says at this start. */
  readonly ceilings: Ceilings;
  readonly system: (feed: SystemFrame['feed'], lastSeq: number, exchange?: ExchangeFrame) => SystemFrame | null;
  /** The real account that a key was given for, as it was told last. */
  readonly venueAccount?: (() => VenueAccountFrame | null) | undefined;
  readonly strategies: readonly StrategyCard[];
  readonly commands: readonly CommandCard[];
  readonly isDebugEnabled: boolean;
  /** Milliseconds that never go back. */
  readonly clock: () => number;
  /** Resolves after so many milliseconds (0: a turn of the loop), or as soon as the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}
