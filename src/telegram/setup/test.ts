import type { BotApi } from '../bot/api.ts';
import { pictures } from '../core.ts';
import { type BridgeEnd, type BridgeOptions, type ReachedChat, refusedEnd } from '../options.ts';
import { meet, wayOf } from './meet.ts';
import { refusals, type Sentences, sentences } from './say.ts';

/** Asks who the bot is and sends a message to each chat that is paired; exit code 4 where Telegram says no to any of it. */
export async function testBridge(options: BridgeOptions): Promise<BridgeEnd> {
  const { ports, profile } = options;
  const { isRefusal, nobodyPaired } = await refusals();
  const settings = await ports.bridge.settings(profile);
  if (isRefusal(settings)) return refusedEnd(settings);
  const token = await ports.bridge.token(profile);
  if (isRefusal(token)) return refusedEnd(token);
  const way = wayOf(settings, token);
  const bot = await meet(way);
  if (isRefusal(bot)) return refusedEnd(bot);
  const name = `@${bot.username}`;
  const say = await sentences(options.locale);
  options.say(say('botFound', { bot: name }));
  const people = (await ports.bridge.look(profile))?.people ?? [];
  if (people.length === 0) return refusedEnd(nobodyPaired(profile));
  const { escapeXml } = await pictures();
  const html = escapeXml(say('testMessage', { profile }));
  const chats: ReachedChat[] = [];
  for (const chat of new Set(people.map((person) => person.chat))) {
    const names = people.filter((person) => person.chat === chat).map((person) => person.name);
    chats.push(await reach(way.api, { chat, name: names.join(', ') }, html, say));
  }
  const lines = chats.map(({ name: who, why }) =>
    why === null ? say('reached', { name: who }) : say('missed', { name: who, why }),
  );
  return { code: chats.every(({ isReached }) => isReached) ? 0 : 4, lines, data: { bot: name, chats } };
}

async function reach(
  api: BotApi,
  to: Pick<ReachedChat, 'chat' | 'name'>,
  html: string,
  say: Sentences,
): Promise<ReachedChat> {
  const sent = await api.send(to.chat, { html });
  if (sent.ok) return { ...to, isReached: true, why: null };
  return { ...to, isReached: false, why: sent.is === 'blocked' ? say('blocked') : sent.text };
}
