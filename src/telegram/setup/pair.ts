import { createPairing, type Pairing } from '../access/pairing.ts';
import type { Update } from '../bot/api.ts';
import { type Polling, startPolling } from '../bot/poll.ts';
import { type Clock, machineClock } from '../clock.ts';
import { type BridgeMemory, type BridgePerson, type BridgeStore, pictures, type Refusal } from '../core.ts';
import { type BridgeEnd, type PairOptions, refusedEnd } from '../options.ts';
import { type Bot, meet, refusalOf, type Way, wayOf } from './meet.ts';
import { refusals, type Sentences, sentences } from './say.ts';
import { aborted, wait } from './wait.ts';

/** A long poll keeps a signal waiting no longer than a short one; a slow answer is no news to a person who types. */
const POLL_S = 10;

/**
 * Pairs a person: asks for the token where none is kept, shows a code, and waits ten minutes for whoever sends it. The
 * token is kept once Telegram knows it, the person once the code came; both are durable before anybody is told.
 */
export async function pairBridge(options: PairOptions): Promise<BridgeEnd> {
  const { ports, profile, isGroup } = options;
  const { isRefusal, groupsOff, bridgeRuns } = await refusals();
  const settings = await ports.bridge.settings(profile);
  if (isRefusal(settings)) return refusedEnd(settings);
  if (isGroup && !settings.groups) return refusedEnd(groupsOff());
  const status = await ports.bridge.status(profile);
  if (status.state === 'running') return refusedEnd(bridgeRuns(profile, status.pid));
  const store = await ports.bridge.open(profile);
  if (isRefusal(store)) return refusedEnd(store);
  try {
    if (store.note !== undefined) options.say(store.note);
    const say = await sentences(options.locale);
    const token = await tokenOf(options, say);
    if (isRefusal(token)) return refusedEnd(token);
    const way = wayOf(settings, token);
    const bot = await meet(way);
    if (isRefusal(bot)) return refusedEnd(bot);
    if (token.isGiven) {
      const kept = await keep(options, say, token.token);
      if (kept !== undefined) return refusedEnd(kept);
    }
    options.say(say('botFound', { bot: `@${bot.username}` }));
    return await pair({ options, way, bot, store, say, clock: options.clock ?? machineClock });
  } finally {
    await store.close();
  }
}

interface Token {
  readonly token: string;
  readonly from: string;
  /** A person gave it now, and it is not kept yet. */
  readonly isGiven: boolean;
}

/** The token that is kept, or the one that a person gives. */
async function tokenOf(options: PairOptions, say: Sentences): Promise<Token | Refusal> {
  const { ports, profile, isTokenNew } = options;
  const { isRefusal, noTerminalToAsk } = await refusals();
  if (!isTokenNew) {
    const kept = await ports.bridge.token(profile);
    if (!isRefusal(kept)) return { ...kept, isGiven: false };
    if (kept.code !== 'NO_TOKEN') return kept;
  }
  const text = await asked(options, say);
  if (text === undefined || text.trim() === '') return noTerminalToAsk();
  const given = await ports.bridge.given(text);
  return isRefusal(given) ? given : { token: given.token, from: 'what was typed', isGiven: true };
}

async function asked({ say: tell, askSecret, readInput }: PairOptions, say: Sentences): Promise<string | undefined> {
  if (askSecret === undefined) return await readInput?.();
  for (const line of [say('stepsTitle'), say('stepFather'), say('stepName'), say('stepToken')]) tell(line);
  return await askSecret(say('askToken'));
}

/** Undefined: it is kept. */
async function keep(
  { ports, profile, say: tell }: PairOptions,
  say: Sentences,
  token: string,
): Promise<Refusal | undefined> {
  const { isRefusal } = await refusals();
  const kept = await ports.bridge.keepToken(profile, token);
  if (isRefusal(kept)) return kept;
  tell(say('tokenKept', { file: kept.file }));
  const used = await ports.bridge.token(profile);
  if (!isRefusal(used) && used.token !== token) tell(say('tokenShadowed', { from: used.from }));
  return undefined;
}

interface Waiting {
  readonly options: PairOptions;
  readonly way: Way;
  readonly bot: Bot;
  readonly store: BridgeStore;
  readonly say: Sentences;
  readonly clock: Clock;
}

/** How the wait for a code ended. */
type Heard =
  | { readonly is: 'paired'; readonly person: BridgePerson }
  | { readonly is: 'stopped'; readonly refusal: Refusal }
  /** Ten minutes went by, or the code was given away. */
  | { readonly is: 'late' }
  | { readonly is: 'spent' }
  | { readonly is: 'signal' };

async function pair(waiting: Waiting): Promise<BridgeEnd> {
  const { options, bot, store, clock } = waiting;
  const { role, isGroup, signal } = options;
  await store.change((memory) => withBot(memory, bot));
  const { words, telegramActWords } = await pictures();
  const pairing = createPairing({ role, isGroup, clock, say: words(telegramActWords, options.locale) });
  showCode(waiting, pairing);
  const heard = Promise.withResolvers<Heard>();
  const polling = poll(waiting, pairing, heard.resolve);
  const isOver = new AbortController();
  try {
    const end = await Promise.race([
      heard.promise,
      wait(clock, pairing.until - clock.now(), isOver.signal).then((): Heard => ({ is: 'late' })),
      aborted(signal).then((): Heard => ({ is: 'signal' })),
    ]);
    return await told(waiting, end);
  } finally {
    isOver.abort();
    await polling.close();
  }
}

function withBot(memory: BridgeMemory, bot: Bot): BridgeMemory {
  if (memory.bot === null || memory.bot.id === bot.id) return { ...memory, bot };
  return { ...memory, bot, nextUpdate: 0, screens: [], sending: [] };
}

function showCode({ options, bot, say, clock }: Waiting, { code, until }: Pairing): void {
  const { role, isGroup, say: tell } = options;
  const name = `@${bot.username}`;
  const minutes = Math.max(1, Math.round((until - clock.now()) / 60_000));
  tell(
    isGroup
      ? say('sendGroup', { bot: name })
      : say('sendPrivate', { link: `https://t.me/${bot.username}?start=${code}`, bot: name }),
  );
  options.onCode({ code, bot: name, until });
  tell(say('holds', { minutes, role: say(`role.${role}`) }));
}

function poll(
  { options, way, store, clock, bot, say }: Waiting,
  pairing: Pairing,
  end: (heard: Heard) => void,
): Polling {
  const { api, settings, from } = way;
  return startPolling({
    api,
    clock,
    from: store.memory.nextUpdate,
    timeoutS: POLL_S,
    async take(update: Update) {
      const offered = pairing.offer(update);
      if (offered.is === 'over') end({ is: clock.now() >= pairing.until ? 'late' : 'spent' });
      if (offered.is === 'refused' && offered.notice !== undefined) await notice(way, offered.notice);
      if (offered.is !== 'paired') return;
      await store.change((memory) => withPerson(memory, offered.person));
      end(offered);
    },
    remember: (nextUpdate) => store.change((memory) => ({ ...memory, nextUpdate })),
    stopped(is, text) {
      const failure = { ok: false, is, text } as const;
      void refusalOf(failure, settings.api, from, `@${bot.username}`).then((refusal) =>
        end({ is: 'stopped', refusal }),
      );
    },
    onState(state) {
      if (state.is === 'lost') options.say(say('waiting', { why: state.text }));
    },
  });
}

/** Somebody is paired once in a chat: the newest pairing holds. */
function withPerson(memory: BridgeMemory, person: BridgePerson): BridgeMemory {
  const others = memory.people.filter(({ user, chat }) => user !== person.user || chat !== person.chat);
  return { ...memory, people: [...others, person] };
}

async function told({ options, way, bot, store, say }: Waiting, end: Heard): Promise<BridgeEnd> {
  const { codeSpent, notSent } = await refusals();
  const { profile } = options;
  const name = `@${bot.username}`;
  if (end.is === 'stopped') return refusedEnd(end.refusal);
  if (end.is === 'late') return refusedEnd(notSent(name, profile));
  if (end.is === 'spent') return refusedEnd(codeSpent(name, profile));
  if (end.is === 'signal') return { code: 1, lines: [say('notPaired')] };
  const { person } = end;
  const role = say(`role.${person.role}`);
  const may = person.role === 'operator' ? say('pairedAct') : say('pairedLook');
  await notice(way, {
    chat: person.chat,
    text: [say('pairedChat', { profile, role }), may, say('pairedWait')].join('\n'),
  });
  const lines = [say('paired', { name: person.name, user: `${person.user}`, role }), say('pairedNext', { profile })];
  const people = store.memory.people.map((each) => ({ ...each }));
  return { code: 0, lines, data: { event: 'paired', bot: name, code: null, until: null, people } };
}

/** A word in a chat; where it does not come the terminal has said it. */
async function notice({ api }: Way, { chat, text }: { readonly chat: number; readonly text: string }): Promise<void> {
  const { escapeXml } = await pictures();
  await api.send(chat, { html: escapeXml(text) });
}
