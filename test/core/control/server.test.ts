import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { Client } from '../../../src/core/control/client.ts';
import { INBOUND_BYTES_MAX, VERSION } from '../../../src/core/control/protocol.ts';
import { serve } from '../../../src/core/control/server.ts';
import { connect as connectTo, dial } from '../../../src/core/control/socket.ts';
import type { Ask } from '../../../src/core/domain/ask.ts';
import { damaged } from '../../../src/core/journal/error.ts';
import { emptyUi } from '../../../src/core/view/scene.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { attached, CLIENT, caughtUp, handClock, type StubHost, served, stubHost, until, VIEW } from './stub-host.ts';

const ASKING = { who: 'somebody', face: 'test' };
const command = (given: Extract<Ask, { do: 'command' }>['command']): Ask => ({ do: 'command', command: given });
const PAUSE = command({ name: 'pause_run', run: 1 });

/** A socket without any of our code. */
async function rawSocket(path: string): Promise<WebSocket> {
  const socket = new WebSocket('ws://engine/', { createConnection: (() => connect(path)) as never });
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

const closed = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', (code) => resolve(code)));
const answer = (socket: WebSocket): Promise<{ id: unknown; result?: unknown; error?: { code: number } }> =>
  new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(String(data)))));

const HELLO = { ...VERSION, build: 'raw', role: 'operate', who: 'raw', face: 'raw', follow: 'one' };
const request = (method: string, params: unknown, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });

describe('the socket', () => {
  test('is for its owner alone', async () => {
    const { path } = await served(stubHost());
    expect((lstatSync(path).mode & 0o777).toString(8)).toBe('600');
    expect((lstatSync(dirname(path)).mode & 0o777).toString(8)).toBe('700');
  });

  test('is not made in a folder that is a link', async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const path = join(folder, 'link', 'x.sock');
    const serving = serve(stubHost(), {
      socketPath: path,
      build: '1',
      pid: 1,
      view: () => VIEW,
      now: () => 0,
      every: handClock().every,
    });
    await expect(serving).rejects.toMatchObject({ code: 'UNSAFE_FOLDER' });
    await expect(dial(path)).rejects.toMatchObject({ code: 'UNSAFE_FOLDER' });
  });

  test('is not trusted where others may write beside it', async () => {
    const { path } = await served(stubHost());
    chmodSync(dirname(path), 0o770);
    await expect(dial(path)).rejects.toMatchObject({ code: 'UNSAFE_FOLDER', found: expect.stringContaining('770') });
  });

  test('a file that nobody listens on goes, one that somebody answers on stays', async () => {
    const folder = scratchFolder();
    const path = join(folder, 'x.sock');
    writeFileSync(path, 'left by a dead one');
    const options = { socketPath: path, build: '1', pid: 1, view: () => VIEW, now: () => 0, every: handClock().every };
    const first = await serve(stubHost(), options);
    onTestFinished(() => first.close());
    await expect(serve(stubHost(), options)).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
    await caughtUp(await attached(path));
  });

  test('nobody there is told at once', async () => {
    const path = join(scratchFolder(), 'none.sock');
    await expect(connectTo(path, { ...CLIENT })).rejects.toMatchObject({ code: 'NO_ENGINE' });
  });
});

describe('what is no message loses its own connection', () => {
  test.each([
    ['garbage', (socket: WebSocket) => socket.send('{{{')],
    ['bytes', (socket: WebSocket) => socket.send(Buffer.from([1, 2, 3]))],
    ['a request before hello', (socket: WebSocket) => socket.send(request('entries', { query: {} }))],
    ['a message over the bound', (socket: WebSocket) => socket.send('x'.repeat(INBOUND_BYTES_MAX + 1))],
    ['100 MB', (socket: WebSocket) => socket.send(Buffer.alloc(100 * 2 ** 20, 'x'), { binary: false })],
    ['a nest of a million', (socket: WebSocket) => socket.send('['.repeat(1_000_000))],
  ])('%s', async (_name, send) => {
    const { path } = await served(stubHost());
    const other = await attached(path);
    const socket = await rawSocket(path);
    const ended = closed(socket);
    send(socket);
    await ended;
    await caughtUp(other);
    expect(other.scene().link).toBe('up');
  });

  test('half a handshake, half a frame and no HTTP at all', async () => {
    const { path } = await served(stubHost());
    const other = await attached(path);
    const halves = await Promise.all(
      [
        'GET / HTTP/1.1\r\nUpgrade: webso',
        '\u0000\u0001\u0002garbage\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
      ].map(
        (text) =>
          new Promise<Socket>((resolve) => {
            const socket = connect(path, () => {
              socket.write(text, () => resolve(socket));
            });
            socket.on('error', () => undefined);
          }),
      ),
    );
    const half = await rawSocket(path);
    half.send(request('hello', HELLO));
    await answer(half);
    // The header of a frame of 100 bytes, and none of them.
    (half as unknown as { _socket: Socket })._socket.write(Buffer.from([0x81, 0xe4, 1, 2, 3, 4]));
    for (const socket of halves) socket.destroy();
    half.terminate();
    await caughtUp(other);
    expect(other.scene().link).toBe('up');
  });

  test('whatever it is, it is answered or ends, and the engine goes on', async () => {
    const host = stubHost();
    const { path, serving } = await served(host);
    const other = await attached(path);
    const methods = fc.constantFrom(
      'hello',
      'ask',
      'preview',
      'entries',
      'watch',
      'view',
      'report',
      'snapshot',
      '__proto__',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ method: methods, params: fc.jsonValue() }).map(({ method, params }) => request(method, params)),
      fc.jsonValue().map((ask) => request('ask', { ask, asking: ASKING })),
      fc.jsonValue().map((draft) => request('preview', { symbol: 'BTC', draft })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 8 }), async (messages) => {
        const socket = await rawSocket(path);
        socket.send(request('hello', HELLO));
        for (const message of messages) socket.send(message);
        socket.send(request('entries', { query: { limit: 1 } }, 99));
        await new Promise<void>((resolve) => {
          socket.on('close', () => resolve());
          socket.on('message', (data) => JSON.parse(String(data)).id === 99 && resolve());
        });
        socket.terminate();
      }),
      { numRuns: 100 },
    );
    await caughtUp(other);
    expect(host.asked).toEqual([]);
    await until(() => serving.clients === 1);
  });

  test('a request with wrong params is told what is wrong, and the connection stays', async () => {
    const { path } = await served(stubHost());
    const client = await attached(path);
    const wrong = { do: 'command', command: { name: 'close_position', run: 1, qty: 0.5 } } as unknown as Ask;
    await expect(client.ask(wrong, ASKING)).rejects.toThrow('ask.command.qty: expected decimal text above 0');
    await caughtUp(client);
  });
});

test('fifty clients at once all see the same', async () => {
  const host = stubHost();
  const { path, clock } = await served(host);
  const clients = await Promise.all(Array.from({ length: 50 }, () => attached(path)));
  host.long(100);
  clock.fire();
  await caughtUp(...clients);
  for (const client of clients) expect(client.scene().state).toEqual(clients[0]?.scene().state);
  expect(clients[49]?.scene().state.seq).toBe(host.scene().state.seq);
});

test('what one client watches does not end with what another does, and ends with its own link', async () => {
  const host = stubHost();
  const { path } = await served(host);
  const one = await attached(path);
  const two = await attached(path);
  await one.watch(['ETH/USDT:USDT']);
  await two.watch(['SOL/USDT:USDT']);
  expect(host.watched).toEqual(['ETH/USDT:USDT', 'SOL/USDT:USDT']);
  one.close();
  await until(() => host.watched.length === 1);
  expect(host.watched).toEqual(['SOL/USDT:USDT']);
});

test('one client too many is told so, and the others stay', async () => {
  const { path } = await served(stubHost(), { clientsMax: 2 });
  const others = [await attached(path), await attached(path)];
  expect(await closed(await rawSocket(path))).toBe(1013);
  await caughtUp(...others);
});

test('whoever says no hello is put out', async () => {
  const { path } = await served(stubHost(), { helloMs: 1 });
  expect(await closed(await rawSocket(path))).toBe(1006);
});

test('a reader that takes nothing is dropped, and nobody waits for it', async () => {
  const host = stubHost();
  const { path, serving } = await served(host, { bufferedMax: 4_096 });
  const other = await attached(path);
  const slow = await rawSocket(path);
  slow.send(request('hello', { ...HELLO, follow: 'all' }));
  await answer(slow);
  await until(() => serving.clients === 2);
  slow.pause();
  for (let i = 0; serving.clients === 2; i++) {
    host.long(100 + (i % 2));
    await caughtUp(other);
  }
  expect(other.scene().state.seq).toBe(host.scene().state.seq);
});

test('one that asks without end and reads no answer is dropped, too', async () => {
  const host = stubHost();
  for (let i = 0; i < 50; i++) host.long(100 + 3 * (i % 2));
  const { path, serving } = await served(host, { bufferedMax: 4_096 });
  const greedy = await rawSocket(path);
  greedy.send(request('hello', HELLO));
  await answer(greedy);
  greedy.pause();
  for (let id = 2; serving.clients === 1; id++) {
    greedy.send(request('entries', { query: {} }, id));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(serving.clients).toBe(0);
});

test.each([
  [
    damaged('/journal', 3, 'aa', 'bb'),
    { code: 'JOURNAL_DAMAGED', exit: 1, expected: 'aa', found: 'entry 3 is damaged: bb' },
  ],
  [
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
    { code: 'DISK_FULL', exit: 2, found: 'database or disk is full', fix: expect.stringContaining('make room') },
  ],
  [new Error('a bug'), { code: 'ENGINE_ERROR', exit: 3, expected: 'a result', found: 'a bug' }],
])('what is wrong with the files of a journal is told as whoever opens them tells it: %s', async (thrown, told) => {
  const host: StubHost = {
    ...stubHost(),
    entries() {
      throw thrown;
    },
  };
  const client = await attached((await served(host)).path);
  await expect(client.entries({})).rejects.toMatchObject(told);
});

describe('a client that may only read', () => {
  test('is refused what would change something, and sees the rest', async () => {
    const host = stubHost();
    const { path, shutdowns } = await served(host);
    const client = await attached(path, { role: 'read' });
    expect(await client.ask(PAUSE, ASKING)).toMatchObject({ ok: false, refused: { code: 'ROLE_READ' } });
    await expect(client.shutdown()).rejects.toThrow('role operate');
    expect(host.asked).toEqual([]);
    expect(shutdowns).toEqual([]);
    expect(await client.view(emptyUi('auto'))).toEqual(VIEW);
  });

  test('one that operates may end the engine', async () => {
    const { path, shutdowns } = await served(stubHost());
    expect(await (await attached(path)).shutdown()).toBe(77);
    expect(shutdowns).toEqual([1]);
  });
});

describe('a client of another version', () => {
  async function old(path: string): Promise<WebSocket> {
    const socket = await rawSocket(path);
    socket.send(request('hello', { ...HELLO, follow: 'all', schema: 'another', isNew: 'unknown here' }));
    expect(await answer(socket)).toMatchObject({ result: { mode: 'picture', build: '1.2.3' } });
    return socket;
  }

  test('gets screens, hears that they are old, and folds nothing', async () => {
    const host = stubHost();
    const { path, clock } = await served(host);
    const socket = await old(path);
    const { length } = host.entriesNow;
    host.long(100);
    clock.fire();
    expect(host.entriesNow.length).toBeGreaterThan(length);
    expect(await answer(socket)).toEqual({ jsonrpc: '2.0', method: 'changed', params: {} });
    socket.send(request('view', { ui: JSON.stringify(emptyUi('auto')), preview: null }));
    expect(JSON.parse((await answer(socket)).result as string)).toEqual(VIEW);
  });

  test('one of ours knows that it is shown pictures, and hears when they are old', async () => {
    const host = stubHost();
    const { path, clock } = await served(host, { version: { ...VERSION, stateVersion: 99 }, build: '9.9.9' });
    const client = await attached(path);
    expect(client.picture).toEqual({ engine: '9.9.9', own: CLIENT.build });
    expect(client.scene()).toMatchObject({ link: 'up', state: { seq: 0 }, entries: [] });
    let changes = 0;
    client.subscribe(() => changes++);
    host.long(100);
    clock.fire();
    expect(await client.view(emptyUi('auto'))).toEqual(VIEW);
    expect(changes).toBe(1);
    expect(await client.ask(PAUSE, ASKING)).toMatchObject({ refused: { code: 'VERSION_DIFFERS' } });
  });

  test('may panic and close, and nothing else', async () => {
    const host = stubHost();
    const { path } = await served(host);
    const socket = await old(path);
    const ask = async (given: Ask): Promise<unknown> => {
      socket.send(request('ask', { ask: given, asking: ASKING }));
      for (;;) {
        const { id, result } = await answer(socket);
        if (id === 1) return result;
      }
    };
    expect(await ask(PAUSE)).toMatchObject({ ok: false, refused: { code: 'VERSION_DIFFERS' } });
    expect(await ask(command({ name: 'close_position', run: 1 }))).toMatchObject({ ok: true });
    expect(await ask(command({ name: 'panic', account: 'paper' }))).toMatchObject({ ok: true });
    expect(host.asked).toHaveLength(2);
  });
});

/** Below the time that an answer to hello may take. */
const RETRY_MS_MAX = 4_999;

describe('a link that breaks', () => {
  /** A wire between client and engine that can be cut and joined. */
  async function wire(path: string): Promise<{ cut(): void; down: boolean }> {
    const open = new Set<Socket>();
    const cut = (): void => {
      for (const socket of open) socket.destroy();
    };
    const state = { down: false, cut };
    const server = createServer((socket) => {
      if (state.down) return void socket.destroy();
      const engine = connect(path);
      for (const each of [socket, engine]) {
        open.add(each);
        each
          .on('error', () => undefined)
          .on('close', () => {
            open.delete(each);
            socket.destroy();
            engine.destroy();
          });
      }
      socket.pipe(engine).pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(join(dirname(path), 'wire.sock'), resolve));
    onTestFinished(() => void server.close());
    return state;
  }

  async function overWire(host = stubHost()) {
    const { path } = await served(host);
    const line = await wire(path);
    const clock = handClock();
    const through = join(dirname(path), 'wire.sock');
    const client = new Client({ ...CLIENT, after: clock.after }, () => dial(through));
    onTestFinished(() => client.close());
    await client.greet(await dial(through));
    return { host, line, clock, client };
  }

  test('is told at once, keeps the last picture, and goes on by seq without a gap', async () => {
    const { host, line, clock, client } = await overWire();
    const links: string[] = [];
    const told: number[] = [];
    client.subscribe(({ entries, isLink }) => {
      if (isLink) links.push(client.scene().link);
      told.push(...entries.map(({ seq }) => seq));
    });
    const before = client.scene().state.seq;
    line.cut();
    await until(() => links.length === 1);
    expect(links).toEqual(['lost']);
    host.long(100);
    host.long(101);
    expect(client.scene().state.seq).toBe(before);
    clock.fire();
    await until(() => links.length === 2);
    expect(links).toEqual(['lost', 'up']);
    const expected = host.entriesNow.filter(({ seq }) => seq > before).map(({ seq }) => seq);
    expect(told).toEqual(expected);
    expect(client.scene().state.seq).toBe(host.scene().state.seq);
    expect(client.scene().candles).toEqual(host.scene().candles);
  });

  test('is what a silent one is, too, though the clock of the machine stands still or is set back', async () => {
    const { clock, client } = await overWire();
    for (let looks = 0; looks < 6; looks++) {
      expect(client.scene().link).toBe('up');
      clock.fire(1_000);
    }
    expect(client.scene().link).toBe('lost');
  });

  test('is tried again until the engine is back', async () => {
    const { line, clock, client } = await overWire();
    line.down = true;
    line.cut();
    await until(() => client.scene().link === 'lost');
    for (let tries = 0; tries < 3; tries++) {
      await until(() => clock.waiting > 0);
      clock.fire(RETRY_MS_MAX);
    }
    line.down = false;
    await until(() => {
      clock.fire(RETRY_MS_MAX);
      return client.scene().link === 'up';
    });
    await caughtUp(client);
    expect(client.scene().link).toBe('up');
  });

  test('a command without its answer says that its outcome is unknown', async () => {
    const { host, line, client } = await overWire();
    const asked = client.ask(
      { do: 'trade', symbol: 'BTC', draft: { type: 'market', sign: 1, size: { by: 'settings' } } },
      ASKING,
    );
    await until(() => host.asked.length === 1);
    line.cut();
    await expect(asked).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', fix: expect.stringContaining('journal') });
    await expect(client.ask(PAUSE, ASKING)).rejects.toMatchObject({ code: 'LINK_LOST' });
    expect(host.asked).toHaveLength(1);
  });
});
