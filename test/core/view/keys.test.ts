import { expect, test } from 'vitest';
import { KEYS } from '../../../src/core/view/keys.ts';
import { SCREEN_IDS } from '../../../src/core/view/screen-ids.ts';
import { SCREENS } from '../../../src/core/view/screens.ts';
import { BINDINGS, RISK_KEYS } from '../../../src/tui/model/bindings.ts';

const told = KEYS.flatMap(({ keys }) => keys.split(' '));

test('the help leads to every screen by its own key', () => {
  for (const { id, key } of SCREENS) expect(KEYS.find(({ screen }) => screen === id)?.keys).toBe(key);
  expect(SCREENS.map(({ id }) => id)).toEqual(SCREEN_IDS);
});

test('every key that the terminal binds is in the help', () => {
  const named: Readonly<Record<string, string>> = {
    esc: 'Esc',
    backspace: 'Backspace',
    tab: 'Tab',
    'shift-tab': 'Shift-Tab',
    enter: 'Enter',
    pageup: 'PgUp',
    pagedown: 'PgDn',
  };
  // Arrows are told with the letters beside them; Home, End and Ctrl-C do what everybody expects.
  const plain = new Set(['left', 'right', 'up', 'down', 'home', 'end', 'ctrl-c']);
  const bound = [...Object.keys(BINDINGS), ...RISK_KEYS].filter((key) => !plain.has(key));
  expect(bound.filter((key) => !told.includes(named[key] ?? key))).toEqual([]);
});

test('what lowers risk takes two different keys', () => {
  for (const { keys, group } of KEYS.filter(({ stakes }) => stakes === 'lowers')) {
    expect(group).toBe('lower');
    expect(new Set(keys.split(' ')).size).toBe(2);
  }
});

test('nothing is bound to the point or the comma: they are the question mark and the slash of a Russian layout', () => {
  expect(told).not.toContain('.');
  expect(told).not.toContain(',');
});
