import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sandboxPorts } from '../../../src/core/boot/sandbox.ts';
import { isRefusal } from '../../../src/core/command/refusal.ts';
import { sandboxFault } from '../../../src/core/command/sandbox/fault.ts';
import type { FaultChange, Served, ServeOptions } from '../../../src/core/command/sandbox/ports.ts';
import { KINDS } from '../../../src/core/sandbox/faults.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { ROOT } from '../../support/checkout.ts';
import { openPeer } from '../../support/sandbox-peer.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const SHARED = resolve(ROOT, '../shared/data');

const USUAL: ServeOptions = {
  market: 'both',
  port: 0,
  sources: [],
  funding: [],
  symbols: ['BTC/USDT:USDT'],
  speed: 1,
  at: 'now',
  from: undefined,
  loop: false,
  faults: [],
  script: undefined,
  balance: '10000',
};

/** Serves until the test ends. */
async function served(options: Partial<ServeOptions>): Promise<readonly Served[]> {
  const ports = sandboxPorts();
  const stop = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  onTestFinished(async () => {
    stop.abort('SIGINT');
    await running;
  });
  return await new Promise((ready, refuse) => {
    running = ports
      .serve({ ...USUAL, ...options }, { signal: stop.signal, onReady: ready, onProblem: () => undefined })
      .then((answer) =>
        isRefusal(answer) ? refuse(new Error(`${answer.code}: ${answer.expected}, found ${answer.found}`)) : undefined,
      );
  });
}

const json = async (url: string): Promise<unknown> => await (await fetch(url)).json();

describe('serve', () => {
  test('both markets of the computed one, each on its port, until the signal', async () => {
    const both = await served({});
    expect(both.map(({ market, symbols }) => [market, symbols])).toEqual([
      ['usdm', ['BTCUSDT']],
      ['spot', ['BTCUSDT']],
    ]);
    const [usdm, spot] = both;
    expect(await json(`${usdm?.base}/fapi/v1/klines?symbol=BTCUSDT&interval=1h&limit=500`)).toHaveLength(500);
    expect(await json(`${usdm?.base}/fapi/v1/premiumIndex?symbol=BTCUSDT`)).toMatchObject({ symbol: 'BTCUSDT' });
    expect(await json(`${spot?.base}/api/v3/depth?symbol=BTCUSDT&limit=5`)).toMatchObject({ bids: { length: 5 } });
    const peer = await openPeer(`${usdm?.base.replace('http', 'ws')}/ws/btcusdt@bookTicker`);
    expect(JSON.parse(await peer.next())).toMatchObject({ e: 'bookTicker', s: 'BTCUSDT' });
  });

  test('candles of a file: history before the present, its symbol by its name', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'binance-spot-SOLUSDT-1m.csv': candlesToCsv(waves(600)) });
    const [spot, ...more] = await served({ sources: [join(folder, 'binance-spot-SOLUSDT-1m.csv')], symbols: [] });
    expect([spot?.market, spot?.symbols, more]).toEqual(['spot', ['SOLUSDT'], []]);
    const rows = (await json(`${spot?.base}/api/v3/klines?symbol=SOLUSDT&interval=1m&limit=400`)) as unknown[][];
    expect(rows.length).toBeGreaterThanOrEqual(300);
    expect(Date.now() - Number(rows.at(-1)?.[0])).toBeLessThan(120_000);
  });

  test('funding of a file is told as what was paid, rate for rate', async () => {
    const folder = scratchFolder();
    const rows = waves(600);
    const paidAt = Math.floor((rows[0]?.openAt ?? 0) / 3_600_000) * 3_600_000 + 3_600_000;
    writeFiles(folder, {
      'binance-usdm-SOLUSDT-1m.csv': candlesToCsv(rows),
      'SOLUSDT-funding.csv': `timestamp_ms,funding_rate\n${paidAt},-0.00001230\n`,
    });
    const [usdm] = await served({
      sources: [join(folder, 'binance-usdm-SOLUSDT-1m.csv')],
      funding: [join(folder, 'SOLUSDT-funding.csv')],
      symbols: [],
      at: 'recorded',
      from: paidAt + 3_600_000,
    });
    const told = await json(`${usdm?.base}/fapi/v1/fundingRate?symbol=SOLUSDT&startTime=${paidAt}&limit=10`);
    expect(told).toMatchObject([{ symbol: 'SOLUSDT', fundingTime: paidAt, fundingRate: '-0.00001230' }]);
  });

  test.skipIf(!existsSync(SHARED))('recorded frames, told apart by what they hold', async () => {
    const file = (name: string): string => join(SHARED, `ticks/binance-${name}-20240808.frames.gz`);
    const both = await served({ sources: [file('usdm-ETHUSDT'), file('spot-BTCUSDT')], symbols: [] });
    expect(both.map(({ market, symbols }) => [market, symbols])).toEqual([
      ['usdm', ['ETHUSDT']],
      ['spot', ['BTCUSDT']],
    ]);
    const book = await json(`${both[0]?.base}/fapi/v1/depth?symbol=ETHUSDT&limit=5`);
    expect(book).toMatchObject({ bids: { length: 5 }, asks: { length: 5 } });
  });

  test('a script sets faults by time', async () => {
    const folder = scratchFolder();
    const lines = [
      '# twice',
      '{"atMs":0,"fault":"error:code=-1001,path=/fapi/v1/time"}',
      '{"atMs":99999,"clear":true}',
    ];
    writeFiles(folder, { 'faults.jsonl': `${lines.join('\n')}\n` });
    const [usdm] = await served({ market: 'usdm', script: join(folder, 'faults.jsonl') });
    await expect.poll(() => json(`${usdm?.base}/fapi/v1/time`)).toMatchObject({ code: -1001 });
  });

  test.each([
    ['{"atMs":5,"clear":"blub"}', /kind "blub"/],
    ['{"atMs":5,"clear":7}', /kind "7"/],
    ['{"atMs":5,"fault":"blub"}', /kind "blub"/],
    ['{"atMs":-1,"clear":true}', /"atMs":-1/],
    ['5', /found 5/],
  ])('a line of a script that says nothing that can be done is refused with its number: %s', async (line, found) => {
    const folder = scratchFolder();
    writeFiles(folder, { 'faults.jsonl': `{"atMs":0,"clear":true}\n${line}\n` });
    const refused = served({ script: join(folder, 'faults.jsonl') });
    await expect(refused).rejects.toThrow(/BAD_LINE: line 2 of/);
    await expect(refused).rejects.toThrow(found);
  });

  test.each([
    [{ sources: ['nowhere.csv'] }, /NO_FILE/],
    [{ faults: ['hang-up'] }, /BAD_OPTION/],
    [{ script: 'nowhere.jsonl' }, /NO_FILE/],
    [{ market: 'usdm', sources: [join(SHARED, 'ticks/binance-spot-BTCUSDT-20240808.frames.gz')] }, /BAD_DATA|NO_FILE/],
  ] as const)('%j is refused', async (options, code) => {
    await expect(served(options as Partial<ServeOptions>)).rejects.toThrow(code);
  });

  test('a port that is taken is refused', async () => {
    const [usdm] = await served({ market: 'usdm' });
    await expect(served({ market: 'usdm', port: usdm?.port ?? 0 })).rejects.toThrow(/IN_USE/);
  });
});

describe('faults of one that runs', () => {
  test('are set, told and cleared', async () => {
    const [usdm] = await served({ market: 'usdm' });
    const { faults } = sandboxPorts();
    const port = usdm?.port ?? 0;
    expect(await faults(port, { do: 'list' })).toEqual([]);
    expect(await faults(port, { do: 'set', faults: ['cut:count=1,afterMs=60000', 'gap'] })).toEqual([
      { kind: 'gap', isWaiting: false, details: {} },
      { kind: 'cut', isWaiting: true, details: { count: 1, afterMs: 60_000 } },
    ]);
    expect(await faults(port, { do: 'clear', kinds: ['gap'] })).toMatchObject([{ kind: 'cut' }]);
    expect(await faults(port, { do: 'set', faults: ['gapp'] })).toMatchObject({ ok: false, code: 'BAD_OPTION' });
  });

  test.each<[FaultChange]>([[{ do: 'set', faults: ['cut', 'blub'] }], [{ do: 'clear', kinds: ['blub'] }]])(
    'what is none is refused with the kinds that there are, whether or not one runs: %j',
    async (change) => {
      expect(await sandboxPorts().faults(1, change)).toMatchObject({
        exit: 2,
        expected: expect.stringContaining('half-open'),
        found: 'kind "blub"',
      });
    },
  );

  test('its help names every kind', () => {
    const about = sandboxFault.about.join(' ');
    expect(KINDS.filter((kind) => !new RegExp(`\\b${kind}\\b`).test(about))).toEqual([]);
  });

  test('where none runs it is said', async () => {
    expect(await sandboxPorts().faults(1, { do: 'list' })).toMatchObject({ ok: false, code: 'VENUE_DOWN', exit: 4 });
  });
});

test('what differs from the exchange is told of REST and of streams', async () => {
  const differences = await sandboxPorts().differences();
  const places = differences.map(({ where }) => where).join('\n');
  expect(places).toContain('/fapi/v1/exchangeInfo');
  expect(places).toContain('@aggTrade');
  for (const { difference, reason } of differences) expect(`${difference}${reason}`).not.toBe('');
});
