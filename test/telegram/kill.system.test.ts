import { expect, onTestFinished, test } from 'vitest';
import { startBotApi } from '../support/bot-api.ts';
import { openBridgeHome } from '../support/bridge-process.ts';
import { until } from '../support/stand-in.ts';
import { OWN_RUN, PROFILE, SINK, Story } from './kill-story.ts';
import {
  arrivalsIn,
  type Delivered,
  isMarked,
  nameOf,
  type Raised,
  type Received,
  TITLES,
  type Written,
} from './ledger.ts';

const KILLS = 100;
/** Another one is another story; each is told with its seed where something is wrong. */
const SEED = Number(process.env.DZENTRA_TEST_SEED ?? 1);
const FAULTY = ['getMe', 'getUpdates', 'sendMessage', 'editMessageText', 'deleteMessage', 'answerCallbackQuery'];
const FAULTS = 0.2;
/** A chat takes a message a second. */
const SETTLED_S = 120;

/** Runs whose stops are so near that one of them is hit every two seconds: half of what a chat takes. */
const STREAM = ['BTC', 'ETH', 'SOL'];
const LIMITS = [
  ...['day-block', 'day-flatten', 'week-halt', 'stops-row', 'stops-day', 'stop-cooldown', 'entries-day'],
  ...['orders-minute', 'flips-day', 'costs-max', 'reward-min'],
];
const START = [
  `auto start --profile ${PROFILE}`,
  '--strategy ema-cross --param fast=2 --param slow=3 --heat 6% --positions 10 --reserved-account 80%',
  ...LIMITS.map((each) => `--${each} off`),
].join(' ');

/** A market with its stream of alerts, and a chat that has taken one. It is there before them: what is older comes as a digest. */
async function open(): Promise<Story> {
  const api = await startBotApi();
  onTestFinished(api.close);
  const config = 'raises-risk = true\n';
  const home = openBridgeHome({ api: api.url, token: api.token, profile: PROFILE, config });
  const story = new Story(api, home, SEED);
  const runs = [
    ...STREAM.map((base) => `--sl 0.03% --tp 1% --symbol ${base}/USDT:USDT`),
    '--sl 1% --symbol DOGE/USDT:USDT',
  ];
  const start = `engine start --profile ${PROFILE} --feed synthetic:7 --speed 60`;
  expect(await home.run(start)).toMatchObject({ code: 0 });
  await home.pair((code) => void story.ann.say(code));
  const first = await home.bridge();
  for (const run of runs) expect(await home.run(`${START} ${run}`)).toMatchObject({ code: 0 });
  expect(runs).toHaveLength(OWN_RUN);
  await api.waitFor('an alert', () => arrivalsIn(story.ann.chat)[0]);
  expect(await first.end('SIGTERM')).toBe(0);
  return story;
}

/** No more kills and faults: a panic ends the stream, and the last bridge brings what waits. */
async function settle(story: Story): Promise<void> {
  const { api, home } = story;
  api.faults.clear();
  const last = await home.bridge();
  expect(await home.run(`panic --profile ${PROFILE}`)).toMatchObject({ code: 0 });
  await until(
    `nothing that waits, seed ${SEED}`,
    () => story.untold(),
    ({ length }) => length === 0,
    SETTLED_S,
  );
  await api.waitFor('the last update', () => api.isIdle);
  expect(await last.end('SIGTERM')).toBe(0);
}

const idOf = ({ alert, nth }: Pick<Raised, 'alert' | 'nth'>): string => `${alert}.${nth}`;

/** Every alert is taken by the chat; one of HIGH priority came in a message of its own; what came again says so. */
async function checkAlerts(story: Story): Promise<{ readonly alarms: number; readonly repeats: number }> {
  const raised = await story.entries<Raised>('alert_raised');
  const taken = new Set((await story.entries<Delivered>('alert_delivered')).map(({ body }) => idOf(body)));
  const acknowledged = await story.entries<Pick<Raised, 'alert'>>('alert_acknowledged');
  const end = raised.findLast(({ body }) => body.rule === 'halted')?.seq ?? 0;
  const arrivals = Map.groupBy(arrivalsIn(story.ann.chat), ({ name }) => name);
  const wrong: string[] = [];
  const own = raised.filter(({ seq, body }) => seq <= end && !body.isHeld && body.facts.sink !== SINK);
  for (const { seq, body } of own) {
    const name = nameOf(TITLES[body.rule] ?? body.rule, body);
    const isOver = acknowledged.some((each) => each.seq > seq && each.body.alert === body.alert);
    if (!taken.has(idOf(body)) && !isOver) wrong.push(`${name} is not delivered`);
    // Nobody waits any more for one whose earlier telling was answered before it could leave.
    const isMissing = body.priority === 'HIGH' && !arrivals.has(name);
    if (isMissing && !(isOver && body.nth > 1)) wrong.push(`${name} never arrived`);
  }
  const repeats = [...arrivals.values()].flatMap(([, ...more]) => more);
  wrong.push(
    ...repeats.filter(({ message }) => !isMarked(message)).map(({ name }) => `${name} came again, not marked`),
  );
  expect(wrong, `seed ${SEED}`).toEqual([]);
  return { alarms: own.filter(isAlarm).length, repeats: repeats.length };
}

const isAlarm = ({ body }: Written<Raised>): boolean => body.priority === 'HIGH';

/** What the journal says was delivered is there, said once, and marked as the journal says. */
async function checkDelivered(story: Story): Promise<void> {
  const delivered = (await story.entries<Delivered>('alert_delivered')).filter(({ body }) => body.sink === SINK);
  const raised = await story.entries<Raised>('alert_raised');
  const alarms = new Map(raised.filter(isAlarm).map(({ body }) => [idOf(body), nameOf(TITLES[body.rule] ?? '', body)]));
  const names = new Map(arrivalsIn(story.ann.chat).map(({ message, name }) => [message, name]));
  const wrong: string[] = [];
  for (const [id, [first, ...more]] of Map.groupBy(delivered, ({ body }) => idOf(body))) {
    if (more.length > 0) wrong.push(`${id} is delivered ${more.length + 1} times`);
    const message = story.ann.chat.message(Number(first?.body.ref));
    const isThere = message !== undefined && (!alarms.has(id) || names.get(message) === alarms.get(id));
    if (!isThere) wrong.push(`${id} is delivered as ${first?.body.ref}, which is not there`);
    else if (first?.body.isRepeat === true && !isMarked(message)) wrong.push(`${id} is a repeat and not marked`);
  }
  expect(wrong, `seed ${SEED}`).toEqual([]);
}

/** A command runs at most once for what was typed or asked, however often that came; and what was typed is not lost. */
async function checkCommands(story: Story): Promise<void> {
  const received = await story.entries<Received>('command_received');
  const asked = received.flatMap(({ body }) => {
    const [, update, message] = /^tg(\d+)\.(\d+)\.\d+$/.exec(body.id) ?? [];
    return message === undefined ? [] : [{ ...body, update: Number(update), message }];
  });
  const wrong = asked.filter(({ who, update }) => who !== SINK || !story.updates.includes(update));
  const twice = [...Map.groupBy(asked, ({ message }) => message).values()].filter(({ length }) => length > 1);
  expect([...wrong, ...twice], `seed ${SEED}`).toEqual([]);
  const { alerts } = await story.json('alert list');
  const waited = alerts.map(({ price }: { readonly price: string }) => Number(price));
  expect(waited.sort(), `seed ${SEED}`).toEqual(story.prices);
  const confirmed = asked.filter(({ message }) => story.agreed.has(Number(message)));
  expect(confirmed.length).toBeGreaterThan(0);
}

test('100 kills of the bridge under faults: each HIGH alert arrives, a repeat says so, no command runs twice', async () => {
  const story = await open();
  const { api, home } = story;
  api.faults.random(SEED, FAULTS, { methods: FAULTY });
  for (let kill = 1; kill <= KILLS; kill++) {
    const looks = kill % 8 === 0 ? story.acknowledge() : undefined;
    await story.live();
    await looks;
  }
  await settle(story);

  // Nobody was told that he asks for too much.
  expect(story.ann.chat.all.filter(({ text }) => text.startsWith('Too much'))).toEqual([]);
  const { alarms, repeats } = await checkAlerts(story);
  await checkDelivered(story);
  await checkCommands(story);
  // It was the story that it should be.
  expect(alarms).toBeGreaterThan(20);
  expect(repeats).toBeGreaterThan(0);

  expect(await home.run(`engine stop --profile ${PROFILE}`)).toMatchObject({ code: 0 });
  expect(await story.json('journal verify')).toMatchObject({ sound: true });
}, 600_000);
