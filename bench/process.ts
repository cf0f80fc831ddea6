import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CACHE, syntheticCandles } from './reference.ts';
import { median, type Row, round } from './row.ts';

const LAUNCHER = resolve(import.meta.dirname, '../bin/dzentra.js');
const CANDLES = 525_600;
const BASE = [
  '--strategy',
  'ema-cross',
  '--symbol',
  'BTC/USDT:USDT',
  '--size',
  '10%',
  '--sl',
  '1%',
  '--tp',
  '2%',
  '--fee',
  '0.04%',
];
const EXACT = ['--slippage', '0', '--step', '0.00000001', '--tick', '0.00000001', '--min-notional', '0'];

/** Whole processes, from start to exit, as a user waits for them. */
export async function run(): Promise<Row[]> {
  const { csv } = syntheticCandles(CANDLES);
  const folder = join(CACHE, 'home');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
  const timed = (args: readonly string[], runs: number): { best: number; middle: number } => {
    const all = Array.from({ length: runs }, () => timeOf(args, env));
    return { best: Math.min(...all), middle: median(all) };
  };
  const floor = timed(['-e', '0'], 15);
  const version = timed([LAUNCHER, '--version'], 15);
  const help = timed([LAUNCHER, '--help'], 15);
  const fromCsv = timed([LAUNCHER, 'backtest', '--data', csv, ...BASE, ...EXACT, '--json'], 5);
  timeOf([LAUNCHER, 'data', 'import', csv, '--symbol', 'BTC/USDT:USDT', '--timeframe', '1m'], env);
  const fromStore = timed([LAUNCHER, 'backtest', '--timeframe', '1m', ...BASE, ...EXACT, '--json'], 5);
  const mb = peakMb([LAUNCHER, 'backtest', '--data', csv, ...BASE, ...EXACT, '--json'], env);
  return [
    ratio('dzentra --version', version.middle, floor.middle),
    ratio('dzentra --help', help.middle, floor.middle),
    seconds('backtest, 525,600 candles, from CSV', fromCsv.best, 0.8),
    seconds('backtest, 525,600 candles, from Arrow', fromStore.best, 0.5),
    { name: '  peak memory from CSV', value: round(mb, 0), unit: 'MB', limit: '< 250', isGood: mb < 250 },
  ];
}

function timeOf(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`expected exit 0 of ${args.join(' ')}, found ${status}: ${String(stderr)}`);
  return performance.now() - from;
}

/** Peak resident memory, as the process itself is told by the system when it exits. */
function peakMb(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const probe = `process.on('exit',()=>process.stderr.write('\\npeak '+process.resourceUsage().maxRSS+'\\n'))`;
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(probe)}`];
  const { stderr } = spawnSync(process.execPath, [...flags, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  return Number(/peak (\d+)/.exec(String(stderr))?.[1] ?? Number.NaN) / 1024;
}

function ratio(name: string, ms: number, floor: number): Row {
  const beside = `${round(ms, 0)} ms, node -e 0 ${round(floor, 0)} ms`;
  return { name, value: round(ms / floor), unit: 'x node', limit: '<= 2', isGood: ms <= 2 * floor, beside };
}

const seconds = (name: string, ms: number, most: number): Row => ({
  name,
  value: round(ms / 1e3),
  unit: 's, best of 5',
  limit: `< ${most}`,
  isGood: ms < most * 1e3,
});
