import { parse, type Rate } from '../base/decimal.ts';
import type { Refused } from '../domain/command.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { CandleRow } from '../domain/frame.ts';
import { createDebug, type Debug, type DebugOptions, type DebugStep } from './debug.ts';
import { readSettings } from './debug-settings.ts';

/** Voices of a forced signal: its confidence is how many of them agree. */
const VOICES = 5;
/** Steps of one `play` without a number, where no feed ends it. */
const PLAY = 10;
const PLAY_MAX = 100_000;

export interface SandboxOptions extends DebugOptions {
  /** Candles that `step` and `play` take one after the other, before prices stand still. */
  readonly feed?: readonly CandleRow[] | undefined;
}

/** What one line led to, or why it could not be done. */
export type Told =
  | { readonly ok: true; readonly entries: readonly AnyEntry[] }
  | { readonly ok: false; readonly problem: Refused };

/** A debug engine that reads a script, line by line. The same lines lead to the same entries. */
export interface Sandbox {
  readonly debug: Debug;
  /** Closed candles, oldest first. */
  readonly candles: readonly CandleRow[];
  /** Candles of the feed that are left. */
  readonly left: number;
  run(line: string): Told;
}

type Verb = (words: readonly string[]) => Told;

/** The lines that a script may have, for help and messages. */
export const SCRIPT_LINES: readonly string[] = [
  'price 100',
  'candle OPEN HIGH LOW CLOSE',
  'quote BID ASK [BID_SIZE ASK_SIZE]',
  'mark 100',
  'funding 0.0001',
  'set sl=2% tp=2r max-loss=5 leverage=3 size=10%',
  'signal buy|sell|hold [weak|normal|strong] [confidence=0.8] [leverage=3] [reason=...]',
  'long',
  'short',
  'flip',
  'close',
  'hit-stop',
  'hit-target',
  'hit-max-loss',
  'block-margin',
  'step [PRICE]',
  'wait MS',
  'play [N]',
  'pause',
  'resume',
  'panic',
  'lift',
];

const problem = (code: string, expected: string, found: string, fix: string): Told => ({
  ok: false,
  problem: { code, expected, found, fix },
});
const told = ({ entries, refused }: DebugStep): Told =>
  refused === undefined ? { ok: true, entries } : { ok: false, problem: refused };

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const debug = createDebug({ ...options, voices: VOICES });
  const { feed = [], stepMs = 60_000 } = options;
  const prices = createPrices(debug, feed);
  const verbs: Readonly<Record<string, Verb>> = { ...priceVerbs(debug, prices, stepMs), ...handVerbs(debug) };
  return {
    debug,
    candles: prices.candles,
    get left() {
      return prices.left;
    },
    run(line) {
      const [name = '', ...words] = worded(line);
      if (name === '' || name.startsWith('#')) return { ok: true, entries: [] };
      const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
      const known = Object.keys(verbs).join(', ');
      return verb?.(words) ?? problem('UNKNOWN_LINE', 'a line of a debug script', `"${name}"`, known);
    },
  };
}

/** Where prices come from: what the script says, the feed, the last price again. */
interface Prices {
  readonly candles: readonly CandleRow[];
  readonly left: number;
  price(value: number): Told;
  candle(open: number, high: number, low: number, close: number, volume?: number): Told;
  step(): Told;
  play(count: number): Told;
}

function createPrices(debug: Debug, feed: readonly CandleRow[]): Prices {
  const candles: CandleRow[] = [];
  let cursor = 0;

  const candle = (open: number, high: number, low: number, close: number, volume = 1): Told => {
    candles.push([debug.now, open, high, low, close, volume]);
    return told(debug.candle({ open, high, low, close, volume }));
  };
  const price = (value: number): Told => {
    candles.push([debug.now, value, value, value, value, 1]);
    return told(debug.price(value));
  };
  const step = (): Told => {
    const row = feed[cursor];
    if (row !== undefined) {
      cursor++;
      return candle(row[1], row[2], row[3], row[4], row[5]);
    }
    const { mid } = debug.touch;
    return Number.isNaN(mid) ? problem('QUOTE_MISSING', 'a price', 'none yet', 'price 100') : price(mid);
  };
  const play = (count: number): Told => {
    const entries: AnyEntry[] = [];
    for (let i = 0; i < count; i++) {
      const one = step();
      if (!one.ok) return one;
      entries.push(...one.entries);
    }
    return { ok: true, entries };
  };
  return {
    candles,
    get left() {
      return feed.length - cursor;
    },
    price,
    candle,
    step,
    play,
  };
}

const priceVerbs = (debug: Debug, prices: Prices, stepMs: number): Readonly<Record<string, Verb>> => ({
  price: (words) => numbers(words, 1, 1, ([value = 0]) => prices.price(value)),
  candle: (words) =>
    numbers(words, 4, 5, ([o = 0, h = 0, l = 0, c = 0, v]) => fitting(o, h, l, c) ?? prices.candle(o, h, l, c, v)),
  quote: (words) => numbers(words, 2, 4, (values) => quote(debug, values)),
  mark: (words) => numbers(words, 1, 1, ([value = 0]) => told(debug.mark(value))),
  funding: ([rate = '']) =>
    /^-?0\.\d{1,10}$/.test(rate)
      ? told(debug.funding(rate))
      : problem('BAD_LINE', 'funding with a share such as 0.0001', `"${rate}"`, 'funding 0.0001'),
  step: (words) => (words.length === 0 ? prices.step() : numbers(words, 1, 1, ([value = 0]) => prices.price(value))),
  wait: (words) =>
    numbers(words.length === 0 ? [`${stepMs}`] : words, 1, 1, ([ms = 0]) => told(debug.step(Math.floor(ms)))),
  play: (words) => {
    const all = prices.left;
    const count = words[0] === undefined ? (all > 0 ? all : PLAY) : Number(words[0]);
    return Number.isInteger(count) && count >= 1 && count <= PLAY_MAX
      ? prices.play(count)
      : problem('BAD_LINE', `play with steps from 1 to ${PLAY_MAX}`, `"${words[0]}"`, 'play 10');
  },
});

const handVerbs = (debug: Debug): Readonly<Record<string, Verb>> => ({
  set: (words) => set(debug, words),
  signal: (words) => signal(debug, words),
  long: () => told(debug.long()),
  short: () => told(debug.short()),
  flip: () => told(debug.flip()),
  close: () => told(debug.close()),
  'hit-stop': () => told(debug.hitStop()),
  'hit-target': () => told(debug.hitTarget()),
  'hit-max-loss': () => told(debug.hitMaxLoss()),
  'block-margin': () => told(debug.blockMargin()),
  pause: () => told(debug.pause()),
  resume: () => told(debug.resume()),
  panic: () => told(debug.panic()),
  lift: () => told(debug.resumeAccount()),
});

/** `hit stop` is `hit-stop`, `block margin` is `block-margin`. */
function worded(line: string): readonly string[] {
  const words = line.trim().split(/\s+/);
  const [first = '', second = '', ...rest] = words;
  if (first !== 'hit' && first !== 'block') return words;
  return second === 'max' ? ['hit-max-loss', ...rest.slice(1)] : [`${first}-${second}`, ...rest];
}

function numbers(
  words: readonly string[],
  least: number,
  most: number,
  work: (values: readonly number[]) => Told,
): Told {
  const values = words.map(Number);
  const isFine =
    values.length >= least && values.length <= most && values.every((value) => Number.isFinite(value) && value > 0);
  if (isFine) return work(values);
  const count = least === most ? `${least}` : `${least} to ${most}`;
  return problem(
    'BAD_LINE',
    `${count} ${most === 1 ? 'number' : 'numbers'} above zero`,
    words.join(' ') || 'none',
    SCRIPT_LINES.slice(0, 3).join('; '),
  );
}

function fitting(open: number, high: number, low: number, close: number): Told | undefined {
  if (high >= Math.max(open, close) && low <= Math.min(open, close)) return undefined;
  return problem(
    'BAD_LINE',
    'a high that is highest and a low that is lowest',
    `${open} ${high} ${low} ${close}`,
    'candle 100 102 99 101',
  );
}

const crossed = (bid: number, ask: number): Told | undefined =>
  bid <= ask ? undefined : problem('BAD_LINE', 'a bid that is not above the ask', `${bid} ${ask}`, 'quote 99.9 100.1');

const quote = (debug: Debug, [bid = 0, ask = 0, bidQty, askQty]: readonly number[]): Told =>
  crossed(bid, ask) ?? told(debug.quote({ bid, ask, bidQty, askQty }));

function set(debug: Debug, words: readonly string[]): Told {
  const risk = readSettings(words);
  return 'expected' in risk ? { ok: false, problem: risk } : told(debug.change(risk));
}

const SIDES = { buy: 1, sell: -1, hold: 0 } as const;
/** Voices that agree: weak is below 0.6, strong from 0.8 on. */
const STRENGTHS: Readonly<Record<string, number>> = { weak: 2, normal: 3, strong: 5 };

/** What the strategy says from the next closed candle on, how sure it is, and the leverage and reason to go with it. */
function signal(debug: Debug, [side = '', ...words]: readonly string[]): Told {
  const usage = 'signal buy strong confidence=0.8 leverage=3 reason=news';
  if (!Object.hasOwn(SIDES, side)) return problem('BAD_LINE', 'signal buy, sell or hold', `"${side}"`, usage);
  let agreeing = VOICES;
  let leverage: Rate | undefined;
  let reason = '';
  for (const [i, word] of words.entries()) {
    const [key = '', value = ''] = word.split(/=(.*)/s);
    if (Object.hasOwn(STRENGTHS, word)) agreeing = STRENGTHS[word] ?? VOICES;
    else if (key === 'confidence' && Number(value) > 0 && Number(value) <= 1)
      agreeing = Math.max(1, Math.round(Number(value) * VOICES));
    else if (key === 'leverage' && /^\d{1,2}(\.\d{1,4})?$/.test(value) && Number(value) >= 1)
      leverage = parse(value) as Rate;
    else if (key === 'reason' && value !== '') {
      // The reason is the rest of the line.
      reason = [value, ...words.slice(i + 1)].join(' ');
      break;
    } else return problem('BAD_LINE', 'strength, confidence=, leverage= or reason=', `"${word}"`, usage);
  }
  const changed = leverage === undefined ? [] : debug.change({ leverage }).entries;
  debug.signal(SIDES[side as keyof typeof SIDES], agreeing);
  const about = debug.entries().length;
  const noted = reason === '' ? [] : debug.command({ name: 'note', about, note: `signal ${side}: ${reason}` }).entries;
  return { ok: true, entries: [...changed, ...noted] };
}
