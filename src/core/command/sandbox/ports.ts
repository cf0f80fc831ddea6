import type { Refusal } from '../refusal.ts';

/** What the stand-in exchange is to play, and how. */
export interface ServeOptions {
  readonly market: 'usdm' | 'spot' | 'both';
  /** USDS-M; spot is the one after it. 0: any that are free. */
  readonly port: number;
  /** `synthetic`, `synthetic:SEED`, or paths of candle files and recorded frames. */
  readonly sources: readonly string[];
  readonly symbols: readonly string[];
  /** Files of funding rates, each named after its symbol, for candles. */
  readonly funding: readonly string[];
  readonly speed: number;
  readonly at: 'now' | 'recorded';
  /** Where candles begin to be played, by their own instants. */
  readonly from: number | undefined;
  readonly loop: boolean;
  readonly faults: readonly string[];
  /** A file of faults by time. */
  readonly script: string | undefined;
  /** Decimal text, in the quote asset. */
  readonly balance: string;
}

/** One market that is served. */
export interface Served {
  readonly market: 'usdm' | 'spot';
  readonly port: number;
  /** `http://127.0.0.1:9800`: REST and streams alike. */
  readonly base: string;
  readonly plays: string;
  readonly symbols: readonly string[];
}

export interface ServeHooks {
  readonly signal: AbortSignal;
  readonly onReady: (served: readonly Served[]) => void;
  readonly onProblem: (problem: string) => void;
}

/** A fault as a running stand-in tells it. */
export interface FaultRow {
  readonly kind: string;
  readonly isWaiting: boolean;
  /** Its other fields. */
  readonly details: Readonly<Record<string, string | number>>;
}

/** What is done to the faults of a running stand-in. `clear` without kinds clears all. */
export type FaultChange =
  | { readonly do: 'set'; readonly faults: readonly string[] }
  | { readonly do: 'clear'; readonly kinds: readonly string[] }
  | { readonly do: 'list' };

/** Where the stand-in is not as the venue is. */
export interface Difference {
  readonly where: string;
  readonly difference: string;
  readonly reason: string;
}

/** The stand-in exchange. It serves on loopback only. */
export interface SandboxPorts {
  /** Serves until the signal. */
  serve(options: ServeOptions, hooks: ServeHooks): Promise<Refusal | undefined>;
  faults(port: number, change: FaultChange): Promise<readonly FaultRow[] | Refusal>;
  differences(): Promise<readonly Difference[]>;
}
