import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startWebhook, type WebhookSink, webhookTarget } from '../../../src/core/boot/webhook.ts';
import { processRedactor } from '../../../src/core/config/redact.ts';
import type { Ask } from '../../../src/core/domain/ask.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import { createSyntheticFeed } from '../../../src/core/lab/host/synthetic.ts';
import { handHost } from '../../support/host-play.ts';
import { scratchFolder } from '../../support/scratch.ts';

/** What a receiver answers: a status, nothing at all, or a connection that breaks after the body was read. */
type Answer = number | 'silence' | 'reset';

interface Posted {
  readonly body: { readonly id: string; readonly rule: string; readonly priority: string; readonly isRepeat: boolean };
  readonly auth: string | undefined;
}

/** A real receiver on loopback; answers are taken in order, then it is 204. */
interface Receiver {
  readonly url: string;
  readonly posted: Posted[];
  answers: Answer[];
  /** Once so many have come in all. */
  until(count: number): Promise<void>;
}

const servers: Server[] = [];
const sinks: WebhookSink[] = [];

async function receiver(): Promise<Receiver> {
  const told = new EventTarget();
  const posted: Posted[] = [];
  const made = {
    url: '',
    posted,
    answers: [] as Answer[],
    async until(count: number) {
      while (posted.length < count) await once(told, 'post');
    },
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      posted.push({ body: JSON.parse(text) as Posted['body'], auth: request.headers.authorization });
      answer(made.answers.shift() ?? 204, response);
      told.dispatchEvent(new Event('post'));
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret-path`;
  return made;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function answer(how: Answer, response: ServerResponse): void {
  if (how === 'reset') response.destroy();
  else if (how !== 'silence') response.writeHead(how).end();
}

const asking = { who: 'test', face: 'cli' };
const TEST: Ask = { do: 'command', command: { name: 'test_alert' } };
const PANIC: Ask = { do: 'command', command: { name: 'panic', account: 'paper' } };
const START: Ask = {
  do: 'start',
  start: { strategy: 'trend', params: {}, symbol: 'BTC/USDT:USDT', seed: 1, observe: true },
};

const hostOf = (survived: readonly AnyEntry[] = []) => handHost({ feed: createSyntheticFeed(7), survived });
type Hand = ReturnType<typeof hostOf>;

/** Waits for an answer as long as users do, unless it is told otherwise: on a busy machine one may come late. */
function sinkOf({ host }: Hand, url: string, notes: string[] = [], timeoutMs?: number): WebhookSink {
  const sink = startWebhook(host, { url, bearer: 'b3arer' }, { note: (t) => notes.push(t), timeoutMs, backoffMs: 5 });
  sinks.push(sink);
  return sink;
}

/** Once the journal holds so many deliveries. */
async function delivered({ host, journal }: Hand, count: number): Promise<readonly AnyEntry[]> {
  const all = () => journal.all.filter(({ kind }) => kind === 'alert_delivered');
  while (all().length < count) await new Promise<void>((told) => void host.onReleased(() => told()));
  return all();
}

let at: Receiver;
beforeEach(async () => {
  at = await receiver();
});
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

describe('a webhook', () => {
  test('gets an alert as JSON with its bearer, and that is journaled; the next one comes by itself', async () => {
    const hand = hostOf();
    sinkOf(hand, at.url);
    await hand.host.ask(TEST, asking);
    expect(await delivered(hand, 1)).toMatchObject([
      { body: { alert: 1, nth: 1, sink: 'webhook', ref: '204', isRepeat: false } },
    ]);
    expect(at.posted).toMatchObject([
      {
        auth: 'Bearer b3arer',
        body: {
          schema: 'dzentra.alert/1',
          id: '1.1',
          profile: 'test',
          rule: 'test',
          priority: 'MEDIUM',
          title: 'TEST ALERT  paper test',
          symbol: '',
          isSilent: false,
          isRepeat: false,
        },
      },
    ]);
    await hand.host.ask(TEST, asking);
    await delivered(hand, 2);
    expect(at.posted.map(({ body }) => body.id)).toEqual(['1.1', '2.1']);
  });

  test.each<readonly [string, readonly Answer[], readonly boolean[]]>([
    ['that is overloaded gets it again', [503, 429], [false, false, false]],
    ['whose answer got lost gets it again, marked as a possible repeat', ['reset'], [false, true]],
    ['that does not answer in time gets it again, marked', ['silence'], [false, true]],
  ])('%s', async (_what, answers, repeats) => {
    at.answers = [...answers];
    const notes: string[] = [];
    const hand = hostOf();
    const sink = sinkOf(hand, at.url, notes, answers.includes('silence') ? 300 : undefined);
    await hand.host.ask(TEST, asking);
    await delivered(hand, 1);
    await sink.close();
    const posted = at.posted.map(({ body }) => [body.id, body.isRepeat]);
    // 300 ms are less than a busy machine may take to answer: then it comes once more.
    const late = answers.includes('silence') ? posted.slice(repeats.length).map(() => true) : [];
    expect(posted).toEqual([...repeats, ...late].map((each) => ['1.1', each]));
    // Told once when it began, and once when it was over; never the path, which may be the secret.
    expect(notes).toHaveLength(2);
    expect(notes.join()).not.toContain('s3cret-path');
  });

  test('gets what is HIGH before what waits longer, and what it refuses as it is comes last', async () => {
    const hand = hostOf();
    await hand.host.ask(START, asking);
    for (let i = 0; i < 2; i++) await hand.host.ask(TEST, asking);
    await hand.host.ask(PANIC, asking);
    at.answers = [204, 400];
    sinkOf(hand, at.url);
    await delivered(hand, 3);
    expect(at.posted.map(({ body }) => [body.priority, body.id])).toEqual([
      ['HIGH', '3.1'],
      ['MEDIUM', '1.1'],
      ['MEDIUM', '2.1'],
      ['MEDIUM', '1.1'],
    ]);
  });

  test('gets what is HIGH at once, though it was raised while another one failed', async () => {
    at.answers = ['silence'];
    const hand = hostOf();
    await hand.host.ask(START, asking);
    const slow = { note: () => undefined, timeoutMs: 300, backoffMs: 60_000 };
    sinks.push(startWebhook(hand.host, { url: at.url }, slow));
    await hand.host.ask(TEST, asking);
    await at.until(1);
    await hand.host.ask(PANIC, asking);
    await at.until(2);
    expect(at.posted.map(({ body }) => body.priority)).toEqual(['MEDIUM', 'HIGH']);
  });

  test('that sends elsewhere is not followed, and what it answered is said', async () => {
    at.answers = [302];
    const notes: string[] = [];
    const hand = hostOf();
    sinkOf(hand, at.url, notes);
    await hand.host.ask(TEST, asking);
    await delivered(hand, 1);
    expect(notes[0]).toContain('status 302');
    expect(at.posted.map(({ body }) => body.isRepeat)).toEqual([false, false]);
  });

  test('misses nothing where the engine dies between the raising and the delivery, or before it was journaled', async () => {
    const first = hostOf();
    await first.host.ask(TEST, asking);
    at.answers = ['silence'];
    sinkOf(first, at.url);
    await at.until(1);
    // kill -9: what is durable is all that is left.
    const second = hostOf(first.journal.all);
    sinkOf(second, at.url);
    await second.host.ask(TEST, asking);
    const told = await delivered(second, 2);
    expect(told.map(({ body }) => 'isRepeat' in body && [body.alert, body.isRepeat])).toContainEqual([1, true]);
    const third = hostOf(second.journal.all);
    sinkOf(third, at.url);
    await third.host.ask(TEST, asking);
    await delivered(third, told.length + 1);
    const fresh = at.posted.filter(({ body }) => !body.isRepeat).map(({ body }) => body.id);
    expect(new Set(fresh).size).toBe(fresh.length);
  });

  test('does not hold the engine up while nobody answers, and ends at once', async () => {
    at.answers = ['silence'];
    const hand = hostOf();
    const sink = sinkOf(hand, at.url);
    await hand.host.ask(TEST, asking);
    await at.until(1);
    await expect(hand.host.ask(TEST, asking)).resolves.toMatchObject({ ok: true });
    await sink.close();
    expect(hand.journal.all.some(({ kind }) => kind === 'alert_delivered')).toBe(false);
  });
});

describe('the bearer of a webhook', () => {
  test('comes from a private file beside the configuration, and no log shows it', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'hook.auth');
    const config = join(folder, 'config.toml');
    writeFileSync(file, 'canary-4711\n', { mode: 0o600 });
    const target = await webhookTarget({ url: 'https://example.com/x', authFile: 'hook.auth' }, config);
    expect(target).toEqual({ url: 'https://example.com/x', bearer: 'canary-4711' });
    expect(processRedactor.redact('sent with canary-4711')).not.toContain('canary');
    chmodSync(file, 0o644);
    expect(await webhookTarget({ url: 'https://example.com', authFile: 'hook.auth' }, config)).toMatchObject({
      code: 'BAD_CONFIG',
      fix: `chmod 600 ${file}`,
    });
    expect(await webhookTarget({ url: 'https://example.com', authFile: 'none' }, config)).toMatchObject({
      code: 'BAD_CONFIG',
    });
  });
});
