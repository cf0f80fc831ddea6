import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gate } from '../../../src/telegram/access/gate.ts';
import { createRate } from '../../../src/telegram/access/rate.ts';
import {
  ANN,
  ann,
  annInGroup,
  BOB,
  from,
  GROUP,
  group,
  home,
  message,
  NOW,
  pressed,
  query,
  typed,
  update,
} from './updates.ts';

const people = [ann, annInGroup];
const isIn = (given: ReturnType<typeof typed>, list = people) => gate(given, list, NOW).is;

describe('the gate', () => {
  it('lets a paired person in, with what he wrote and pressed', () => {
    expect(gate(typed(), people, NOW)).toEqual({
      is: 'text',
      person: ann,
      update: 100,
      message: 7,
      text: '/status',
      isOld: false,
    });
    expect(gate(pressed(), people, NOW)).toEqual({
      is: 'press',
      person: ann,
      update: 101,
      message: 7,
      callback: '4382bfdwdsb323b2d9',
      data: 'k3',
    });
    expect(gate(typed({ chat: group() }), people, NOW)).toMatchObject({ is: 'text', person: annInGroup });
  });

  it('takes what was typed without what nobody sees at its ends', () => {
    expect(gate(typed({ text: '\u202e/panic\u200b\u202c\n' }), people, NOW)).toMatchObject({ text: '/panic' });
  });

  it('lets nobody in where nobody is paired', () => {
    expect([isIn(typed(), []), isIn(pressed(), [])]).toEqual(['dropped', 'dropped']);
  });

  it.each([
    ['another user', { from: from(BOB), chat: home(BOB) }],
    ['another user in the group of a paired one', { from: from(BOB), chat: group() }],
    ['a private chat that is not the sender\u2019s', { from: from(), chat: home(BOB) }],
    ['a private chat under the number of the group', { chat: { id: GROUP, type: 'private' } }],
    ['the paired private chat as a group', { chat: { id: ANN, type: 'group' } }],
    ['another group', { chat: { ...group(), id: GROUP - 1 } }],
    ['a channel', { chat: { id: GROUP, type: 'channel' } }],
    ['an anonymous admin', { from: from(1_087_968_824, { is_bot: true }), chat: group(), sender_chat: group() }],
    ['an anonymous admin without his mask of a bot', { from: from(1_087_968_824), chat: group() }],
    ['a chat that speaks', { sender_chat: group() }],
    ['a bot', { from: from(ANN, { is_bot: true }) }],
    ['a sender of whom nobody says that he is no bot', { from: { id: ANN, first_name: 'Ann' } }],
    ['a message by way of a bot', { via_bot: { id: 5, is_bot: true } }],
    ['a forwarded message', { forward_origin: { type: 'user' } }],
    ['a forwarded message of an older kind', { forward_date: 5 }],
    ['an edited message', { edit_date: 5 }],
    ['a message of a business account', { business_connection_id: 'x' }],
    ['a message without a sender', { from: undefined }],
    ['a number as text', { from: from('42' as unknown as number) }],
    ['a sender that is a list', { from: [ANN] }],
    ['a message without a date', { date: undefined }],
    ['a date as text', { date: '1767598869' }],
    ['a message without a number', { message_id: 0 }],
    ['a picture', { text: undefined, photo: [] }],
    ['a text that is none', { text: ['/panic'] }],
    ['blanks', { text: ' \n' }],
    ['a text longer than Telegram lets people write', { text: '/panic'.padEnd(5_000, 'x') }],
    ['a sender by inheritance', JSON.parse('{"from":null,"__proto__":{"from":{"id":42,"is_bot":false}}}') as object],
  ])('drops %s', (_, more) => {
    expect(isIn(typed({ ...more }))).toBe('dropped');
  });

  it.each([
    ['a stranger', { from: from(BOB) }],
    ['a stranger in the paired group', { from: from(BOB), message: message({ chat: group() }) }],
    ['a message of nowhere', { message: undefined, inline_message_id: 'x' }],
    ['no data', { data: undefined }],
    ['longer data than a button has', { data: 'x'.repeat(65) }],
    ['data that is no text', { data: { $: 1 } }],
    ['no callback', { id: undefined }],
    ['a bot', { from: from(ANN, { is_bot: true }) }],
  ])('drops a press of %s', (_, more) => {
    expect(isIn(pressed({ ...more }))).toBe('dropped');
  });

  it.each([
    ['edited_message', message()],
    ['channel_post', message()],
    ['edited_channel_post', message()],
    ['business_message', message()],
    ['edited_business_message', message()],
    ['inline_query', query()],
    ['poll', {}],
  ])('drops updates of kind %s', (kind, content) => {
    expect(isIn(update({ update_id: 1, [kind]: content }))).toBe('dropped');
    expect(isIn(update({ update_id: 1, message: message(), [kind]: content }))).toBe('dropped');
  });

  it('marks what was typed more than 60 s ago', () => {
    const sent = (ageS: number) => gate(typed({ date: Math.floor(NOW / 1_000) - ageS }), people, NOW);
    expect([59, 61, 6 * 3_600].map(sent)).toMatchObject([{ isOld: false }, { isOld: true }, { isOld: true }]);
  });

  it('hears that a chat of its people threw the bot out, and nothing of other chats', () => {
    const member = (id: number, status: string) =>
      gate(update({ update_id: 5, my_chat_member: { chat: { id }, new_chat_member: { status } } }), people, NOW);
    expect(member(ANN, 'kicked')).toEqual({ is: 'left', chat: ANN });
    expect(member(GROUP, 'left')).toEqual({ is: 'left', chat: GROUP });
    expect([member(BOB, 'kicked').is, member(ANN, 'member').is]).toEqual(['dropped', 'dropped']);
  });

  const json = fc.jsonValue({ maxDepth: 4 });
  const some = (known: unknown) =>
    fc.oneof({ arbitrary: fc.constant(known), weight: 4 }, { arbitrary: json, weight: 1 });
  /** A message like a real one in which anything may be anything. */
  const likely = fc.record(
    {
      message_id: some(7),
      date: some(NOW / 1_000),
      text: some('/panic'),
      data: some('k3'),
      id: some('cb'),
      from: some(from()),
      chat: some(home()),
      message: fc.oneof(fc.constant(message()), json),
      sender_chat: json,
      __proto__: json,
    },
    { requiredKeys: [] },
  );

  it('never throws and lets no stranger in, whatever comes', () => {
    const kinds = ['message', 'callback_query', 'my_chat_member', 'edited_message', 'toString', '__proto__'];
    const any = fc.oneof(
      json,
      fc.tuple(fc.constantFrom(...kinds), likely).map(([kind, content]) => ({ update_id: 9, [kind]: content })),
    );
    const strangers = [
      { ...ann, user: BOB, chat: BOB },
      { ...annInGroup, user: BOB },
    ];
    fc.assert(
      fc.property(any, (given) => {
        const gated = gate(update(given), people, NOW);
        if (gated.is === 'text' || gated.is === 'press') expect(people).toContain(gated.person);
        expect(['dropped', 'left']).toContain(gate(update(given), [], NOW).is);
        // Nothing in these updates is Bob's: no list with him alone may let one in.
        expect(gate(update(given), strangers, NOW).is).toBe('dropped');
      }),
      { numRuns: 500 },
    );
  });
});

describe('the rate of one person', () => {
  it('gives eight at once, then one a second, and tells him once', () => {
    let now = 1_000;
    const rate = createRate({ now: () => now });
    const take = (count: number, user = ANN) => Array.from({ length: count }, () => rate.allows(user));
    const allowed = (all: readonly { isAllowed: boolean }[]) => all.filter(({ isAllowed }) => isAllowed).length;
    const flood = take(100);
    expect([allowed(flood), flood.filter(({ isTold }) => isTold).length]).toEqual([8, 1]);
    expect(allowed(take(3, BOB))).toBe(3);
    now += 2_500;
    expect(allowed(take(10))).toBe(2);
    now -= 60_000;
    expect(allowed(take(10))).toBe(0);
    now += 600_000;
    expect(allowed(take(100))).toBe(8);
  });
});
