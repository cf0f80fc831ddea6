import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Answered, BotApi } from '../../../src/telegram/bot/api.ts';
import { createBotApi } from '../../../src/telegram/bot/grammy-api.ts';
import type { Clock } from '../../../src/telegram/clock.ts';
import { type BotApiOptions, type BotApiStandIn, startBotApi } from '../../support/bot-api.ts';
import { type HandTimers, handTimers } from '../../support/hand-timers.ts';

/** A stand-in that ends with the test, and the bridge's own client of it. */
export async function openBot(
  options: BotApiOptions = {},
): Promise<{ readonly tg: BotApiStandIn; readonly api: BotApi }> {
  const tg = await startBotApi(options);
  onTestFinished(tg.close);
  return { tg, api: createBotApi({ token: tg.token, api: tg.url }) };
}

/** A server that is none of Telegram's; its address. */
export async function openServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The clock of a face, moved by hand. */
export function handClock(): { readonly clock: Clock; readonly timers: HandTimers } {
  const timers = handTimers();
  return { timers, clock: { now: () => timers.wall(), after: (ms, call) => timers.after(ms, call) } };
}

export const value = <T>(answered: Answered<T> | undefined): T => {
  if (answered?.ok === true) return answered.value;
  throw new Error(`expected it to be done, found ${JSON.stringify(answered)}`);
};

/** What is said in a scripted answer. */
export const failed = (is: 'unreachable' | 'unsure' | 'same' | 'gone' | 'conflict' | 'unauthorized') =>
  ({ ok: false, is, text: `it was ${is}` }) as const;

export const flood = (seconds: number) =>
  ({ ok: false, is: 'flood', retryAfterMs: seconds * 1_000, text: 'too much' }) as const;
