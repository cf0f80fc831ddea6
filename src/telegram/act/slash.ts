import type { ScreenId } from '../core.ts';

/** What a typed line asks for. */
export type Typed =
  | { readonly is: 'words'; readonly words: readonly string[] }
  | { readonly is: 'screen'; readonly screen: ScreenId }
  | { readonly is: 'unknown'; readonly given: string };

/** What can be asked for: commands by their words, screens by their ids. */
export interface Known {
  readonly commands: readonly { readonly path: readonly string[] }[];
  readonly screens: readonly ScreenId[];
}

/** A name as Telegram lets it be typed: `journal list` and `journal_list`, `hit-stop` and `hit_stop`. */
export const slashName = (path: readonly string[]): string => path.join('_').replaceAll('-', '_').toLowerCase();

/** Screens by other names: those of other bots, too, that people have in their fingers. */
const SCREENS: Readonly<Record<string, ScreenId>> = {
  start: 'auto',
  home: 'auto',
  menu: 'auto',
  status: 'auto',
  balance: 'portfolio',
  pf: 'portfolio',
  profit: 'analytics',
  daily: 'analytics',
  weekly: 'analytics',
  monthly: 'analytics',
  performance: 'analytics',
  stats: 'analytics',
  trades: 'analytics',
  oo: 'orders',
  locks: 'risk',
  monitor: 'monitoring',
  whitelist: 'monitoring',
  show_config: 'settings',
  health: 'system',
};

/** Commands by shorter names. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  status: ['auto', 'status'],
  stop: ['auto', 'stop'],
  flatten: ['auto', 'stop', '--flatten'],
  pause: ['auto', 'pause'],
  stopentry: ['auto', 'pause'],
  stopbuy: ['auto', 'pause'],
  close: ['trade', 'close'],
  forceexit: ['trade', 'close'],
  forcesell: ['trade', 'close'],
  fx: ['trade', 'close'],
  flip: ['trade', 'flip'],
  buy: ['trade', 'buy'],
  forcebuy: ['trade', 'buy'],
  forcelong: ['trade', 'buy'],
  sell: ['trade', 'sell'],
  forceshort: ['trade', 'sell'],
  draft: ['trade', 'draft'],
  cancel: ['orders', 'cancel'],
  coo: ['orders', 'cancel'],
  cancel_open_order: ['orders', 'cancel'],
  count: ['positions'],
  ack: ['alert', 'ack'],
  alerts: ['alert', 'list'],
  logs: ['engine', 'logs'],
  debug_auto_screen: ['debug', 'state'],
};

/** Commands that take a run or a symbol as an option alone: `/close 7` is `--run=7`, `/buy BTC/USDT:USDT` `--symbol=...`. */
const OF_RUN = /^(?:auto (?:stop|pause|resume|status|show|adopt|release)|trade (?:close|flip|buy|sell)|positions)$/;
const PATH_MAX = 3;

/** `/journal_list --limit 5`, `/journal list`, `/status@bot`: a command where there is one, else a screen. */
export function readSlash(line: string, { commands, screens }: Known): Typed {
  const [head = '', ...rest] = wordsIn(line);
  const [, first] = /^\/([A-Za-z0-9_]{1,32})(?:@\w{1,64})?$/.exec(head) ?? [];
  if (first === undefined) return { is: 'unknown', given: head };
  const typed = first.toLowerCase();
  const screen = screens.find((id) => id === typed) ?? own(SCREENS, typed);
  if (screen !== undefined && rest.length === 0) return { is: 'screen', screen };
  return commandIn(typed, rest, commands) ?? { is: 'unknown', given: head };
}

/** The longest name that the line begins with. */
function commandIn(first: string, rest: readonly string[], commands: Known['commands']): Typed | undefined {
  for (let more = Math.min(PATH_MAX - 1, rest.length); more >= 0; more--) {
    const name = slashName([first, ...rest.slice(0, more)]);
    const path = commands.find((command) => slashName(command.path) === name)?.path;
    const words = path ?? (more === 0 ? own(WORDS, name) : undefined);
    if (words !== undefined) return { is: 'words', words: [...words, ...optioned(words, rest.slice(more))] };
  }
  return commands.some(({ path }) => path[0] === first) ? { is: 'words', words: [first, ...rest] } : undefined;
}

function optioned(words: readonly string[], rest: readonly string[]): readonly string[] {
  const name = words.filter((word) => !word.startsWith('-')).join(' ');
  if (name === 'debug signal') return signalWords(rest);
  const [first = '', ...others] = rest;
  if (!OF_RUN.test(name)) return rest;
  if (/^\d{1,9}$/.test(first) && name !== 'positions') return [`--run=${first}`, ...others];
  return /^[A-Za-z0-9]+\/[A-Za-z0-9:]+$/.test(first) ? [`--symbol=${first.toUpperCase()}`, ...others] : rest;
}

/** `side=buy strength=strong` is `buy strong`; what has a key of its own stays, a reason last: it is the rest of the line. */
function signalWords(rest: readonly string[]): readonly string[] {
  const side = rest.find((word) => word.startsWith('side='))?.slice('side='.length);
  const others = rest.filter((word) => !word.startsWith('side='));
  const bare = others.map((word) => word.replace(/^strength=/, ''));
  return [...(side === undefined ? [] : [side]), ...bare];
}

/** Words with quotes taken off; a phone makes quotes curly and two hyphens a dash. */
function wordsIn(line: string): readonly string[] {
  const straight = line.replace(/[\u201c\u201d\u201e]/g, '"').replace(/[\u2018\u2019]/g, "'");
  const words = straight.match(/(?:[^\s"']|"[^"]*"|'[^']*'|["'])+/g) ?? [];
  return words.map((word) => word.replace(/^[\u2013\u2014]/, '--').replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
