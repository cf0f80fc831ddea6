import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { money, price } from '../../../src/core/base/decimal.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import { compare } from '../../../src/core/journal/compare.ts';
import { contents, digests } from '../../../src/core/journal/digest.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { openJournal } from '../../../src/core/journal/sqlite.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { OPENED, Scribe, START } from './facts.ts';
import { options } from './folders.ts';

const BTC = 'BTC/USDT:USDT';
const COMMAND = { id: 'a1', who: 'me', face: 'cli', command: 'close', args: '{}' };

/** The entries of a session, told by a scribe. */
function told(tell: (scribe: Scribe) => void): readonly AnyEntry[] {
  const journal = createMemoryJournal();
  tell(new Scribe(journal));
  return journal.all;
}

/** A backtest: nothing but the run. */
const backtest = told((scribe) => {
  scribe.start(1, BTC);
  scribe.trade(1);
  scribe.trade(1);
});

/** The same trades in an engine: another run number, later seqs, a command, facts of the account and of another run. */
const paper = told((scribe) => {
  scribe.at -= 4 * 60_000;
  scribe.write(0, 'epoch_started', { epoch: 1, build: '0.1.0', resumedFrom: 0 }, 'boot');
  scribe.write(0, 'command_received', COMMAND, 'cli');
  scribe.write(3, 'command_received', COMMAND, 'cli');
  scribe.start(4, 'ETH/USDT:USDT');
  scribe.start(3, BTC);
  scribe.trade(3);
  scribe.at -= 60_000;
  scribe.write(3, 'command_received', COMMAND, 'cli');
  scribe.at -= 60_000;
  scribe.write(4, 'signal_dropped', { side: 1, reason: 'stale' });
  scribe.trade(3);
});

describe('the digest of a run', () => {
  test('is the same in a backtest and in an engine with other runs', () => {
    const [expected] = digests(backtest).values();
    expect(expected?.entries).toBe(18);
    expect(digests(paper).get(3)).toEqual(expected);
    expect(digests(paper).get(4)?.entries).toBe(1);
  });

  test('is the same from memory and from a file', () => {
    const journal = openJournal(scratchFolder(), options());
    for (const entry of paper) journal.append(entry);
    journal.commit();
    expect(digests(journal.entries())).toEqual(digests(paper));
    journal.close();
  });

  test('is SHA-256 over one line of JSON an entry, which any other program can make', () => {
    const entries = told((scribe) => {
      const start = scribe.start(1, BTC);
      scribe.write(1, 'stop_placed', { order: 1, trigger: price('61221.7') }, start);
      scribe.write(1, 'trading_paused', { reason: 'gap' }, 'BTC/USDT:USDT close 5');
    });
    const lines = [
      `{"kind":"stop_placed","v":1,"at":${START + 120_000},"cause":0,"body":{"order":1,"trigger":"61221.7"}}\n`,
      `{"kind":"trading_paused","v":1,"at":${START + 180_000},"cause":"BTC/USDT:USDT close 5","body":{"reason":"gap"}}\n`,
    ];
    const digest = createHash('sha256').update(lines.join('')).digest('hex');
    expect(digests(entries)).toEqual(new Map([[1, { digest, entries: 2 }]]));
  });

  test.each([
    ['kind', { kind: 'order_accepted' }],
    ['version', { v: 2 }],
    ['instant', { at: 1 }],
    ['cause', { cause: 'another input' }],
    ['body', { body: { order: 99 } }],
  ])('depends on the %s of an entry', (_what, change) => {
    const changed = backtest.map((entry) => (entry.kind === 'order_submitted' ? { ...entry, ...change } : entry));
    expect(digests(changed as AnyEntry[]).get(1)).not.toEqual(digests(backtest).get(1));
  });

  test('does not depend on the address of an entry', () => {
    const moved = backtest.map((entry) => ({ ...entry, epoch: 9, account: 'other' }));
    expect(digests(moved)).toEqual(digests(backtest));
  });

  test('is not told of a run whose beginning is pruned, nor of the account', () => {
    expect([...digests(paper.slice(6)).keys()]).toEqual([]);
  });
});

test('causes and seqs in bodies are numbered within the run, others named', () => {
  const entries = told((scribe) => {
    scribe.write(0, 'epoch_started', { epoch: 1, build: '0.1.0', resumedFrom: 0 }, 'boot');
    const start = scribe.start(7, BTC);
    scribe.write(7, 'order_accepted', { order: 1 }, start);
    const command = scribe.write(7, 'command_received', COMMAND, 'cli');
    const closed = scribe.write(7, 'order_accepted', { order: 2 }, command);
    scribe.write(7, 'position_flipped', { ...OPENED, closed }, closed);
    scribe.write(7, 'flip_incomplete', { closed, code: 'HEAT_ABOVE_MAX' }, 1);
    scribe.write(7, 'note_added', { about: 1, note: 'why' }, 'BTC/USDT:USDT close 5');
    scribe.write(7, 'lease_taken', { symbol: BTC, run: 7 }, 999);
  });
  const at = (index: number): number => entries[index]?.at ?? 0;
  const found = [...contents(entries)].map(({ index, text }) => {
    const { cause, body } = JSON.parse(text);
    return [index, cause, body.closed ?? body.about ?? body.run ?? body.order];
  });
  expect(found).toEqual([
    [1, 0, 1],
    [2, `command_received ${at(3)}`, 2],
    [3, 2, 2],
    [4, `epoch_started ${at(0)}`, 2],
    [5, 'BTC/USDT:USDT close 5', `epoch_started ${at(0)}`],
    [6, 'unknown', 0],
  ]);
});

describe('comparing two journals', () => {
  test('finds none between a run and itself elsewhere', () => {
    const btcOnly = paper.filter(({ run }) => run !== 4);
    expect(compare(backtest, btcOnly)).toBeUndefined();
    expect(compare(paper, paper)).toBeUndefined();
    expect(compare([], [])).toBeUndefined();
  });

  test('finds none where runs are interleaved in another way', () => {
    const turns = (order: readonly number[]): readonly AnyEntry[] =>
      told((scribe) => {
        scribe.start(1, BTC);
        scribe.start(2, 'ETH/USDT:USDT');
        for (const run of order) {
          scribe.at = 0;
          scribe.write(run, 'order_accepted', { order: run }, 'x');
        }
      });
    expect(compare(turns([1, 1, 1, 2, 2]), turns([2, 1, 2, 1, 1]))).toBeUndefined();
    expect(compare(turns([1, 1, 1, 2, 2]), turns([2, 1, 2, 1]))).toMatchObject({ nth: 1, index: 3, b: undefined });
    expect(compare(turns([1, 1]), turns([1, 1, 2]))).toMatchObject({ nth: 2, index: 1, a: undefined });
  });

  test('names the first entry that differs, from both sides', () => {
    const other = backtest.map((entry) =>
      entry.kind === 'position_closed' ? { ...entry, body: { ...entry.body, pnl: money('7') } } : entry,
    );
    const found = compare(backtest, other);
    expect(found).toMatchObject({
      nth: 1,
      index: 9,
      a: { entry: { seq: 10 } },
      b: { entry: { body: { pnl: money('7') } } },
    });
    expect(found?.a?.text).not.toBe(found?.b?.text);
  });

  test('names the first entry that one side lacks', () => {
    expect(compare(backtest, backtest.slice(0, 12))).toMatchObject({ nth: 1, index: 11, b: undefined });
    expect(compare(backtest.slice(0, 12), backtest)).toMatchObject({ nth: 1, index: 11, a: undefined });
  });
});
