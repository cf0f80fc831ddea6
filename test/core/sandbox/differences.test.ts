import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BEHAVIOUR_DIFFERENCES, FIELD_DIFFERENCES } from '../../../src/core/sandbox/differences.ts';
import { type Bench, bench, type Reply } from './http/client.ts';
import { fieldsOf, hasRecordings, orderOf, type Recorded, recordedAnswers, SKIPPED } from './http/recordings.ts';

/** Rows of these come from whoever sets the account, as they are, or there are none: there is nothing to compare. */
const PASSED_THROUGH =
  /\/(openOrders?|openAlgoOrders|allOrders|order|openOrderList|allOrderList|forceOrders|userTrades|myTrades|income|positionMargin\/history|allAlgoOrders|algoOrder|apiTradingStatus|indexInfo|myPreventedMatches|orderAmendment|deposit\/hisrec|withdraw\/history|asset\/transfer|margin\/allPairs|margin\/isolated\/allPairs)$/;
const QUERY = 'pair=BTCUSDT&contractType=PERPETUAL&interval=1m&period=5m&limit=5';

let venue: Bench;
beforeAll(async () => {
  const balances = [{ asset: 'USDT', free: '1000', locked: '0' }];
  const position = {
    symbol: 'BTCUSDT',
    side: 'BOTH',
    amount: '0.01',
    entryPrice: '60000',
    breakEvenPrice: '60000',
  } as const;
  const positions = [{ ...position, leverage: 5, marginType: 'cross', isolatedMargin: '0', updatedAt: 1 } as const];
  venue = await bench({ accounts: { usdm: { balances, positions }, spot: { balances } } });
});
afterAll(() => venue.sandbox.close());

/** A list and a single answer are compared by what is in them. */
const rowsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const plain = (name: string): string => name.replace(/^\$\.?/, '');

interface Compared {
  readonly path: string;
  /** Lines as in the list of differences. */
  readonly found: readonly string[];
}

/** All recordings of one path against what the stand-in answers. */
async function compare(path: string, recordings: readonly Recorded[]): Promise<Compared | undefined> {
  const theirs = new Set<string>();
  const mine = new Set<string>();
  const found = new Set<string>();
  for (const recorded of recordings) {
    const query = recorded.isOfOne === false ? QUERY : `symbol=BTCUSDT&${QUERY}`;
    const reply = await venue.signed(`${path}?${query}`, 'sandbox-trade');
    if (reply.status === 404) return undefined;
    expect([path, reply.status]).toEqual([path, 200]);
    if (recorded.isOfOne !== undefined) {
      expect([path, Array.isArray(reply.body)]).toEqual([path, Array.isArray(recorded.response)]);
    }
    for (const row of rowsOf(recorded.response)) fieldsOf(row, '$', theirs);
    for (const row of rowsOf(reply.body)) fieldsOf(row, '$', mine);
    // The recorder of the first source sorted all names.
    if (recorded.source !== 'recorded')
      for (const name of disorder(recorded.response, reply.body)) found.add(`~ ${name}`);
  }
  for (const field of theirs) if (!mine.has(field)) found.add(`- ${plain(field)}`);
  for (const field of mine) if (!theirs.has(field)) found.add(`+ ${plain(field)}`);
  return { path, found: [...found] };
}

/** Where names that both have come in another order. */
function disorder(theirs: unknown, mine: unknown): string[] {
  const order = orderOf(rowsOf(mine)[0]);
  return [...orderOf(rowsOf(theirs)[0])].flatMap(([name, names]) => {
    const own = order.get(name)?.filter((one) => names.includes(one));
    if (own === undefined) return [];
    const same = names.filter((one) => own.includes(one)).join() === own.join();
    return same ? [] : [plain(name) || 'itself'];
  });
}

/** Whether a listed difference speaks of one that was found: the same, or of what is above it. */
function covers(listed: string, found: string): boolean {
  return found === listed || (found.startsWith(listed) && /^[.:[]/.test(found.slice(listed.length)));
}

describe.skipIf(!hasRecordings)(`the fields of REST answers${hasRecordings ? '' : ` (${SKIPPED})`}`, () => {
  test('are those that were recorded, but for what is listed', async () => {
    const byPath = Map.groupBy(recordedAnswers().filter(isComparable), (one) => one.path);
    const compared: Compared[] = [];
    for (const [path, recordings] of byPath) {
      const one = await compare(path, recordings);
      if (one !== undefined) compared.push(one);
    }
    expect(compared.length).toBeGreaterThan(35);
    const listed = FIELD_DIFFERENCES.map((one) => ({ ...one, path: one.where.replace('GET ', '') }));
    const unlisted = compared.flatMap(({ path, found }) =>
      found
        .filter((line) => !listed.some((one) => one.path === path && covers(one.difference, line)))
        .map((line) => `${path} ${line}`),
    );
    expect(unlisted).toEqual([]);
    const gone = listed.filter(
      (one) =>
        !compared.some(({ path, found }) => path === one.path && found.some((line) => covers(one.difference, line))),
    );
    expect(gone.map((one) => `${one.where} ${one.difference}`)).toEqual([]);
  });
});

function isComparable({ method, path, response }: Recorded): boolean {
  const isError = typeof response === 'object' && response !== null && 'code' in response;
  return method === 'GET' && !isError && !PASSED_THROUGH.test(path);
}

describe('what is done otherwise on purpose', () => {
  /** What each shows, beside what it must show. */
  const shown: Readonly<Record<string, () => Promise<readonly [found: unknown, expected: unknown]>>> = {
    async orders() {
      const { status, body } = await venue.ask('/fapi/v1/order', { method: 'POST' });
      return [
        { status, body },
        { status: 400, body: { code: -1020 } },
      ];
    },
    async keys() {
      const { body } = await venue.signed('/fapi/v3/account', 'real');
      return [body, { code: -2014, msg: expect.stringContaining('stand-in') }];
    },
    async signatures() {
      const signature = Buffer.alloc(64, 7).toString('base64');
      const { body } = await venue.signed('/fapi/v3/account', 'sandbox-read', { signature });
      return [body, { code: -1022 }];
    },
    async timestamps() {
      venue.market.setNow(Date.UTC(2024, 0, 1));
      const { status } = await venue.signed('/fapi/v3/account');
      venue.market.setNow(venue.clock.wall());
      return [{ status }, { status: 200 }];
    },
    async '/sapi'() {
      const reply = await fetch(`${venue.sandbox.usdm?.base}/sapi/v1/system/status`);
      return [await reply.json(), { status: 0, msg: 'normal' }];
    },
    async '/api, /fapi'() {
      const reply = await fetch(`${venue.sandbox.spot?.base}/fapi/v1/exchangeInfo`);
      return [await reply.json(), { futuresType: 'U_MARGINED' }];
    },
    async '/dapi'() {
      return [(await venue.ask('/dapi/v1/exchangeInfo')).body, { symbols: [] }];
    },
    async '/futures/data'() {
      const { body } = await venue.ask('/futures/data/topLongShortAccountRatio?symbol=BTCUSDT&period=5m&limit=1');
      return [body, [{ longShortRatio: '1.0000' }]];
    },
    async 'other paths'() {
      const { status } = await venue.signed('/sapi/v1/margin/allAssets');
      return [{ status }, { status: 404 }];
    },
    async 'weight of /sapi'() {
      const [before, after] = [await venue.ask('/sapi/v1/system/status'), await venue.ask('/sapi/v1/system/status')];
      const of = ({ headers }: Reply): number => Number(headers.get('x-mbx-used-weight-1m'));
      return [{ more: of(after) - of(before) }, { more: 1 }];
    },
    async months() {
      const { body } = await venue.ask('/api/v3/klines?symbol=BTCUSDT&interval=1M');
      return [body, { code: -1120 }];
    },
    async margin() {
      return [(await venue.signed('/sapi/v1/margin/allPairs')).body, []];
    },
    async 'open interest'() {
      const { volume } = (await venue.ask('/fapi/v1/ticker/24hr?symbol=BTCUSDT')).body;
      const { body } = await venue.ask('/fapi/v1/openInterest?symbol=BTCUSDT');
      return [body, { openInterest: (Number(volume) / 3).toFixed(3) }];
    },
  };

  test('is listed, all of it', () => {
    expect(BEHAVIOUR_DIFFERENCES.map((one) => one.where)).toEqual(Object.keys(shown));
  });

  test.each(Object.entries(shown))('%s', async (_, show) => {
    const [found, expected] = await show();
    expect(found).toMatchObject(expected as object);
  });
});
