import { setTimeout as sleep } from 'node:timers/promises';
import { AlertLog, wallNow } from './bridge-alerts.ts';
import { burstRows } from './bridge-burst.ts';
import { type BridgeHome, openBridge, openScreens, SCREENS } from './bridge-home.ts';
import { usageOf } from './engine-process.ts';
import { median, type Row, round } from './row.ts';

/** A signal a minute of market time: one in 1.5 s. */
const SPEED = 40;
const SIGNALS = 35;
const TESTS = 30;
/** Slower than the pace of a chat, which is one message a second: no alert waits for it. */
const PACE_MS = 1_500;
/** What a chat still has to take of the answers before is not what is measured. */
const REST_MS = 12_000;
const WIRE_MS_MAX = 100;
const TRAFFIC_MS = 60_000;
const PRESS_MS = 2_500;
const RESIDENT_MB_MAX = 120;

const METRONOME = `export default (kit) =>
  kit.define({
    name: 'metronome',
    version: 1,
    title: 'Metronome',
    about: 'The other side at each candle.',
    params: {},
    votes: () => [{ name: 'beat', weight: 1, about: 'the minute' }],
    values: [],
    confirmations: () => 1,
    warmup: () => ({ bars: 1, higherBars: 0 }),
    timeframes: () => ({ own: 'feed' }),
    create: () => ({
      close(bar, opinion) {
        opinion.votes[0] = Math.round(bar.openAt / 60_000) % 2 === 0 ? 1 : -1;
        opinion.stopDistance = Number.NaN;
      },
    }),
  });
`;

/** The bridge beside an engine and a Bot API of this machine: how soon an alert leaves, how many, and what it holds in memory. */
export async function run(): Promise<Row[]> {
  return [...(await pacedRows()), ...(await burstRows())];
}

async function pacedRows(): Promise<Row[]> {
  const home = await openBridge({ name: 'bridge', speed: SPEED, chats: 2 });
  const log = new AlertLog(home, home.people[0]?.id ?? 0);
  try {
    const tests = await testRows(home, log);
    const strategy = home.write('metronome.mjs', METRONOME);
    await home.run(['auto', 'start', '--strategy', strategy, '--symbol', 'BTC/USDT:USDT', '--observe']);
    const signals = await signalRows(log, 'signal entry to sendMessage');
    await openScreens(home);
    await sleep(REST_MS);
    const shown = await signalRows(log, '  beside four live screens');
    return [...signals, ...shown, ...tests, await residentRow(home)];
  } finally {
    log.close();
    await home.close();
  }
}

async function signalRows(log: AlertLog, name: string): Promise<Row[]> {
  const from = log.taken.length;
  const signals = () => log.taken.slice(from).filter(({ raised }) => raised.rule === 'signal_ready');
  await log.until(`${SIGNALS} signals`, () => signals().length >= SIGNALS, SIGNALS * PACE_MS * 3);
  const delays = signals().map(({ raised, call }) => call.at - raised.at);
  return rowsOf(name, delays, 'from the entry as a client beside the bridge gets it, to the head of the request');
}

function rowsOf(name: string, delays: readonly number[], beside: string): Row[] {
  const middle = median(delays);
  const late = delays.toSorted((a, b) => a - b)[Math.floor(delays.length * 0.99)] ?? Number.NaN;
  return [
    {
      name,
      value: round(middle, 1),
      unit: 'ms, median',
      limit: `< ${WIRE_MS_MAX}`,
      isGood: middle < WIRE_MS_MAX,
      beside,
    },
    { name: '  99th percentile', value: round(late, 1), unit: 'ms', beside: `${delays.length} alerts` },
  ];
}

/** From before the ask, so that the engine's own part is in it. */
async function testRows(home: BridgeHome, log: AlertLog): Promise<Row[]> {
  const delays: number[] = [];
  const taken = () => log.taken.filter(({ raised }) => raised.rule === 'test');
  for (let i = 0; i < TESTS; i++) {
    const askedAt = wallNow();
    await home.client.ask({ do: 'command', command: { name: 'test_alert' } }, { who: 'bench', face: 'cli' });
    await log.until('a test alert in the chat', () => taken().length > i, PACE_MS * 10);
    delays.push((taken().at(-1)?.call.at ?? Number.NaN) - askedAt);
    await sleep(PACE_MS);
  }
  return rowsOf('alert test, asked, to sendMessage', delays, 'the command and its disk included');
}

/** Presses of two people, live screens, alerts and a picture, at the pace of ten minutes in one. */
async function residentRow(home: BridgeHome): Promise<Row> {
  const { api, people, pid } = home;
  const resident = (): number => usageOf(pid)?.residentMb ?? Number.NaN;
  let most = resident();
  for (let passed = 0, nth = 0; passed < TRAFFIC_MS; passed += PRESS_MS, nth++) {
    for (const person of people) person.say(`/${SCREENS[nth % SCREENS.length]}`);
    await sleep(PRESS_MS);
    most = Math.max(most, resident());
  }
  for (const person of people) {
    person.say('/chart_candles');
    await api.waitFor('a picture', () => person.chat.messages.some(({ photo }) => photo !== undefined));
    most = Math.max(most, resident());
  }
  await sleep(1_000);
  const last = resident();
  const count = (method: string): number => api.calls.filter((call) => call.method === method).length;
  return {
    name: 'bridge, 2 chats with 4 live screens each',
    value: round(last, 0),
    unit: 'MB resident',
    limit: `< ${RESIDENT_MB_MAX}`,
    isGood: most < RESIDENT_MB_MAX,
    beside: `${round(most, 0)} MB at most; ${count('sendMessage')} messages, ${count('editMessageText')} edits, ${count('sendPhoto')} pictures`,
  };
}
