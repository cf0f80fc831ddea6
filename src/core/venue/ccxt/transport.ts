import { PORTAL } from './classify.ts';
import type { Verdict } from './problem.ts';

/** What is asked: method and address without its query. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly proxy: string | undefined;
  readonly timeoutMs: number;
}

// Codes of Node and of undici, which carries ccxt's requests.
const TIMES = /^(UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|ETIMEDOUT)$/;
const NAMES = /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA)$/;
const TLS = /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO|HOSTNAME_MISMATCH)/;
const CUT = /^(UND_ERR_(RES_CONTENT_LENGTH_MISMATCH|RESPONSE_EXCEEDED_SIZE|RES_EXCEEDED_MAX_SIZE)|HPE_|Z_)/;

/** What a transport error means; `isBody` once the head of an answer was read. */
export function classifyError(error: unknown, asked: Asked, isBody: boolean): Verdict {
  const what = `${asked.method} ${placeOf(asked.url)}`;
  const { code, words } = described(error);
  // undici calls a refused tunnel an abort.
  if (!/proxy response/i.test(words) && isTimeout(error, code)) {
    const way = asked.proxy === undefined ? '' : ' through the proxy';
    return { code: 'TIMED_OUT', found: `no${isBody ? ' whole' : ''} answer to ${what}${way} in ${asked.timeoutMs} ms` };
  }
  if (/redirect to /.test(words)) {
    return { code: 'BAD_ANSWER', found: `a redirect of ${what}, which is never followed`, fix: PORTAL };
  }
  if (isBody || CUT.test(code)) {
    return { code: 'BAD_ANSWER', found: `an answer to ${what} that was cut (${code || words})` };
  }
  return noNetwork(code, words, what, asked);
}

/** No byte came back: what was in the way, as far as the error tells it. */
function noNetwork(code: string, words: string, what: string, { url, proxy }: Asked): Verdict {
  const host = URL.parse(url)?.host ?? 'the exchange';
  if (/proxy response/i.test(words) || (proxy !== undefined && /CONNREFUSED|NOTFOUND/.test(code))) {
    const found = `no way through the proxy for ${what} (${code || words})`;
    return { code: 'NO_NETWORK', found, fix: 'check address, port and login of the proxy, or leave it out' };
  }
  if (NAMES.test(code)) {
    const fix = 'check the name service (DNS) and the network of this machine';
    return { code: 'NO_NETWORK', found: `no address for ${host} (${code})`, fix };
  }
  if (TLS.test(code)) {
    const fix = 'check the clock and the certificates of this machine, and what reads its traffic; the check stays on';
    return { code: 'NO_NETWORK', found: `a certificate of ${host} that cannot be trusted (${code})`, fix };
  }
  if (code === 'ECONNREFUSED') {
    const fix = /^(127\.|localhost|\[::1\])/.test(host)
      ? 'start the stand-in exchange, or correct its address'
      : undefined;
    return { code: 'NO_NETWORK', found: `a refused connection to ${host} for ${what}`, fix };
  }
  return { code: 'NO_NETWORK', found: `no answer to ${what} (${code || words})` };
}

const isTimeout = (error: unknown, code: string): boolean =>
  TIMES.test(code) || (error instanceof Error && /^(AbortError|TimeoutError|RequestTimeout)$/.test(error.name));

/** The first code in an error, its causes and its parts (several addresses of a name give several errors). */
function described(error: unknown): { code: string; words: string } {
  const seen: unknown[] = [error];
  let words = '';
  for (let at = 0; at < seen.length && at < 8; at++) {
    const one = seen[at];
    if (!(one instanceof Error)) continue;
    const code: unknown = Reflect.get(one, 'code');
    if (words === '') words = one.message;
    // A closed socket says more in its cause.
    if (typeof code === 'string' && !(code === 'UND_ERR_SOCKET' && one.cause instanceof Error)) return { code, words };
    if (one.cause !== undefined) seen.push(one.cause);
    if (one instanceof AggregateError) seen.push(...one.errors);
  }
  const named = /\b(E[A-Z_]{5,}|UND_ERR_[A-Z_]+|CERT_[A-Z_]+)\b/.exec(words)?.[1];
  return { code: named ?? '', words };
}

/** An address without its query, login and fragment. */
export function placeOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'an address' : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
