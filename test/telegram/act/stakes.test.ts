import { describe, expect, it } from 'vitest';
import { rate } from '../../../src/core/base/decimal.ts';
import { COMMANDS } from '../../../src/core/command/registry.ts';
import { SCREEN_IDS } from '../../../src/core/view/screen-ids.ts';
import { menuOf } from '../../../src/telegram/act/menu.ts';
import { readSlash, slashName } from '../../../src/telegram/act/slash.ts';
import { CLASSIFIED, kindGiven, kindOf } from '../../../src/telegram/act/stakes.ts';

const NAMES = COMMANDS.map(({ path }) => path.join(' '));

describe('what a command means on a phone', () => {
  it('is said of every command of the registry once, and of no other', () => {
    expect([...CLASSIFIED].sort()).toEqual([...NAMES].sort());
    expect(kindOf('engine explode')).toBe('never');
  });

  it('keeps keys, files and processes of the machine off phones', () => {
    const never = NAMES.filter((name) =>
      /^(keys|tui|sandbox|config|data (import|export|download)|engine (run|stop|start|restart)|telegram (pair|unpair|run|stop)|journal (export|prune)|paper reset|replay|debug (save|run))/.test(
        name,
      ),
    );
    expect(never.length).toBeGreaterThan(20);
    expect(never.filter((name) => kindOf(name) !== 'never')).toEqual([]);
  });

  it('is more than a look where a command can be asked to happen once, and raises where live wants a typed word', async () => {
    const loaded = await Promise.all(COMMANDS.map(async (command) => ({ ...command, ...(await command.load()) })));
    const kinds = (option: string) =>
      new Set(loaded.filter(({ options }) => option in options).map(({ path }) => kindOf(path.join(' '))));
    expect(kinds('dryRun')).toEqual(new Set(['acts', 'lowers', 'raises']));
    expect(kinds('confirm')).toEqual(new Set(['raises']));
  });

  const held = { leverage: rate('3'), sizing: { by: 'risk', risk: rate('0.01') } };
  it.each([
    ['risk set', { leverage: rate('2'), risk: rate('0.005'), run: 1, wait: 30_000 }, 'lowers'],
    ['risk set', { leverage: rate('4') }, 'raises'],
    ['risk set', { risk: rate('0.02'), leverage: rate('1') }, 'raises'],
    ['risk set', { leverage: rate('2'), now: true }, 'raises'],
    ['risk set', { leverage: rate('2'), stop: { by: 'none' } }, 'raises'],
    ['risk set', { dayBlock: rate('0.01') }, 'raises'],
    ['risk set', { __proto__: { leverage: rate('1') }, toString: rate('1') }, 'raises'],
    ['trade stop', { yes: true }, 'raises'],
    ['trade stop', { yes: false }, 'lowers'],
    ['auto start', { observe: true }, 'lowers'],
    ['auto start', { observe: undefined }, 'raises'],
  ])('%s %o: %s', (name, given, kind) => {
    expect(kindGiven(name, given, held)).toBe(kind);
    expect(kindGiven('risk set', {}, undefined)).toBe('raises');
  });
});

describe('a line that is typed', () => {
  const known = { commands: COMMANDS, screens: SCREEN_IDS };
  const read = (line: string): string => {
    const typed = readSlash(line, known);
    return typed.is === 'words'
      ? typed.words.join('|')
      : typed.is === 'screen'
        ? `@${typed.screen}`
        : `?${typed.given}`;
  };

  it.each([
    ['/journal', '@journal'],
    ['/journal_list --limit 5', 'journal|list|--limit|5'],
    ['/journal list --limit 5', 'journal|list|--limit|5'],
    ['/Journal_List@dzentra_bot', 'journal|list'],
    ['/auto stop --run 1', 'auto|stop|--run|1'],
    ['/auto_stop 1 --keep', 'auto|stop|--run=1|--keep'],
    ['/stop 7', 'auto|stop|--run=7'],
    ['/close eth/usdt:usdt', 'trade|close|--symbol=ETH/USDT:USDT'],
    ['/forceexit', 'trade|close'],
    ['/coo 3', 'orders|cancel|3'],
    ['/stopentry', 'auto|pause'],
    ['/status', '@auto'],
    ['/status table', 'auto|status|table'],
    ['/balance', '@portfolio'],
    ['/profit', '@analytics'],
    ['/help', '@help'],
    ['/help auto stop', 'help|auto|stop'],
    ['/market BTC/USDT:USDT', 'market|BTC/USDT:USDT'],
    ['/alert_add BTC/USDT:USDT above 65000', 'alert|add|BTC/USDT:USDT|above|65000'],
    ['/debug_hit_stop', 'debug|hit-stop'],
    ['/debug hit-stop', 'debug|hit-stop'],
    [
      '/debug_signal side=buy strength=strong leverage=3 reason=big news',
      'debug|signal|buy|strong|leverage=3|reason=big|news',
    ],
    ['/risk_set \u2014leverage 2', 'risk|set|--leverage|2'],
    ['/journal_note 5 \u201cnot again\u201d', 'journal|note|5|not again'],
    ["/journal_note 5 don't", "journal|note|5|don't"],
    ['/journal jurnal', 'journal|jurnal'],
    ['/jurnal', '?/jurnal'],
    ['/__proto__', '?/__proto__'],
    ['/constructor', '?/constructor'],
    ['/\u0441\u0442\u043e\u043f', '?/\u0441\u0442\u043e\u043f'],
    ['panic', '?panic'],
    ['/panic; rm', '?/panic;'],
  ])('%s is %s', (line, words) => {
    expect(read(line)).toBe(words);
  });

  it('reaches every command by its menu name', () => {
    for (const { path } of COMMANDS.filter((each) => each.path.length > 1)) {
      expect(read(`/${slashName(path)} x y`)).toMatch(new RegExp(`^${path.join('\\|')}\\|`));
    }
  });
});

describe('the menu', () => {
  it.each(['en', 'ru'] as const)('is what Telegram takes, in %s', async (locale) => {
    const menu = await menuOf(locale, true);
    const names = menu.map(({ command }) => command);
    expect(names.length).toBeLessThanOrEqual(100);
    expect(new Set(names).size).toBe(names.length);
    for (const { command, description } of menu) {
      expect(command).toMatch(/^[a-z0-9_]{1,32}$/);
      expect(description.length).toBeGreaterThan(2);
      expect(description.length).toBeLessThanOrEqual(256);
      expect(/\p{Script=Cyrillic}/u.test(description)).toBe(locale === 'ru');
    }
  });

  it('has screens and what a phone may do, all of which can be typed; the sandbox only where it may be had', async () => {
    const names = (await menuOf('en')).map(({ command }) => command);
    expect(names).toEqual(
      expect.arrayContaining(['auto', 'portfolio', 'panic', 'alert_ack', 'journal_list', 'status']),
    );
    expect(names.filter((name) => /^(keys|engine_st|telegram_p|debug)/.test(name))).toEqual(['engine_status']);
    for (const name of names)
      expect(readSlash(`/${name}`, { commands: COMMANDS, screens: SCREEN_IDS }).is).not.toBe('unknown');
    expect((await menuOf('en', true)).map(({ command }) => command)).toContain('debug_signal');
  });
});
