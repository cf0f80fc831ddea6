import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Hooks, Interrupted, ReplayReport } from '../command/ports.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import type { AnyEntry } from '../domain/entry.ts';
import { readJournal } from '../journal/sqlite.ts';
import type { Tape } from '../journal/tape.ts';
import type { HostFeed } from '../lab/host/feed.ts';
import { retell } from '../lab/host/retell.ts';
import { createSyntheticFeed } from '../lab/host/synthetic.ts';
import { createTapedVenue } from '../venue/taped.ts';
import { BUILD } from './build.ts';
import { openReplay } from './host-feed.ts';
import type { HostConfig } from './host-identity.ts';
import { knownStrategies } from './host-strategies.ts';
import type { Paths } from './paths.ts';
import { compared, readInputs, stateOf } from './taped-story.ts';

interface Where {
  readonly folder: string;
  readonly hooks: Hooks;
  readonly paths: Paths;
}

/** Plays a tape of an engine with many runs and compares each entry with its journal. */
export async function replayHost(
  tape: Tape,
  config: HostConfig,
  { folder, hooks, paths }: Where,
): Promise<ReplayReport | Refusal | Interrupted> {
  const feed = await feedOf(tape, config);
  if ('exit' in feed) return feed;
  const { inputs, upTo } = readInputs(tape);
  const journal = readJournal(folder);
  let recorded: AnyEntry[];
  try {
    recorded = [...journal.entries({ toSeq: upTo })];
  } finally {
    journal.close();
  }
  const before = recorded.filter((entry) => entry.seq <= tape.header.snapshotSeq);
  const known = await knownStrategies(stateOf(recorded), folder, join(paths.config, 'strategies'));
  if ('exit' in known) return known;
  const made: AnyEntry[] = [...before];
  const isWhole = await retell({
    feed,
    build: BUILD,
    state: stateOf(before),
    before,
    venue: (core) => createTapedVenue(inputs, () => core().inputs),
    definitionOf: (name) => known.get(name),
    append: (entry) => made.push(entry),
    toSeq: upTo,
    toAt: recorded.at(-1)?.at ?? 0,
    async turn(done) {
      hooks.progress(done, done);
      await turn();
      return hooks.signal.aborted;
    },
  });
  return isWhole ? compared(recorded, made, upTo, before.length) : { interrupted: true, saved: [] };
}

/** The candles must be the very ones that the tape was made on. */
export async function feedOf({ header }: Tape, { feed, host }: HostConfig): Promise<HostFeed | Refusal> {
  if (host.kind === 'synthetic') {
    return createSyntheticFeed(header.feed.kind === 'synthetic' ? header.feed.seed : 1);
  }
  const opened = await openReplay(host.path ?? '', host.symbol);
  if ('exit' in opened || opened.name === feed) return opened;
  return refusal(3, 'FEED_DIFFERS', feed, opened.name, 'put the file back that the engine ran on');
}
