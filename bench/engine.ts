import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { quietCandles, referenceSeconds, syntheticCandles } from './reference.ts';
import { median, type Row, round } from './row.ts';

const CANDLES = 2_628_000;
/** The smallest object of V8, a number in a box: with one a candle it would be as many bytes. */
const OBJECT_BYTES_MIN = 16;

interface Pass {
  readonly ms: number;
  readonly trades: number;
  readonly entries: number;
  readonly equity: number;
  /** Bytes, kept or not. */
  readonly allocated: number;
}

/** The whole engine, exact money and a journal in memory, against one pass of the C program, by turns. */
export async function run(): Promise<Row[]> {
  const { bin } = syntheticCandles(CANDLES);
  const traded = compare(bin, { rounds: 3, passes: 7 });
  const passed = compare(bin, { rounds: 3, passes: 7, entries: 'passed' });
  // A round is short: a second in which the machine is slow is a round or two of many.
  const quiet = compare(quietCandles(CANDLES), { rounds: 9, passes: 5 });
  const [first] = traded.passes;
  const warm = quiet.passes.at(-1);
  return [
    ratioRow('engine, 2,628,000 candles, ema-cross', traded, 50),
    {
      name: '  trades',
      value: first?.trades ?? Number.NaN,
      unit: '',
      limit: '= 94741',
      isGood: first?.trades === 94_741,
    },
    { name: '  entries in the journal', value: first?.entries ?? Number.NaN, unit: '' },
    ratioRow('  without keeping them, as dzentra backtest', passed),
    ratioRow('engine, candles on which nothing trades', quiet, 10),
    {
      name: '  allocated, with an entry a day',
      value: round((warm?.allocated ?? Number.NaN) / CANDLES, 3),
      unit: 'bytes/candle',
      limit: `< ${OBJECT_BYTES_MIN}`,
      isGood: (warm?.allocated ?? Number.NaN) < CANDLES * OBJECT_BYTES_MIN,
    },
  ];
}

interface Compared {
  readonly passes: readonly Pass[];
  readonly ms: number;
  readonly ratio: number | undefined;
  readonly referenceMs: number | undefined;
}

interface Wanted {
  readonly rounds: number;
  readonly passes: number;
  readonly entries?: 'kept' | 'passed';
}

/** Ours and theirs by turns; the ratio is the median of the rounds' ratios, ours the median of a round's passes. */
function compare(bin: string, wanted: Wanted): Compared {
  const rounds = Array.from({ length: wanted.rounds }, () => {
    const seconds = referenceSeconds(bin, 9);
    const passes = passesOf(bin, wanted);
    const ms = median(passes.map((each) => each.ms));
    return { passes, ms, seconds };
  });
  const ratios = rounds.flatMap(({ ms, seconds }) => (seconds === undefined ? [] : [ms / 1e3 / seconds]));
  const known = rounds.flatMap(({ seconds }) => (seconds === undefined ? [] : [seconds * 1e3]));
  return {
    passes: rounds[0]?.passes ?? [],
    ms: median(rounds.map((each) => each.ms)),
    ratio: ratios.length === 0 ? undefined : median(ratios),
    referenceMs: known.length === 0 ? undefined : median(known),
  };
}

function passesOf(bin: string, { passes, entries = 'kept' }: Wanted): readonly Pass[] {
  const script = join(import.meta.dirname, 'engine-run.ts');
  const told = execFileSync(process.execPath, [script, bin, String(passes), entries], { encoding: 'utf8' });
  return JSON.parse(told) as readonly Pass[];
}

function ratioRow(name: string, { ms, ratio, referenceMs }: Compared, most?: number): Row {
  if (ratio === undefined || referenceMs === undefined) return { name, value: round(ms, 0), unit: 'ms' };
  const beside = `${round(ms, 0)} ms, C ${round(referenceMs, 1)} ms`;
  const row = { name, value: round(ratio, 1), unit: 'x C', beside };
  return most === undefined ? row : { ...row, limit: `<= ${most}`, isGood: ratio <= most };
}
