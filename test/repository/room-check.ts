import { matchesGlob, posix } from 'node:path';
import { type ImportFact, type SourceFacts, sourceFacts, type UseFact } from '../support/source-facts.ts';
import {
  type Allowance,
  BYPASSES,
  COMPUTED_IMPORTS,
  EXACT_MATH,
  EXTRA_GLOBALS,
  LOCALE_METHODS,
  PURE_GLOBALS,
  type Room,
  roomOf,
} from './rooms.ts';

/** What breaks the table in one file, a line each: `core/base/x.ts:3: base may not import core/domain/y.ts`. */
export function roomViolations(path: string, text: string): string[] {
  const room = roomOf(path);
  if (room === undefined) return [`${path}: in no room of the table`];
  if (!/\.tsx?$/.test(path)) return [];
  const facts = sourceFacts(path, text);
  const found = facts.imports.flatMap((fact) => importProblem(room, path, fact) ?? []);
  if (room.kind !== 'free') found.push(...impurities(room, facts));
  return found.map(({ line, name }) => `${path}:${line}: ${room.name} ${name}`);
}

function importProblem(room: Room, path: string, fact: ImportFact): UseFact | undefined {
  const { from, line } = fact;
  if (from === undefined) {
    return COMPUTED_IMPORTS.includes(room.name)
      ? undefined
      : { line, name: 'may not import() what only run time knows' };
  }
  const isNamed = room.packages.some(({ target }) => target === from);
  if (/^(\/|file:|data:|https?:)/.test(from) || (BYPASSES.includes(from) && !isNamed))
    return { line, name: `may not import ${from}` };
  if (!from.startsWith('.')) {
    const name = packageName(from);
    const wanted = (target: string) => target === name || target === from || (target === 'node' && isBuiltin(from));
    return verdict(fact, from, room.packages, wanted);
  }
  const target = posix.join(posix.dirname(path), from);
  const home = roomOf(target);
  if (home === undefined) return { line, name: `imports ${target}, which is in no room of the table` };
  if (home === room) return undefined;
  const wanted = (name: string) => (name.includes('/') ? matchesGlob(target, name) : name === home.name);
  return verdict(fact, target, room.imports, wanted);
}

function verdict(
  { kind, line }: ImportFact,
  target: string,
  allowed: readonly Allowance[],
  wanted: (target: string) => boolean,
): UseFact | undefined {
  const matching = allowed.filter((allowance) => wanted(allowance.target));
  if (matching.length === 0) return { line, name: `may not import ${target}` };
  if (matching.some((allowance) => kind === 'type' || allowance.kind === 'value' || allowance.kind === kind)) return;
  const how = matching.some((allowance) => allowance.kind === 'lazy') ? 'with import()' : 'as types';
  return { line, name: `may import ${target} only ${how}` };
}

const isBuiltin = (from: string): boolean => from.startsWith('node:');

function packageName(from: string): string {
  const parts = from.split('/');
  return parts.slice(0, from.startsWith('@') ? 2 : 1).join('/');
}

function impurities(room: Room, facts: SourceFacts): UseFact[] {
  const banned = facts.globals.filter(({ name }) => !isPureGlobal(room, name));
  const locale = facts.members.filter(({ name }) => LOCALE_METHODS.includes(name));
  const powers = room.kind === 'decision' ? facts.powers : [];
  return [...banned, ...locale, ...facts.asyncs, ...powers].map(({ line, name }) => ({
    line,
    name: `may not use ${name}`,
  }));
}

function isPureGlobal(room: Room, name: string): boolean {
  if (EXTRA_GLOBALS[room.name]?.includes(name) === true) return true;
  const [object = '', member] = name.split('.');
  if (object !== 'Math') return PURE_GLOBALS.includes(object.replace('[?]', ''));
  if (room.kind === 'decision') return EXACT_MATH.includes(member ?? '');
  return member !== undefined && member !== 'random';
}
