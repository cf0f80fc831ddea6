import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { completionScript } from '../../../src/core/command/completion/script.ts';
import { COMMANDS } from '../../../src/core/command/registry.ts';

const LOADED = await Promise.all(COMMANDS.map((command) => command.load()));
const script = completionScript('bash', LOADED).join('\n');
const hasBash = spawnSync('bash', ['--version']).status === 0;

/** What bash offers for a line; the last word is the one that is typed. */
function offered(words: readonly string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; dzentra_complete; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.split('\n').filter((word) => word !== '');
}

describe.skipIf(!hasBash)('completion in bash', () => {
  it.each([
    [
      ['dzentra', 'auto', 'st'],
      ['start', 'stop', 'status'],
    ],
    [['dzentra', 'trade', 'buy', '--po'], ['--post-only']],
    [['dzentra', 'trade', 'buy', '--symbol', 'BTC/USDT', '--q'], ['--qty']],
    [
      ['dzentra', 'auto', 'start', '--print', ''],
      ['trades', 'all', 'none'],
    ],
    [['dzentra', 'settings', 'set', 'lang'], ['language']],
    [['dzentra', 'completion', ''], expect.arrayContaining(['bash', 'zsh', 'fish'])],
  ])('%j', (words, expected) => {
    expect(offered(words)).toEqual(expected);
  });

  it('knows every command', () => {
    const nouns = new Set(COMMANDS.map(({ path }) => path[0]));
    expect(new Set(offered(['dzentra', '']))).toEqual(nouns);
  });
});

describe('completion', () => {
  it.each(['zsh', 'fish'] as const)('for %s names every command and flag, quoted', (shell) => {
    const text = completionScript(shell, LOADED).join('\n');
    for (const { path } of COMMANDS) expect(text).toContain(path.at(-1));
    expect(text).toContain(shell === 'fish' ? '-l post-only' : '--post-only');
    // An odd number of quotes would swallow the rest of the script.
    const quotes = text.split('\n').filter((line) => (line.replace(/\\['\\]/g, '').match(/'/g)?.length ?? 0) % 2 === 1);
    expect(quotes).toEqual([]);
  });
});
