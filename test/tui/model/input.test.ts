import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latin } from '../../../src/tui/model/cyrillic.ts';
import { flushInput, harmless, type InputEvent, readInput } from '../../../src/tui/model/input.ts';

const told = (event: InputEvent): string => {
  if (event.kind === 'key') return event.key.name;
  return event.kind === 'paste' ? `paste(${event.text})` : `${event.act}(${event.x},${event.y})`;
};
const read = (...chunks: string[]): string[] => {
  let pending = '';
  const events: string[] = [];
  for (const chunk of chunks) {
    const reading = readInput(pending, chunk);
    pending = reading.pending;
    events.push(...reading.events.map(told));
  }
  return [...events, ...flushInput(pending).map(told)];
};

describe('what a terminal sends', () => {
  it.each([
    ['letters', 'aD', ['a', 'D']],
    ['Cyrillic', 'йЖ', ['й', 'Ж']],
    ['arrows of both modes', '\x1b[A\x1bOB', ['up', 'down']],
    ['arrows with modifiers', '\x1b[1;5C', ['right']],
    ['page keys', '\x1b[5~\x1b[6~', ['pageup', 'pagedown']],
    ['Shift-Tab', '\x1b[Z', ['shift-tab']],
    ['Enter, Tab, Backspace', '\r\t\x7f', ['enter', 'tab', 'backspace']],
    ['Ctrl-C', '\x03', ['ctrl-c']],
    ['Esc and then a letter', '\x1b\x1b', ['esc', 'esc']],
    ['a paste', '\x1b[200~buy 1\nBTC\x1b[201~q', ['paste(buy 1 BTC)', 'q']],
    ['a click and the wheel', '\x1b[<0;5;3M\x1b[<0;5;3m\x1b[<65;1;1M', ['press(4,2)', 'wheel-down(0,0)']],
    ['function keys and reports', '\x1b[15~\x1bOP\x1b[I\x1b[24;80R\x1b[?62c', []],
    ['Esc and a letter that came in one piece, as from a busy machine', '\x1b1', ['esc', '1']],
    ['Esc and Enter that came in one piece', '\x1b\r', ['esc', 'enter']],
    ['the beginning of a string of the terminal', '\x1b]\x1bP', []],
    ['broken UTF-16 and C1 controls', '\ud800\u009b31m', ['3', '1', 'm']],
  ])('%s', (_, text, events) => {
    expect(read(text)).toEqual(events);
  });

  it('reads the same however it is cut', () => {
    const text = 'a\x1b[A\x1b[200~x y\x1b[201~\x1b[<0;12;3M\x1b[5~я';
    for (let at = 1; at < text.length; at++) {
      expect(read(text.slice(0, at), text.slice(at))).toEqual(read(text));
    }
  });

  it('tells keys that came in one piece', () => {
    const bursts = readInput('', 'cy').events.map((event) => event.kind === 'key' && event.key.isBurst);
    expect(bursts).toEqual([true, true]);
    expect(readInput('', 'c').events).toEqual([{ kind: 'key', key: { name: 'c', isBurst: false } }]);
  });

  it('lets no control character through, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 10 }), (chunks) => {
        for (const text of read(...chunks)) expect(text).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('keeps of an endless paste no more than a paste can hold, and finds its end', () => {
    let reading = readInput('', '\x1b[200~');
    for (let i = 0; i < 100; i++) reading = readInput(reading.pending, 'cy'.repeat(1_000));
    expect(reading.events).toEqual([]);
    expect(reading.pending.length).toBeLessThan(5_000);
    reading = readInput(readInput(reading.pending, '\x1b[20').pending, '1~q');
    expect(reading.events.map(told)).toEqual([`paste(${'cy'.repeat(2_048)})`, 'q']);
  });

  it('takes sequences out of pasted text', () => {
    expect(harmless('a\x1b[31mb\x1b]0;title\x07c\r\n\x00d')).toBe('abc d');
  });
});

it.each([
  ['й', 'q'],
  ['ы', 's'],
  ['с', 'c'],
  ['н', 'y'],
  ['А', 'F'],
  ['Ж', ':'],
  ['х', '['],
  ['ъ', ']'],
  ['.', '/'],
  [',', '?'],
  ['x', 'x'],
])('%s in the Russian layout is %s', (typed, key) => {
  expect(latin(typed)).toBe(key);
});
