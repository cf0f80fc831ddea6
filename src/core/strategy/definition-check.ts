import type { Bar } from '../domain/candle.ts';
import { MANUAL } from '../domain/run.ts';
import { type Definition, type ParamProblem, problemText, votesMinOf } from './definition.ts';
import {
  checkFault,
  confirmationsFault,
  createFault,
  type Fault,
  type Fields,
  fault,
  isFields,
  isPromise,
  opinionFault,
  shapeFault,
  shown,
  timeframesFault,
  votesFault,
  votesMinFault,
  warmupFault,
} from './definition-shape.ts';
import { KIT } from './kit.ts';
import { createOpinion } from './opinion.ts';
import { defaultParams } from './params.ts';
import { STRATEGIES } from './registry.ts';
import type { ParamSpecs, Params } from './strategy.ts';

/** Why a user's strategy file cannot be used. `line` is there where it could be told. */
export interface DefinitionProblem {
  readonly file: string;
  readonly line?: number;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

export type CheckedDefinition =
  | { readonly ok: true; readonly definition: Definition }
  | { readonly ok: false; readonly error: DefinitionProblem };

/** The problem as one message: where, what was expected, what was found, what to do. */
export function definitionProblemText(problem: DefinitionProblem): string {
  const where = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  return `${where}: expected ${problem.expected}, found ${problem.found}; ${problem.fix}`;
}

/**
 * Turns the default export of a user's strategy file into a definition: calls it with the kit, checks every field, calls
 * every function with the default parameters and shows a new strategy its first candles. Reads no file: `source` is the
 * file's text where there is one, and only finds lines. What the file throws is told as a problem, never thrown on.
 */
export function validateDefinition(value: unknown, file: string, source = ''): CheckedDefinition {
  const fix = 'end the file with `export default (kit) => kit.define({ ... })`';
  if (typeof value !== 'function') {
    const expected = 'a function of the kit as default export';
    return refuse(file, source, fault('default', expected, value, fix));
  }
  try {
    const made: unknown = value(KIT);
    if (!isFields(made))
      return refuse(file, source, fault('default', 'the default export to return a definition', made, fix));
    const taken = [MANUAL, ...STRATEGIES.map((each) => each.name)];
    const wrong = shapeFault(made, taken) ?? behaviourFault(made);
    if (wrong !== undefined) return refuse(file, source, wrong);
    return { ok: true, definition: made as unknown as Definition };
  } catch (thrown) {
    return { ok: false, error: { file, ...lineOf(thrown, file), ...threw(thrown) } };
  }
}

function refuse(file: string, source: string, wrong: Fault): CheckedDefinition {
  const { field, ...problem } = wrong;
  const line = lineOfField(source, field);
  return { ok: false, error: { file, ...(line === undefined ? {} : { line }), ...problem } };
}

/** Calls what the shape check only looked at. The casts are safe after it: fields and functions are there. */
function behaviourFault(made: Fields): Fault | undefined {
  const definition = made as unknown as Definition;
  const params = defaultParams(made.params as ParamSpecs);
  const contradiction: unknown = definition.check?.(params);
  const wrong = checkFault(contradiction);
  if (wrong !== undefined) return wrong;
  if (contradiction !== undefined) {
    const found = problemText(contradiction as ParamProblem);
    return fault('check', 'defaults that pass its own check', found, 'correct a default or the check');
  }
  return (
    confirmationsFault(definition.confirmations(params)) ??
    votesFault(definition.votes(params)) ??
    votesMinFault(votesMinOf(definition, params), definition.votes(params)) ??
    timeframesFault(definition.timeframes(params)) ??
    warmupFault(definition.warmup(params)) ??
    strategyFault(definition, params)
  );
}

function strategyFault(definition: Definition, params: Params): Fault | undefined {
  const { higher } = definition.timeframes(params);
  const strategy = definition.create(params);
  const wrong = createFault(strategy, higher);
  if (wrong !== undefined) return wrong;
  const opinion = createOpinion(definition, params);
  const voices = definition.votes(params).map(({ name }) => name);
  for (const bar of firstBars()) {
    const given: Fields = { closeHigher: strategy.closeHigher?.(bar), close: strategy.close(bar, opinion) };
    for (const [field, value] of Object.entries(given)) {
      if (isPromise(value))
        return fault(field, `${field} to be a plain function`, value, `write ${field} without async`);
    }
    const unfit = opinionFault(opinion, voices);
    if (unfit !== undefined) return unfit;
  }
  return undefined;
}

function firstBars(): Bar[] {
  return [100, 101, 99].map((close, i) => {
    const openAt = i * 60_000;
    return { openAt, closeAt: openAt + 60_000, open: 100, high: 102, low: 98, close, volume: 1 };
  });
}

const threw = (thrown: unknown): { expected: string; found: string; fix: string } => ({
  expected: 'a strategy that runs',
  found: thrownText(thrown),
  fix: 'correct the strategy at this place',
});

const TEXT_MAX = 200;

/** What was thrown, in one line: `TypeError: no such thing`. */
export function thrownText(thrown: unknown): string {
  const said =
    thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : isFields(thrown) ? shown(thrown) : String(thrown);
  const [line = ''] = said.split('\n');
  return line.length > TEXT_MAX ? `${line.slice(0, TEXT_MAX)}...` : line;
}

/** `mine.mts:17`, or the file alone where the line cannot be told. */
export function whereThrown(thrown: unknown, file: string): string {
  const { line } = lineOf(thrown, file);
  return line === undefined ? file : `${file}:${line}`;
}

/** The first line of the file in the error's stack, if the file is there. */
function lineOf(thrown: unknown, file: string): { readonly line?: number } {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const name = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  for (const row of stack.split('\n')) {
    const at = row.indexOf(name);
    const line = at < 0 ? null : /^[^:]*:(\d+):\d+/.exec(row.slice(at + name.length));
    if (line !== null) return { line: Number(line[1]) };
  }
  return {};
}

/** The line at which a field is written, else that of the default export. Lines count from 1. */
function lineOfField(source: string, field: string): number | undefined {
  const rows = source.split('\n');
  const isField = new RegExp(`(^|[\\s{,])${field.replace(/[^\w]/g, '.')}['"]?\\s*[:(]`);
  const own = rows.findIndex((row) => isField.test(row));
  const at = own >= 0 ? own : rows.findIndex((row) => row.includes('export default'));
  return at < 0 ? undefined : at + 1;
}
