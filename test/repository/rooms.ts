import { matchesGlob } from 'node:path';

/**
 * Who may import whom, and which rooms are pure. A file belongs to the first row that matches its path below `src/`.
 *
 * kind: `decision` = no I/O, clock, randomness or async, and no Math that differs between V8 versions; `pure` = the same,
 * with all of Math but `random`; `free` = anything.
 * packages: `node` = every `node:` module; a package's name; `lazy:x` = types or `import()`.
 * imports: rooms (its own room always), or paths with a `/`; `lazy:x` as before; `type:x` = types only.
 */
const TABLE = `
room      | files                                             | kind     | packages                                          | imports
base      | core/base/**                                      | decision | -                                                 | -
domain    | core/domain/**                                    | decision | -                                                 | base
strategy  | core/strategy/**                                  | decision | -                                                 | base domain
risk      | core/risk/**                                      | decision | -                                                 | base domain
execution | core/execution/**                                 | decision | -                                                 | base domain
analytics | core/analytics/**                                 | pure     | -                                                 | base domain
alert     | core/alert/**                                     | pure     | -                                                 | base domain
view      | core/view/**                                      | pure     | -                                                 | base domain risk analytics
ports     | core/{market/feed,venue/venue,venue/exchange,journal/journal}.ts | decision | -                                                 | base domain
candles   | core/market/{build,aggregate,gaps,synthetic}*.ts  | decision | -                                                 | base domain ports
simulated | core/venue/simulated/**                           | decision | -                                                 | base domain ports
market    | core/market/**                                    | free     | node lazy:apache-arrow                            | base domain ports candles platform
platform  | core/platform/**                                  | free     | node node:vm                                      | -
exchange  | core/venue/**                                     | free     | node undici lazy:ccxt lazy:ws                     | base domain ports platform
journal   | core/journal/**                                   | free     | node                                              | base domain ports platform
sandbox   | core/sandbox/**                                   | free     | node ws                                           | base core/domain/instrument*.ts
driver    | core/engine/{driver,stepper}*.ts                  | free     | -                                                 | base domain strategy risk execution analytics candles ports engine
engine    | core/engine/**                                    | decision | -                                                 | base domain alert strategy risk execution analytics candles type:ports
lab       | core/lab/**                                       | free     | node                                              | base domain strategy risk analytics candles ports simulated engine driver type:view
config    | core/config/**                                    | free     | node zod lazy:pino lazy:smol-toml lazy:@napi-rs/keyring | base domain risk platform
command   | core/command/**                                   | free     | -                                                 | base domain alert strategy risk analytics lab ports config view
control   | core/control/**                                   | free     | node ws                                           | base domain ports platform view command engine
wiring    | core/boot/**                                      | free     | node                                              | base domain strategy risk execution analytics alert view ports candles simulated engine driver lab config command control market exchange journal platform lazy:sandbox
boot      | core/boot.ts                                      | free     | node                                              | domain config command core/boot/paths.ts lazy:wiring
index     | core/index.ts                                     | free     | -                                                 | base domain strategy analytics alert view ports config command control core/lab/fixture/names.ts lazy:lab lazy:boot
cli       | cli/**                                            | free     | node                                              | index lazy:tui lazy:telegram
tui       | tui/**                                            | free     | node react ink                                    | index
testing   | testing/**                                        | free     | node react ink lazy:ink-testing-library lazy:@xterm/headless | index lazy:tui
telegram  | telegram/**                                       | free     | node grammy lazy:@resvg/resvg-wasm dejavu-fonts-ttf   | index
`;

/** Globals that a pure room may use: values and plain data. What is not here reads a clock, the host or chance. */
export const PURE_GLOBALS: readonly string[] = [
  'undefined NaN Infinity Object Array String Number Boolean BigInt Symbol JSON RegExp Map Set WeakMap WeakSet Reflect Proxy',
  'Error TypeError RangeError SyntaxError AggregateError Iterator isNaN isFinite parseInt parseFloat',
  'ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array',
  'Float32Array Float64Array BigInt64Array BigUint64Array TextEncoder TextDecoder structuredClone',
].flatMap((line) => line.split(' '));

/** Correctly rounded or exact by the standard, so equal on every machine. The rest of Math is an approximation. */
export const EXACT_MATH: readonly string[] =
  'abs ceil clz32 floor fround imul max min round sign sqrt trunc PI E SQRT2 LN2 LN10'.split(' ');

/** What single rooms may use beside it. `view` gives PluralRules a locale of its own. */
export const EXTRA_GLOBALS: Readonly<Record<string, readonly string[]>> = { view: ['Intl.PluralRules'] };

/** Methods that ask the host for its language. */
export const LOCALE_METHODS: readonly string[] =
  'toLocaleString toLocaleDateString toLocaleTimeString toLocaleUpperCase toLocaleLowerCase localeCompare'.split(' ');

/** Rooms that may `import()` a path that is known at run time only: a user's strategy file, the class of one exchange. */
export const COMPUTED_IMPORTS: readonly string[] = ['wiring', 'exchange'];

/** Ways round the table: only rooms whose row names one may import it. */
export const BYPASSES: readonly string[] = ['node:module', 'node:vm', 'module', 'vm'];

export type ImportKind = 'value' | 'type' | 'lazy';

/** What a row allows of one room, path or package. */
export interface Allowance {
  readonly target: string;
  readonly kind: ImportKind;
}

export interface Room {
  readonly name: string;
  readonly files: string;
  readonly kind: 'decision' | 'pure' | 'free';
  readonly imports: readonly Allowance[];
  readonly packages: readonly Allowance[];
}

const allowances = (cell: string): Allowance[] =>
  cell === '-'
    ? []
    : cell.split(/ +/).map((word) => {
        const [, prefix, target = word] = /^(type|lazy):(.+)$/.exec(word) ?? [];
        return { target, kind: prefix === 'type' || prefix === 'lazy' ? prefix : 'value' };
      });

/** Reads the table and refuses a row that names an unknown kind or room. */
export function parseRooms(table: string): Room[] {
  const rooms = table
    .trim()
    .split('\n')
    .slice(1)
    .map((line): Room => {
      const [name = '', files = '', kind, packages = '-', imports = '-'] = line.split('|').map((cell) => cell.trim());
      if (kind !== 'decision' && kind !== 'pure' && kind !== 'free') throw new Error(`unknown kind in: ${line}`);
      return { name, files, kind, imports: allowances(imports), packages: allowances(packages) };
    });
  const names = new Set(rooms.map((room) => room.name));
  for (const { name, imports } of rooms) {
    const stray = imports.find(({ target }) => !target.includes('/') && !names.has(target));
    if (stray !== undefined) throw new Error(`room ${name} imports ${stray.target}, which is no room`);
  }
  return rooms;
}

export const ROOMS: readonly Room[] = parseRooms(TABLE);

/** The room of a path below `src/`, `undefined` where the table knows none. */
export const roomOf = (path: string): Room | undefined => ROOMS.find((room) => matchesGlob(path, room.files));
