import { describe, expect, test } from 'vitest';
import { exitOf } from '../../../src/core/command/outcome.ts';
import { runLine, stubPorts } from './stub-ports.ts';
import { stubSandbox } from './stub-sandbox.ts';

describe('sandbox serve', () => {
  test('gives what was asked for to the port, and tells how each market is reached', async () => {
    const sandbox = stubSandbox();
    const { rows } = await runLine(
      'sandbox serve a.csv --market spot --port 9900 --source synthetic:3 --symbol BTC/USDT --speed 60 --at recorded --from 2025-05-04 --loop --fault cut:count=1 --fault delay:ms=5 --script s.jsonl --funding f.csv --balance 250.5',
      stubPorts({ sandbox }),
    );
    expect(sandbox.served).toEqual([
      {
        market: 'spot',
        port: 9_900,
        sources: ['a.csv', 'synthetic:3'],
        symbols: ['BTC/USDT'],
        funding: ['f.csv'],
        speed: 60,
        at: 'recorded',
        from: Date.UTC(2025, 4, 4),
        loop: true,
        faults: ['cut:count=1', 'delay:ms=5'],
        script: 's.jsonl',
        balance: '250.5',
      },
    ]);
    const told = rows.map(({ cells }) => cells.map(({ text }) => text).join(' '));
    expect(told[0]).toContain('[exchanges.binanceusdm] endpoint = "http://127.0.0.1:9800"');
    expect(told[1]).toContain('ws://127.0.0.1:9801/stream.spot/ws');
  });

  test.each([
    ['sandbox serve --port 70000'],
    ['sandbox serve --market coins'],
    ['sandbox serve --symbol btcusdt'],
    ['sandbox serve --speed 0'],
  ])('%s is refused before anything is served', async (line) => {
    const sandbox = stubSandbox();
    const { outcome } = await runLine(line, stubPorts({ sandbox }));
    expect(exitOf(outcome)).toBe(2);
    expect(sandbox.served).toEqual([]);
  });
});

describe('sandbox fault', () => {
  test.each([
    ['sandbox fault', { do: 'list' }],
    ['sandbox fault cut delay:ms=5', { do: 'set', faults: ['cut', 'delay:ms=5'] }],
    ['sandbox fault --clear', { do: 'clear', kinds: [] }],
    ['sandbox fault --clear cut gap', { do: 'clear', kinds: ['cut', 'gap'] }],
  ])('%s', async (line, change) => {
    const sandbox = stubSandbox();
    await runLine(`${line} --port 9801`, stubPorts({ sandbox }));
    expect(sandbox.changes).toEqual([{ port: 9_801, change }]);
  });

  test('clears kinds, not faults', async () => {
    const sandbox = stubSandbox();
    const { outcome } = await runLine('sandbox fault --clear cut:count=1', stubPorts({ sandbox }));
    expect(exitOf(outcome)).toBe(2);
    expect(sandbox.changes).toEqual([]);
  });
});
