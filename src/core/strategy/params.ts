import type { Definition, ParamProblem } from './definition.ts';
import { suggestion } from './nearest.ts';
import type { ParamSpec, ParamSpecs, Params, ParamValue } from './strategy.ts';

export type ResolvedParams =
  | { readonly ok: true; readonly params: Params }
  | { readonly ok: false; readonly error: ParamProblem };

type Read = { readonly value: ParamValue } | { readonly found: string };

/** What a user may give: text from a command line, or values that a file has typed already. */
export type GivenParams = Readonly<Record<string, ParamValue>>;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Types and ranges what a user gave and fills the rest with defaults, in the definition's order. The first problem is
 * returned: an unknown name (with the nearest one), a wrong type, a value out of range, parameters that contradict.
 */
export function resolveParams(definition: Definition, given: GivenParams): ResolvedParams {
  const { params: specs } = definition;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(specs, name));
  if (unknown !== undefined) return { ok: false, error: unknownParam(definition.name, unknown, Object.keys(specs)) };
  const params: Record<string, ParamValue> = {};
  for (const [name, spec] of Object.entries(specs)) {
    if (!Object.hasOwn(given, name)) {
      params[name] = spec.default;
      continue;
    }
    const read = readParam(spec, given[name] as ParamValue);
    if ('found' in read) return { ok: false, error: outOfRange(name, spec, read.found) };
    params[name] = read.value;
  }
  const error = definition.check?.(params);
  return error === undefined ? { ok: true, params: Object.freeze(params) } : { ok: false, error };
}

/** The parameters as the definition gives them. */
export function defaultParams(specs: ParamSpecs): Params {
  return Object.freeze(Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, spec.default])));
}

/** A resolved number. @throws {TypeError} where the definition has none of that name: a bug of the strategy. */
export function numberOf(params: Params, name: string): number {
  const value = params[name];
  if (typeof value === 'number') return value;
  throw new TypeError(`parameter ${name}: expected a number among the resolved parameters, found ${typeof value}`);
}

/** A resolved choice. @throws {TypeError} where the definition has none of that name: a bug of the strategy. */
export function choiceOf(params: Params, name: string): string {
  const value = params[name];
  if (typeof value === 'string') return value;
  throw new TypeError(`parameter ${name}: expected a choice among the resolved parameters, found ${typeof value}`);
}

/** What a parameter accepts, in words: for errors, help and forms. */
export function expectation(spec: ParamSpec): string {
  switch (spec.type) {
    case 'int':
      return `a whole number from ${spec.min} to ${spec.max}`;
    case 'number':
      return `a number from ${spec.min} to ${spec.max}`;
    case 'choice':
      return `one of ${spec.choices.join(', ')}`;
    case 'switch':
      return 'true or false';
  }
}

function readParam(spec: ParamSpec, given: ParamValue): Read {
  const found = { found: typeof given === 'string' ? `"${clip(given)}"` : String(given) };
  switch (spec.type) {
    case 'choice':
      return typeof given === 'string' && spec.choices.includes(given) ? { value: given } : found;
    case 'switch':
      if (typeof given === 'boolean') return { value: given };
      return given === 'true' || given === 'false' ? { value: given === 'true' } : found;
    default: {
      const value = typeof given === 'string' && NUMBER.test(given.trim()) ? Number(given) : given;
      if (typeof value !== 'number' || !(value >= spec.min && value <= spec.max)) return found;
      if (spec.type === 'int' && !Number.isInteger(value)) return found;
      // Adding 0 makes a plain zero of -0, which would print and hash differently.
      return { value: value + 0 };
    }
  }
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

function outOfRange(param: string, spec: ParamSpec, found: string): ParamProblem {
  return { param, expected: expectation(spec), found, fix: `change it or leave it out (default ${spec.default})` };
}

function unknownParam(strategy: string, param: string, names: readonly string[]): ParamProblem {
  const expected = names.length === 0 ? `no parameter, ${strategy} has none` : `a parameter of ${strategy}`;
  const fix = names.length === 0 ? 'leave it out' : suggestion(param, names);
  return { param: clip(param), expected, found: 'an unknown name', fix };
}

/** Whether a run with these parameters analyses candles of mids, not of trades. */
export const analysesMids = (params: Params): boolean => params.price === 'mid';
