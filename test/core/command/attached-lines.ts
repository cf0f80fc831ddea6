import { price } from '../../../src/core/base/decimal.ts';
import type { Ports } from '../../../src/core/command/ports.ts';
import { MANUAL, type Run } from '../../../src/core/domain/run.ts';
import type { Debug, DebugStep } from '../../../src/core/lab/debug.ts';
import { debugFor } from './stub-debug.ts';
import { stubEngine } from './stub-engine.ts';
import { stubPorts } from './stub-ports.ts';

type Work = (debug: Debug) => DebugStep;

const long: readonly Work[] = [(debug) => debug.long(), (debug) => debug.price(60_000)];
const alert: Work = (debug) =>
  debug.command({ name: 'add_alert', symbol: 'BTC/USDT:USDT', side: 'above', price: price('60100') });
/** The hand's run beside the strategy's, with a position of its own. */
const byHand: readonly Work[] = [
  (debug) => debug.command({ name: 'stop_run', run: 1, position: 'keep' }),
  (debug) => debug.command({ ...again(debug, 1), strategy: MANUAL, symbol: 'BTC/USDT:USDT' }),
  (debug) => debug.command({ name: 'enter', run: 2, sign: 1, noStop: false }),
  (debug) => debug.price(60_000),
  (debug) => debug.command({ ...again(debug, 1), observe: true }),
];

const again = (debug: Debug, number: number) => {
  const run = debug.state().runs[number - 1] as Run;
  const { account, symbol, strategy, strategyVersion, params, timeframeMs, higherMs, seed, instrument } = run;
  const same = { account, symbol, strategy, strategyVersion, params, timeframeMs, higherMs, seed, instrument };
  return { name: 'start_run' as const, ...same, riskSettings: run.risk, observe: false };
};

/** A line for each command that talks to an engine, with what has to have happened there before. */
const LINES: Readonly<Record<string, readonly Work[]>> = {
  'auto start': [],
  'auto start --observe --dry-run': [],
  'auto stop': [],
  'auto stop --flatten': long,
  'auto pause': [],
  'auto resume': [(debug) => debug.pause()],
  'auto status': long,
  'auto watch': [],
  'auto set --sl 1% --leverage 3': [],
  'auto show': [],
  'auto adopt': byHand,
  'auto release': long,
  'trade buy --qty 0.01': [],
  'trade sell --notional 600 --dry-run': [],
  'trade close': long,
  'trade flip': long,
  'trade stop 59500': long,
  'trade target 62000': long,
  'trade draft buy --risk 0.5%': [],
  'orders list': long,
  'orders cancel 1': [
    (debug) => debug.command({ name: 'enter', run: 1, sign: 1, noStop: false, limit: price('59000') }),
    (debug) => debug.price(60_000),
  ],
  positions: long,
  portfolio: long,
  market: [],
  monitor: [],
  'risk show': [],
  'risk set --risk 0.5%': [],
  'risk reset': [],
  panic: long,
  resume: [(debug) => debug.panic()],
  'settings show': [],
  'settings set language ru': [],
  system: [],
  'alert list': [alert],
  'alert add BTC/USDT:USDT above 63000': [],
  'alert rm 1': [alert],
  'alert ack 1': [(debug) => debug.command({ name: 'test_alert' })],
  'alert rules': [],
  'alert test': [],
  'paper deposit 1000': [],
  'paper withdraw 500': [],
  'paper reset --yes': [],
  'journal note 1 a note': [],
  'completion bash': [],
};

export const ATTACHED: readonly string[] = Object.keys(LINES);

/** Ports with an engine as the line wants it. */
export function portsFor(line: string): Ports {
  const engine = stubEngine();
  for (const work of LINES[line] ?? []) engine.act(work);
  return stubPorts({ engine: engine.ports, debug: debugFor(line) });
}
