import type { Answered, BotApi, Failure } from '../bot/api.ts';
import { createBotApi } from '../bot/grammy-api.ts';
import type { Clock } from '../clock.ts';
import { type BridgeSettings, commandLine, type Refusal } from '../core.ts';
import { wait } from './wait.ts';

/** Who the bot is, as Telegram says. */
export interface Bot {
  readonly id: number;
  readonly username: string;
}

/** The way to Telegram, before it was asked for anything. */
export interface Way {
  readonly api: BotApi;
  readonly settings: BridgeSettings;
  /** Where the token was found: what to change where it is wrong. */
  readonly from: string;
}

export const wayOf = (
  settings: BridgeSettings,
  { token, from }: { readonly token: string; readonly from: string },
): Way => ({
  api: createBotApi({ token, api: settings.api, proxy: settings.proxy }),
  settings,
  from,
});

/** Asks once who the bot is. */
export async function meet({ api, settings, from }: Way): Promise<Bot | Refusal> {
  const met = await api.me();
  return met.ok ? met.value : await refusalOf(met, settings.api, from);
}

const FIRST_MS_MAX = 5_000;

/**
 * One question before anything else is looked at: who the bot is, or that its token is none. Undefined where Telegram says
 * neither within 5 s: a network that is away holds nothing up.
 */
export async function meetFirst(
  { api, settings, from }: Way,
  clock: Clock,
  signal: AbortSignal,
): Promise<Bot | Refusal | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const cancel = clock.after(FIRST_MS_MAX, () => resolve(undefined));
  const met = await Promise.race([asked(api, signal), promise]).finally(cancel);
  if (met?.ok === true) return met.value;
  return met?.is === 'unauthorized' ? await refusalOf(met, settings.api, from) : undefined;
}

const BACK_OFF_MS = { first: 1_000, max: 30_000 };

/**
 * Asks until Telegram says who the bot is: a network that is not there yet is no end, a token that is none is one. Each
 * reason is told once. Undefined: the signal came first.
 */
export async function meetSometime(
  { api, settings, from }: Way,
  clock: Clock,
  signal: AbortSignal,
  onWait: (why: string) => void,
): Promise<Bot | Refusal | undefined> {
  let told = '';
  for (let ms = BACK_OFF_MS.first; !signal.aborted; ms = Math.min(ms * 2, BACK_OFF_MS.max)) {
    const met = await asked(api, signal);
    if (met === undefined) return undefined;
    if (met.ok) return met.value;
    if (!isPassing(met)) return await refusalOf(met, settings.api, from);
    if (met.text !== told) onWait(met.text);
    told = met.text;
    await wait(clock, met.is === 'flood' ? met.retryAfterMs : ms, signal);
  }
  return undefined;
}

/** A signal does not wait for an answer. */
async function asked(api: BotApi, signal: AbortSignal): Promise<Answered<Bot> | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([api.me(), promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const isPassing = ({ is }: Failure): boolean => is === 'unreachable' || is === 'unsure' || is === 'flood';

/** A failure that ends what was begun. */
export async function refusalOf(failure: Failure, api: string, from: string, bot = 'the bot'): Promise<Refusal> {
  const { bridgeRefusals } = await commandLine();
  if (failure.is === 'unauthorized') return bridgeRefusals.tokenRejected(from);
  if (failure.is === 'conflict') return bridgeRefusals.botPolled(bot, failure.text);
  return bridgeRefusals.telegramUnreachable(api, failure.text);
}
