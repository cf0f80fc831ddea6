import { expect, test } from 'vitest';
import * as pictures from '../../src/core/view/door.ts';
import type { Received } from '../../src/telegram/access/person.ts';
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

test('a chart that cannot be made ends nothing: it is logged, and the chat goes on', async () => {
  const logged: string[] = [];
  const { chat, heard } = open({ chart: () => Promise.reject(new Error('no such block')), log: stubLog({ logged }) });
  await chat.receive(text('/chart_equity'));
  await chat.receive(PRESS);
  expect(logged.join()).toContain('a bug of the bridge');
  expect(heard.pressed).toEqual(['go']);
});
