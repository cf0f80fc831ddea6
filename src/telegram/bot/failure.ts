import type { Failure } from './api.ts';

/** A refusal as the Bot API words it. */
export interface Refused {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: { readonly retry_after?: number | undefined } | undefined;
}

const RETRY_AFTER_MS_MAX = 24 * 3_600_000;

/** What the texts of a 400 mean; the first that matches counts, and any other is `rejected`. */
const BAD_REQUESTS: readonly (readonly [RegExp, 'same' | 'gone' | 'blocked'])[] = [
  [/message is not modified/i, 'same'],
  [/message to (?:edit|delete) not found|message can't be edited|MESSAGE_ID_INVALID/i, 'gone'],
  [/query is too old|query id is invalid/i, 'gone'],
  [/chat not found|PEER_ID_INVALID|deactivated|upgraded to a supergroup|CHAT_WRITE_FORBIDDEN/i, 'blocked'],
  [/not enough rights|have no rights|bot (?:was|is) (?:kicked|not a member)|group is deleted/i, 'blocked'],
];

/**
 * A refusal of the Bot API as the bridge knows it. `description` is a stranger's text: `text` must come without secrets.
 * A 5xx is `unsure`: it is not told whether the deed was done before the server stumbled.
 */
export function failureOf({ error_code: code, description, parameters }: Refused, text: string): Failure {
  if (code === 400) {
    const [, is = 'rejected'] = BAD_REQUESTS.find(([pattern]) => pattern.test(description)) ?? [];
    return { ok: false, is, text };
  }
  // A token of the wrong form is an unknown address; an unknown method says so.
  if (code === 401 || (code === 404 && !/method/i.test(description))) return { ok: false, is: 'unauthorized', text };
  if (code === 403) return { ok: false, is: 'blocked', text };
  if (code === 409) return { ok: false, is: 'conflict', text };
  if (code === 429) return { ok: false, is: 'flood', retryAfterMs: waitMs(parameters?.retry_after), text };
  return { ok: false, is: code >= 500 ? 'unsure' : 'rejected', text };
}

/** Seconds as they were told, as ms: at least one second, at most a day; one second where it was not told. */
const waitMs = (retryAfter: number | undefined): number =>
  Number.isFinite(retryAfter) ? Math.min(Math.max(Number(retryAfter), 1) * 1_000, RETRY_AFTER_MS_MAX) : 1_000;
