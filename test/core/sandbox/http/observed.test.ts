import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../../support/checkout.ts';
import { type Bench, bench, type Reply } from './client.ts';
import { hasRecordings, SKIPPED } from './recordings.ts';

interface Observed {
  readonly market: string;
  readonly http: number;
  readonly body: { readonly code: number; readonly msg: string };
}

let venue: Bench;
beforeAll(async () => {
  venue = await bench({ weightLimits: { spot: 30 } });
});
afterAll(() => venue.sandbox.close());

/** How to be refused as users were: by code, and by words where one code has several. */
const ways: readonly [code: number, words: RegExp, ask: () => Promise<Reply>][] = [
  [-1121, /./, () => venue.ask('/fapi/v1/ticker/24hr?symbol=NONE')],
  [-2014, /./, () => venue.ask('/fapi/v1/historicalTrades?symbol=BTCUSDT')],
  [-2013, /./, () => venue.signed('/fapi/v1/order?symbol=BTCUSDT&orderId=5')],
  [-1021, /outside/, () => venue.signed('/fapi/v3/balance', 'sandbox-read', { timestamp: '1000' })],
  [
    -1021,
    /ahead/,
    () => venue.signed('/fapi/v3/balance', 'sandbox-read', { timestamp: String(venue.clock.wall() + 9000) }),
  ],
  [-1003, /request weight/, () => venue.ask('/api/v3/ticker/24hr')],
  [-1003, /banned until/, () => banned()],
];

async function banned(): Promise<Reply> {
  await venue.fault('ban:path=/fapi/v2/positionRisk');
  return venue.ask('/fapi/v2/positionRisk');
}

/** Numbers and addresses differ from one refusal to the next. */
const worded = (msg: string): string =>
  msg
    .replace(/IP\([^)]*\)/, 'IP')
    .replace(/limit is \d+/, 'limit is N')
    .replace(/until \d+/, 'until N')
    .replace(/\d+ms/, 'N ms');

describe.skipIf(!hasRecordings)(`refusals as users saw them${hasRecordings ? '' : ` (${SKIPPED})`}`, () => {
  const file = resolve(ROOT, '../shared/data/protocol/binance-observed-errors.json');
  const observed = hasRecordings ? (JSON.parse(readFileSync(file, 'utf8')) as Observed[]) : [];

  test.each(ways)('%i %s', async (code, words, ask) => {
    const seen = observed.filter(({ body }) => body.code === code && words.test(body.msg));
    expect(seen.length).toBeGreaterThan(0);
    const reply = await ask();
    expect(seen.map(({ body }) => worded(body.msg))).toContain(worded(reply.body.msg));
    expect(seen.map(({ http }) => http)).toContain(reply.status);
  });
});
