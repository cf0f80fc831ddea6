import { describe, expect, test } from 'vitest';
import { money } from '../../../../src/core/base/decimal.ts';
import { decode, encode } from '../../../../src/core/domain/entry.ts';
import type { ExchangeFrame, MarketFrame, VenueAccountFrame } from '../../../../src/core/domain/frame.ts';
import { DAY_MS } from '../../../../src/core/domain/time.ts';
import { fixture } from '../../../../src/core/lab/fixture/fixture.ts';
import { layout } from '../../../../src/core/view/layout/layout.ts';
import { problemsOf } from '../../../../src/core/view/problem.ts';
import type { Scene } from '../../../../src/core/view/scene.ts';
import type { ScreenId, View } from '../../../../src/core/view/view.ts';
import { blockOf, cellsOf, show, told } from './debug-scene.ts';

const live = fixture('exchange-live');
const held = fixture('venue-account');

/** The live scene with something of its exchange, and of its first market, changed. */
function scene(exchange: Partial<ExchangeFrame> = {}, market: Partial<MarketFrame> = {}): Scene {
  const { system, markets } = live;
  if (system?.exchange === undefined) throw new Error('expected an exchange in the state');
  return {
    ...live,
    system: { ...system, exchange: { ...system.exchange, ...exchange } },
    markets: markets.map((each, index) => (index === 0 ? { ...each, ...market } : each)),
  };
}

const codes = (given: Scene): string[] => problemsOf(given, { locale: 'en' }).map(({ code }) => code);
const status = (given: Scene, name: string, screen: ScreenId = 'auto') =>
  show(given, screen).status.find((fact) => fact.name === name);
const rowsOf = (view: View, id: string): string[][] => {
  const block = blockOf(view, id);
  return block?.kind === 'table' ? block.rows.map(({ cells }) => cells.map(({ text }) => text)) : [];
};
const noteOf = (view: View, id: string): string => {
  const block = blockOf(view, id);
  return block?.kind === 'note' ? block.lines.join(' ') : '';
};

describe('what a person should look at', () => {
  test('an exchange that is well is no problem', () => {
    expect(codes(live)).toEqual([]);
    expect(blockOf(show(live, 'system'), 'problems')).toBeUndefined();
  });

  test.each([
    ['the clock over half a second', { offsetMs: 501 }, ['clock']],
    ['the clock at half a second', { offsetMs: -500 }, []],
    ['the clock not known', { offsetMs: null }, ['clock']],
    ['the clock known badly', { offsetErrorMs: 900 }, ['clock']],
    ['requests over four fifths', { weightUsed: 1_921 }, ['weight']],
    ['requests at four fifths', { weightUsed: 1_920 }, []],
    ['requests not told', { weightUsed: null }, []],
    ['a ban', { state: 'banned', silentUntil: null }, ['banned']],
    ['another error', { lastError: { at: 0, text: 'VENUE_DOWN: 503' } }, []],
  ] as const)('%s', (_, exchange, expected) => {
    expect(codes(scene(exchange))).toEqual(expected);
  });

  test('a halted symbol, and a run that waits for the stream; one by hand does not', () => {
    expect(codes(scene({}, { status: 'halted' }))).toEqual(['symbol_halted']);
    expect(codes(scene({}, { source: 'rest' }))).toEqual(['polled']);
    const byHand = scene({}, { source: 'rest' });
    const runs = byHand.state.runs.map((run) => ({ ...run, strategy: 'manual' }));
    expect(codes({ ...byHand, state: { ...byHand.state, runs } })).toEqual([]);
  });

  test('a feed that is down is one without a position, too; a ban says it alone', () => {
    const flat = (given: Scene): Scene => ({
      ...given,
      state: { ...given.state, runs: given.state.runs.map(({ position: _, ...run }) => ({ ...run, orders: [] })) },
    });
    expect(codes(flat(fixture('exchange-stale')))).toEqual(['feed', 'clock']);
    expect(codes(flat(fixture('exchange-banned')))).toEqual(['banned', 'clock', 'weight']);
    expect(codes(fixture('exchange-banned'))).toEqual(['feed', 'banned', 'clock', 'weight']);
  });

  test('a symbol that is held and silent is one, though the feed is up', () => {
    const quoteAt = (live.now ?? 0) - 5_000;
    expect(codes(scene({}, { quoteAt, venueAt: quoteAt }))).toEqual(['feed']);
    expect(codes(scene({}, { quoteAt, venueAt: quoteAt, status: 'halted' }))).toEqual(['symbol_halted']);
  });

  test('while the stream goes on, a ban of questions leaves prices fresh', () => {
    const banned = scene({ state: 'banned', silentUntil: null });
    if (banned.system === null) return;
    const given = { ...banned, system: { ...banned.system, feed: { ...banned.system.feed, state: 'down' as const } } };
    expect(codes(given)).toEqual(['banned']);
    expect(blockOf(show(given, 'market'), 'stale')).toBeUndefined();
    expect(status(given, 'feed')?.cells[0]?.value).toBe('banned');
  });

  test('System lists what the status line counts', () => {
    const view = show(fixture('exchange-polling'), 'system');
    const block = blockOf(view, 'problems');
    const count = view.status.find(({ name }) => name === 'problems')?.cells[0]?.value;
    expect(block?.kind === 'note' ? block.lines.length : 0).toBe(count);
  });
});

describe('the status line', () => {
  test.each([
    ['exchange-live', undefined],
    ['exchange-polling', 'feed polling'],
    ['exchange-stale', 'feed stale'],
    ['exchange-banned', 'feed BANNED 4m05s'],
  ] as const)('of %s: %s', (state, said) => {
    const feed = status(fixture(state), 'feed');
    expect(feed === undefined ? undefined : `${feed.label} ${feed.cells.map(({ text }) => text).join(' ')}`).toBe(said);
    // It never leaves, however narrow it is.
    expect(feed?.rank ?? 0).toBe(0);
  });

  test.each([
    [12, undefined, undefined],
    [-640, '-640ms', 'warn'],
    [1_001, '+1,001ms', 'bad'],
    [null, '?', 'bad'],
  ] as const)('an offset of %d ms on paper: %s', (offsetMs, text, tone) => {
    const cell = status(scene({ offsetMs }), 'offset')?.cells[0];
    expect([cell?.text, cell?.tone]).toEqual([text, tone]);
  });
});

describe('system', () => {
  const exchange = (given: Partial<ExchangeFrame>) => show(scene(given), 'system');

  test('without an exchange has no block of one', () => {
    const view = show(fixture('first-run'), 'system');
    expect(view.blocks.map(({ id }) => id)).toEqual(['engine', 'feed', 'database', 'venue', 'clients', 'errors']);
    expect(told(view, 'feed', 'offset')).toBe('+12 ms');
  });

  test.each([
    ['fapi.binance.com', false],
    ['http://127.0.0.1:9800', true],
    ['http://localhost:9800/', true],
    ['http://[::1]:9800', true],
    ['https://127.example.com', false],
  ])('%s is a stand-in: %s', (endpoint, isStandIn) => {
    expect(told(exchange({ endpoint }), 'exchange', 'endpoint').includes('STAND-IN')).toBe(isStandIn);
  });

  test('an error of another day is told with its day', () => {
    const { system } = live;
    if (system === null) throw new Error('an engine');
    const { wallAt } = system;
    const errors = [wallAt, wallAt - DAY_MS].map((at) => ({ at, text: 'no answer', count: 1 }));
    const block = blockOf(show({ ...live, system: { ...system, errors } }, 'system'), 'errors');
    const clocks = block?.kind === 'log' ? block.lines.map(({ cells }) => cells[0]?.text) : [];
    expect(clocks).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d$/), expect.stringMatching(/^\d\d-\d\d \d\d:\d\d$/)]);
  });

  test('the clock says what comes of it', () => {
    expect(told(exchange({}), 'exchange', 'clock')).toBe('12 ms ahead \u00b138 ms');
    expect(told(exchange({ offsetMs: -1_240 }), 'exchange', 'clock')).toBe('1,240 ms behind \u00b138 ms no entry goes');
    expect(told(exchange({ offsetMs: null }), 'exchange', 'clock')).toBe('? not measured: no entry goes');
  });

  test('requests, silence and the last error tell how much, how long and how old', () => {
    const wallAt = live.system?.wallAt ?? 0;
    const view = exchange({
      weightUsed: 2_000,
      silentUntil: wallAt + 61_000,
      lastError: { at: wallAt - 12_000, text: 'no answer' },
    });
    expect(told(view, 'exchange', 'weight')).toMatch(/^2,000 of 2,400 83 % /);
    expect(cellsOf(view, 'exchange', 'weight')[0]).toMatchObject({ value: 2_000, tone: 'warn' });
    expect(told(view, 'exchange', 'silence')).toMatch(/^in 1m01s, \d\d:\d\d:\d\d$/);
    expect(told(view, 'exchange', 'lastError')).toBe('12s ago no answer');
    expect(told(exchange({ weightUsed: null }), 'exchange', 'weight')).toBe('?');
    expect(told(exchange({ silentUntil: wallAt - 1 }), 'exchange', 'silence')).toBe('');
  });

  test('a stand-in may play in a time of its own: silence and errors are of the wall clock all the same', () => {
    const { system } = scene();
    if (system?.exchange === undefined) throw new Error('an exchange');
    const { wallAt } = system;
    const exchange = { ...system.exchange, silentUntil: wallAt + 30_000, lastError: { at: wallAt - 3_000, text: 'x' } };
    const view = show({ ...live, now: 1_000_000, system: { ...system, exchange } }, 'system');
    expect(told(view, 'exchange', 'silence')).toContain('in 30s, ');
    expect(told(view, 'exchange', 'lastError')).toBe('3.0s ago x');
  });

  test('streams that are wrong stand first; one that never gave anything says so', () => {
    const wallAt = live.system?.wallAt ?? 0;
    const view = exchange({
      streams: [
        { symbol: 'A', channel: 'quote', state: 'live', lastAt: wallAt - 200 },
        { symbol: 'A', channel: 'mark', state: 'lost', lastAt: wallAt - 70_000 },
        { symbol: 'B', channel: 'quote', state: 'opening', lastAt: null },
      ],
    });
    expect(rowsOf(view, 'streams')).toEqual([
      ['A', 'mark', 'LOST', '1m10s'],
      ['B', 'bid/ask', 'opening', 'never'],
      ['A', 'bid/ask', 'live', '0.2s'],
    ]);
  });
});

describe('market', () => {
  test('the venue time stands beside ours, and counts the way to us', () => {
    const quoteAt = (live.now ?? 0) - 200;
    const rows = rowsOf(show(scene({ offsetMs: 100 }, { quoteAt, venueAt: quoteAt - 1_900 }), 'market'), 'sources');
    expect(rows[0]).toEqual(['bid and ask', 'stream', '0.2s', '1.5s', 'fresh']);
    expect(rows[1]).toEqual(['venue time', expect.stringMatching(/^\d\d:\d\d:\d\d$/), '2.2s', '1.5s', 'STALE']);
    const unknown = rowsOf(show(scene({ offsetMs: null }, { quoteAt, venueAt: quoteAt }), 'market'), 'sources');
    expect(unknown[1]?.slice(2)).toEqual(['?', '1.5s', '']);
  });

  test('funding has its interval, which symbols do not share', () => {
    const hour = 3_600_000;
    const funding = (fundingMs: number | null) => told(show(scene({}, { fundingMs }), 'market'), 'prices', 'funding');
    expect(funding(4 * hour)).toMatch(/ in \d+h\d\dm every 4h$/);
    expect(funding(null)).toMatch(/ every \?$/);
    expect(told(show(fixture('first-run'), 'market'), 'prices', 'funding')).not.toContain('every');
  });

  test('polled prices: how old they may be, and who waits', () => {
    const view = show(scene({}, { source: 'rest' }), 'market');
    expect(noteOf(view, 'polled')).toMatch(/3\.0s old instead of 1\.5s.*Strategies wait/);
    expect(blockOf(show(live, 'market'), 'polled')).toBeUndefined();
  });

  test('stale prices: how old, that entries are blocked, and what happens next', () => {
    const lines = noteOf(show(fixture('exchange-stale'), 'market'), 'stale');
    expect(lines).toMatch(/47s old.*No entry goes.*tried again.*first fresh quote/);
    const banned = noteOf(show(fixture('exchange-banned'), 'market'), 'stale');
    expect(banned).toMatch(/silence until \d\d:\d\d:\d\d, another 4m05s/);
    expect(blockOf(show(fixture('exchange-stale'), 'market'), 'polled')).toBeUndefined();
  });

  test.each(['halted', 'delisted'] as const)('%s: loud, and what it means', (state) => {
    const view = show(scene({}, { status: state }), 'market');
    expect(noteOf(view, 'halted')).toMatch(
      new RegExp(`${state.toUpperCase()}, the exchange does not trade it.*No entry`),
    );
    expect(cellsOf(view, 'prices', 'last')[1]).toEqual({ value: state, text: state.toUpperCase(), tone: 'bad' });
  });
});

describe('the real account', () => {
  const accountScene = (account: Partial<VenueAccountFrame>): Scene => {
    const { venueAccount } = held;
    if (venueAccount === null || venueAccount === undefined) throw new Error('expected a real account in the state');
    return { ...held, venueAccount: { ...venueAccount, ...account } };
  };
  const with_ = (account: Partial<VenueAccountFrame>): View => show(accountScene(account), 'portfolio');
  const problemsWith = (account: Partial<VenueAccountFrame>) => problemsOf(accountScene(account), { locale: 'en' });

  test('stands apart: accounts and positions on paper are what they were without it', () => {
    const [told, untold] = [show(held, 'portfolio'), show({ ...held, venueAccount: null }, 'portfolio')];
    for (const id of ['accounts', 'positions', 'trades']) expect(rowsOf(told, id)).toEqual(rowsOf(untold, id));
    expect(untold.blocks.filter(({ id }) => id.startsWith('venue-'))).toEqual([]);
    expect(blockOf(told, 'venue-account')?.title).toBe('ACCOUNT AT binanceusdm (read only)');
  });

  test('an account on paper in BTC has the digits of BTC, as the real one has', () => {
    const [account] = held.state.accounts;
    const [frame] = held.accounts;
    if (account === undefined || frame === undefined) throw new Error('expected an account in the state');
    const state = { ...held.state, accounts: [{ ...account, asset: 'BTC', balance: money('1.2349') }] };
    const accounts = [{ ...frame, equity: money('1.23001'), openPnl: money('-0.00489'), dayPnl: money('0.125') }];
    const [row] = rowsOf(show({ ...held, state, accounts }, 'portfolio'), 'accounts');
    expect(row?.slice(2, 6)).toEqual(['1.2349', '1.23001', '-0.00489', '+0.125']);
  });

  test('what is null, empty or no decimal is ?, and never 0', () => {
    const view = with_({
      balances: [{ asset: 'USDT', total: '', free: null, used: 'n/a' }],
      positions: [
        {
          symbol: 'BTC/USDT:USDT',
          side: 'long',
          qty: '0.5',
          entry: null,
          mark: '0',
          liquidation: '',
          leverage: null,
          pnl: null,
          isIsolated: null,
        },
      ],
    });
    for (const name of ['total', 'free', 'used']) expect(told(view, 'venue-account', name)).toBe('?');
    expect(rowsOf(view, 'venue-positions')).toEqual([['BTC/USDT:USDT', 'LONG 0.5', '?', '?', '?', '?', '?', '?']]);
  });

  test('an order of the whole position says so, and a side or size that was not told is ?', () => {
    const order = held.venueAccount?.orders[0];
    const position = held.venueAccount?.positions[0];
    if (order === undefined || position === undefined) throw new Error('expected an order and a position in the state');
    const view = with_({
      orders: [
        { ...order, qty: null, closesPosition: true },
        { ...order, qty: null, side: null, type: null },
      ],
      positions: [{ ...position, side: null, qty: null }],
    });
    expect(rowsOf(view, 'venue-orders').map((row) => row.slice(1, 3))).toEqual([
      ['sell whole position', 'stop market'],
      ['? ?', '?'],
    ]);
    expect(rowsOf(view, 'venue-positions')[0]?.[1]).toBe('? ?');
  });

  test('no rows are none only where the venue told all', () => {
    const empty = (partial: VenueAccountFrame['partial']): string => {
      const block = blockOf(with_({ positions: [], partial }), 'venue-positions');
      return block?.kind === 'table' ? block.empty : '';
    };
    expect(empty([])).toBe('none');
    expect(empty(['orders', 'flows'])).toBe('none');
    expect(empty(['positions'])).toMatch(/^\?/);
  });

  test('is the same behind the control channel, which makes exact words bigints', () => {
    const { venueAccount } = held;
    const sent = decode<VenueAccountFrame>(encode(venueAccount));
    expect(show({ ...held, venueAccount: sent }, 'portfolio')).toEqual(show(held, 'portfolio'));
  });

  test('says how old it is, and is a problem once it is very old', () => {
    const wallAt = held.system?.wallAt ?? 0;
    expect(told(with_({ at: wallAt - 5_000 }), 'venue-account', 'asked')).toBe('5.0s ago');
    expect(cellsOf(with_({ at: wallAt - 61_000 }), 'venue-account', 'asked')[0]?.tone).toBe('warn');
    expect(problemsWith({ at: wallAt - 400_000 })).toMatchObject([{ code: 'account_old' }]);
  });

  test('is told whole on System on 80 by 24, with what helps, while the venue bars this address', () => {
    const found =
      'HTTP 418, code -1003: Way too many requests; IP(127.0.0.1) banned until 1795496022607. ' +
      'Please use the websocket for live updates to avoid bans.';
    const fix =
      'nothing is asked until the ban ends; find what else asks from here; it holds until 2026-11-24T04:53:42Z';
    const endpoint = 'http://127.0.0.1:9800';
    const { system } = scene({ endpoint, weightUsed: 2_399, silentUntil: (held.system?.wallAt ?? 0) + 60_000 });
    if (system === null || held.venueAccount == null) throw new Error('expected a real account');
    const barred: Scene = {
      ...held,
      system: { ...system, feed: { ...system.feed, state: 'degraded', error: `BANNED ${found}` } },
      venueAccount: { ...held.venueAccount, error: { code: 'BANNED', since: 0, found, fix } },
    };
    const lines = layout(show(barred, 'system'), { columns: 80, rows: 24 });
    const said = lines.map(({ spans }) => spans.map(({ text }) => text.trim()).join(' ')).join(' ');
    expect(said.replaceAll(/[│ ]+/g, ' ')).toContain(`cannot be read: ${found.slice(0, -1)}; ${fix}`);
  });

  test('says why it cannot be read any more, beside what was told last, and what helps', () => {
    const error = { code: 'BAD_KEY', since: 0, found: 'HTTP 401, code -2015: Invalid API-key', fix: 'make a new key' };
    const view = with_({ error });
    expect(cellsOf(view, 'venue-account', 'error')).toEqual([{ value: 'BAD_KEY', text: error.found, tone: 'bad' }]);
    expect(told(view, 'venue-account', 'fix')).toBe('make a new key');
    expect(rowsOf(view, 'venue-positions')).toHaveLength(2);
    const text = `the account at binanceusdm cannot be read: ${error.found}; make a new key`;
    expect(problemsWith({ error })).toEqual([{ code: 'account_untold', text }]);
  });

  test('of an account that was never told nothing is known: no balance, order or age', () => {
    const partial = ['balances', 'positions', 'orders', 'flows'] as const;
    const none = { balances: [], positions: [], orders: [], flows: [], missing: [], partial, positionMode: null };
    const error = { code: 'NO_PASSPHRASE', since: 0, found: 'none', fix: 'set DZENTRA_PASSPHRASE_FILE' };
    const view = with_({ ...none, key: null, at: null, error });
    for (const name of ['key', 'mode', 'balance']) expect(told(view, 'venue-account', name)).toBe('?');
    expect(told(view, 'venue-account', 'asked')).toBe('never');
    for (const id of ['venue-positions', 'venue-orders', 'venue-flows']) {
      const block = blockOf(view, id);
      expect(block?.kind === 'table' ? block.empty : '').toMatch(/^\?/);
    }
  });
});
