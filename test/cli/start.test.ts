import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Opening } from '../../src/cli/home.ts';
import { createStops } from '../../src/cli/stops.ts';
import { russianSentence } from '../../src/core/command/telling/outcome-words.ts';
import { DataError } from '../../src/core/market/data-error.ts';
import { stubConfigPorts, stubEngine } from '../core/command/stub-engine.ts';
import { interrupted, stubPorts } from '../core/command/stub-ports.ts';
import { dzentra } from './pretend.ts';

const GREEN = '\u001b[32m';

describe('output', () => {
  it('is a table on a terminal', async () => {
    const { code, out, err } = await dzentra('journal list --kind position_closed --no-color', { isTerminal: true });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "time (UTC)            #  run  kind             what
      2025-05-04 06:06:00  12    1  position_closed  LONG 0.016  STOP LOSS  -10.878896  -1.00 R
      "
    `);
  });

  it('is tab-separated in a pipe', async () => {
    const { out } = await dzentra('strategies list');
    expect(out.split('\n')[0]?.split('\t').slice(0, 3)).toEqual(['trend', '1', '15m']);
  });

  it('is one line of JSON with --json, on a terminal too', async () => {
    const { out, err } = await dzentra('journal verify --json', { isTerminal: true });
    expect(err).toBe('');
    expect(out.endsWith('}\n')).toBe(true);
    expect(JSON.parse(out)).toMatchObject({ schema: 'dzentra.journal.verify/1', sound: true });
  });

  it.each([
    ['a terminal', 'journal verify', {}, true, true],
    ['a pipe', 'journal verify', {}, false, false],
    ['NO_COLOR', 'journal verify', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', 'journal verify', { NO_COLOR: '' }, true, true],
    ['TERM=dumb', 'journal verify', { TERM: 'dumb' }, true, false],
    ['--no-color', 'journal verify --no-color', {}, true, false],
  ])('has the colours of %s', async (_name, line, env, isTerminal, colored) => {
    expect((await dzentra(line, { env, isTerminal })).out.includes(GREEN)).toBe(colored);
  });

  it('of --version beside flags of a face is what the command prints', async () => {
    expect(JSON.parse((await dzentra('--version --json')).out)).toMatchObject({ schema: 'dzentra.version/1' });
  });

  it('of a backtest is the report on a terminal, the summary in a pipe, the data as JSON', async () => {
    expect((await dzentra('backtest --data x', { isTerminal: true })).out).toBe('report of 100 columns\n');
    // A terminal that nobody told its size.
    expect((await dzentra('backtest --data x', { isTerminal: true, columns: 0 })).out).toBe('report of 80 columns\n');
    expect((await dzentra('backtest --data x --columns 38 --ascii', { isTerminal: true })).out).toBe(
      'report of 38 columns in ascii\n',
    );
    const env = { DZENTRA_ASCII: 'true' };
    expect((await dzentra('backtest --data x', { isTerminal: true, env })).out).toBe(
      'report of 100 columns in ascii\n',
    );
    expect((await dzentra('backtest --data x')).out).toBe('trades\t2\nfinalEquity\t10012.5\nsharpe\tn/a\n');
    expect(JSON.parse((await dzentra('backtest --data x --json')).out)).toMatchObject({ schema: 'dzentra.backtest/1' });
  });

  it('says that a start which was refused began an engine all the same', async () => {
    const why = { code: 'SYMBOL_LEASED', expected: 'it free', found: 'run 2 holds it', fix: 'close it' };
    const ports = () => stubPorts({ engine: stubEngine({ isStopped: true, refuses: () => why }).ports });
    const note = 'note: the engine of profile demo was started (pid 4711); it goes on when this terminal is closed\n';
    const told = await dzentra('auto start', { ports: ports() });
    expect(told).toMatchObject({ code: 3, err: expect.stringMatching(/^dzentra: SYMBOL_LEASED\n/) });
    expect(told.err.endsWith(note)).toBe(true);
    expect(JSON.parse((await dzentra('auto start --json', { ports: ports() })).err)).toMatchObject(why);
  });

  it('keeps what is said beside the data on stderr, and silent with --json', async () => {
    const note = "note: symbol BTC/USDT:USDT, because the file's name tells none; --symbol says another\n";
    expect((await dzentra('backtest --data x')).err).toBe(note);
    expect((await dzentra('backtest --data x --json')).err).toBe('');
  });

  it('streams the entries of a paper run in the same three ways', async () => {
    const line = 'auto start --foreground';
    expect((await dzentra(`${line} --no-color`, { isTerminal: true })).out.split('\n')[1]).toBe(
      '2025-05-04 06:01:00  6  1  position_opened     LONG 0.016 @ 61,840.2  risk 10.8843584  fee 0.4947216',
    );
    expect((await dzentra(line)).out.split('\n')[1]).toBe(
      '2025-05-04T06:01:00.000Z\t6\t1\tposition_opened\tLONG 0.016 @ 61,840.2  risk 10.8843584  fee 0.4947216',
    );
    const lines = (await dzentra(`${line} --json`)).out.trimEnd().split('\n');
    expect(lines.map((each) => (JSON.parse(each) as { kind?: string; schema?: string }).kind ?? 'end')).toEqual([
      'run_started',
      'position_opened',
      'position_closed',
      'end',
    ]);
  });
});

describe('errors', () => {
  it('have one shape on stderr, and leave stdout empty', async () => {
    expect(await dzentra('backtest --leverage 0')).toEqual({
      code: 2,
      out: '',
      err: [
        'dzentra: BAD_OPTION',
        '  expected  --leverage with a factor such as 2, at least 1 and at most 20',
        '  found     "0"',
        '  fix       --leverage 2',
        '',
      ].join('\n'),
    });
  });

  it('are data with --json', async () => {
    const { code, out, err } = await dzentra('why 99 --json');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(JSON.parse(err)).toMatchObject({ schema: 'dzentra.error/1', code: 'NO_SUCH_ENTRY', found: '99' });
  });

  it('of a file keep their line', async () => {
    const flaw = { file: 'x.csv', line: 7, expected: 'a rising time', found: '12:00 again', fix: 'Sort the file' };
    const ports = stubPorts({ backtest: () => Promise.reject(new DataError(flaw)) });
    expect(await dzentra('backtest --data x.csv --symbol BTC/USDT:USDT', { ports })).toMatchObject({
      code: 2,
      err: 'dzentra: BAD_DATA\n  expected  a rising time\n  found     x.csv: line 7: 12:00 again\n  fix       Sort the file\n',
    });
  });

  it('that are bugs are not taken for refusals', async () => {
    const ports = stubPorts({ backtest: () => Promise.reject(new TypeError('oops')) });
    await expect(dzentra('backtest --data x', { ports })).rejects.toThrow('oops');
  });

  it('do not touch a port where the flags are wrong', async () => {
    const ports = stubPorts({ backtest: () => Promise.reject(new Error('was asked')) });
    expect((await dzentra('backtest --data x --risk 500%', { ports })).code).toBe(2);
    expect((await dzentra('backtest --data x --risk 1% --sl none', { ports })).code).toBe(2);
  });
});

describe('in Russian', () => {
  const bad = 'backtest --leverage 0';
  const told = [
    'dzentra: BAD_OPTION: значение параметра не годится',
    '  ожидалось  --leverage: число, например 2, от 1 до 20',
    '  найдено    "0"',
    '  решение    --leverage 2',
    '',
  ].join('\n');

  it.each([
    ['a flag', `${bad} --language ru`, {}],
    ['a flag before the command', `--language=ru ${bad}`, { LANG: 'C' }],
    ['the variable', bad, { DZENTRA_LANGUAGE: 'ru', LC_ALL: 'en_US.UTF-8' }],
    ['the locale', bad, { LANG: 'ru_RU.UTF-8' }],
  ])('errors are told as %s says', async (_name, line, env) => {
    expect(await dzentra(line, { env })).toEqual({ code: 2, out: '', err: told });
  });

  it.each([
    ['trade buy --leverage 0 --ascii', {}, 'dzentra: BAD_OPTION: znachenie parametra ne goditsya\n'],
    ['--columns x --ascii auto status', {}, 'dzentra: BAD_OPTION: znachenie parametra ne goditsya\n'],
    ['backtest --data x', { TERM: 'dumb' }, 'primechanie: instrument BTC/USDT:USDT, '],
  ])('--ascii holds for what is said beside the data, too: %s', async (line, more, first) => {
    const { err } = await dzentra(line, { env: { LANG: 'ru_RU.UTF-8', ...more } });
    expect(err.startsWith(first)).toBe(true);
    expect(err).toMatch(/^[\n\x20-\x7e]+$/);
  });

  it('a denial says what is the matter and what to do; its data stay', async () => {
    const { code, err } = await dzentra('trade buy --qty 90 --language ru');
    expect(code).toBe(3);
    expect(err.split('\n')[0]).toBe('dzentra: MARGIN_INSUFFICIENT: не хватает свободной маржи');
    expect(err).toContain('  решение    возьмите меньше, поднимите плечо или закройте что-нибудь\n');
  });

  it('notes and what was saved are told, counts in the right form', async () => {
    const note = 'примечание: инструмент BTC/USDT:USDT, в имени файла его нет; --symbol задаёт другой\n';
    expect((await dzentra('backtest --data x --language ru')).err).toBe(note);
    const forms = ['1 entry', '2 entries', '5 entries', '1,021 entries'].map((count) =>
      russianSentence(`${count} exported`),
    );
    expect(forms).toEqual([
      'выгружена 1 запись',
      'выгружены 2 записи',
      'выгружено 5 записей',
      'выгружена 1,021 запись',
    ]);
    expect(russianSentence('a sentence that nobody knows')).toBe('a sentence that nobody knows');
  });

  it('help is told', async () => {
    const { out } = await dzentra('--help --language ru');
    expect(out).toContain('КОМАНДЫ\n');
    expect(out).toContain('Торговать по стратегии на бумажном счёте');
  });

  it.each([
    'help',
    'help data import',
    'why 99',
    bad,
    'strategies list',
    'auto status',
    'backtest --data x',
    '--columns 1',
  ])('%s with --json does not change', async (line) => {
    const env = { LANG: 'ru_RU.UTF-8' };
    expect(await dzentra(`${line} --json`, { env })).toEqual(await dzentra(`${line} --json`));
  });

  it('no other language is taken', async () => {
    expect(await dzentra('help --language de')).toMatchObject({
      code: 2,
      err: expect.stringContaining('one of en, ru'),
    });
  });

  it('a command behind options is no wish for the UI', async () => {
    const onTui = () => expect.unreachable('the UI was opened');
    const { code, out } = await dzentra('--profile night auto status --json', { isTerminal: true, answer: '', onTui });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ schema: 'dzentra.auto.status/1', profile: 'night' });
  });

  it('a frame of a named state is in the language of the flag', async () => {
    const ports = stubPorts({ engine: stubEngine({ isStopped: true }).ports });
    expect((await dzentra('frame auto --state fresh --language ru', { ports })).out).toMatch(/[\u0400-\u04ff]/);
    expect((await dzentra('frame auto --state fresh --language ru --locale en', { ports })).out).not.toMatch(
      /[\u0400-\u04ff]/,
    );
  });

  it('the UI opens in the language of the flag', async () => {
    const opened: Opening[] = [];
    await dzentra('--language ru', { isTerminal: true, answer: '', onTui: (opening) => opened.push(opening) });
    expect(opened).toMatchObject([{ isLocaleGiven: true }]);
  });
});

describe('a cheap start', () => {
  it('of --version and --help loads nothing before it is known to be needed', () => {
    const source = readFileSync(resolve(import.meta.dirname, '../../src/cli/main.ts'), 'utf8');
    const loaded = [...source.matchAll(/^import (?!type).*from '(.+)';$/gm)].map(([, from]) => from);
    expect(loaded).toEqual([]);
  });
});

describe('a signal', () => {
  const waiting = stubPorts({ backtest: (_request, hooks) => interrupted(hooks) });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('%s ends the command, which says what was saved, with %i', async (signal, code) => {
    const stops = createStops(
      () => {},
      () => {},
    );
    setImmediate(() => stops.stop(signal));
    const said = await dzentra('backtest --data x --symbol BTC/USDT:USDT', { ports: waiting, stops });
    expect(said).toEqual({ code, out: '', err: 'stopped\n  7 entries are in ./journal\n' });
  });

  it.each(['data import x --symbol AA/BB --timeframe 1m', 'data import x --symbol AA/BB --timeframe 1m --json'])(
    'ends long work where it stands, and stdout stays empty: %s',
    async (line) => {
      const stops = createStops(
        () => {},
        () => {},
      );
      setImmediate(() => stops.stop('SIGINT'));
      const good = stubPorts();
      const ports = stubPorts({
        data: {
          ...good.data,
          async import(of, signal) {
            await once(signal, 'abort');
            signal.throwIfAborted();
            return await good.data.import(of, signal);
          },
        },
      });
      const err = 'stopped\n  nothing was changed; run it again to have it whole\n';
      expect(await dzentra(line, { ports, stops })).toEqual({ code: 130, out: '', err });
    },
  );

  it('is quiet where its reader left and nothing was kept', async () => {
    const stops = createStops(
      () => {},
      () => {},
    );
    const good = stubPorts();
    const ports = stubPorts({
      data: {
        ...good.data,
        import(of, signal) {
          stops.stop('SIGPIPE');
          signal.throwIfAborted();
          return good.data.import(of, signal);
        },
      },
    });
    const line = 'data import x --symbol AA/BB --timeframe 1m';
    expect(await dzentra(line, { ports, stops })).toEqual({ code: 143, out: '', err: '' });
  });

  it('that comes twice ends the process at once; those of one moment are one', () => {
    const said: (number | string)[] = [];
    let now = 5;
    const stops = createStops(
      (signal) => said.push(signal),
      (code) => said.push(code),
      () => now,
    );
    stops.stop('SIGINT');
    stops.stop('SIGINT');
    now += 99;
    stops.stop('SIGTERM');
    expect(said).toEqual(['SIGINT']);
    now += 1;
    stops.stop('SIGINT');
    stops.stop('SIGTERM');
    expect(said).toEqual(['SIGINT', 130, 143]);
    expect(stops.by).toBe('SIGINT');
  });
});

describe('progress', () => {
  const ports = stubPorts({
    replay(_request, { progress }) {
      progress(1, 4);
      return Promise.resolve({
        name: 'demo',
        same: true,
        entries: 4,
        toSeq: 4,
        isClosed: true,
        lastSeq: 4,
        cutAt: undefined,
        digest: 'ab',
      });
    },
  });

  it('is drawn on a terminal and taken away before the result', async () => {
    const { err } = await dzentra('replay', { ports, isTerminal: true });
    expect(err).toBe('\r\u001b[2Kreplay [######                  ]  25 %\r\u001b[2K');
  });

  it('is not in a file', async () => {
    expect((await dzentra('replay', { ports })).err).toBe('');
  });
});

describe('dzentra alone', () => {
  it('shows one frame in a pipe', async () => {
    const ports = stubPorts({ frame: (columns) => Promise.resolve([`AUTO in ${columns} columns`]) });
    const { code, out, err } = await dzentra('', { ports });
    expect(code).toBe(0);
    expect(err).toMatch(/^note: this is the demo, made in this process: no engine was asked; /);
    expect(out).toMatch(/^AUTO in \d+ columns\n$/);
  });

  it('opens the UI of the engine on a terminal; one that had to be started for it is told', async () => {
    const engine = stubEngine({ isStopped: true });
    const opened: Opening[] = [];
    const config = stubConfigPorts({ locale: 'ru', ascii: true });
    const said = await dzentra('--theme light --profile demo', {
      ports: stubPorts({ engine: engine.ports, config }),
      isTerminal: true,
      answer: '',
      onTui: (opening) => opened.push(opening),
    });
    expect(said).toEqual({
      code: 0,
      out: '',
      err: 'the engine of profile demo was started (pid 4711); it goes on when this is closed\n',
    });
    expect(opened).toMatchObject([{ profile: 'demo', locale: 'ru', ascii: true }]);
  });

  it('hands on what was asked for on the command line', async () => {
    const opened: Opening[] = [];
    const open = (line: string) =>
      dzentra(line, {
        ports: stubPorts({ engine: stubEngine({}).ports }),
        isTerminal: true,
        answer: '',
        onTui: (opening) => opened.push(opening),
      });
    await open('--no-color --mouse --language en');
    await open('');
    expect(opened).toMatchObject([
      { theme: 'none', isMouseOn: true, isLocaleGiven: true },
      { theme: undefined, isMouseOn: false, isLocaleGiven: false },
    ]);
  });

  it('with a wrong flag opens nothing', async () => {
    const { code, err } = await dzentra('--theme drak', { isTerminal: true, answer: '' });
    expect(code).toBe(2);
    expect(err).toContain('fix       --theme dark');
  });

  it('shows what there is to ask for where there is none', async () => {
    const { code, out } = await dzentra('');
    expect(code).toBe(0);
    expect(out).toContain('COMMANDS\n');
  });
});

describe('a screen', () => {
  it('is laid out on a terminal, with and without colours', async () => {
    const { out } = await dzentra('auto status --no-color', { isTerminal: true });
    expect(out).toMatch(/state +running/);
    expect(out).not.toContain('\u001b');
    expect((await dzentra('auto status', { isTerminal: true })).out).toContain('\u001b[');
  });

  it('is values with tabs in a pipe, and data with --json', async () => {
    expect((await dzentra('auto status')).out).toBe('1\tBTC/USDT:USDT\tscript\tRUNNING\tHOLD\t\t\t\t\n');
    expect(JSON.parse((await dzentra('auto status --json')).out)).toMatchObject({ schema: 'dzentra.auto.status/1' });
  });
});

describe('--watch on a terminal', () => {
  it('paints over the picture before, and an equal one not at all', async () => {
    const engine = stubEngine();
    const stops = createStops(
      () => {},
      () => {},
    );
    const running = dzentra('auto status --watch --no-color', {
      ports: stubPorts({ engine: engine.ports }),
      isTerminal: true,
      stops,
    });
    await new Promise(setImmediate);
    engine.act((debug) => debug.step());
    await new Promise(setImmediate);
    stops.stop('SIGINT');
    const { code, out } = await running;
    expect(code).toBe(130);
    expect(out.startsWith('\u001b[H\u001b[J')).toBe(true);
    expect(out.match(/running/g)).toHaveLength(1);
  });
});

describe('a question', () => {
  const held = () => {
    const engine = stubEngine();
    engine.act((debug) => debug.long());
    engine.act((debug) => debug.price(60_000));
    return stubPorts({ engine: engine.ports });
  };

  it.each([
    ['f', 0],
    ['keep', 0],
    ['', 1],
    ['x', 1],
  ])('is asked on a terminal; the answer "%s" ends with %i', async (answer, code) => {
    const said = await dzentra('auto stop', { ports: held(), isTerminal: true, answer });
    expect(said.code).toBe(code);
    expect(said.err).toContain('[keep/flatten]');
  });

  it('is not asked where nobody is there', async () => {
    expect(await dzentra('auto stop', { ports: held() })).toMatchObject({
      code: 3,
      err: expect.stringContaining('--keep or --flatten'),
    });
  });
});

describe('help', () => {
  it.each(['--help', 'help', '-h'])('%s goes to stdout with 0', async (line) => {
    const { code, out, err } = await dzentra(line);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('  auto start ');
  });

  it('loads nothing', async () => {
    const ports = new Proxy(stubPorts(), {
      get() {
        throw new Error('a port was asked');
      },
    });
    expect((await dzentra('help backtest', { ports })).code).toBe(0);
  });
});
