import { readdirSync, renameSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Refusal, refusal } from '../command/refusal.ts';
import type { State } from '../domain/state.ts';
import type { Speed } from '../domain/time.ts';
import { JournalError } from '../journal/error.ts';
import { readHeader, type Tape, type TapeFeed, type TapeHeader, tapeName } from '../journal/tape.ts';
import type { HostFeed } from '../lab/host/feed.ts';
import { speedOf } from '../lab/host/feed-frame.ts';
import type { NamedFeed } from './host-feed.ts';
import type { ToldStrategies } from './host-strategies.ts';
import { tapesIn } from './whole-tape.ts';

/** What a replay needs to wire the same engine again; the path is absolute. */
export interface HostConfig {
  /** `synthetic 7`, `replay 0123456789abcdef`. */
  readonly feed: string;
  readonly host: {
    readonly kind: HostFeed['kind'];
    readonly path?: string | undefined;
    readonly symbol: string;
    /** How fast the market passed; tapes of builds that did not ask have none. */
    readonly speed?: Speed | undefined;
  };
  readonly strategies?: ToldStrategies | undefined;
}

export function hostConfig(
  { feed, path, speed }: NamedFeed,
  strategies: ToldStrategies | undefined,
): HostConfig & Readonly<Record<string, unknown>> {
  const { name, kind, first } = feed;
  const file = path === undefined ? undefined : resolve(path);
  return { feed: name, host: { kind, path: file, symbol: first, speed: speedOf(feed, speed) }, strategies };
}

/** The tape of a host's own; undefined for one of another kind of run. */
export function hostConfigOf({ header: { config } }: Tape): HostConfig | undefined {
  return 'host' in config ? (config as unknown as HostConfig) : undefined;
}

/** Any symbol. */
const ALL = '*';

export function tapeFeed({ feed, path }: NamedFeed): TapeFeed {
  if (feed.kind === 'exchange') return { kind: 'exchange', exchange: feed.name };
  if (feed.kind === 'synthetic') return { kind: 'synthetic', seed: Number(feed.name.split(' ')[1]), symbol: ALL };
  return { kind: 'replay', sha256: feed.sha256 ?? '', name: path === undefined ? feed.first : basename(path) };
}

/** Clocks of one machine before and after a restart may differ by so much. */
const AHEAD_MS_MAX = 60_000;

/** A journal goes on with the feed that it was made on: another one has another clock. */
export function feedProblem(profile: string, folder: string, state: State, feed: HostFeed): Refusal | undefined {
  if (state.seq === 0) return undefined;
  if (feed.kind === 'exchange' && state.at > feed.beginsAt + AHEAD_MS_MAX) {
    const expected = `a journal of the past: it is ${new Date(feed.beginsAt).toISOString()} at ${feed.name}`;
    const found = `profile ${profile} reaches ${new Date(state.at).toISOString()}`;
    return refusal(3, 'CLOCK_BEHIND', expected, found, 'set the clock of this machine, or take another --profile NAME');
  }
  const before = lastHeader(folder, state.epoch)?.config.feed;
  const isOther = typeof before === 'string' ? !isSame(before, feed.name) : !isWithin(state, feed);
  if (!isOther) return undefined;
  const expected = `the feed that profile ${profile} ran on: ${
    typeof before === 'string' ? before : `one that reaches ${new Date(state.at).toISOString()}`
  }`;
  return refusal(3, 'FEED_DIFFERS', expected, feed.name, '--profile NAME for a journal of its own');
}

/** A run in the foreground names its symbol, too. */
const isSame = (before: string, name: string): boolean => before === name || before.startsWith(`${name} `);

/** Without a tape the instants must do. Commands after the end of a file take a few milliseconds each. */
const isWithin = ({ at }: State, { beginsAt, oldestAt, endsAt, timeframeMs }: HostFeed): boolean =>
  at >= Math.min(beginsAt, oldestAt) && at <= endsAt + timeframeMs;

/** What the newest tape says of itself, or what is left of it: a kill may leave one behind that has no header yet. */
export function lastHeader(folder: string, epoch: number): TapeHeader | undefined {
  for (const { name } of tapesIn(folder).filter((tape) => tape.epoch <= epoch)) {
    try {
      return readHeader(join(folder, name));
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
    }
  }
  return undefined;
}

/** Tapes of epochs after the last one that the journal holds are of what it lost: they make way, and are kept. */
export function setTapesAside(folder: string, lastEpoch: number): void {
  const names = readdirSync(folder);
  for (const name of names) {
    const tape = tapeName(name);
    if (tape === undefined || tape.epoch <= lastEpoch || tape.kind === 'unfinished') continue;
    let aside = `lost-${name}`;
    for (let nth = 2; names.includes(aside); nth++) aside = `lost-${nth}-${name}`;
    renameSync(join(folder, name), join(folder, aside));
  }
}
