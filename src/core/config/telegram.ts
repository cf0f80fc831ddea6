import type { Key } from './keys.ts';

/** What the file says of the bridge: `[telegram]`. The token is never in it. */
export interface TelegramTable {
  /** The Bot API, without a slash at its end. */
  readonly api: string;
  /** `http://[user:pass@]host:port`; undefined: as the environment says. */
  readonly proxy?: string | undefined;
  readonly groups: boolean;
  readonly raisesRisk: boolean;
}

export const TELEGRAM_API = 'https://api.telegram.org';

/** Keys of `[telegram]`. */
export const TELEGRAM_KEYS: readonly Key[] = [
  { name: 'api', about: 'Bot API: of Telegram, or a server of yours.', example: TELEGRAM_API, fallback: TELEGRAM_API },
  { name: 'proxy', about: 'HTTP proxy; else as HTTPS_PROXY says.', example: 'http://127.0.0.1:3128' },
  { name: 'groups', about: 'Groups may be paired, too.', example: 'false', fallback: 'false' },
  { name: 'raises-risk', about: 'A phone may start, buy and raise.', example: 'false', fallback: 'false' },
];

export const API_EXPECTED =
  'https://..., or http:// on this machine, without a user, a password, a ? or a # in it (the token goes there)';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether a token may go there. */
export function isApiUrl(text: string): boolean {
  if (!URL.canParse(text) || /[\s?#]/.test(text)) return false;
  const { protocol, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isApiOnLoopback(text));
}

/** A server on this machine is never reached through a proxy. */
export const isApiOnLoopback = (api: string): boolean => LOOPBACK.has(new URL(api).hostname);
