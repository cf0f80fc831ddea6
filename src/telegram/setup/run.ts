import { setFlagsFromString } from 'node:v8';
import { reportBackLater, reportLost } from '../alert/lost.ts';
import { retireSinks } from '../alert/retired.ts';
import type { Bridge, BridgeStopped } from '../bridge.ts';
import { type Clock, machineClock } from '../clock.ts';
import type { BridgeLog, BridgeStore, EngineClient, Refusal } from '../core.ts';
import { type BridgeEnd, type BridgeOptions, refusedEnd } from '../options.ts';
import { type Bot, meetFirst, meetSometime, refusalOf, type Way, wayOf } from './meet.ts';
import { refusals, type Sentences, sentences } from './say.ts';
import { hiddenOf, servedStore } from './served.ts';
import { aborted, wait } from './wait.ts';

/** What is on its way may take so long at the end; then it is given up. */
const CLOSE_MS_MAX = 6_000;

/**
 * The bridge in this process, until a signal, or until Telegram says that the token is none (401) or that somebody else
 * polls (409): the other faces alarm that at once. Refused without a token or with one that is none, without anybody who is
 * paired, without an engine, and where another bridge of the profile runs. A network that is not there is waited for, also
 * at the start.
 */
export async function runBridge(options: BridgeOptions): Promise<BridgeEnd> {
  // What an answer leaves behind would grow the young generation to 64 MB; kept small it is swept more often, and costs as little.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { ports, profile } = options;
  const { isRefusal, nobodyPaired } = await refusals();
  const settings = await ports.bridge.settings(profile);
  if (isRefusal(settings)) return refusedEnd(settings);
  const token = await ports.bridge.token(profile);
  if (isRefusal(token)) return refusedEnd(token);
  const opened = await ports.bridge.open(profile);
  if (isRefusal(opened)) return refusedEnd(opened);
  const log = await ports.bridge.log(profile);
  try {
    const clock = options.clock ?? machineClock;
    const way = wayOf(settings, token);
    const met = await meetFirst(way, clock, options.signal);
    if (met !== undefined && isRefusal(met)) return refusedWith(log, met);
    const store = servedStore(opened, settings.groups);
    const say = await sentences(options.locale);
    const hidden = hiddenOf(opened.memory, settings.groups).length;
    if (hidden > 0) options.say(say('groupsHidden', { count: hidden }));
    if (opened.note !== undefined) noteTo(options, log, opened.note);
    if (store.memory.people.length === 0) {
      return refusedEnd(nobodyPaired(profile, hidden > 0 ? 'users of groups alone, and groups are off' : undefined));
    }
    const client = await ports.engine.connect(profile, { role: 'operate', face: 'telegram', follow: 'all' });
    if (isRefusal(client)) return refusedEnd(client);
    try {
      return await serve({ options, way, store, client, log, clock, say }, met);
    } finally {
      client.close();
    }
  } finally {
    await opened.close();
    await log.close();
  }
}

interface Service {
  readonly options: BridgeOptions;
  readonly way: Way;
  readonly store: BridgeStore;
  readonly client: EngineClient;
  readonly log: BridgeLog;
  readonly clock: Clock;
  readonly say: Sentences;
}

/** From when Telegram says who the bot is to the last answer. */
async function serve(service: Service, met: Bot | undefined): Promise<BridgeEnd> {
  const { options, way, log, clock, say } = service;
  const { isRefusal } = await refusals();
  const onWait = (why: string): void => noteTo(options, log, say('waiting', { why }));
  const bot = met ?? (await meetSometime(way, clock, options.signal, onWait));
  if (bot === undefined) return ended(service, []);
  const { store, client } = service;
  const last = { client, store, clock, log };
  if (isRefusal(bot)) {
    if (bot.code === 'TOKEN_REJECTED') await reportLost(last, 'unauthorized');
    return refusedWith(log, bot);
  }
  await knownAs(service, bot);
  const { settings, api } = way;
  const { profile, version, locale, ports, signal } = options;
  const name = `@${bot.username}`;
  let cancelBack = (): void => {};
  const onReady = (): void => {
    const { pid } = process;
    cancelBack = reportBackLater(last);
    log.info('the bridge polls', { bot: name, pid });
    options.onReady({ pid, bot: name, line: say('ready', { profile, pid: `${pid}`, bot: name }) });
  };
  await retireSinks({ client, memory: store.memory, log });
  const { startBridge } = await import('../bridge.ts');
  const bridge = await startBridge({
    api,
    bot,
    client,
    store,
    settings,
    log,
    clock,
    profile,
    version,
    locale,
    ports,
    onReady,
  });
  const stopped = await Promise.race([bridge.stopped, aborted(signal)]);
  cancelBack();
  const lines = await closed(bridge, service);
  if (stopped === undefined) return ended(service, lines);
  await reportLost(last, stopped.why);
  return refusedWith(log, await whyStopped(stopped, way, name));
}

/** What another bot took and showed means nothing to this one. */
async function knownAs({ options, store, log, say }: Service, { id, username }: Bot): Promise<void> {
  const bot = { id, username };
  const { memory } = store;
  const isOther = memory.bot !== null && memory.bot.id !== id;
  if (isOther) noteTo(options, log, say('otherBot'));
  if (memory.bot?.username === username && !isOther) return;
  await store.change((kept) =>
    isOther ? { ...kept, bot, nextUpdate: 0, screens: [], sending: [] } : { ...kept, bot },
  );
}

/** Sentences where something was given up. */
async function closed(bridge: Bridge, { clock, say, log }: Service): Promise<readonly string[]> {
  const isClosed = await Promise.race([bridge.close().then(() => true), wait(clock, CLOSE_MS_MAX).then(() => false)]);
  if (isClosed) return [];
  log.warn('not everything came to its end', { msMax: CLOSE_MS_MAX });
  return [say('cutShort')];
}

const whyStopped = ({ why, text }: BridgeStopped, { settings, from }: Way, bot: string): Promise<Refusal> =>
  refusalOf({ ok: false, is: why, text }, settings.api, from, bot);

function ended({ options, say, log, store, client }: Service, more: readonly string[]): BridgeEnd {
  log.info('the bridge ended', { by: String(options.signal.reason) });
  const waiting = client.scene().state.alarm?.open.length ?? 0;
  const lines = [
    say('ended'),
    ...(waiting > 0 && store.memory.people.length > 0 ? [say('endedWaiting')] : []),
    ...more,
  ];
  return { code: 0, lines, data: { event: 'ended', pid: null, bot: null, saved: lines } };
}

function refusedWith(log: BridgeLog, refusal: Refusal): BridgeEnd {
  const { code, expected, found, fix } = refusal;
  log.error('the bridge ended', { code, expected, found, fix });
  return refusedEnd(refusal);
}

function noteTo({ say }: BridgeOptions, log: BridgeLog, text: string): void {
  say(text);
  log.warn(text);
}
