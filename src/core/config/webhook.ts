import type { Key } from './keys.ts';

/** What the file says of a webhook: `[alerts.webhook]`. */
export interface Webhook {
  /** `https://...`, or `http://` on this machine. It may be a secret as a whole: nobody shows more of it than its host. */
  readonly url: string;
  /** A file of the user alone (0600) whose text goes along as `Authorization: Bearer`. */
  readonly authFile?: string | undefined;
}

/** Keys of `[alerts.webhook]`. */
export const WEBHOOK_KEYS: readonly Key[] = [
  { name: 'url', about: 'Where alerts are posted as JSON.', example: 'https://example.com/alerts' },
  { name: 'auth-file', about: 'A private file (0600) with a bearer of its own.', example: 'webhook.auth' },
];

export const WEBHOOK_EXPECTED = 'https://..., or http:// on this machine, without a user or a password in it';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether alerts may go there: what they tell is nobody else's business. */
export function isWebhookUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

/** `https://hooks.example.com/...`: what is behind the host is often the secret. */
export function shownUrl(text: string): string {
  if (!URL.canParse(text)) return '...';
  const { origin, pathname, search } = new URL(text);
  return pathname === '/' && search === '' ? origin : `${origin}/...`;
}
