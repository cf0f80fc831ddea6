import { createHmac, timingSafeEqual } from 'node:crypto';
import { type ApiKey, KEY_MARK, keyNamed } from '../account/keys.ts';
import type { World } from '../world.ts';
import { Refusal } from './answer.ts';

/** A request as far as its signature is concerned. */
export interface Signed {
  readonly apiKey: string | undefined;
  /** The query and the body as they were sent: the signature is over their text. */
  readonly query: string;
  readonly body: string;
  readonly params: URLSearchParams;
}

const RECV_WINDOW_MS = 5000;
const AHEAD_MS = 1000;
const STAND_IN =
  "API-key format invalid. This is a stand-in exchange: it takes only keys that begin with 'sandbox', such as sandbox-read; never send it a real one.";

/** Who asks, by the key alone. */
export function keyOf(apiKey: string | undefined, kind: 'usdm' | 'spot'): ApiKey | Refusal {
  if (apiKey === undefined || apiKey === '') return new Refusal(401, -2014, 'API-key format invalid.');
  if (!apiKey.startsWith(KEY_MARK)) return new Refusal(401, -2014, STAND_IN);
  const key = keyNamed(apiKey);
  if (key !== undefined && !key.isRevoked) return key;
  const text = 'Invalid API-key, IP, or permissions for action';
  return new Refusal(401, -2015, kind === 'usdm' ? `${text}, request ip: 127.0.0.1` : `${text}.`);
}

/** From when until when it may be by a sound client, ms UTC. */
export type Times = readonly [earliest: number, latest: number];

/**
 * What time it is: by the exchange's own clock, or by the wall clock, for a client that does not ask an exchange of the past
 * for its time. A client that asked goes on by a clock of ordinary pace: while the exchange plays faster or slower, it is
 * as far behind or ahead as that has run away since the client asked, at the earliest when the exchange began to serve.
 */
export function timesOf({ market, clock, openedAt }: World, skewMs: number): readonly Times[] {
  const [wall, now] = [clock.wall() + skewMs, market.now() + skewMs];
  const since = now - (clock.wall() - openedAt) * (market.speed - 1);
  return [
    [Math.min(now, since), Math.max(now, since)],
    [wall, wall],
  ];
}

/**
 * Checks the signature, HMAC-SHA256 in hex over query and body, and that the timestamp lies within `recvWindow` of one of
 * the times.
 */
export function checkSigned(request: Signed, key: ApiKey, times: readonly Times[]): Refusal | undefined {
  const { params } = request;
  for (const name of ['timestamp', 'signature']) {
    if ((params.get(name) ?? '') === '') {
      return new Refusal(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
    }
  }
  const late = checkTime(params, times);
  if (late !== undefined) return late;
  const expected = createHmac('sha256', key.secret).update(payloadOf(request)).digest();
  const given = Buffer.from(params.get('signature') ?? '', 'hex');
  const isRight = given.length === expected.length && timingSafeEqual(given, expected);
  return isRight ? undefined : new Refusal(400, -1022, 'Signature for this request is not valid.');
}

function checkTime(params: URLSearchParams, times: readonly Times[]): Refusal | undefined {
  for (const name of ['timestamp', 'recvWindow']) {
    const text = params.get(name);
    if (text !== null && !/^\d{1,20}$/.test(text)) {
      return new Refusal(
        400,
        -1100,
        `Illegal characters found in parameter '${name}'; legal range is '^[0-9]{1,20}$'.`,
      );
    }
  }
  const window = Number(params.get('recvWindow') ?? RECV_WINDOW_MS);
  if (window > 60_000) return new Refusal(400, -1131, "'recvWindow' must be less than 60000.");
  const at = Number(params.get('timestamp'));
  if (times.some(([earliest, latest]) => at < latest + AHEAD_MS && earliest - at <= window)) return undefined;
  if (times.every(([, latest]) => at >= latest + AHEAD_MS)) {
    return new Refusal(400, -1021, `Timestamp for this request was ${AHEAD_MS}ms ahead of the server's time.`);
  }
  return new Refusal(400, -1021, 'Timestamp for this request is outside of the recvWindow.');
}

/** Query and body one after the other, as they were sent, without the signature. */
function payloadOf({ query, body }: Signed): string {
  const without = (text: string): string =>
    text
      .split('&')
      .filter((part) => !part.startsWith('signature='))
      .join('&');
  return without(query) + without(body);
}
