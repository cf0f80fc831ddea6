import { describe, expect, it } from 'vitest';
import { type AnyCommand, nameOf } from '../../../src/core/command/command.ts';
import { overview } from '../../../src/core/command/manual/overview.ts';
import { page } from '../../../src/core/command/manual/page.ts';
import { COMMANDS } from '../../../src/core/command/registry.ts';
import * as manual from '../../../src/core/command/words/manual.ts';
import { OPTIONS_RU, russianBounds } from '../../../src/core/command/words/options.ts';
import { SUMMARIES_RU } from '../../../src/core/view/summaries.ts';
import { widthOf } from '../../../src/core/view/width.ts';

const LOADED = await Promise.all(COMMANDS.map((command) => command.load()));
const pageOf = (name: string): string[] =>
  LOADED.filter((each) => nameOf(each) === name).flatMap((each) => page(each, 80));

const isExample = (command: AnyCommand, line: string): boolean => command.examples.includes(line.trim());

describe('the manual', () => {
  it('of a command is made from its definition', () => {
    expect(pageOf('data import').join('\n')).toMatchInlineSnapshot(`
      "dzentra data import: Bring a candle file into the history store

      USAGE
        dzentra data import FILE --symbol SYMBOL --timeframe TIMEFRAME [options]

      ABOUT
        Reads a CSV or CSV.gz of candles and keeps it as an Arrow file, which opens at
        once and which pandas and polars read. Candles that are there already must be
        the same; a file with unsorted, repeated or impossible candles is refused with
        the line.

      ARGUMENTS
        FILE  The candles. Required.

      OPTIONS
        --symbol SYMBOL            Symbol of the candles. Required.
        --timeframe TIMEFRAME      Their time frame. [1s 1m 3m 5m 15m 30m 1h 2h 4h 6h
                                   8h 12h 1d] Required.
        --exchange NAME            Exchange under which they are filed. Default file.
        --series candles|mid|mark  Candles of trades, or of mids, or of the mark.
                                   Default candles.

      OPTIONS OF EVERY COMMAND
        --json            Print data as JSON, in the shape that \`dzentra schema
                          COMMAND\` tells.
        --columns N       Width of the output; else that of the terminal, or 80.
        --ascii           Draw with ASCII only.
        --no-color        No colours, as with NO_COLOR.
        --language en|ru  Language of texts; else as set, or of the locale.
        -h, --help        Show this help.

      VALUES
        SYMBOL  BTC/USDT:USDT is a perpetual, BTC/USDT is spot

      EXAMPLES
        dzentra data import btc-1m.csv.gz --symbol BTC/USDT:USDT --timeframe 1m

      JSON
        dzentra.data.import/1 (see: dzentra schema data import)

      EXIT CODES
        0    ok
        1    failed, differs, or declined at a prompt
        2    refused without looking at state or market: flags, ranges, files,
             configuration
        3    refused by the account, a position or the market
        4    the venue said no or could not be reached
        5    no engine runs
        6    timed out
        130  ended by Ctrl-C
        143  ended by SIGTERM or SIGHUP"
    `);
  });

  it.each([38, 80, 120])('fits %i columns; only examples stay whole', (columns) => {
    const wide = LOADED.flatMap((command) =>
      page(command, columns).filter((line) => widthOf(line) > columns && !isExample(command, line)),
    );
    expect(wide).toEqual([]);
  });

  it('tells within what the stop of a strategy is kept', () => {
    for (const name of ['backtest', 'auto start']) {
      const [text = ''] = LOADED.filter((each) => nameOf(each) === name).map((each) => page(each, 80).join(' '));
      expect(text.replaceAll(/\s+/g, ' ')).toContain('strategy: at least 0.4% and at most 3%, else 1%]');
    }
  });

  it('of a noun names its commands and no others', () => {
    const lines = overview(['strategies'], COMMANDS, 80);
    expect(lines.filter((line) => /^ {2}(strategies|journal) /.test(line))).toHaveLength(2);
  });

  it('of all names every command', () => {
    const text = overview([], COMMANDS, 80).join('\n');
    for (const command of COMMANDS) expect(text).toContain(`${nameOf(command)} `);
  });
});

describe('the manual in Russian', () => {
  it('has a summary for every command, and for no other', () => {
    expect(Object.keys(SUMMARIES_RU).sort()).toEqual(COMMANDS.map(nameOf).sort());
    expect(Object.entries(SUMMARIES_RU).filter(([, text]) => !/[\u0400-\u04ff]/.test(text))).toEqual([]);
  });

  it('tells every option of what is typed most, and none that no command has', () => {
    const aboutsOf = (commands: readonly AnyCommand[]): string[] =>
      commands
        .flatMap(({ args, options }) => [...Object.values(args), ...Object.values(options)])
        .map(({ about }) => about);
    const often = ['auto start', 'trade buy', 'trade sell', 'engine start', 'config show', 'config check'];
    const told = aboutsOf(LOADED.filter((command) => often.includes(nameOf(command))));
    expect(told.length).toBeGreaterThan(60);
    expect(told.filter((about) => OPTIONS_RU[about] === undefined)).toEqual([]);
    const all = new Set(aboutsOf(LOADED));
    expect(Object.keys(OPTIONS_RU).filter((about) => !all.has(about))).toEqual([]);
  });

  it('has every text, and one for every group of options', () => {
    const { en, ru } = manual;
    const blanks = (text: string): readonly string[] => text.match(/\{\w+\}/g) ?? [];
    expect(Object.keys(ru)).toEqual(Object.keys(en));
    for (const [key, text] of Object.entries(en)) expect(blanks(ru[key as manual.ManualKey])).toEqual(blanks(text));
    const groups = LOADED.flatMap(({ options }) => Object.values(options).flatMap(({ group }) => group ?? []));
    expect(groups.filter((group) => !manual.isManualKey(`group.${group}`))).toEqual([]);
  });

  it.each([38, 80, 120])('fits %i columns; only examples stay whole', (columns) => {
    const pages = LOADED.flatMap((command) => page(command, columns, 'ru').filter((line) => !isExample(command, line)));
    const wide = [...pages, ...overview([], COMMANDS, columns, 'ru')].filter((line) => widthOf(line) > columns);
    expect(wide).toEqual([]);
  });

  it('says heads, summaries, what every command takes and exit codes; names stay', () => {
    const lines = overview(['data'], COMMANDS, 80, 'ru');
    expect(lines.filter((line) => /^[^ ]/.test(line))).toEqual([
      'ВЫЗОВ',
      'КОМАНДЫ',
      'ПАРАМЕТРЫ ЛЮБОЙ КОМАНДЫ',
      'ПОДРОБНЕЕ',
    ]);
    expect(lines).toContain('  data import    Загрузить файл свечей в хранилище истории');
    const text = LOADED.filter((each) => nameOf(each) === 'data import').flatMap((each) => page(each, 80, 'ru'));
    expect(text[0]).toBe('dzentra data import: Загрузить файл свечей в хранилище истории');
    expect(text).toContain('  dzentra data import FILE --symbol SYMBOL --timeframe TIMEFRAME [параметры]');
    expect(text).toContain('  --exchange NAME            Exchange under which they are filed. По умолчанию');
    expect(text).toContain('  5    движок не запущен');
    const buy = LOADED.filter((each) => nameOf(each) === 'trade buy').flatMap((each) => page(each, 100, 'ru'));
    expect(buy).toContain('  --percent SHARE    Сумма заявки как доля баланса. [больше 0% и не больше 2000%]');
  });

  it('keeps English out of bounds', () => {
    const bounds = LOADED.flatMap(({ options }) => Object.values(options).flatMap((spec) => spec.bounds ?? []));
    const english = bounds.map(russianBounds).filter((text) => /\b(above|below|at|and|or|of|a|else)\b/.test(text));
    expect(english).toEqual([]);
  });
});
