import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { money, price, rate } from '../../../src/core/base/decimal.ts';
import { writeCard } from '../../../src/core/boot/engine-card.ts';
import { demoScene } from '../../../src/core/boot/host.ts';
import { journalPorts } from '../../../src/core/boot/journal.ts';
import { foreground } from '../../../src/core/boot/paper.ts';
import type { Paths } from '../../../src/core/boot/paths.ts';
import { replay } from '../../../src/core/boot/replay.ts';
import { PAPER_COSTS } from '../../../src/core/command/run/costs.ts';
import type { Ask, FaceCommand } from '../../../src/core/domain/ask.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import { digests } from '../../../src/core/journal/digest.ts';
import { readTape, TapeWriter, tapeFile, tapeParts } from '../../../src/core/journal/tape.ts';
import { DEFAULT_RISK } from '../../../src/core/risk/defaults.ts';
import { alertText } from '../../../src/core/view/alert.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { BTC, done, ETH, machine, marketOf, replayed, startOf, WHO } from '../../support/host-machine.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const MINUTE_MS = 60_000;

const kindsOf = (entries: readonly AnyEntry[]): string[] => entries.map(({ kind }) => kind);

describe('the demo', () => {
  test('begins with closed trades and a protected position, goes on where it was stopped, and replays', async () => {
    const { paths, open, run } = machine();
    const first = await open({ profile: 'demo' });
    const scene = first.host.scene();
    const [held] = scene.state.runs;
    expect(scene.feed).toBe('SIM x60');
    expect(held?.position?.protection).toBe('working');
    expect(scene.trades.length).toBeGreaterThanOrEqual(2);
    expect(scene.markets.map(({ symbol, isSimulated, depth }) => [symbol, isSimulated, depth?.bids.length])).toEqual([
      [BTC, true, 10],
    ]);
    expect(scene.candles[BTC]).toHaveLength(10_000);
    const { saved } = await run(first, 1_000);
    expect(saved.join(' ')).toMatch(/entries written.*(long|short) BTC\/USDT:USDT with its stop.*1 run/);

    const second = await open({ profile: 'demo' });
    const [again] = second.host.scene().state.runs;
    expect(again?.position).toEqual(held?.position);
    expect(again?.orders.map(({ role, trigger }) => [role, trigger])).toEqual(
      held?.orders.map(({ role, trigger }) => [role, trigger]),
    );
    expect(second.host.scene().trades).toEqual(scene.trades);
    await run(second, 60_000);
    expect(await replayed(paths, 'demo')).toMatchObject({ same: true });
  });

  test('gives a phone minutes of people, not of its market, to take an alert; a replay waits as long', async () => {
    const { paths, open, run } = machine();
    const rules: string[] = [];
    const listen = (opened: Awaited<ReturnType<typeof open>>): void => {
      opened.host.onReleased((entries) => {
        for (const { kind, body } of entries) if (kind === 'alert_raised') rules.push(body.rule);
      });
    };
    const first = await open({ profile: 'demo' });
    const command = async (command: FaceCommand): Promise<void> => {
      done(await first.host.ask({ do: 'command', command }, WHO));
    };
    await command({ name: 'test_alert' });
    const { made = 0 } = first.host.scene().state.alarm ?? {};
    await command({ name: 'deliver_alert', alert: made, nth: 1, sink: 'telegram:7', ref: '1', isRepeat: false });
    await command({ name: 'panic', account: 'paper' });
    listen(first);
    await run(first, 110_000);
    expect(rules).not.toContain('channel_lost');
    const second = await open({ profile: 'demo' });
    listen(second);
    await run(second, 121_000);
    expect(rules).toContain('channel_lost');
    expect(await replayed(paths, 'demo')).toMatchObject({ same: true });
  });

  test('needs no folder for one picture', async () => {
    const scene = await demoScene();
    expect(scene.state.runs[0]?.position?.protection).toBe('working');
    expect(scene.runs[0]?.votes.length).toBeGreaterThan(3);
  });
});

describe('an engine of many runs', () => {
  test('starts them while it runs; its tape is played again with the same digests', async () => {
    const { paths, open, run } = machine();
    for (const part of [1, 2]) {
      const opened = await open({ profile: 'many', feed: 'synthetic:7', speed: 1_000 });
      const { host } = opened;
      if (part === 1) {
        done(await host.ask(startOf(BTC), WHO));
        done(await host.ask(startOf(ETH, { params: { fast: '3', slow: '8' } }), WHO));
        done(
          await host.ask(
            { do: 'command', command: { name: 'add_alert', symbol: 'SOL/USDT', side: 'above', price: price('154') } },
            WHO,
          ),
        );
      }
      const off = host.onReleased((entries) => {
        if (!entries.some(({ kind }) => kind === 'position_opened')) return;
        off();
        void host.ask(marketOf('XRP/USDT:USDT', part === 1 ? 1 : -1), WHO);
      });
      await run(opened, 6_000);
    }
    expect(await replayed(paths, 'many')).toMatchObject({
      same: true,
      digest: expect.stringMatching(/^\w{64}( \w{64}){2}$/),
    });
  });

  test('whose tape has several parts is played from the first to the last, whichever is named', async () => {
    const { paths, open, run } = machine();
    const opened = await open({ profile: 'parts', feed: 'synthetic:7', speed: 1_000 });
    done(await opened.host.ask(startOf(BTC), WHO));
    for (const symbol of [ETH, 'XRP/USDT:USDT']) done(await opened.host.ask(marketOf(symbol, 1), WHO));
    await run(opened, 3_000);
    const last = opened.host.scene().state.seq;
    const file = join(opened.folder, tapeFile(1));
    const { header, records } = readTape(file);
    const all = [...records];
    rmSync(file);
    let clock = 0;
    const writer = new TapeWriter(opened.folder, {
      epoch: 1,
      header: () => header,
      clock: () => clock,
      partBytesMax: 1,
    });
    for (const record of all) {
      writer.append(record);
      clock += 2_000;
      writer.flush();
    }
    writer.close();
    const parts = tapeParts(opened.folder, 1);
    expect(parts.length).toBeGreaterThan(3);
    const hooks = { signal: new AbortController().signal, progress: () => {} };
    const where = { in: 'profile', profile: 'parts' } as const;
    const whole = await replay({ where }, hooks, paths);
    expect(whole).toMatchObject({ same: true, entries: last });
    expect(await replay({ where, tape: parts[2] as string }, hooks, paths)).toEqual(whole);
    rmSync(parts[0] as string);
    expect(await replay({ where, tape: parts[2] as string }, hooks, paths)).toMatchObject({
      exit: 3,
      found: 'part 3 without one before it',
    });
  });

  test('rests while nobody trades', async () => {
    const { open, run, rests } = machine();
    await run(await open({ profile: 'idle' }), 60_000);
    expect(rests.length).toBeLessThan(65);
  });

  test('shows what is watched, closed candles as they come', async () => {
    const { open, run } = machine();
    const opened = await open({ profile: 'watch' });
    expect(opened.host.scene().markets.map(({ symbol }) => symbol)).toEqual([BTC]);
    await opened.host.watch([ETH, 'nonsense', 'SOL/USDT']);
    const before = opened.host.scene();
    expect(before.markets.map(({ symbol, fundingRate }) => [symbol, fundingRate === null])).toEqual([
      [ETH, false],
      ['SOL/USDT', true],
    ]);
    const lastOf = (scene: typeof before) => scene.candles[ETH]?.at(-1)?.[0] ?? 0;
    const first = lastOf(before);
    await run(opened, 5_000);
    expect(lastOf(opened.host.scene()) - first).toBe(5 * MINUTE_MS);
  });
});

describe('a closed day', () => {
  test('is told with the hash that its entry has in the journal, also after a restart', async () => {
    const { paths, open, run } = machine();
    const first = await open({ profile: 'day', speed: 10_000 });
    done(await first.host.ask(startOf(BTC, { observe: true }), WHO));
    const days: (readonly [seq: number, text: string])[] = [];
    first.host.onReleased((entries) => {
      for (const { kind, seq, at, body } of entries) {
        if (kind !== 'alert_raised' || body.rule !== 'daily_summary') continue;
        days.push([body.of, alertText({ ...body, at, seq }, first.host.scene(), 'en').lines.join(' ')]);
      }
    });
    await run(first, 20_000);
    expect(days.length).toBeGreaterThan(1);
    const where = { in: 'profile', profile: 'day' } as const;
    const second = await open({ profile: 'day', speed: 10_000 });
    const witnesses = second.host.scene().witnesses ?? [];
    second.close();
    const { open: read, verify } = journalPorts(paths);
    const hooks = { signal: new AbortController().signal, progress: () => {} };
    const journal = await read(where);
    if ('exit' in journal) throw new Error(journal.found);
    for (const [seq, text] of days) {
      const hash = journal.hashOf?.(seq);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(text).toContain(`witness: entry ${seq} of the journal hash ${hash?.slice(0, 32)}`);
      expect(witnesses).toContainEqual({ seq, hash });
    }
    const { lastSeq } = journal;
    const head = journal.hashOf?.(lastSeq);
    journal.close();
    const verified = await verify(where, hooks);
    expect(verified).toMatchObject({ lastSeq, hash: head });
    expect(verified).not.toHaveProperty('first');
  });
});

describe('asking', () => {
  test('the first trade by hand begins the manual run and the account; previews tell what comes', async () => {
    const { open, run } = machine();
    const opened = await open({ profile: 'hand', speed: 100 });
    const { host } = opened;
    const draft = { type: 'market', sign: 1, size: { by: 'settings' } } as const;
    const seen = host.preview(BTC, draft);
    expect(seen).toMatchObject({ ok: true, sign: 1 });
    expect(host.entries({})).toHaveLength(1);
    const answer = done(await host.ask(marketOf(BTC, 1), { ...WHO, id: 'first' }));
    expect(kindsOf(answer.entries)).toEqual(['command_received', 'entry_asked']);
    expect(answer.run).toBe(1);
    await run(opened, 200);
    expect(host.scene().state.runs[0]).toMatchObject({
      strategy: 'manual',
      position: { sign: 1, protection: 'working' },
    });
  });

  test('a preview on a symbol that a strategy trades names the run that has it, and none that is not there', async () => {
    const { open } = machine();
    const { host } = await open({ profile: 'leased' });
    done(await host.ask(startOf(BTC), WHO));
    const seen = host.preview(BTC, { type: 'market', sign: 1, size: { by: 'settings' } });
    expect(seen).toMatchObject({
      code: 'SYMBOL_LEASED',
      expected: `${BTC} leased by no other run`,
      found: 'leased by run 1',
    });
  });

  test('the same id gives the first answer, after a restart too', async () => {
    const { open, run } = machine();
    const first = await open({ profile: 'twice' });
    const asking = { ...WHO, id: 'start-btc' };
    const [one, two] = await Promise.all([first.host.ask(startOf(BTC), asking), first.host.ask(startOf(BTC), asking)]);
    expect([one.ok && one.isRepeated, two.ok && two.isRepeated]).toEqual([false, true]);
    const refused = await first.host.ask(startOf(BTC), { ...WHO, id: 'again' });
    expect(refused).toMatchObject({ ok: false, refused: { code: 'SYMBOL_LEASED' } });
    await run(first, 500);
    const second = await open({ profile: 'twice' });
    const seq = second.host.entries({}).length;
    expect(await second.host.ask(startOf(BTC), asking)).toEqual({ ...done(one), isRepeated: true });
    expect(await second.host.ask(startOf(BTC), { ...WHO, id: 'again' })).toEqual(refused);
    expect(second.host.entries({})).toHaveLength(seq);
  });

  test('an id names one command: with another one it is refused, at the same time and after a restart too', async () => {
    const { open, run } = machine();
    const first = await open({ profile: 'one-id' });
    const buy = { ...WHO, id: 'k', line: 'trade buy --qty=0.01' };
    const other = { ...WHO, id: 'k', line: 'trade sell --qty=0.01' };
    const taken = {
      ok: false,
      refused: {
        code: 'ID_TAKEN',
        expected: 'the command that --id k was given with first: trade buy --qty=0.01',
        found: 'trade sell --qty=0.01',
      },
    };
    const [one, two] = await Promise.all([
      first.host.ask(marketOf(BTC, 1), buy),
      first.host.ask(marketOf(BTC, -1), other),
    ]);
    expect(two).toMatchObject(taken);
    await run(first, 500);
    const second = await open({ profile: 'one-id' });
    const seq = second.host.entries({}).length;
    expect(await second.host.ask(marketOf(BTC, -1), other)).toMatchObject(taken);
    // What is left out of a draft is filled in anew each time: the words are what it is known by.
    expect(await second.host.ask(marketOf(BTC, 1), buy)).toEqual({ ...done(one), isRepeated: true });
    expect(second.host.entries({})).toHaveLength(seq);
  });

  test('a dry run tells what would be written and writes nothing', async () => {
    const { open } = machine();
    const { host } = await open({ profile: 'dry' });
    const dry = { ...WHO, isDryRun: true };
    const answer = done(await host.ask(startOf(BTC), dry));
    expect(kindsOf(answer.entries)).toContain('run_started');
    expect(host.entries({})).toHaveLength(1);
    done(await host.ask(startOf(BTC), WHO));
    expect(await host.ask(startOf(BTC), dry)).toMatchObject({ ok: false, refused: { code: 'SYMBOL_LEASED' } });
  });

  test('what makes no sense is refused before anything happens', async () => {
    const { open } = machine();
    const { host } = await open({ profile: 'nonsense' });
    const codes = [];
    for (const ask of [
      startOf('nonsense'),
      startOf(BTC, { strategy: 'trnd' }),
      startOf(BTC, { params: { fast: 'x' } }),
      { do: 'trade', symbol: BTC, draft: { type: 'stop', stopPrice: price('1') } } as const,
    ]) {
      const answer = await host.ask(ask, WHO);
      codes.push(answer.ok ? 'ok' : answer.refused.code);
    }
    expect(codes).toEqual(['UNKNOWN_SYMBOL', 'UNKNOWN_STRATEGY', 'BAD_PARAM', 'NO_POSITION']);
    expect(host.entries({})).toHaveLength(1);
  });

  test('listeners hear of entries before the answer does', async () => {
    const { open } = machine();
    const { host } = await open({ profile: 'order' });
    const heard: string[] = [];
    host.onReleased((entries) => heard.push(...kindsOf(entries)));
    await host.ask(startOf(BTC), WHO).then(() => heard.push('answer'));
    expect(heard.at(-1)).toBe('answer');
    expect(heard).toContain('run_started');
  });
});

describe('opening', () => {
  test('another feed, a folder in use and a bad feed are refused', async () => {
    const { open, run, try: attempt } = machine();
    const opened = await open({ profile: 'p', feed: 'synthetic:7' });
    expect(await attempt({ profile: 'p' })).toMatchObject({ code: 'JOURNAL_IN_USE', exit: 3 });
    await run(opened, 10);
    expect(await attempt({ profile: 'p', feed: 'synthetic:8' })).toMatchObject({
      code: 'FEED_DIFFERS',
      exit: 3,
      fix: expect.stringContaining('--profile'),
    });
    expect(await attempt({ profile: 'p', feed: 'moon:rock' })).toMatchObject({ code: 'BAD_FEED', exit: 2 });
    expect(await attempt({ profile: 'p', feed: 'synthetic:7', speed: 'max' })).toMatchObject({ code: 'SPEED_ENDLESS' });
    expect(await attempt({ profile: 'p', feed: 'replay:gone.csv' })).toMatchObject({ code: 'NO_FILE', exit: 2 });
  });

  test('a feed that cannot be had begins no journal, and every seed of the command line can', async () => {
    const { paths, open, try: attempt } = machine();
    for (const feed of ['moon:rock', 'replay:gone.csv']) await attempt({ profile: 'new', feed });
    await attempt({ profile: 'new', speed: 'max' });
    expect(existsSync(paths.state)).toBe(false);
    const opened = await open({ profile: 'new', feed: `synthetic:${2 ** 32 - 1}` });
    expect(opened.host.scene().system?.feed.name).toBe('synthetic 4294967295');
  });

  test('verify and replay of a profile whose engine runs say to stop it first', async () => {
    const { paths, open } = machine();
    const again = await open({ profile: 'busy', speed: 100 });
    done(await again.host.ask(startOf(BTC), WHO));
    writeCard(again.folder, { pid: process.pid, socket: '', options: {} });
    const where = { in: 'profile', profile: 'busy' } as const;
    const hooks = { signal: new AbortController().signal, progress: () => {} };
    const told = {
      exit: 3,
      code: 'JOURNAL_IN_USE',
      found: `in use by pid ${process.pid}`,
      fix: 'dzentra engine stop --profile busy, then the same again',
    };
    expect(await journalPorts(paths).verify(where, hooks)).toMatchObject(told);
    expect(await replay({ where }, hooks, paths)).toMatchObject(told);
    const entries = again.host.entries({}).length;
    again.close();
    expect(await journalPorts(paths).verify(where, hooks)).toMatchObject({ name: 'busy', entries });
  });

  test('a journal that lost its end starts halted', async () => {
    const { paths, open, run } = machine();
    const first = await open({ profile: 'short' });
    done(await first.host.ask(startOf(BTC), WHO));
    await run(first, 10);
    const file = join(paths.state, 'short', 'journal.db');
    expect(existsSync(`${file}-wal`)).toBe(false);
    copyFileSync(file, `${file}.old`);
    const second = await open({ profile: 'short' });
    done(await second.host.ask({ do: 'command', command: { name: 'pause_run', run: 1 } }, WHO));
    await run(second, 10);
    rmSync(file);
    copyFileSync(`${file}.old`, file);
    const third = await open({ profile: 'short' });
    const scene = third.host.scene();
    expect(scene.state.accounts.map(({ safety }) => safety)).toEqual(['HALTED']);
    expect(scene.state.epoch).toBe(3);
    expect(scene.system?.database.isShort).toBe(true);
    expect(scene.system?.errors).toHaveLength(1);
    done(await third.host.ask({ do: 'command', command: { name: 'resume_account', account: 'paper' } }, WHO));
    await run(third, 1_000);
    expect(await replayed(paths, 'short')).toMatchObject({ same: true });
  });
});

test.each(['short', 'demo'])(
  'a journal that is lost as a whole starts halted, too, the profile %s',
  async (profile) => {
    const { paths, open, run } = machine();
    const first = await open({ profile });
    done(await first.host.ask(startOf(ETH), WHO));
    await run(first, 10);
    rmSync(join(paths.state, profile, 'journal.db'));
    const second = await open({ profile });
    done(await second.host.ask(startOf(ETH), WHO));
    const { state, system } = second.host.scene();
    expect(state.accounts.map(({ safety, safetyReason }) => [safety, safetyReason])).toEqual([['HALTED', 'panic']]);
    expect(system?.database.isShort).toBe(true);
    await run(second, 100_000);
    expect(second.host.scene().state.runs.flatMap(({ position, trades }) => [position, trades])).toEqual([
      undefined,
      0,
    ]);
    expect(await replayed(paths, profile)).toMatchObject({ same: true });
  },
);

describe('a replay of a file', () => {
  const rows = candlesToCsv(waves(600));

  function written(): { paths: Paths; path: string } {
    const folder = scratchFolder();
    writeFiles(folder, { 'binance-usdm-BTCUSDT-1m.csv': rows });
    return { paths: pathsIn(folder), path: join(folder, 'binance-usdm-BTCUSDT-1m.csv') };
  }

  test('gives a run the digest that it has in the foreground', async () => {
    const { paths, path } = written();
    const { open, run } = machine(paths);
    const opened = await open({ profile: 'host', feed: `replay:${path}`, speed: 'max' });
    expect(opened.host.scene().feed).toBe('replay max');
    expect(await opened.host.ask(startOf(ETH), WHO)).toMatchObject({
      ok: false,
      refused: {
        code: 'SYMBOL_NOT_FED',
        fix: expect.stringMatching(/ a file whose name tells its symbol: ETHUSDT-1m\.csv$/),
      },
    });
    done(await opened.host.ask(startOf(BTC), WHO));
    await run(opened, 5_000);
    const scene = opened.host.scene();
    expect(scene.system?.feed).toMatchObject({ state: 'ended', speed: 0 });
    expect(scene.trades.length).toBeGreaterThan(3);
    const request = {
      ...{ strategy: 'ema-cross', params: { fast: '2', slow: '5' }, symbol: BTC, seed: 1, observe: false },
      ...{ risk: DEFAULT_RISK, balance: money('10000'), costs: PAPER_COSTS, instrument: {} },
      source: { from: 'file', path },
      profile: 'front',
      speed: 'max',
    } as const;
    const hooks = { signal: new AbortController().signal, progress: () => {}, onEntry: () => {} };
    expect(await foreground(request, hooks, paths)).toMatchObject({ interrupted: false });
    const [front, host] = await Promise.all(['front', 'host'].map((profile) => digestOf(paths, profile)));
    expect(host).toEqual(front);
    expect(await replayed(paths, 'host')).toMatchObject({ same: true });
  });

  test('whose journal lost its end closes what it held at the next open, and that is replayed', async () => {
    const { paths, path } = written();
    const { open, run } = machine(paths);
    const runs = async (ask?: Ask) => {
      const { host, ...opened } = await open({ profile: 'host', feed: `replay:${path}`, speed: 1_000 });
      if (ask !== undefined) done(await host.ask(ask, WHO));
      await run({ host, ...opened }, 120);
      return host.scene().state.runs[0]?.position;
    };
    expect(await runs(marketOf(BTC, 1))).toBeDefined();
    const file = join(paths.state, 'host', 'journal.db');
    copyFileSync(file, `${file}.old`);
    const transfer = { name: 'transfer', account: 'paper', amount: money('-500') } as const;
    expect(await runs({ do: 'command', command: transfer })).toBeDefined();
    renameSync(`${file}.old`, file);
    expect(await runs()).toBeUndefined();
    expect(await replayed(paths, 'host')).toMatchObject({ same: true });
  });

  test('a trade by hand in the midst of it has its place on the tape', async () => {
    const { paths, path } = written();
    const { open, run } = machine(paths);
    const opened = await open({ profile: 'host', feed: `replay:${path}`, speed: 1_000 });
    done(await opened.host.ask(startOf(BTC, { observe: true }), WHO));
    const off = opened.host.onReleased((entries) => {
      if (!entries.some(({ kind }) => kind === 'signal_confirmed')) return;
      off();
      void opened.host
        .ask(marketOf(BTC, 1), WHO)
        .then(() =>
          opened.host.ask(
            { do: 'command', command: { name: 'transfer', account: 'paper', amount: money('-500') } },
            WHO,
          ),
        );
    });
    await run(opened, 20_000);
    expect(opened.host.scene().state.runs[1]?.fees).toBeGreaterThan(rate('0'));
    expect(opened.host.scene().markets[0]?.forming?.[1]).toBeGreaterThan(0);
    expect(await replayed(paths, 'host')).toMatchObject({ same: true });
  });
});

async function digestOf(paths: Paths, profile: string) {
  const { readJournal } = await import('../../../src/core/journal/sqlite.ts');
  const journal = readJournal(join(paths.state, profile));
  try {
    return [...digests(journal.entries()).values()];
  } finally {
    journal.close();
  }
}
