import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createSecretPrompt, type SecretInput } from '../../src/cli/secret-prompt.ts';

/** A terminal in memory that says whether it would show what is typed. */
function terminal() {
  const keys = new EventEmitter<{ data: [Buffer] }>();
  const states: string[] = [];
  const input: SecretInput = {
    setRawMode: (isRaw) => states.push(isRaw ? 'unseen' : 'seen'),
    on: (_event, listener) => keys.on('data', listener),
    off: (_event, listener) => keys.off('data', listener),
    resume: () => undefined,
    pause: () => undefined,
  };
  let shown = '';
  const ask = createSecretPrompt(input, (text) => {
    shown += text;
    if (text !== '\n') states.push('asked');
  });
  return {
    ask,
    states,
    type: (...pieces: (string | Buffer)[]) => {
      for (const piece of pieces) keys.emit('data', Buffer.from(piece as string));
    },
    listeners: () => keys.listenerCount('data'),
    shown: () => shown,
  };
}

const euro = Buffer.from('\u20ac');

describe('a secret that is asked for', () => {
  it.each<[string, (string | Buffer)[], string | undefined]>([
    ['letters and Enter', ['ab', 'c\r'], 'abc'],
    ['a line feed', ['abc\n'], 'abc'],
    ['Backspace', ['abx\u007fc\r'], 'abc'],
    ['Backspace at the start', ['\u007fabc\r'], 'abc'],
    ['Ctrl-U', ['xyz\u0015abc\r'], 'abc'],
    ['a wrapped paste', ['\u001b[200~abc\u001b[201~', '\r'], 'abc'],
    ['a paste in pieces', ['\u001b[20', '0~abc\u001b', '[201~\r'], 'abc'],
    ['arrow keys', ['a\u001b[Db\u001bOCc\r'], 'abc'],
    ['a letter of several bytes, cut', [euro.subarray(0, 1), euro.subarray(1), '\r'], '\u20ac'],
    ['Ctrl-C', ['ab\u0003'], undefined],
    ['Ctrl-D', ['\u0004'], undefined],
    ['nothing', ['\r'], ''],
  ])('%s', async (_name, pieces, answer) => {
    const { ask, type, shown, states, listeners } = terminal();
    const answered = ask('Key: ');
    type(...pieces);
    expect(await answered).toBe(answer);
    expect(shown()).toBe('Key: \n');
    expect(states).toEqual(['unseen', 'asked', 'seen']);
    expect(listeners()).toBe(0);
  });

  it('takes lines that were pasted together one after another', async () => {
    const { ask, type, shown } = terminal();
    const first = ask('Key: ');
    type('one\r\ntwo\nthr');
    expect(await first).toBe('one');
    expect(await ask('Secret: ')).toBe('two');
    const third = ask('Passphrase: ');
    type('ee\r');
    expect(await third).toBe('three');
    expect(shown()).toBe('Key: \nSecret: \nPassphrase: \n');
  });
});
