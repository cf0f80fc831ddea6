import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { BTC, done, ETH, machine, replayed, startOf, WHO } from '../../support/host-machine.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

/** The simulated market begins then; a strategy below fails half an hour later. */
const BEGIN_S = Date.UTC(2024, 1, 1) / 1_000;
const LATER_S = BEGIN_S + 1_800;

/** Turns every three candles; from \`at\` on it fails in the way that \`how\` says. */
const FRAIL = `const fail = () => { throw new Error('no such thing'); };
export default (kit) => kit.define({
  name: 'frail', version: 1, title: 'Frail', about: 'Fails.',
  params: {
    at: { type: 'int', default: 4102444800, min: 1, max: 4102444800, about: 'when, s' },
    how: { type: 'choice', default: 'close', choices: ['close', 'closeHigher', 'promise', 'create', 'votes', 'check', 'timeframes'], about: 'where' },
  },
  votes: ({ how }) => (how === 'votes' ? fail() : [{ name: 'turn', weight: 1, about: 'every three candles' }]),
  values: [], confirmations: () => 1,
  warmup: () => ({ bars: 2, higherBars: 1 }), timeframes: ({ how }) => (how === 'timeframes' ? fail() : { own: 'feed', higher: '5m' }),
  check: ({ how }) => (how === 'check' ? fail() : undefined),
  create({ at, how }) {
    if (how === 'create') fail();
    const isDue = (bar, where) => how === where && bar.closeAt >= at * 1000;
    return {
      closeHigher(bar) { if (isDue(bar, 'closeHigher')) fail(); },
      close(bar, opinion) {
        opinion.votes[0] = (bar.closeAt / 180000) % 2 < 1 ? 1 : -1;
        if (isDue(bar, 'close')) fail();
        if (isDue(bar, 'promise')) return Promise.reject(new Error('later'));
      },
    };
  },
});
`;
const BROKEN = 'STRATEGY_BROKEN';

function frail() {
  const folder = scratchFolder();
  writeFiles(folder, { 'frail.mjs': FRAIL });
  const file = join(folder, 'frail.mjs');
  const start = (params: object, more: object = {}) => startOf(BTC, { strategy: file, params, ...more });
  return { ...machine(pathsIn(scratchFolder())), file, start };
}

const command = (name: 'resume_run', run: number) => ({ do: 'command', command: { name, run } }) as const;
const ENGINE = { profile: 'frail', feed: 'synthetic:7', speed: 1_000 };

const pauses = (entries: readonly AnyEntry[]) => entries.filter((entry) => entry.kind === 'trading_paused');
const orders = (entries: readonly AnyEntry[]) =>
  new Set(entries.flatMap(({ kind, run }) => (kind === 'order_intended' ? [run] : [])));
const alarms = (entries: readonly AnyEntry[]) =>
  entries.filter((entry) => entry.kind === 'alert_raised' && entry.body.rule === 'strategy_broken');

describe('a strategy of the user that fails while its run trades', () => {
  test.each([
    ['close', ':1): Error: no such thing'],
    ['closeHigher', ':1): Error: no such thing'],
    ['promise', '): close gave a promise, an async function cannot vote in time'],
  ])('in %s has its run paused; the engine, other runs and the next start go on', async (how, found) => {
    const { paths, open, run, start, file } = frail();
    const first = await open(ENGINE);
    done(await first.host.ask(start({ at: `${LATER_S}`, how }), WHO));
    done(await first.host.ask(startOf(ETH), WHO));
    await run(first, 7_200);
    const second = await open(ENGINE);
    const { host } = second;
    const { runs } = host.scene().state;
    expect(runs.map(({ state }) => state)).toEqual(['PAUSED', 'RUNNING']);
    expect(runs[0]?.trades).toBeGreaterThan(0);
    const entries = host.entries({});
    const [paused] = pauses(entries);
    const fault = `frail (${file}${found}`;
    expect(paused).toMatchObject({ run: 1, body: { reason: 'strategy_broken', fault } });
    expect((paused?.at ?? 0) - LATER_S * 1_000).toBeLessThan(60_000);
    expect([pauses(entries), alarms(entries)].map(({ length }) => length)).toEqual([1, 1]);
    expect([...orders(entries.slice(paused?.seq))]).toEqual([2]);

    const resumed = await host.ask(command('resume_run', 1), WHO);
    expect(resumed).toMatchObject({ ok: false, refused: { code: BROKEN, found: fault } });
    await run(second, 1_200);
    expect(host.scene().state.runs.map(({ state }) => state)).toEqual(['PAUSED', 'RUNNING']);
    expect(await replayed(paths, 'frail')).toMatchObject({ same: true });
  });

  test('by a loop without end is left out by the next start, until its text is another one', async () => {
    const { paths, open, run, start, file } = frail();
    const first = await open(ENGINE);
    done(await first.host.ask(start({}), WHO));
    done(await first.host.ask(startOf(ETH), WHO));
    await run(first, 2_000);
    const found = `${file}: the candle that closed at 2024-02-01T00:20:00.000Z was not over after 10 s`;
    const sha256 = createHash('sha256').update(FRAIL).digest('hex');
    writeFiles(join(paths.state, 'frail'), { 'hung.json': JSON.stringify({ [sha256]: found }) });
    const second = await open(ENGINE);
    await run(second, 2_000);
    expect(second.host.scene().state.runs.map(({ state }) => state)).toEqual(['PAUSED', 'RUNNING']);
    const [paused] = pauses(second.host.scene().entries);
    expect(paused).toMatchObject({ run: 1, body: { fault: expect.stringContaining(found) } });
    expect(await replayed(paths, 'frail')).toMatchObject({ same: true });
    writeFileSync(file, `${FRAIL}// mended\n`);
    const third = await open(ENGINE);
    done(await third.host.ask(command('resume_run', 1), WHO));
    await run(third, 2_000);
    expect(third.host.scene().state.runs.map(({ state }) => state)).toEqual(['RUNNING', 'RUNNING']);
  });

  test('says so once where it only observes, and has nothing to say where it is off', async () => {
    const { paths, open, run, start } = frail();
    const first = await open(ENGINE);
    done(await first.host.ask(start({ at: `${LATER_S}` }, { observe: true }), WHO));
    await run(first, 3_600);
    const second = await open(ENGINE);
    const { host } = second;
    expect(pauses(host.entries({}))).toHaveLength(1);
    expect(host.scene().state.runs[0]?.state).toBe('OBSERVING');
    const observe = { do: 'command', command: { name: 'observe_run', run: 1, observe: false } } as const;
    expect(await host.ask(observe, WHO)).toMatchObject({ ok: false, refused: { code: BROKEN } });
    done(await host.ask({ do: 'command', command: { name: 'stop_run', run: 1, position: 'keep' } }, WHO));
    await run(second, 1_000);
    const third = await open(ENGINE);
    await run(third, 1_000);
    expect(pauses(third.host.scene().entries)).toHaveLength(1);
    expect(await replayed(paths, 'frail')).toMatchObject({ same: true });
  });
});

describe('a strategy of the user that fails before its run trades', () => {
  test.each([
    ['in the warm-up', { at: '1' }],
    ['when it is made', { how: 'create' }],
    ['with the parameters that it was given', { how: 'votes' }],
  ])('%s is refused, and no run is left behind', async (_what, params) => {
    const { paths, open, run, start, file } = frail();
    const first = await open(ENGINE);
    const refused = { code: BROKEN, found: `frail (${file}:1): Error: no such thing` };
    const asking = { ...WHO, id: 'once' };
    expect(await first.host.ask(start(params), asking)).toMatchObject({ ok: false, refused });
    expect(await first.host.ask(start(params), asking)).toMatchObject({ ok: false, refused });
    await run(first, 1_000);
    const second = await open(ENGINE);
    const { runs, accounts } = second.host.scene().state;
    expect(runs.map(({ state }) => state)).toEqual(['OFF']);
    expect(accounts[0]?.leases).toEqual({});
    done(await second.host.ask(startOf(BTC), WHO));
    await run(second, 1_000);
    expect(pauses(second.host.scene().entries)).toEqual([]);
    expect(await replayed(paths, 'frail')).toMatchObject({ same: true });
  });
});

test.each(['check', 'timeframes'])(
  'a strategy of the user that fails in %s is refused before anything is written',
  async (how) => {
    const { open, start, file } = frail();
    const { host } = await open(ENGINE);
    const before = host.entries({}).length;
    const refused = { code: BROKEN, found: `frail (${file}:1): Error: no such thing` };
    expect(await host.ask(start({ how }), WHO)).toMatchObject({ ok: false, refused });
    expect(host.entries({})).toHaveLength(before);
  },
);

describe('a strategy of the user whose file cannot be loaded any more', () => {
  test.each([
    ['is gone', {}, 'no file at'],
    ['is broken', { 'moved.mjs': '\nthrow new Error("off")' }, 'moved.mjs:2: Error: off'],
    ['holds another one', { 'moved.mjs': FRAIL.replace("name: 'frail'", "name: 'other'") }, 'holds another one'],
  ])('as it %s: the engine starts, its run keeps position and stop and is paused', async (_what, files, found) => {
    const { open, run, start } = frail();
    const first = await open(ENGINE);
    done(await first.host.ask(start({}), WHO));
    done(await first.host.ask(startOf(ETH), WHO));
    await run(first, 1_000);
    const elsewhere = scratchFolder();
    writeFiles(elsewhere, files);
    writeFiles(first.folder, { 'strategies.json': JSON.stringify({ frail: join(elsewhere, 'moved.mjs') }) });
    const second = await open(ENGINE);
    expect(second.host.scene().state.runs[0]?.position).toMatchObject({ protection: 'working' });
    await run(second, 100);
    const { state, entries } = second.host.scene();
    expect(state.runs.map((each) => each.state)).toEqual(['PAUSED', 'RUNNING']);
    expect(pauses(entries).map(({ body }) => body)).toMatchObject([{ fault: expect.stringContaining(found) }]);
  });
});
