import type { Price } from '../base/decimal.ts';

/** Whether a rule speaks: with a sound, without one, or not at all. */
export type Loudness = 'on' | 'silent' | 'off';

/** How loud an alert is. HIGH knows no quiet hours and no cooldown and is told again until somebody acknowledges it. */
export type Priority = 'HIGH' | 'MEDIUM' | 'LOW';

export const PRIORITIES: readonly Priority[] = ['HIGH', 'MEDIUM', 'LOW'];

/** What a rule tells of an entry, for its texts: codes, numbers and exact values, no prose. Exact words as everywhere. */
export type AlertFacts = Readonly<Record<string, string | number | boolean | bigint | null>>;

/** What an alert says, and to whom it matters; the same in its entry and in the list of open ones. */
export interface AlertBody {
  /** Its number; one that is told again keeps it. */
  readonly alert: number;
  /** How often it was told: 1, then 2, ... until it is acknowledged. */
  readonly nth: number;
  readonly rule: string;
  readonly priority: Priority;
  /** Alerts of one key are about one thing: `ready:BTC/USDT:USDT:1`. */
  readonly key: string;
  /** Empty where it is about none. */
  readonly symbol: string;
  /** Seq of the entry that it is about. */
  readonly of: number;
  /** It is no news after this instant. */
  readonly expiresAt: number;
  /** Told without a sound. */
  readonly isSilent: boolean;
  /** One of many in a short time: not told by itself, a digest follows. */
  readonly isHeld: boolean;
  readonly facts: AlertFacts;
}

/** A sink took an alert; `ref` is the sink's own word for it. `isRepeat`: it may have been there before. */
export interface AlertDelivery {
  readonly alert: number;
  readonly nth: number;
  readonly sink: string;
  readonly ref: string;
  readonly isRepeat: boolean;
}

/** What a sink says of itself: it takes no alerts any more, or does again. `why` is a code, empty for none. */
export interface ChannelReport {
  readonly sink: string;
  readonly state: 'lost' | 'back';
  readonly why: string;
}

/** How many of one key did not speak in a window. */
export interface SuppressedAlerts {
  readonly rule: string;
  readonly key: string;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** A price that somebody waits for. */
export interface AwaitedPrice {
  readonly alert: number;
  readonly symbol: string;
  readonly side: 'above' | 'below';
  readonly price: Price;
}

/** An alert that is news still, or of HIGH priority: nobody has acknowledged it. */
export interface OpenAlert extends AlertBody {
  /** Seq of its last `alert_raised`, and the run that it is about; 0 for none. */
  readonly seq: number;
  readonly run: number;
  readonly account: string;
  readonly at: number;
  /** By sink: the last `nth` that it took. */
  readonly delivered: Readonly<Record<string, number>>;
  /** When the last of them took it; 0 while none did. */
  readonly deliveredAt: number;
}

/** What became of the prices of a symbol. `downAt` is left out where they were never away. */
export interface HeardFeed {
  readonly isUp: boolean;
  readonly at: number;
  readonly seq: number;
  readonly downAt?: number | undefined;
}

/** Alerts that came too fast to be told one by one. */
export interface HeldAlerts {
  readonly since: number;
  readonly count: number;
  readonly rules: Readonly<Record<string, number>>;
  /** Seq of the first of them. */
  readonly of: number;
}

/** What alerts remember: all of it survives a restart. */
export interface Alarm {
  /** Alerts so far: the number of the newest. */
  readonly made: number;
  /** Oldest first. */
  readonly open: readonly OpenAlert[];
  /** When each key spoke last, newest last. */
  readonly spoken: Readonly<Record<string, number>>;
  /** Instants of the last alerts below HIGH that were told one by one. */
  readonly recent: readonly number[];
  readonly held: HeldAlerts | null;
  readonly feeds: Readonly<Record<string, HeardFeed>>;
  /** By sink: when it took an alert last. One that has taken some is expected to take more. Absent before the first. */
  readonly sinks?: Readonly<Record<string, number>> | undefined;
}

export const NO_ALARM: Alarm = { made: 0, open: [], spoken: {}, recent: [], held: null, feeds: {} };
