import { describe, expect, it } from 'vitest';
import type { Deed } from '../../../src/telegram/screen/button.ts';
import { createButtons } from '../../../src/telegram/screen/buttons.ts';

const home: Deed = { is: 'go', to: 'home' };

const made = (buttons = createButtons()) => ({
  buttons,
  keyboard(message: number): string {
    const keyboard = buttons.begin(1);
    const data = keyboard.add(home);
    keyboard.bind(message);
    return data;
  },
});

describe('the buttons of a message', () => {
  it('are those of its last two keyboards', () => {
    const { buttons, keyboard } = made();
    const [first, second, third] = [keyboard(5), keyboard(5), keyboard(5)];
    expect([first, second, third].map((data) => buttons.take(1, 5, data ?? ''))).toEqual(['old', home, home]);
  });

  it('work in their own message and chat alone', () => {
    const { buttons, keyboard } = made();
    const data = keyboard(5);
    keyboard(6);
    expect(buttons.take(1, 6, data)).toBe('forged');
    expect(buttons.take(2, 5, data)).toBe('forged');
  });

  it('are old when their process is gone, and forged where nobody made them', () => {
    const { buttons, keyboard } = made();
    const data = keyboard(5);
    expect(createButtons().take(1, 5, data)).toBe('old');
    const later = data.replace(/[^.]+$/, 'zz');
    for (const text of [later, '', 'panic', `${data}x y`, '{"is":"do"}'])
      expect(buttons.take(1, 5, text)).toBe('forged');
  });

  it('are short and take a bounded room', () => {
    const { buttons, keyboard } = made();
    const first = keyboard(1);
    for (let message = 2; message < 2_000; message++) keyboard(message);
    expect(buttons.take(1, 1, first)).toBe('old');
    expect(Buffer.byteLength(keyboard(2_000))).toBeLessThanOrEqual(64);
  });
});
