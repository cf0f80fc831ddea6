import { beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '../../src/core/command/ports.ts';
import { commandLine, pictures } from '../../src/core/index.ts';
import { type Commands, createCommands, type Surroundings } from '../../src/tui/commands.ts';
import { stubClient } from './support/stub.ts';

const text = ({ lines }: { lines: readonly { spans: readonly { text: string }[] }[] }): string =>
  lines.map(({ spans }) => spans.map((span) => span.text).join('')).join('\n');

describe('the command line in the terminal', () => {
  const client = stubClient();
  const asked: string[] = [];
  let commands: Commands;
  let around: Surroundings;
  const never = new AbortController().signal;

  beforeAll(async () => {
    const engine: Partial<Ports['engine']> = {
      profile: (given) => given ?? 'default',
      connect: (profile) => {
        asked.push(profile);
        return Promise.reject(new Error('a second connection'));
      },
    };
    around = {
      line: await commandLine(),
      pictures: await pictures(),
      client,
      profile: 'demo',
      version: '9.9.9',
      ascii: false,
      columns: () => 100,
      boot: async () => ({ engine }) as Ports,
    };
    commands = createCommands(around);
  });

  it('runs commands of the registry and shows their outcome as lines', async () => {
    const { isOk, summary, lines } = await commands.run(['version'], never);
    expect(isOk).toBe(true);
    expect(summary).toContain('9.9.9');
    expect(text({ lines })).toContain('9.9.9');
    expect(text(await commands.run(['journal'], never))).toContain('journal list');
  });

  it('uses the connection that is there', async () => {
    const { isOk, lines } = await commands.run(['panic', '--account', 'nobody'], never);
    expect([isOk, asked]).toEqual([false, []]);
    expect(text({ lines })).toContain('nobody');
    await commands.run(['panic', '--profile', 'other'], never);
    expect(asked).toEqual(['other']);
  });

  it.each([
    [['jurnal'], 'UNKNOWN_COMMAND'],
    [['engine', 'run'], 'terminal of its own'],
    [['auto', 'start', '--foreground'], 'terminal of its own'],
    [['why', '\u001b[2Jx'], '?[2Jx'],
  ])('refuses %j', async (words, said) => {
    const { isOk, lines } = await commands.run(words, never);
    expect(isOk).toBe(false);
    expect(text({ lines })).toContain(said);
    expect(text({ lines })).not.toMatch(/[^\P{Cc}\n]/u);
  });

  it('finds what is wrong with each field of a form', async () => {
    const options = { risk: ['--risk=9'], leverage: ['--leverage=2'], sl: ['--sl=often'] };
    const problems = await commands.check(['risk', 'set'], options);
    expect(Object.keys(problems)).toEqual(['risk', 'sl']);
    expect(problems.risk).toContain('0.5%');
  });

  it('hints at commands, then at their options', async () => {
    const names = (await commands.hints('jour')).map((hint) => hint.text);
    expect(names).toContain('journal list');
    expect(names).not.toContain('why');
    expect((await commands.hints('journal list --')).map((hint) => hint.text)).toContain('journal list --kind');
    expect(await commands.hints('why 8')).toEqual([]);
  });

  it('hints and helps in the language of the terminal', async () => {
    const russian = createCommands({ ...around, locale: 'ru' });
    expect(await russian.hints('journal veri')).toEqual([
      { text: 'journal verify', about: 'Проверить, что журнал цел и не изменён' },
    ]);
    expect(text(await russian.run(['help', 'journal'], never))).toContain('Показать конец журнала');
    expect((await commands.hints('journal veri'))[0]?.about).toBe('Check that a journal is whole and was not changed');
  });
});
