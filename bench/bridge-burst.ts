import { setTimeout as sleep } from 'node:timers/promises';
import { fromNumber, type Price } from '../src/core/base/decimal.ts';
import type { FaceCommand } from '../src/core/domain/ask.ts';
import { AlertLog, type Raised, wallNow } from './bridge-alerts.ts';
import { type BridgeHome, openBridge, openScreens } from './bridge-home.ts';
import { type Row, round } from './row.ts';

/** Alerts of prices, which the engine holds back and counts once there are many, and those of `alert test`, which it does not. */
const CROSSED = 850;
const TESTS = 150;
/** The engine's digest comes a minute of market time after the first that it held. */
const SPEED = 20;
const SYMBOL = 'BTC/USDT:USDT';
/** Prices that are waited for on each side of the present one. */
const SIDE = 95;
const LOOK_MS = 100;
const PANICS = 5;
const PANIC_MS = 1_000;
const TOLD_MS = 90_000;
const HIGH_MS_MAX = 2_000;
const REFUSED_MAX = 3;
/** What a chat takes: one a second after a few at once. */
const LIMITS = { person: { calls: 10, ms: 5_000 }, all: { calls: 30, ms: 1_000 } };

/** A thousand alerts within seconds, with some of HIGH priority among them, to a chat with four live screens. */
export async function burstRows(): Promise<Row[]> {
  const home = await openBridge({ name: 'bridge-burst', speed: SPEED, chats: 1, limits: LIMITS });
  const log = new AlertLog(home, home.people[0]?.id ?? 0);
  try {
    await home.run(['auto', 'start', '--strategy', 'ema-cross', '--symbol', SYMBOL, '--observe']);
    await home.client.watch([SYMBOL]);
    await openScreens(home);
    const [first] = home.client.scene().accounts;
    const from = { call: home.api.calls.length, at: wallNow() };
    await Promise.all([crossings(home, log), tests(home), panics(home, first?.account ?? '')]);
    const raisedMs = wallNow() - from.at;
    await log.until('all of them in the chat', () => isAllTold(log), TOLD_MS);
    return [toldRow(home, log, from, raisedMs), waitRow(log)];
  } finally {
    log.close();
    await home.close();
  }
}

async function crossings({ client }: BridgeHome, log: AlertLog): Promise<void> {
  const count = (): number => of(log, ({ rule }) => rule === 'price_crossed').length;
  for (let left = CROSSED; left > 0; left = CROSSED - count()) {
    const { state, markets } = client.scene();
    const mid = markets.find(({ symbol }) => symbol === SYMBOL)?.mid ?? 0;
    const waiting = state.alerts ?? [];
    const missing = (['above', 'below'] as const).flatMap((side) => {
      const none = Math.min(SIDE, left) - waiting.filter((each) => each.side === side).length;
      return Array.from({ length: Math.max(0, none) }, () => side);
    });
    await Promise.all(
      missing.map((side) => ask(client, { name: 'add_alert', symbol: SYMBOL, side, price: near(mid, side) })),
    );
    await sleep(LOOK_MS);
  }
}

const near = (mid: number, side: 'above' | 'below'): Price =>
  fromNumber(Number((mid * (side === 'above' ? 1.00002 : 0.99998)).toFixed(1))) as Price;

async function tests({ client }: BridgeHome): Promise<void> {
  for (let i = 0; i < TESTS; i++) await ask(client, { name: 'test_alert' });
}

/** Each is HIGH. */
async function panics({ client }: BridgeHome, account: string): Promise<void> {
  for (let i = 0; i < PANICS; i++) {
    await sleep(PANIC_MS / 2);
    await ask(client, { name: 'panic', account });
    await sleep(PANIC_MS / 2);
    await ask(client, { name: 'resume_account', account });
  }
}

const ask = (client: BridgeHome['client'], command: FaceCommand) =>
  client.ask({ do: 'command', command }, { who: 'bench', face: 'cli' });

const of = (log: AlertLog, is: (raised: Raised) => boolean): Raised[] => [...log.raised.values()].filter(is);

/** Told by itself, or counted in a digest that was. */
function isAllTold(log: AlertLog): boolean {
  const taken = new Set(log.taken.map(({ raised }) => raised.alert));
  return of(log, ({ isHeld }) => !isHeld).every(({ alert }) => taken.has(alert)) && heldOf(log) === countedOf(log);
}

const heldOf = (log: AlertLog): number => of(log, ({ isHeld }) => isHeld).length;
const countedOf = (log: AlertLog): number =>
  log.taken.reduce((sum, { raised: { rule, facts } }) => sum + (rule === 'digest' ? Number(facts.count) : 0), 0);

function toldRow({ api }: BridgeHome, log: AlertLog, from: { call: number; at: number }, raisedMs: number): Row {
  const calls = api.calls.slice(from.call);
  const refused = calls.filter(({ reply }) => reply?.ok === false && reply.error_code === 429).length;
  const messages = new Set(log.taken.map(({ call }) => call)).size;
  const toldMs = Math.max(...log.taken.map(({ call }) => call.at)) - from.at;
  const raised = of(log, ({ rule }) => rule !== 'digest').length;
  return {
    name: '1,000 alerts in a burst, all of them told',
    value: round(toldMs / 1e3, 1),
    unit: 's',
    limit: 'all told',
    isGood: refused <= REFUSED_MAX,
    beside: `${raised.toLocaleString('en')} raised in ${round(raisedMs / 1e3, 1)} s; ${messages} messages beside four live screens, ${heldOf(log)} alerts counted in digests, ${refused} refused (429)`,
  };
}

function waitRow(log: AlertLog): Row {
  const waits = log.taken.flatMap(({ raised, call }) => (raised.priority === 'HIGH' ? [call.at - raised.at] : []));
  const most = Math.max(...waits);
  return {
    name: '  HIGH among them, the longest wait',
    value: round(most, 0),
    unit: 'ms',
    limit: `< ${HIGH_MS_MAX.toLocaleString('en')}`,
    isGood: most < HIGH_MS_MAX,
    beside: `of ${waits.length}`,
  };
}
