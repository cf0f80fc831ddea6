import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { finish } from '../base/steps.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { accountFrames, runFrames } from '../engine/frames.ts';
import { createMemoryJournal, type MemoryJournal } from '../journal/memory.ts';
import type { Tape } from '../journal/tape.ts';
import { emptyScene } from '../lab/fixture/scene.ts';
import { asQuoted } from '../lab/host/host.ts';
import { createMarkets } from '../lab/host/markets.ts';
import { createRecord } from '../lab/host/record.ts';
import { toldMarkets } from '../lab/host/retell-exchange.ts';
import type { Scene } from '../view/scene.ts';
import { type HostConfig, hostConfigOf } from './host-identity.ts';
import { type EpochRecord, recordOf, type Tale, tellExchange, tellTimed } from './host-replay.ts';
import { tapedStrategies } from './host-strategies.ts';
import { journalRefusal } from './journal.ts';
import type { Paths } from './paths.ts';
import { type Story, type Told, tellRun } from './picture-run.ts';
import { epochAfter, readInputs } from './taped-story.ts';
import { wholeTape } from './whole-tape.ts';

/** Which tape, and the entry up to which it is played; its last where none is named. */
export interface PictureRequest {
  readonly tape: string;
  readonly at?: number | undefined;
}

/** Plays a tape to an entry and tells all that a face would have been told then, but the health of the engine. */
export async function picture({ tape: file, at }: PictureRequest, paths: Paths): Promise<Scene | Refusal> {
  try {
    const tape = wholeTape(file);
    return isRefusal(tape) ? tape : await play(tape, dirname(resolve(file)), at, paths);
  } catch (error) {
    return journalRefusal(error, dirname(resolve(file)));
  }
}

async function play(tape: Tape, folder: string, at: number | undefined, paths: Paths): Promise<Scene | Refusal> {
  const { inputs, upTo: tapedTo } = finish(readInputs(tape));
  const record = recordOf(folder, tape.header.snapshotSeq, tapedTo);
  if (isRefusal(record)) return record;
  const upTo = Math.min(tapedTo, record.lastSeq);
  const toSeq = at ?? upTo;
  const from = tape.header.snapshotSeq + 1;
  if (toSeq < from || toSeq > upTo) {
    return refusal(3, 'NO_SUCH_ENTRY', `--at with an entry from ${from} to ${upTo}`, `${toSeq}`, `--at ${upTo}`);
  }
  const { recorded, before, state } = record;
  const made = createMemoryJournal();
  for (const entry of before) made.append(entry);
  const toAt = recorded.find(({ seq }) => seq === toSeq)?.at ?? 0;
  const epoch = epochAfter(before, recorded);
  const story = { tape, inputs, made, epoch, state, toSeq, toAt, paths };
  const config = hostConfigOf(tape);
  const told = config === undefined ? await tellRun(story) : await tellHost(story, config, record, folder);
  return 'exit' in told ? told : sceneOf(told, made, basename(folder));
}

/** Tells the tape of an engine that outlives its runs. */
async function tellHost(
  { tape, inputs, made, toSeq, toAt, paths }: Story,
  config: HostConfig,
  { recorded, before, state, end }: EpochRecord,
  folder: string,
): Promise<Told | Refusal> {
  const known = await tapedStrategies(end, folder, join(paths.config, 'strategies'), {
    told: config.strategies,
    inputs,
  });
  if ('exit' in known) return known;
  const tale: Tale = {
    tape,
    config,
    recorded,
    before,
    state,
    inputs,
    known,
    append: (entry) => made.append(entry),
    toSeq,
    toAt,
    async turn() {
      await turn();
      return false;
    },
  };
  if (config.host.kind === 'exchange') {
    const told = await tellExchange(tale);
    return { core: told.core, marketsOf: (symbols) => toldMarkets(told, symbols, MINUTE_MS) };
  }
  const told = await tellTimed(tale);
  return 'exit' in told ? told : { core: told.core, marketsOf: createMarkets(told.core, told.feed).at };
}

function sceneOf({ core, marketsOf }: Told, made: MemoryJournal, profile: string): Scene {
  const { state, now } = core;
  const seen = marketsOf([...new Set(state.runs.map(({ symbol }) => symbol))], now);
  return {
    ...emptyScene(profile),
    link: 'up',
    feed: `tape #${state.seq}`,
    now,
    state,
    ...seen,
    runs: asQuoted(core, () => runFrames(core)),
    accounts: accountFrames(core, seen.markets),
    ...createRecord(made, (run) => state.runs[run - 1]?.symbol ?? '').told,
  };
}
