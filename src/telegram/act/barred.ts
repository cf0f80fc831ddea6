import type { ParsedCommand } from './line.ts';

/** Options that only a terminal has a use for: they never end, or would end with the bridge. */
const ENDLESS: ReadonlySet<string> = new Set(['watch', 'follow', 'foreground']);
/** Files of the machine, and exchanges with its keys. */
const TYPES: ReadonlySet<string> = new Set(['path', 'exchange']);
/** The name of a strategy; the path of a file is one, too, and its code would be run. */
const NAME = /^[\w-]{1,64}$/;
const NAMED: ReadonlySet<string> = new Set(['strategy', 'strategies show']);

/** What was given that a phone may not give, as it is called: `--dir`. Undefined where all of it may. */
export function barred({ name, command, input }: ParsedCommand, profile: string): string | undefined {
  for (const [key, { type, flag }] of Object.entries(command.options)) {
    if (isBarred(key, type, input.options[key], profile)) return `--${flag ?? key}`;
  }
  for (const [key, { type, placeholder }] of Object.entries(command.args)) {
    if (isBarred(NAMED.has(name) ? 'strategy' : key, type, input.args[key], profile)) return placeholder;
  }
  return undefined;
}

function isBarred(key: string, type: string, value: unknown, profile: string): boolean {
  if (value === undefined || value === false) return false;
  if (TYPES.has(type) || ENDLESS.has(key)) return true;
  // The engine has its feed; a sandbox may have a simulated one.
  if (type === 'feed') return typeof value !== 'string' || value.startsWith('replay:');
  if (type === 'profile') return value !== profile;
  return NAMED.has(key) && !NAME.test(String(value));
}
