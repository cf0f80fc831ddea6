import { beforeEach, describe, expect, it } from 'vitest';
import { createPairing, newCode, type Pairing } from '../../../src/telegram/access/pairing.ts';
import { ANN, BOB, from, GROUP, group, home, NOW, pressed, typed } from './updates.ts';

describe('pairing', () => {
  let now = NOW;
  const clock = { now: () => now };
  let pairing: Pairing;
  const CODE = 'K7QP-3M9D';
  const given = (isGroup = false) => createPairing({ code: CODE, role: 'operator', isGroup, clock });
  const sends = (text: string, more: object = {}) =>
    pairing.offer(typed({ text, date: Math.floor(now / 1_000), ...more }));

  beforeEach(() => {
    now = NOW;
    pairing = given();
  });

  it.each(['/start K7QP-3M9D', 'K7QP-3M9D', 'k7qp3m9d', ' k7qp\u20143m9d ', '/start@dzentra_bot K7QP3M9D'])(
    'binds whoever sends %j: user, chat, role, name',
    (text) => {
      expect(sends(text, { from: from(ANN, { first_name: 'An\u202en', last_name: '\u001b[2JLee' }) })).toEqual({
        is: 'paired',
        person: { user: ANN, chat: ANN, role: 'operator', name: 'An n [2JLee', isGroup: false, pairedAt: NOW },
      });
      expect(sends(text, { from: from(BOB), chat: home(BOB) })).toEqual({ is: 'over' });
    },
  );

  it('tells what is wrong, five times at most, and ends after five wrong tries', () => {
    expect(sends('/start')).toEqual({
      is: 'refused',
      notice: { chat: ANN, text: 'send the code that the terminal shows' },
    });
    for (const code of ['AAAA-AAAA', 'hello', '/start BBBB-BBBB', '22222222']) {
      expect(sends(code)).toMatchObject({ is: 'refused', notice: { chat: ANN } });
    }
    expect(sends('CCCC-CCCC')).toEqual({ is: 'over' });
    expect(sends(CODE)).toEqual({ is: 'over' });
  });

  it('holds for ten minutes', () => {
    expect(pairing.until).toBe(NOW + 600_000);
    now = pairing.until;
    expect(sends(CODE)).toEqual({ is: 'over' });
  });

  it.each([
    ['a forward', { forward_date: 1 }],
    ['a bot', { from: from(ANN, { is_bot: true }) }],
    ['an anonymous admin', { sender_chat: group() }],
    ['a message from before', { date: Math.floor(NOW / 1_000) - 61 }],
    ['a channel', { chat: { id: GROUP, type: 'channel' } }],
  ])('ignores %s', (_, more) => {
    expect(sends(CODE, more)).toEqual({ is: 'ignored' });
    expect(sends('AAAA-AAAA', more)).toEqual({ is: 'ignored' });
    expect(pairing.offer(pressed({ data: CODE }))).toEqual({ is: 'ignored' });
    expect(sends(CODE).is).toBe('paired');
  });

  it('is over once the code stood in a group where it was not asked for', () => {
    expect(sends('good morning', { chat: group() })).toEqual({ is: 'ignored' });
    expect(sends(CODE, { chat: group() })).toEqual({ is: 'over' });
    expect(sends(CODE)).toEqual({ is: 'over' });
  });

  it('pairs one user of a group where that was asked for', () => {
    pairing = given(true);
    expect(sends('talk of others', { chat: group() })).toEqual({ is: 'ignored' });
    expect(sends(CODE)).toMatchObject({ is: 'refused', notice: { text: 'send the code in the group' } });
    expect(sends(CODE, { chat: group(), from: from(BOB) })).toMatchObject({
      is: 'paired',
      person: { user: BOB, chat: GROUP, isGroup: true },
    });
  });

  it('makes codes that nobody misreads or guesses', () => {
    const codes = Array.from({ length: 200 }, newCode);
    for (const code of codes) expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4}$/);
    expect(new Set(codes).size).toBe(200);
  });
});
