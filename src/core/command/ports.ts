import type { Config } from '../config/config.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { CandleRow, VenueAccountFrame } from '../domain/frame.ts';
import type { JournalQuery, JournalReader } from '../journal/journal.ts';
import type { BacktestRequest, ForegroundRequest, Progress } from '../lab/request.ts';
import type { Definition } from '../strategy/definition.ts';
import type { VenueMarket } from '../venue/exchange.ts';
import type { BacktestView } from '../view/report.ts';
import type { Scene } from '../view/scene.ts';
import type { Context } from './command.ts';
import type { DoctorPorts } from './doctor/ports.ts';
import type { EnginePorts } from './engine.ts';
import type { AskSecret, KeyPorts } from './keys/ports.ts';
import type { Refusal } from './refusal.ts';
import type { SandboxPorts } from './sandbox/ports.ts';
import type { BridgePorts } from './telegram/ports.ts';

/** What every long port is given. `signal` aborts with the name of the signal as its reason. */
export interface Hooks {
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What a run in the foreground is given beside: who prints its entries, and how it goes on where that fails. */
export interface ForegroundHooks extends Hooks {
  readonly onEntry: (entry: AnyEntry) => void;
  readonly goOnUnprinted?: Context['goOnUnprinted'];
}

/** Long work that a signal ended: what was saved, in sentences, nothing of it where `saved` is empty. */
export interface Interrupted {
  readonly interrupted: true;
  readonly saved: readonly string[];
}

/** A backtest as data and as what a painter draws. */
export interface BacktestReport {
  /** The metrics by their keys. */
  readonly summary: Readonly<Record<string, unknown>>;
  /** The documented object that `--json` prints; made when it is asked for. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly view: BacktestView;
  /** Why nothing could be traded, where that is so: sentences. */
  readonly notes: readonly string[];
}

/** How a paper run in the foreground ended; `interrupted` where a signal ended it. */
export interface ForegroundReport {
  readonly interrupted: boolean;
  readonly saved: { readonly entries: number; readonly lastSeq: number; readonly position?: string | undefined };
  readonly summaryLines: readonly string[];
}

/** The journal of a profile, of a folder, or, where nothing is said, the one that was written last. */
export type Where =
  | { readonly in: 'latest' }
  | { readonly in: 'profile'; readonly profile: string }
  | { readonly in: 'folder'; readonly folder: string };

/** Which tape is played, and the journal that it is held against. */
export interface ReplayRequest {
  /** A tape file; undefined: the newest tape of `where`. */
  readonly tape?: string | undefined;
  readonly where: Where;
}

/**
 * `entries` are those that were compared, up to `toSeq`; `lastSeq` is the last one that the journal has of that start of the
 * engine. A tape that was not closed was left by a kill, or is cut off within a frame that begins with the byte `cutAt`.
 * `digest` is the one that both have, null where no run began within the journal.
 */
export interface SameReplay {
  readonly same: true;
  readonly entries: number;
  readonly toSeq: number;
  readonly lastSeq: number;
  readonly isClosed: boolean;
  readonly cutAt: number | undefined;
  readonly digest: string | null;
}

export type ReplayReport = SameReplay | { readonly same: false; readonly first: Difference };

/** The first entry that differs, numbered within its run, or among those of no run; undefined where one side has none. */
export interface Difference {
  readonly index: number;
  readonly journal?: AnyEntry | undefined;
  readonly replay?: AnyEntry | undefined;
}

/** A journal that is open for reading until it is closed. */
export type OpenedJournal = JournalReader & {
  /** Profile or folder: what was opened, for messages. */
  readonly name: string;
  /**
   * Where an engine holds the journal its entries come over a socket: `work`, which only reads, is run again until all that
   * it reads is there. Absent where reading never waits.
   */
  complete?<T>(work: () => T): Promise<T>;
  close(): void;
};

/** What a verification read and, where something is wrong, the first thing that is. */
export interface VerifyReport {
  readonly name: string;
  readonly entries: number;
  readonly lastSeq: number;
  /** Of the last entry; left out where something is wrong. */
  readonly hash?: string | undefined;
  readonly segments: number;
  readonly snapshots: number;
  readonly runs: readonly { readonly run: number; readonly entries: number; readonly digest: string }[];
  /** Undefined where all is well; else the first bad entry. */
  readonly first?:
    | { readonly seq: number; readonly what: string; readonly expected: string; readonly found: string }
    | undefined;
}

/** Files of a journal that went, where their copies are, and how many stayed. */
export interface PruneReport {
  readonly name: string;
  readonly dropped: readonly { readonly file: string; readonly firstSeq: number; readonly lastSeq: number }[];
  readonly backups: readonly string[];
  readonly kept: number;
}

/** Writes a piece of an export; resolves when more may come. */
export type Write = (text: string) => Promise<void>;

/** Journals on disk. Everything but `prune` reads only; what the signal ends rejects with its reason. */
export interface JournalPorts {
  open(where: Where): Promise<OpenedJournal | Refusal>;
  verify(where: Where, hooks: Hooks): Promise<VerifyReport | Refusal>;
  /** Drops sealed files whose entries are all older than `beforeAt`, one after the other, each copied to `backupDir` first. */
  prune(
    where: Where,
    beforeAt: number,
    backupDir: string,
    signal: AbortSignal,
  ): Promise<PruneReport | Refusal | Interrupted>;
  export(
    where: Where,
    format: 'jsonl' | 'csv',
    query: JournalQuery,
    write: Write,
    signal: AbortSignal,
  ): Promise<{ readonly name: string; readonly entries: number } | Refusal>;
}

/** Bounds are inclusive, ms; nothing is without bound. */
export interface Span {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** What was written of a tape; `windows` where it is what is left of one: how many spans it holds. */
export interface TapeReport {
  readonly records: number;
  readonly windows?: number | undefined;
}

/** One file of the history store: candles of trades, of the mids that an engine kept, or of the mark. */
export interface StoreKey {
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly series: 'candles' | 'mid' | 'mark';
}

/** A file of the history store as a list tells it. */
export interface StoredSeries extends StoreKey {
  readonly path: string;
  /** Null where the file is damaged. `firstAt`, `lastAt`: open times of the first and the last candle. */
  readonly rows: number | null;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly bytes: number | null;
  /** Why it cannot be read. */
  readonly damage: { readonly expected: string; readonly found: string; readonly fix: string } | null;
}

/** What an import left in the store. */
export interface ImportReport extends StoreKey {
  /** Candles in the store now. */
  readonly rows: number;
  readonly added: number;
  /** Candles that were there before with the same numbers. */
  readonly known: number;
  readonly gaps: { readonly count: number; readonly missing: number };
}

/** A file that is looked at; its time frame is told by its steps where none is named. */
export interface CheckedFile {
  readonly path: string;
  readonly timeframe?: string | undefined;
}

/** What a look at candles found; instants are ms UTC. */
export interface CheckReport {
  /** The file or the store's entry that was looked at. */
  readonly name: string;
  readonly timeframe: string;
  readonly rows: number;
  /** Open times of the first and the last candle whose time is right, null where none is. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly missing: number }[];
  /** The first rows that are wrong, each with its line or number; empty where all is well. */
  readonly faults: readonly string[];
  /** All of them. */
  readonly faultCount: number;
}

/** What is fetched from an exchange into the store. */
export interface DownloadRequest extends Omit<StoreKey, 'series'> {
  readonly series: 'candles' | 'mark' | 'funding';
  /** Candles that open in `[from, to)`, settlements likewise. */
  readonly from: number;
  readonly to: number;
}

/** What a download left; `problem` says why it ended early. */
export interface DownloadReport extends Omit<StoreKey, 'series'> {
  readonly series: DownloadRequest['series'];
  readonly path: string;
  /** Rows of the range that are there now, and those that are new. */
  readonly rows: number;
  readonly added: number;
  readonly gaps: { readonly count: number; readonly missing: number };
}

/** The history store and candle files. What the signal ends rejects with its reason, and has changed nothing. */
export interface DataPorts {
  import(of: StoreKey & { readonly path: string }, signal: AbortSignal): Promise<ImportReport | Refusal>;
  list(): Promise<readonly StoredSeries[]>;
  /** Fetches what the store has not; the same again goes on where it ended. */
  download(request: DownloadRequest, hooks: Hooks): Promise<DownloadReport | Refusal | Interrupted>;
  check(of: StoreKey | CheckedFile, signal: AbortSignal): Promise<CheckReport | Refusal>;
  /** CSV with a header: timestamp_ms,open,high,low,close,volume. */
  export(of: StoreKey, write: Write, signal: AbortSignal): Promise<{ readonly rows: number } | Refusal>;
}

/** The configuration file with environment and flags over it. */
export interface ConfigPorts {
  /** Where the file is, or would be. */
  readonly file: string;
  /** The configuration of a profile (the default one where none is named), or the first thing that is wrong in the file. */
  load(flags?: Readonly<Record<string, string | undefined>>): Promise<Config | Refusal>;
  /** Writes a file with everything in it as a comment; refused where one is. */
  init(): Promise<{ readonly file: string } | Refusal>;
}

/** A sandbox as it is kept between commands: what it began with and every line since. The same again gives the same. */
export interface DebugSession {
  readonly v: 1;
  readonly symbol: string;
  readonly balance: string;
  readonly stepMs: number;
  /** What was asked for: `synthetic:7`, `replay:FILE`, `snapshot`; null for a script alone. */
  readonly feed: string | null;
  readonly candles: readonly CandleRow[];
  readonly lines: readonly string[];
}

/** All that a debug command can reach: its own file, a script, candles to read. No journal, no engine, no profile. */
export interface DebugPorts {
  /** DEBUG_ENABLED=1. */
  readonly isEnabled: boolean;
  load(): Promise<DebugSession | undefined>;
  /** Undefined takes it away. */
  store(session: DebugSession | undefined): Promise<void>;
  /** A script, `-` for standard input. */
  read(path: string, signal: AbortSignal): Promise<string | Refusal>;
  write(path: string, text: string): Promise<Refusal | undefined>;
  candles(
    feed: string,
    symbol: string,
    signal: AbortSignal,
  ): Promise<{ readonly rows: readonly CandleRow[]; readonly stepMs: number } | Refusal>;
  /** Called when the session was changed by another command; returns how to end it. */
  onChange(listener: () => void): () => void;
}

/** A file in the folder of strategies that cannot be used, and why. */
export interface BrokenFile {
  readonly file: string;
  readonly problem: Refusal;
}

export interface StrategyList {
  readonly strategies: readonly Definition[];
  readonly broken: readonly BrokenFile[];
}

/** What commands need of the rest; `boot` makes it and loads an adapter when it is first used. */
export interface Ports {
  readonly strategies: {
    /** Built-in strategies and the user's own. */
    list(): Promise<StrategyList>;
    find(nameOrPath: string): Promise<Definition | Refusal>;
    /** A path as it is meant from where the user stands, for an engine that stands elsewhere; a name as it is. */
    absolute(nameOrPath: string): Promise<string>;
  };
  backtest(request: BacktestRequest, hooks: Hooks): Promise<BacktestReport | Refusal | Interrupted>;
  foreground(request: ForegroundRequest, hooks: ForegroundHooks): Promise<ForegroundReport | Refusal>;
  /** With the name of the journal that it was held against. */
  replay(
    request: ReplayRequest,
    hooks: Hooks,
  ): Promise<(ReplayReport & { readonly name: string }) | Refusal | Interrupted>;
  /** Writes the records of a tape, or of its windows, that lie within a span of market time. */
  tape(file: string, span: Span, write: Write, signal: AbortSignal): Promise<TapeReport | Refusal>;
  readonly journal: JournalPorts;
  readonly data: DataPorts;
  /** Engines that run by themselves. */
  readonly engine: EnginePorts;
  readonly config: ConfigPorts;
  readonly debug: DebugPorts;
  /** The stand-in exchange on loopback. */
  readonly sandbox: SandboxPorts;
  readonly keys: KeyPorts;
  readonly doctor: DoctorPorts;
  /** The bridge to Telegram. */
  readonly bridge: BridgePorts;
  /** The account of an exchange as it tells it, with the key that is kept; `ask` is for the passphrase of a sealed one. */
  account(exchange: string, ask?: AskSecret): Promise<VenueAccountFrame | Refusal>;
  /** What an exchange lists. */
  markets(exchange: string): Promise<{ readonly title: string; readonly markets: readonly VenueMarket[] } | Refusal>;
  /** The scene of a tape that is played up to and with an entry; to its end where none is named. */
  picture?(request: { readonly tape: string; readonly at?: number | undefined }): Promise<Scene | Refusal>;
  /** Lines of the first screen; `dzentra` alone prints them. */
  frame?(columns: number): Promise<readonly string[]>;
}

/** Whether a port answered that a signal ended its work. A paper run tells that in its own report. */
export function isInterrupted(answer: object): answer is Interrupted {
  return 'interrupted' in answer && answer.interrupted === true && !('summaryLines' in answer);
}
