import { describe, expect, test } from 'vitest';
import * as pictures from '../../src/core/view/door.ts';
import type { Received } from '../../src/telegram/access/person.ts';
import { lastingData } from '../../src/telegram/alert/lasting.ts';
import { Chat, type ChatOptions } from '../../src/telegram/chat.ts';
import { handTimers } from '../support/hand-timers.ts';
import { stubLog } from './alert/stage.ts';
import { ANN } from './bridge-home.ts';

/** A chat whose commands wait for ever, and what was sent, answered and done in it. */
function open(changes: Partial<ChatOptions> = {}) {
  const hand = handTimers();
  const heard = { sent: [] as string[], answered: [] as (string | undefined)[], pressed: [] as string[] };
  const chat = new Chat({
    chat: ANN.chat,
    pictures,
    clock: { now: hand.wall, after: hand.after },
    log: stubLog({ logged: [] }),
    client: { scene: () => ({ state: {} }) } as unknown as ChatOptions['client'],
    api: {
      answer: async (_callback: string, text?: string) => {
        heard.answered.push(text);
        return { ok: true, value: undefined };
      },
    } as unknown as ChatOptions['api'],
    outbound: {
      send: async (_chat: number, _lane: string, write: () => { readonly html: string }) => {
        heard.sent.push(write().html);
        return undefined;
      },
    } as unknown as ChatOptions['outbound'],
    buttons: {
      begin: () => ({ add: () => '', bind: () => {} }),
      take: () => ({ is: 'go', to: 'home' }),
      forget: () => {},
    },
    acts: { typed: () => new Promise(() => {}) } as unknown as ChatOptions['acts'],
    screens: {
      typed: async () => false,
      press: async ({ is }: { readonly is: string }) => {
        heard.pressed.push(is);
        return { text: 'x'.repeat(300) };
      },
    } as unknown as ChatOptions['screens'],
    sink: { changed: () => {}, reached: () => {}, close: async () => {} },
    link: { changed: () => {}, close: () => {} },
    chart: async () => 'none',
    ...changes,
  });
  return { chat, heard, hand };
}

const text = (said: string, isOld = false): Received => ({
  is: 'text',
  person: ANN,
  update: 1,
  message: 1,
  text: said,
  isOld,
});
const PRESS: Received = { is: 'press', person: ANN, update: 2, callback: 'c', message: 3, data: 'd' };

test('a command that takes long keeps no button waiting, and an answer to a press fits in its window', async () => {
  const { chat, heard } = open();
  void chat.receive(text('/journal verify'));
  await chat.receive(PRESS);
  expect(heard.pressed).toEqual(['go']);
  expect(heard.answered).toEqual(['x'.repeat(200)]);
});

test('a press that takes long ends its wait after three seconds, and is not answered twice', async () => {
  let end = (_: { readonly text: string }): void => {};
  const slow = new Promise<{ readonly text: string }>((resolve) => {
    end = resolve;
  });
  const { chat, heard, hand } = open({ screens: { press: () => slow } as unknown as ChatOptions['screens'] });
  const done = chat.receive(PRESS);
  await hand.move(0);
  await hand.move(3_000);
  expect(heard.answered).toEqual([undefined]);
  end({ text: 'late' });
  await done;
  expect(heard.answered).toEqual([undefined]);
});

test('what is old is told of and does nothing; what is not understood says how to ask', async () => {
  const { chat, heard } = open();
  await chat.receive(text('/panic', true));
  await chat.receive(text('<b>sell all</b>'));
  expect(heard.sent[0]).toContain('Dropped: 1 message sent more than a minute before');
  expect(heard.sent[1]).toContain('Not understood: &lt;b&gt;sell all&lt;/b&gt;.');
  expect(heard.pressed).toEqual([]);
});

test('what is old is counted once, however often it is written and whatever comes meanwhile', async () => {
  const told: (string | undefined)[] = [];
  const written = Promise.withResolvers<void>();
  const isOver = Promise.withResolvers<void>();
  const isThere = Promise.withResolvers<{ readonly ok: true; readonly value: number }>();
  const outbound = {
    // As the queue does where a chat is flooded: its writer is asked again.
    send: async (_chat: number, _lane: string, write: () => { readonly html: string }) => {
      write();
      told.push(/\d+ messages?/.exec(write().html)?.[0]);
      written.resolve();
      if (told.length === 2) isOver.resolve();
      return await isThere.promise;
    },
  };
  const { chat } = open({ outbound: outbound as unknown as ChatOptions['outbound'] });
  await Promise.all([chat.receive(text('/panic', true)), chat.receive(text('/close', true)), written.promise]);
  await chat.receive(text('/close', true));
  isThere.resolve({ ok: true, value: 1 });
  await isOver.promise;
  expect(told).toEqual(['1 message', '2 messages']);
});

test('a chart that cannot be made ends nothing: it is logged, and the chat goes on', async () => {
  const logged: string[] = [];
  const { chat, heard } = open({ chart: () => Promise.reject(new Error('no such block')), log: stubLog({ logged }) });
  await chat.receive(text('/chart_equity'));
  await chat.receive(PRESS);
  expect(logged.join()).toContain('a bug of the bridge');
  expect(heard.pressed).toEqual(['go']);
});

describe('a button of an alert that an earlier process sent', () => {
  /** This process made no buttons, and the engine has one alert open. */
  const restarted = () => {
    const ordered: string[] = [];
    const opened = open({
      buttons: { begin: () => ({ add: () => '', bind: () => {} }), take: () => 'old', forget: () => {} },
      client: {
        scene: () => ({ state: { alarm: { open: [{ alert: 4, of: 41 }] } } }),
      } as unknown as ChatOptions['client'],
      acts: {
        order: async ({ words }: { readonly words: readonly string[] }) => {
          ordered.push(words.join(' '));
          return { is: 'told', isOk: true, summary: '', lines: [] };
        },
      } as unknown as ChatOptions['acts'],
      screens: {
        press: async (deed: object) => {
          ordered.push(JSON.stringify(deed));
          return {};
        },
        pressedOld: async () => ({ text: 'over' }),
      } as unknown as ChatOptions['screens'],
    });
    return { ...opened, ordered };
  };

  test.each([
    [{ is: 'acknowledge', alert: 4, of: 41 }, 'alert ack 4', 'acknowledged'],
    [
      { is: 'screen', screen: 'auto', pick: { run: '2' } },
      '{"is":"screen","screen":"auto","pick":{"run":"2"}}',
      undefined,
    ],
  ] as const)('does what it did: %o', async (deed, ordered, answered) => {
    const { chat, heard, ordered: done } = restarted();
    await chat.receive({ ...PRESS, data: lastingData(deed) ?? '' });
    expect([done, heard.answered]).toEqual([[ordered], [answered]]);
  });

  test.each(['ack:4:40', 'ack:0:41', 'ack:4:41 ', 'see:trade', 'see:auto:do=1', 'panic'])(
    'does nothing where the alert is another one, or where nobody made it: %s',
    async (data) => {
      const { chat, heard, ordered } = restarted();
      await chat.receive({ ...PRESS, data });
      expect([ordered, heard.answered]).toEqual([[], ['over']]);
    },
  );
});
