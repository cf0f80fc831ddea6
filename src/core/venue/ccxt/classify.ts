import type { VenueProblemCode } from '../exchange.ts';
import { type Family, meaningOf, type Said, saidIn } from './codes.ts';
import type { Verdict } from './problem.ts';

/*
 * What an answer means, by HTTP status, the venue's code and its body. Never by ccxt's class: against another host than
 * the venue's own, ccxt 4.5.84 gives other classes for the same answer, and a ban and a limit are one class to it.
 */

/** An answer that came, as it was sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const MINUTE = 60_000;
/** Binance bans for two minutes to three days. */
const BAN_MS = 2 * MINUTE;
export const BAN_MS_MAX = 3 * 24 * 60 * MINUTE;
const FIREWALL_MS = 5 * MINUTE;
export const PORTAL =
  'open a web page on this machine: a login page of the network (captive portal), a filter or a proxy answers in its place';

/**
 * The problem in an answer; undefined where it is a good one, and where ccxt knows more words of the venue than the tables
 * here (see `classifyClass`).
 */
export function classify(family: Family, answer: Answer): Verdict | undefined {
  const { status, body } = answer;
  const parsed = parsedJson(body);
  const said = saidIn(family, parsed);
  if (status >= 200 && status < 300 && said === undefined) return badShape(answer, parsed);
  const found = `HTTP ${status}${said === undefined ? shown(body) : spoken(said)}`;
  const code = codeOf(family, answer, said, parsed);
  if (code === undefined) return undefined;
  return { code, found, ...silence(code, answer), ...closerFix(code, answer) };
}

/** HTTP 418 and 429 say more than the code in their body; else the venue's own code decides, then the status. */
function codeOf(family: Family, answer: Answer, said: Said | undefined, parsed: unknown): VenueProblemCode | undefined {
  const { status, body } = answer;
  if (status === 418) return 'BANNED';
  if (status === 429) return said !== undefined && meaningOf(family, said) === 'BANNED' ? 'BANNED' : 'RATE_LIMITED';
  if (isForeign(status, body)) return 'REFUSED';
  if (status === 403 && said === undefined) return family === 'bybit' ? 'RATE_LIMITED' : 'BANNED';
  if (status >= 500 && isMaintenance(body)) return 'MAINTENANCE';
  const meaning = said === undefined ? undefined : meaningOf(family, said);
  if (meaning !== undefined) return meaning;
  // Only Binance's classes depend on the host.
  const isJson = typeof parsed === 'object' && parsed !== null;
  if (family !== 'binance' && isJson && status < 500 && status !== 401) return undefined;
  return codeOfStatus(status, parsed);
}

/** A status whose body says nothing that is known. */
function codeOfStatus(status: number, parsed: unknown): VenueProblemCode {
  if (status >= 500) return 'VENUE_DOWN';
  if (status === 408) return 'TIMED_OUT';
  if (status >= 300 && status < 400) return 'BAD_ANSWER';
  if (parsed === undefined) return status === 401 ? 'BAD_KEY' : 'BAD_ANSWER';
  return status === 401 ? 'BAD_KEY' : 'REFUSED';
}

/** A venue, or what guards it, does not serve the place that is asked from. */
const isForeign = (status: number, body: string): boolean =>
  status === 451 || (status === 403 && /restricted location|from your country|block access/i.test(body));
const isMaintenance = (body: string): boolean => /maintenance|system upgrade|upgrading/i.test(body.slice(0, 4_000));
const isHtml = (body: string): boolean => /^\s*</.test(body);

/** Why a good status is no good answer: each endpoint that is asked here answers with an object or a list. */
function badShape({ status, body }: Answer, parsed: unknown): Verdict | undefined {
  if (typeof parsed === 'object' && parsed !== null) {
    return body.includes('"__proto__"') ? bad(`HTTP ${status} with a field named __proto__`) : undefined;
  }
  if (body.trim() === '') return bad(`HTTP ${status} without a body`);
  if (isHtml(body)) return { ...bad(`HTTP ${status} with a web page`), fix: PORTAL };
  if (/^\s*[[{]/.test(body)) return bad(`HTTP ${status} with JSON that is cut after ${body.length} characters`);
  return bad(`HTTP ${status}${shown(body)}`);
}

const bad = (found: string): Verdict => ({ code: 'BAD_ANSWER', found });

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function shown(body: string): string {
  if (body.trim() === '') return ' without a body';
  return isHtml(body) ? ' with a web page' : `: ${body.slice(0, 160)}`;
}

const spoken = ({ code, words }: Said): string => `${code === '' ? '' : `, code ${code}`}: ${words}`;

function closerFix(code: VenueProblemCode, { status, body }: Answer): { fix: string } | undefined {
  if (code === 'BAD_ANSWER' && (isHtml(body) || (status >= 300 && status < 400))) return { fix: PORTAL };
  if (isForeign(status, body)) return { fix: 'the exchange does not serve this place: it is asked no more from here' };
  if (status === 403 && code === 'BANNED') {
    return { fix: 'a firewall of the exchange refused the request: nothing is asked for five minutes' };
  }
  return undefined;
}

/** How long a limit or a ban holds: as the answer says, else as the venue is known to do. */
function silence(code: VenueProblemCode, answer: Answer): Pick<Verdict, 'silentMs' | 'silentUntil'> {
  if (code !== 'RATE_LIMITED' && code !== 'BANNED') return {};
  const seconds = Number(headerOf(answer.headers, 'retry-after') ?? '');
  if (seconds > 0) return { silentMs: Math.min(seconds * 1_000, BAN_MS_MAX) };
  const until = Number(
    /banned until (\d{13})/i.exec(answer.body)?.[1] ?? headerOf(answer.headers, 'x-bapi-limit-reset-timestamp'),
  );
  if (until > 0) return { silentUntil: until };
  if (answer.status === 403) return { silentMs: FIREWALL_MS };
  return { silentMs: code === 'BANNED' ? BAN_MS : MINUTE };
}

/** A header whatever its case. */
export function headerOf(headers: Readonly<Record<string, string>>, name: string): string | undefined {
  for (const [key, value] of Object.entries(headers)) if (key.toLowerCase() === name) return value;
  return undefined;
}
