import { TIMEFRAMES } from '../domain/candle.ts';
import type { Opinion, VoteSpec } from './strategy.ts';

/** What is wrong with a definition, and at which of its fields. */
export interface Fault {
  readonly field: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

export type Fields = Readonly<Record<string, unknown>>;

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const TYPES = ['int', 'number', 'choice', 'switch'];

/** A value as an error shows it: `text "abc"`, `number 3`, `null`, `nothing`. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return `text "${value.length > 40 ? `${value.slice(0, 40)}...` : value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return `${typeof value} ${value}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isPromise(value)) return 'a promise, as an async function gives';
  return typeof value === 'function' ? 'a function' : 'an object';
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isPromise(value);
}

/** Whether something is promised instead of given. What it may reject with is nobody's then. */
export function isPromise(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('then' in value) || typeof value.then !== 'function')
    return false;
  value.then(undefined, () => {});
  return true;
}

export function isWhole(value: unknown, min: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min;
}

/** A fault at a field, with the usual fix. */
export function fault(field: string, expected: string, value: unknown, fix = `correct ${field}`): Fault {
  return { field, expected, found: shown(value), fix };
}

/** Checks what can be seen without calling anything. The first fault, or undefined. */
export function shapeFault(d: Fields, taken: readonly string[]): Fault | undefined {
  return nameFault(d, taken) ?? fieldsFault(d) ?? paramsFault(d.params) ?? valuesFault(d.values);
}

function nameFault({ name }: Fields, taken: readonly string[]): Fault | undefined {
  if (typeof name !== 'string' || !NAME.test(name) || name.length > 32) {
    return fault('name', 'a name of at most 32 small letters, digits and single hyphens, such as my-trend', name);
  }
  if (!taken.includes(name)) return undefined;
  return fault('name', 'a name of its own', name, 'choose a name that no other strategy has');
}

function fieldsFault(d: Fields): Fault | undefined {
  if (!isWhole(d.version, 1)) return fault('version', 'a whole number from 1', d.version);
  for (const field of ['title', 'about']) {
    if (typeof d[field] !== 'string' || d[field] === '') return fault(field, 'a text', d[field]);
  }
  for (const field of ['votes', 'confirmations', 'warmup', 'timeframes', 'create']) {
    if (typeof d[field] !== 'function') return fault(field, `a function of the parameters`, d[field]);
  }
  for (const field of ['votesMin', 'check']) {
    if (d[field] !== undefined && typeof d[field] !== 'function') {
      return fault(field, 'a function of the parameters', d[field], `correct ${field} or leave it out`);
    }
  }
  if (d.tradesPolled !== undefined && typeof d.tradesPolled !== 'boolean') {
    return fault('tradesPolled', 'true or false', d.tradesPolled, 'correct tradesPolled or leave it out');
  }
  return undefined;
}

function paramsFault(params: unknown): Fault | undefined {
  if (!isFields(params)) return fault('params', 'an object with one entry for each parameter', params);
  for (const [name, spec] of Object.entries(params)) {
    if (!isFields(spec)) return fault(name, `params.${name} to be an object with type, default and about`, spec);
    const wrong = specFault(spec);
    if (wrong === undefined) continue;
    const [expected, found] = wrong;
    return fault(name, `params.${name} to be ${expected}`, found, `correct params.${name}`);
  }
  return undefined;
}

/** What a parameter should be, and what it is instead. */
function specFault(spec: Fields): readonly [expected: string, found: unknown] | undefined {
  const { type, min, max, choices, about } = spec;
  const value = spec.default;
  if (typeof type !== 'string' || !TYPES.includes(type)) return [`of a type among ${TYPES.join(', ')}`, type];
  if (typeof about !== 'string') return ['explained by a text `about`', about];
  if (type === 'switch') return typeof value === 'boolean' ? undefined : ['true or false by default', value];
  if (type === 'choice') {
    if (!Array.isArray(choices) || choices.some((choice) => typeof choice !== 'string'))
      return ['given a list `choices` of texts', choices];
    return choices.includes(value) ? undefined : ['one of its choices by default', value];
  }
  const unranged = [min, max].find((end) => !Number.isFinite(end));
  if (!Number.isFinite(min) || !Number.isFinite(max)) return ['ranged by the numbers `min` and `max`', unranged];
  const isInside = Number.isFinite(value) && Number(value) >= Number(min) && Number(value) <= Number(max);
  if (!isInside) return [`between ${String(min)} and ${String(max)} by default`, value];
  return type === 'number' || Number.isInteger(value) ? undefined : ['whole by default', value];
}

function valuesFault(values: unknown): Fault | undefined {
  const isNames = Array.isArray(values) && values.every((name) => typeof name === 'string' && name !== '');
  if (isNames && new Set(values).size === values.length) return undefined;
  return fault('values', 'a list of different names, one for each evidence number', values);
}

/** Checks what `votes(params)` gave. */
export function votesFault(votes: unknown): Fault | undefined {
  if (!Array.isArray(votes) || votes.length === 0) return fault('votes', 'a list of at least one vote', votes);
  for (const vote of votes as unknown[]) {
    const isVote = isFields(vote) && typeof vote.name === 'string' && typeof vote.about === 'string';
    if (!isVote) return fault('votes', 'each vote to have the texts name and about', vote);
    const { weight } = vote;
    if (!(Number.isFinite(weight) && Number(weight) >= 0)) {
      return fault('votes', `a weight of 0 or more for the vote ${String(vote.name)}`, weight);
    }
  }
  if ((votes as Fields[]).every(({ weight }) => weight === 0)) {
    return { field: 'votes', expected: 'a vote with a weight above 0', found: 'none', fix: 'correct votes' };
  }
  const names = new Set((votes as Fields[]).map((vote) => vote.name));
  return names.size === votes.length ? undefined : fault('votes', 'a different name for each vote', votes);
}

/** Checks what `confirmations(params)` gave. */
export const confirmationsFault = (count: unknown): Fault | undefined =>
  isWhole(count, 1) ? undefined : fault('confirmations', 'a whole number from 1', count);

/** Checks what `votesMin(params)` gave: with more than can agree nothing would ever be traded. */
export function votesMinFault(count: unknown, votes: readonly VoteSpec[]): Fault | undefined {
  const most = votes.filter(({ weight }) => weight > 0).length;
  if (isWhole(count, 1) && count <= most) return undefined;
  return fault('votesMin', `a whole number from 1 to ${most}, as many votes have a weight above 0`, count);
}

/** Checks what `warmup(params)` gave. */
export function warmupFault(warmup: unknown): Fault | undefined {
  const expected = 'an object with the whole numbers bars and higherBars';
  if (!isFields(warmup)) return fault('warmup', expected, warmup);
  const wrong = ['bars', 'higherBars'].find((key) => !isWhole(warmup[key], 0));
  if (wrong === undefined) return undefined;
  return { field: 'warmup', expected, found: `${shown(warmup[wrong])} as ${wrong}`, fix: 'correct warmup' };
}

/** Checks what `check(params)` gave. */
export const checkFault = (problem: unknown): Fault | undefined => {
  if (problem === undefined) return undefined;
  if (isPromise(problem)) return fault('check', 'check to be a plain function', problem);
  const isProblem =
    isFields(problem) && ['param', 'expected', 'found', 'fix'].every((key) => typeof problem[key] === 'string');
  return isProblem
    ? undefined
    : fault('check', 'nothing, or an object with the texts param, expected, found and fix', problem);
};

/** Checks what `create(params)` gave; `higher` is the higher time frame, where there is one. */
export function createFault(strategy: unknown, higher: string | undefined): Fault | undefined {
  if (!isFields(strategy) || typeof strategy.close !== 'function') {
    return fault('create', 'create to return a strategy with a function close', strategy);
  }
  if (higher !== undefined && typeof strategy.closeHigher !== 'function') {
    return fault('create', 'a function closeHigher, as timeframes names a higher one', strategy.closeHigher);
  }
  if (strategy.plan === undefined) return undefined;
  return fault('create', 'no plan: resting orders of strategies are not traded yet', strategy.plan, 'leave plan out');
}

/** Checks what `close` wrote. `voices` are the names of the votes. */
export function opinionFault({ votes, stopDistance }: Opinion, voices: readonly string[]): Fault | undefined {
  for (let i = 0; i < voices.length; i++) {
    const vote = votes[i] as number;
    if (vote === vote && vote !== -1 && vote !== 0 && vote !== 1) {
      const expected = 'votes of -1, 0, 1, or NaN before it is warm';
      return { field: 'close', expected, found: `${shown(vote)} as ${voices[i]}`, fix: 'correct close' };
    }
  }
  // A market that stands still makes a distance of nothing: there is no own stop then.
  if (!(stopDistance < 0) && stopDistance !== Number.POSITIVE_INFINITY) return undefined;
  return fault('close', 'a price distance, or NaN for none, as stopDistance', stopDistance);
}

/** Checks what `timeframes(params)` gave. */
export function timeframesFault(frames: unknown): Fault | undefined {
  if (!isFields(frames)) return fault('timeframes', 'an object with own and perhaps higher', frames);
  const { own, higher } = frames;
  const known = Object.keys(TIMEFRAMES);
  if (typeof own !== 'string' || (own !== 'feed' && !known.includes(own))) {
    return fault('timeframes', `own to be feed or one of ${known.join(', ')}`, own);
  }
  if (higher !== undefined && (typeof higher !== 'string' || !known.includes(higher))) {
    return fault('timeframes', `higher to be left out or one of ${known.join(', ')}`, higher);
  }
  return undefined;
}
