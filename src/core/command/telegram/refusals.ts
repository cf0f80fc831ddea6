import { type Refusal, refusal } from '../refusal.ts';

/** Another process holds what one bridge of a profile needs. */
export const bridgeRuns = (profile: string, pid: number | undefined): Refusal =>
  refusal(
    3,
    'BRIDGE_RUNS',
    `no bridge of profile ${profile} that runs`,
    `process ${pid ?? '?'} runs it, or pairs somebody`,
    `dzentra telegram stop --profile ${profile}, then the same again`,
  );

export const noBridge = (profile: string): Refusal =>
  refusal(2, 'NO_BRIDGE', `a bridge of profile ${profile}`, 'none runs', `dzentra telegram start --profile ${profile}`);

export const noToken = (profile: string): Refusal =>
  refusal(
    2,
    'NO_TOKEN',
    `the token of a Telegram bot for profile ${profile}`,
    'none in DZENTRA_TELEGRAM_TOKEN, in the systemd credential dzentra-telegram, in the keyring, or in a file',
    `dzentra telegram pair --profile ${profile}, which asks for it and says where it comes from`,
  );

/** Telegram answered 401. */
export const tokenRejected = (from: string): Refusal =>
  refusal(
    4,
    'TOKEN_REJECTED',
    'a token that Telegram knows',
    `status 401 for the one of ${from}`,
    '@BotFather, /mybots, the bot, API Token; then dzentra telegram pair --new-token, or put it where the old one is',
  );

/** No answer, or one that is no Bot API's. */
export const telegramUnreachable = (api: string, found: string): Refusal =>
  refusal(
    4,
    'TELEGRAM_UNREACHABLE',
    `an answer of the Bot API at ${api}`,
    found,
    'look at the network; where Telegram is closed set proxy or api in [telegram], or HTTPS_PROXY',
  );

/** Telegram answered 409 (`text`): somebody else asks for the updates of this bot, or has them sent to a webhook. */
export function botPolled(bot: string, text: string): Refusal {
  const [found, end] = /webhook/i.test(text)
    ? ['another program has them sent to its webhook', 'let it call deleteWebhook']
    : ['another program does', 'end it'];
  return refusal(
    4,
    'BOT_POLLED',
    `nobody else that asks for the messages of ${bot}`,
    `status 409: ${found}`,
    `${end}; if it is none of yours the token is stolen: @BotFather, /revoke, then dzentra telegram pair --new-token`,
  );
}

/** Ten minutes went by. */
export const notSent = (bot: string, profile: string): Refusal =>
  refusal(
    6,
    'TIMED_OUT',
    `the code, sent to ${bot} while it holds`,
    'nobody sent it',
    `dzentra telegram pair --profile ${profile}, for another one`,
  );

/** The code was guessed at too often, or sent where others read it. */
export const codeSpent = (bot: string, profile: string): Refusal =>
  refusal(
    6,
    'CODE_SPENT',
    `the code, sent to ${bot} by one person alone`,
    'five that were wrong, or the right one where others read it',
    `dzentra telegram pair --profile ${profile}, for another one`,
  );

export const nobodyPaired = (profile: string, found = 'nobody is'): Refusal =>
  refusal(
    2,
    'NOBODY_PAIRED',
    'somebody who is paired with the bot',
    found,
    `dzentra telegram pair --profile ${profile}`,
  );

export const groupsOff = (): Refusal =>
  refusal(
    2,
    'GROUPS_OFF',
    'groups = true in [telegram]',
    'groups are off',
    'set it in the file that dzentra config path names, or pair without --group',
  );

export const notPaired = (user: number): Refusal =>
  refusal(2, 'NOT_PAIRED', 'somebody who is paired', `user ${user} is not`, 'dzentra telegram status');

export const noTerminalToAsk = (): Refusal =>
  refusal(
    2,
    'NO_TERMINAL',
    'the token, typed in a terminal or on standard input',
    'neither',
    'dzentra telegram pair in a terminal, or dzentra telegram pair < FILE with the token in it',
  );
