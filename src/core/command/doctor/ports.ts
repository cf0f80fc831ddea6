import type { FoundKey } from '../../config/secrets/key.ts';
import type { ExchangeRest, VenueProblem } from '../../venue/exchange.ts';
import type { Refusal } from '../refusal.ts';

/** What is known of the machine and of the folders of a profile, without changing any of it. */
export interface MachineFacts {
  readonly node: { readonly version: string; readonly isFit: boolean };
  /** Whether the process runs as user 0. */
  readonly isRoot: boolean;
  readonly folder: FolderFacts;
  /** What the journal's own opening says. */
  readonly database: DatabaseFacts;
  /** Of the file system of the folder, or of what it would be made in; null where it cannot be asked. */
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
  readonly config: { readonly file: string; readonly state: 'none' | 'sound' } | Refusal;
  readonly log: { readonly file: string; readonly bytes: number | null; readonly isPrivate: boolean };
  /** Why there is none; null where there is one. */
  readonly whyNoKeyring: string | null;
  readonly terminal: TerminalFacts;
}

export interface FolderFacts {
  readonly path: string;
  readonly isThere: boolean;
  readonly isOwn: boolean;
  /** Permission bits. */
  readonly mode: number;
  readonly isWritable: boolean;
  /** `tmpfs`, `nfs`, `smb`: file systems that journals do not last on; null for any other. */
  readonly weakSystem: string | null;
}

export type DatabaseFacts =
  | { readonly state: 'none' }
  | { readonly state: 'held'; readonly by: string }
  /** `missing`: what its marks tell of and it does not hold. */
  | { readonly state: 'open'; readonly lastSeq: number; readonly missing: string | undefined }
  | { readonly state: 'bad'; readonly found: string; readonly fix: string };

export interface TerminalFacts {
  readonly isTerminal: boolean;
  readonly columns: number | null;
  readonly rows: number | null;
  /** 1 for none, else bits of colour: 4, 8, 24. */
  readonly colorBits: number;
  readonly isUtf8: boolean;
}

/** Where an exchange is reached. */
export interface VenuePlace {
  /** The host that is connected to first: of the exchange, of its proxy, or loopback; null where it is not known. */
  readonly host: string | null;
  readonly port: number;
  readonly isTls: boolean;
  readonly isStandIn: boolean;
  /** Without its password; null for none. */
  readonly proxy: string | null;
}

/** How long it took, or why it did not come to pass. */
export type Reached = { readonly ms: number; readonly what: string } | { readonly why: string };

/** All of the network that the doctor sees. Nothing of it throws. */
export interface DoctorNetwork {
  place(exchange: string): Promise<VenuePlace | Refusal>;
  /** Asks for the addresses of a name. */
  lookUp(host: string): Promise<Reached>;
  /** A connection and, where the place has one, a TLS handshake with its certificate. */
  connect(place: VenuePlace): Promise<Reached>;
  open(exchange: string, key?: FoundKey): Promise<ExchangeRest | Refusal>;
  /** How far the clock of the exchange is ahead of what it should say, in ms; a stand-in may play in a time of its own. */
  measureClock(exchange: string, rest: ExchangeRest): Promise<number | VenueProblem>;
}

export interface DoctorPorts {
  machine(profile: string): Promise<MachineFacts>;
  /** Exchanges that the configuration names or that a key is kept of. */
  exchanges(): Promise<readonly string[]>;
  readonly network: DoctorNetwork;
}
