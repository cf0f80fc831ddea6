import type { Answer, Ask } from '../domain/ask.ts';
import type { AnyEntry } from '../domain/entry.ts';
import { type Followed, follow, type Rest, type Verdict } from './attached/follow.ts';
import { type AskInput, lineOf } from './attached/options.ts';
import type { Context } from './command.ts';
import type { ConnectOptions, EngineClient } from './engine.ts';
import { type Outcome, refused } from './outcome.ts';
import type { Ports } from './ports.ts';
import { isRefusal, type Refusal, refusal } from './refusal.ts';

/** An engine that a command is attached to. */
export interface Attached {
  readonly ports: Ports;
  readonly client: EngineClient;
  readonly profile: string;
  /** The run that the command was about when it was given first, where its --id was given before. */
  readonly runBefore?: number | undefined;
}

/** `read`: looks at one scene. `watch`: looks for as long as it is wanted. `operate`: asks, and follows what comes of it. */
export type Purpose = 'read' | 'watch' | 'operate';

const CONNECT: Readonly<Record<Purpose, Pick<ConnectOptions, 'role' | 'follow'>>> = {
  read: { role: 'read', follow: 'one' },
  watch: { role: 'read', follow: 'all' },
  operate: { role: 'operate', follow: 'all' },
};

/** Attaches to the engine of the profile, and lets go of it however the work ends. Exit 5 where none runs. */
export async function withEngine(
  context: Context,
  { profile }: { readonly profile?: string | undefined },
  purpose: Purpose,
  work: (attached: Attached) => Promise<Outcome>,
): Promise<Outcome> {
  const ports = await context.boot();
  const name = ports.engine.profile(profile);
  const client = await ports.engine.connect(name, { ...CONNECT[purpose], face: faceOf(context) });
  if (isRefusal(client)) return refused(client);
  try {
    return await work({ ports, client, profile: name });
  } finally {
    client.close();
  }
}

const faceOf = (context: Context): string => context.face ?? 'cli';

/** What came of an ask: the engine's answer and, where there is something to wait for, where it came to rest. */
export interface Carried {
  readonly answer: Extract<Answer, { ok: true }>;
  /** The entries that it led to, oldest first. */
  readonly entries: readonly AnyEntry[];
  readonly verdict: Verdict;
}

/**
 * Asks, and follows what it leads to by its causes until `rest` says where it came to rest. Without `rest` the answer is
 * all. A denial is an outcome with exit 3, time that ran out one with exit 6.
 */
export async function carryOut(
  context: Context,
  { client }: Attached,
  ask: Ask,
  options: AskInput,
  rest?: Rest,
): Promise<Carried | Outcome> {
  const heard: AnyEntry[] = [];
  const end = client.subscribe(({ entries }) => heard.push(...entries));
  try {
    const answer = await answered(client, ask, context, options);
    if (isRefusal(answer)) return refused(answer);
    if (rest === undefined || options.dryRun)
      return { answer, entries: answer.entries, verdict: { ok: true, code: 'accepted' } };
    const followed = await follow(client, { answer, heard, rest, timeoutMs: options.wait, signal: context.signal });
    return outcomeOf(answer, followed, options.id);
  } finally {
    end();
  }
}

/** Whether something ended before it was done. */
export const isOutcome = (given: Carried | Outcome): given is Outcome => 'kind' in given;

/** The answer, or the refusal that stands for a no or a link that broke. */
async function answered(
  client: EngineClient,
  ask: Ask,
  context: Context,
  { id, dryRun }: AskInput,
): Promise<Extract<Answer, { ok: true }> | Refusal> {
  const line = id === undefined || context.words === undefined ? undefined : lineOf(context.words);
  const asking = { id, line, who: 'operator', face: faceOf(context), isDryRun: dryRun };
  let answer: Answer;
  try {
    answer = await client.ask(ask, asking);
  } catch (problem) {
    // A broken link is the world; anything else is a bug.
    if (client.scene().link === 'up') throw problem;
    return lost(id);
  }
  if (answer.ok) return answer;
  const { code, expected, found, fix } = answer.refused;
  return refusal(OF_FLAGS.has(code) ? 2 : 3, code, expected, found, fix);
}

/** What is wrong with flags and files alone, also where the engine is who finds it. */
const OF_FLAGS: ReadonlySet<string> = new Set(['UNKNOWN_STRATEGY', 'STRATEGY_FILE', 'BAD_PARAM', 'UNKNOWN_TIMEFRAME']);

const lost = (id: string | undefined, accepted = ''): Refusal =>
  refusal(
    5,
    'ENGINE_LOST',
    'an answer of the engine',
    `${accepted}a link that broke: what came of it is unknown`,
    id === undefined
      ? 'look first: dzentra journal tail; with --id KEY the same command can be given again safely'
      : `give the same command again: --id ${id} makes it happen once`,
  );

function outcomeOf(
  answer: Extract<Answer, { ok: true }>,
  followed: Followed,
  id: string | undefined,
): Carried | Outcome {
  const seq = answer.entries[0]?.seq;
  const told = seq === undefined ? 'the command' : `command #${seq}`;
  switch (followed.state) {
    case 'rested': {
      const { verdict, entries } = followed;
      return verdict.ok ? { answer, entries, verdict } : refused(verdict.refusal);
    }
    case 'timed_out':
      return {
        kind: 'timed_out',
        what: `${told} was accepted and has not come to rest`,
        fix: 'look: dzentra journal tail, dzentra positions; a longer --wait waits longer',
      };
    case 'interrupted':
      return { kind: 'interrupted', saved: [`${told} was accepted; the engine goes on with it`] };
    case 'lost':
      return refused(lost(id, `that ${told} was accepted, then `));
  }
}
