import { describe, expect, test } from 'vitest';
import { price, qty, rate } from '../../../src/core/base/decimal.ts';
import { attach } from '../../../src/core/control/attach.ts';
import type { Ask } from '../../../src/core/domain/ask.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import { emptyUi } from '../../../src/core/view/scene.ts';
import { BTC, PLAIN } from '../../support/engine-scene.ts';
import { attached, CLIENT, caughtUp, handClock, type StubHost, served, stubHost, until, VIEW } from './stub-host.ts';

const ASKING = { who: 'somebody', face: 'test' };
const PAUSE: Ask = { do: 'command', command: { name: 'pause_run', run: 1 } };

/** What a screen shows of an engine, without the link and the log; the order of keys is nobody's business. */
const shown = ({ scene }: Pick<StubHost, 'scene'>): unknown => {
  const { link: _link, linkAt: _at, entries: _entries, system: _system, ...rest } = scene();
  return JSON.parse(encode(rest));
};

const seen = (client: Pick<StubHost, 'scene'>): unknown => shown({ scene: () => client.scene() });

describe('a follower', () => {
  test('has the scene of the engine from the first moment on, exact values among it', async () => {
    const host = stubHost();
    host.price(100);
    host.long(101);
    const { path } = await served(host);
    const client = await attached(path);
    const { link, linkAt, entries } = client.scene();
    expect({ link, linkAt }).toEqual({ link: 'up', linkAt: 2_000 });
    expect(encode(entries)).toBe(encode(host.entriesNow.slice(-50)));
    expect(seen(client)).toEqual(shown(host));
    expect(client.scene().state.runs[0]?.position?.qty).toBe(host.scene().state.runs[0]?.position?.qty);
  });

  test('is equal to the engine after every entry, frame and candle that follows', async () => {
    const host = stubHost();
    const { path, clock } = await served(host);
    const client = await attached(path);
    for (const at of [100, 101, 99, 103]) {
      host.long(at);
      clock.fire();
      await caughtUp(client);
      expect(seen(client)).toEqual(shown(host));
    }
    expect(client.scene().trades).toHaveLength(1);
    expect(client.scene().candles[BTC]).toHaveLength(4);
  });

  test('gets a new scene when something changed, and the one before stays as it was', async () => {
    const host = stubHost();
    host.price(100);
    const { path } = await served(host);
    const client = await attached(path);
    const before = client.scene();
    const text = encode(before);
    expect(client.scene()).toBe(before);
    host.long(100);
    await caughtUp(client);
    expect(client.scene()).not.toBe(before);
    expect(encode(before)).toBe(text);
  });

  test('is told each entry once, before the answer to the command that wrote it', async () => {
    const host = stubHost();
    const { path } = await served(host);
    const client = await attached(path);
    const told: number[] = [];
    client.subscribe(({ entries }) => told.push(...entries.map(({ seq }) => seq)));
    const answer = await client.ask(PAUSE, ASKING);
    const written = answer.ok ? answer.entries.map(({ seq }) => seq) : [];
    expect(written.length).toBeGreaterThan(0);
    expect(told).toEqual(written);
    expect(client.scene().state.runs[0]?.state).toBe('PAUSED');
  });

  test('has the witness of a closed day when it hears of that day, and after a new beginning', async () => {
    const host = stubHost();
    const { path } = await served(host);
    const client = await attached(path);
    const told: unknown[] = [];
    client.subscribe(({ entries }) => {
      const closed = entries.find(({ kind }) => kind === 'day_closed');
      if (closed !== undefined) told.push([closed.seq, client.scene().witnesses?.at(-1)]);
    });
    host.day();
    host.day();
    await caughtUp(client);
    const seqs = host.entriesNow.flatMap(({ kind, seq }) => (kind === 'day_closed' ? [seq] : []));
    expect(told).toEqual(seqs.map((seq) => [seq, { seq, hash: `h${seq}` }]));
    expect((await attached(path)).scene().witnesses).toEqual(client.scene().witnesses);
  });

  test('gets the whole scene again when its state is not the state of the engine', async () => {
    const host = stubHost();
    const { path, clock } = await served(host);
    const client = await attached(path);
    host.corrupt();
    await caughtUp(client);
    expect(client.scene().state.accounts[0]?.safetyReason).toBe('');
    // The check comes with every hundredth tick.
    for (let tick = 0; tick < 100; tick++) clock.fire();
    await until(() => client.scene().state.accounts[0]?.safetyReason !== '');
    expect(client.scene().state.accounts[0]?.safetyReason).toBe('changed by nobody');
  });

  test('hears nothing while nothing changes, and no timer runs when nobody follows', async () => {
    const host = stubHost();
    host.price(100);
    const { path, clock } = await served(host);
    expect(clock.waiting).toBe(0);
    const client = await attached(path);
    let changes = 0;
    client.subscribe(() => changes++);
    for (let tick = 0; tick < 9; tick++) clock.fire();
    await caughtUp(client);
    expect(changes).toBe(0);
    expect(clock.waiting).toBe(1);
    client.close();
    await until(() => clock.waiting === 0);
  });
});

test('one look comes without candles and trades, and whole where it is asked for', async () => {
  const host = stubHost();
  host.price(100);
  const { path, clock } = await served(host);
  const light = await attached(path, { follow: 'one' });
  const whole = await attached(path, { follow: 'one', isWhole: true });
  expect(light.scene().candles).toEqual({});
  expect(light.scene().state).toEqual(host.scene().state);
  expect(whole.scene().candles).toEqual(host.scene().candles);
  expect(clock.waiting).toBe(0);
});

describe('what is asked arrives as it was meant', () => {
  const asks: readonly Ask[] = [
    {
      do: 'start',
      start: {
        strategy: 'trend',
        // A word that is exact elsewhere is a text of its author here.
        params: { price: 'mid', limit: '1.50', risk: '2' },
        symbol: BTC,
        seed: 7,
        risk: { ...PLAIN, limits: { heat: rate('0.06'), stopsDayMax: 3 } },
        observe: false,
      },
    },
    {
      do: 'trade',
      symbol: BTC,
      draft: { type: 'limit', sign: -1, size: { by: 'qty', qty: qty('0.012') }, limit: price('97000.1') },
    },
  ];
  test.each(asks)('$do', async (ask) => {
    const host = stubHost();
    const { path } = await served(host);
    const client = await attached(path);
    client.ask(ask, { ...ASKING, id: '1.5' }).catch(() => undefined);
    await until(() => host.asked.length === 1);
    expect(host.asked).toEqual([{ ask, asking: { ...ASKING, id: '1.5' } }]);
  });

  test('what a person typed into a form stays text on the way to a view', async () => {
    const seen: unknown[] = [];
    const { path } = await served(stubHost(), {
      view: (_scene, ui) => {
        seen.push(ui);
        return VIEW;
      },
    });
    const client = await attached(path);
    const form = {
      form: 'draft',
      inputs: { qty: '1.50' },
      focused: 'qty',
      preview: { ok: false, sign: 1, code: 'X', expected: 'a', found: 'b', fix: 'c' },
      problems: { limit: '5' },
      isConfirming: false,
    } as const;
    expect(await client.view({ ...emptyUi('trade'), form })).toEqual(VIEW);
    expect(seen).toEqual([{ ...emptyUi('trade'), form }]);
  });
});

test('entries come page by page, whichever end is asked for', async () => {
  const host = stubHost();
  for (let i = 0; host.entriesNow.length < 4_200; i++) host.long(100 + (i % 2));
  const { path } = await served(host);
  const client = await attached(path, { follow: 'one' });
  const all = host.entriesNow;
  expect(all.length).toBeGreaterThan(4_000);
  expect(encode(await client.entries({}))).toBe(encode(all));
  expect(encode(await client.entries({ newest: true, limit: 3_000 }))).toBe(encode(all.slice(-3_000)));
  expect(encode(await client.entries({ fromSeq: 5, limit: 2_500 }))).toBe(encode(all.slice(4, 2_504)));
});

test('a client in the same process sees the same as one on the socket', async () => {
  const host = stubHost();
  host.price(100);
  const clock = handClock();
  const options = { ...CLIENT, pid: 77, view: () => VIEW, every: clock.every };
  const client = await attach(host, options);
  host.long(101);
  clock.fire();
  await caughtUp(client);
  expect(seen(client)).toEqual(shown(host));
  client.close();
  expect(clock.waiting).toBe(0);
});
