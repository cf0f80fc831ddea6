import { describe, expect, it } from 'vitest';
import { takeFace } from '../../../src/core/command/argv/face.ts';
import { type ParsedLine, parseLine } from '../../../src/core/command/argv/parse.ts';
import { nameOf } from '../../../src/core/command/command.ts';
import { COMMANDS } from '../../../src/core/command/registry.ts';

const LOADED = await Promise.all(COMMANDS.map((command) => command.load()));

const parse = (line: string): Promise<ParsedLine> => parseLine(line === '' ? [] : line.split(' '), COMMANDS);

/** Words of an example as a shell would give them; what follows `>` is the shell's. */
function wordsOf(example: string): readonly string[] {
  const taken = takeFace((example.split(' > ')[0] ?? '').split(' ').slice(1));
  return 'ok' in taken ? [] : taken.rest;
}

describe('the registry', () => {
  const examples = LOADED.flatMap((command) => command.examples.map((example) => [nameOf(command), example] as const));

  it.each(examples)('%s: the example reads: %s', async (name, example) => {
    expect(example.startsWith('dzentra ')).toBe(true);
    const line = await parseLine(wordsOf(example), COMMANDS);
    expect(line).toMatchObject({ kind: 'command', command: { path: name.split(' ') } });
  });

  it('gives every command an example, a schema of its own with its fields, and a name of its own', () => {
    const names = COMMANDS.map(nameOf);
    expect(new Set(names).size).toBe(names.length);
    for (const command of LOADED) {
      expect(command.examples.length).toBeGreaterThan(0);
      expect(command.schema).toMatch(/^dzentra\.[a-z.]+\/\d+$/);
      expect(command.fields.length).toBeGreaterThan(0);
    }
    expect(new Set(LOADED.map((command) => command.schema)).size).toBe(COMMANDS.length);
  });

  it('has a default and an example that read for every option', () => {
    for (const command of LOADED) {
      for (const spec of [...Object.values(command.options), ...Object.values(command.args)]) {
        if (spec.fallback !== undefined) expect(spec.read([]).ok, `${nameOf(command)}: ${spec.about}`).toBe(true);
        expect(spec.read([spec.example]).ok, `${nameOf(command)}: ${spec.about}`).toBe(true);
      }
    }
  });

  it('gives no two options of a command one flag', () => {
    for (const command of LOADED) {
      const flags = Object.entries(command.options).map(([name, spec]) => spec.flag ?? name);
      expect(new Set(flags).size, nameOf(command)).toBe(flags.length);
    }
  });
});

describe('a line', () => {
  it('takes options before, after and between the arguments, with = or a blank', async () => {
    const line = await parse('journal show --profile=demo 42');
    expect(line).toMatchObject({
      kind: 'command',
      input: { args: { seq: 42 }, options: { profile: 'demo', dir: undefined } },
    });
  });

  it.each([
    ['auto --profile demo stop --flatten', 'auto stop', { profile: 'demo', flatten: true }],
    ['auto --profile=stop stop --keep', 'auto stop', { profile: 'stop', keep: true }],
    [
      'trade --symbol ETH/USDT:USDT --dry-run buy --notional 50',
      'trade buy',
      { symbol: 'ETH/USDT:USDT', dryRun: true },
    ],
    ['risk --run 1 set --risk 0.3%', 'risk set', { run: 1 }],
    ['engine --profile stop stop', 'engine stop', { profile: 'stop' }],
    ['orders --profile demo cancel 3', 'orders cancel', { profile: 'demo' }],
    ['orders --profile cancel', 'orders', { profile: 'cancel' }],
  ])('finds its command behind options that it knows: %s', async (line, name, options) => {
    expect(await parse(line)).toMatchObject({
      kind: 'command',
      command: { path: name.split(' ') },
      input: { options },
    });
  });

  it('takes everything after -- as an argument', async () => {
    expect(await parse('data check -- --odd.csv')).toMatchObject({ input: { args: { file: '--odd.csv' } } });
    expect(await parse('journal note 5 -- see --help')).toMatchObject({ input: { args: { text: ['see', '--help'] } } });
  });

  it('collects repeated options, and switches with their negation', async () => {
    const line = await parse('backtest --data x --param fast=1 --param slow=2 --no-gap-block --as-paper');
    expect(line).toMatchObject({
      input: { options: { params: { fast: '1', slow: '2' }, gapBlock: false, asPaper: true } },
    });
  });

  it.each([
    ['backtest --gap-block off --as-paper', 'off'],
    ['backtest --as-paper --gap-block=off', 'off'],
    ['auto --gap-block off start', 'off'],
    ['backtest --gap-block --as-paper', true],
    ['backtest --as-paper --gap-block', true],
    ['backtest --no-gap-block', false],
  ])('switches a gate off by name, as a limit: %s', async (line, gapBlock) => {
    expect(await parse(line)).toMatchObject({ kind: 'command', input: { options: { gapBlock } } });
  });

  it('takes no other word for the value of a switch', async () => {
    for (const line of ['backtest --gap-block on', 'backtest --as-paper off', 'backtest --no-gap-block off']) {
      expect(await parse(line)).toMatchObject({ refusal: { code: 'EXTRA_ARGUMENT' } });
    }
  });

  it.each(['--no-dry-run=false', '--no-dry-run=true'])(
    'takes no value for what takes a switch back: %s',
    async (flag) => {
      expect(await parse(`panic ${flag}`)).toMatchObject({
        refusal: { exit: 2, code: 'BAD_OPTION', expected: '--no-dry-run alone, without a value' },
      });
    },
  );

  it.each([
    ['--help', []],
    ['journal', ['journal']],
    ['journal --help', ['journal']],
    ['journal list -h', ['journal', 'list']],
    ['backtest --leverage 0 --help', ['backtest']],
  ])('%s asks for help', async (line, path) => {
    expect(await parse(line)).toEqual({ kind: 'help', path });
  });
});

describe('a line that cannot be read is refused with exit code 2', () => {
  it.each([
    ['bcktest', 'UNKNOWN_COMMAND', 'a command', '"bcktest"', 'did you mean backtest?'],
    ['journal lst', 'UNKNOWN_COMMAND', 'a command of journal', '"journal lst"', 'did you mean journal list?'],
    [
      'trade --nonsense buy',
      'UNKNOWN_COMMAND',
      'a command of trade',
      '"--nonsense buy"',
      'write the options after the command: trade buy',
    ],
    ['auto statr', 'UNKNOWN_COMMAND', 'a command of auto', '"auto statr"', 'did you mean auto start?'],
    ['journal lits', 'UNKNOWN_COMMAND', 'a command of journal', '"journal lits"', 'did you mean journal list?'],
    ['buy', 'UNKNOWN_COMMAND', 'a command', '"buy"', 'did you mean trade buy?'],
    ['pasue', 'UNKNOWN_COMMAND', 'a command', '"pasue"', 'did you mean auto pause?'],
    [
      'stop',
      'UNKNOWN_COMMAND',
      'a command',
      '"stop"',
      'did you mean auto stop, or trade stop, or engine stop, or telegram stop?',
    ],
    ['orders --jsn', 'UNKNOWN_OPTION', 'a flag of orders', '"--jsn"', 'did you mean --json?'],
    ['panic --version', 'UNKNOWN_OPTION', 'a flag of panic', '"--version"', 'see: dzentra help panic'],
    ['auto --profile demo', 'UNKNOWN_COMMAND', 'a command of auto', '"--profile demo"', 'see: dzentra help auto'],
    ['--profile demo', 'UNKNOWN_COMMAND', 'a command', '"--profile demo"', 'see: dzentra help'],
    ['backtest --levrage 2', 'UNKNOWN_OPTION', 'a flag of backtest', '"--levrage"', 'did you mean --leverage?'],
    [
      'strategies list --foo',
      'UNKNOWN_OPTION',
      'no flag after strategies list',
      '"--foo"',
      'see: dzentra help strategies list',
    ],
    [
      'backtest --data',
      'VALUE_MISSING',
      '--data with the path of a file',
      'no value after --data',
      '--data ./candles.csv.gz',
    ],
    [
      'backtest --data --seed 1',
      'VALUE_MISSING',
      '--data with the path of a file',
      'no value after --data',
      '--data ./candles.csv.gz',
    ],
    ['backtest --seed 1 --seed 2', 'OPTION_TWICE', '--seed once', 'it twice', 'keep one of them'],
    ['journal show', 'OPTION_MISSING', 'SEQ, a whole number such as 42, at least 1', 'nothing', 'give it, such as 42'],
    ['journal show 0', 'BAD_OPTION', 'SEQ with a whole number such as 42, at least 1', '"0"', '42'],
    [
      'auto start --dry-run=yes',
      'BAD_OPTION',
      '--dry-run with the flag alone, or true or false after =',
      '"yes"',
      '--dry-run=true',
    ],
    [
      'settings set bell on off',
      'EXTRA_ARGUMENT',
      'at most 2 arguments after settings set',
      '"off"',
      'leave it out, or write its flag before it',
    ],
    [
      'version now',
      'EXTRA_ARGUMENT',
      'no argument after version',
      '"now"',
      'leave it out, or write its flag before it',
    ],
    [
      'backtest --leverage 0',
      'BAD_OPTION',
      '--leverage with a factor such as 2, at least 1 and at most 20',
      '"0"',
      '--leverage 2',
    ],
    [
      'backtest --risk 500%',
      'BAD_OPTION',
      '--risk with a share such as 0.5% or 50bps, above 0% and at most 100%',
      '"500%"',
      '--risk 0.5%',
    ],
    [
      'backtest --sl -1%',
      'BAD_OPTION',
      "--sl with a distance from the entry such as 1%, above 0% and below 100% (the position's side gives the direction), strategy or none",
      '"-1%"',
      '--sl 1%',
    ],
    [
      'journal prune --before 2025-01-01',
      'OPTION_MISSING',
      '--backup, the path of a folder',
      'nothing',
      '--backup ./journal',
    ],
  ])('%s', async (line, code, expected, found, fix) => {
    expect(await parse(line)).toEqual({ kind: 'refused', refusal: { ok: false, exit: 2, code, expected, found, fix } });
  });

  it('shows what was given without what moves a cursor', async () => {
    expect(await parseLine(['why', '\u001b[2J'], COMMANDS)).toMatchObject({ refusal: { found: '"?[2J"' } });
  });
});

describe('the flags of a face', () => {
  it('are taken off wherever they stand, up to --', () => {
    expect(takeFace(['--json', 'why', '--columns', '120', '42', '--', '--json'])).toEqual({
      face: { json: true, ascii: false, color: true, columns: 120 },
      rest: ['why', '42', '--', '--json'],
    });
  });

  it.each(['wide', '10', '1e3', ''])('refuse --columns=%s', (given) => {
    expect(takeFace([`--columns=${given}`])).toMatchObject({ ok: false, exit: 2, fix: '--columns 120' });
  });

  it('are given once', () => {
    const twice = takeFace(['--columns', '80', 'positions', '--columns=120']);
    expect(twice).toMatchObject({ exit: 2, code: 'OPTION_TWICE', expected: '--columns once' });
  });

  it.each([
    ['--json=false', 'leave --json out'],
    ['--json=true', '--json'],
    ['--no-color=0', 'leave --no-color out'],
    ['--help=journal', '--help'],
  ])('take no value: %s', (word, fix) => {
    const [flag] = word.split('=');
    expect(takeFace(['positions', word])).toMatchObject({
      exit: 2,
      code: 'BAD_OPTION',
      expected: `${flag} alone, without a value`,
      found: `"${word}"`,
      fix,
    });
  });
});
