import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { OpenAlert } from '../../src/core/domain/alert.ts';
import { fixture } from '../../src/core/lab/fixture/fixture.ts';
import { emptyUi } from '../../src/core/view/scene.ts';
import type { View } from '../../src/core/view/view.ts';
import { scene, screens, smallView, stubClient } from './support/stub.ts';
import { type Stand, stand } from './support/terminal.ts';

const stands: Stand[] = [];
const open = async (given: Parameters<typeof stand>[0] = {}): Promise<Stand> => {
  const one = stand(given);
  stands.push(one);
  await one.ready;
  return one;
};

afterEach(async () => {
  for (const one of stands.splice(0)) await one.end();
});

describe('on a terminal', () => {
  it('fills the alternate screen and gives the terminal back as it was', async () => {
    const one = await open();
    expect(await one.isAlternate()).toBe(true);
    const lines = await one.lines();
    expect(lines[0]).toContain('PAPER demo up');
    expect(lines[1]).toContain('1aut');
    expect(lines).toHaveLength(30);
    expect(lines.at(-2)).toContain('c close');
    await one.type('m', 'q');
    expect(await one.exit).toBe(0);
    expect(await one.isAlternate()).toBe(false);
    expect(one.isRaw()).toBe(false);
    const written = one.written();
    for (const mode of ['2004', '1000', '1006']) {
      expect(written.lastIndexOf(`\x1b[?${mode}l`)).toBeGreaterThan(written.lastIndexOf(`\x1b[?${mode}h`));
    }
    expect(written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(written.lastIndexOf('\x1b[?25l'));
    expect((await one.lines()).join('\n')).toContain('goes on trading: 1 run, 1 position');
  });

  it('closes with two keys and tells what came of it', async () => {
    const one = await open();
    await one.type('c');
    expect((await one.lines()).at(-1)).toContain('press y close within');
    await one.type('y');
    expect(one.commands.ran).toEqual([['trade', 'close', '--run', '7']]);
    expect((await one.lines()).at(-1)).toContain('closed at 62,105.4');
  });

  it('covers no question by a remark', async () => {
    const one = await open();
    await one.type('c', '\x1b', 'f');
    expect((await one.lines()).at(-1)).toContain('Enter does it');
    let answer = (): void => undefined;
    one.commands.run = async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return one.commands.result;
    };
    await one.type('\x1b', 'c', 'y', 'f');
    answer();
    await one.settle();
    expect((await one.lines()).slice(-2).join('\n')).toMatch(/closed at 62,105.4.*\n.*Enter does it/);
  });

  it('sends an order by hand and shows a changed draft instead of sending it', async () => {
    const one = await open();
    await one.type('t', '\r');
    if (one.client.previews instanceof Error || !one.client.previews.ok) throw new Error('expected a preview');
    one.client.previews = { ...one.client.previews, mid: 63_000 };
    await one.type('\r');
    expect(one.client.asked).toEqual([]);
    expect((await one.lines()).slice(-2).join('\n')).toContain('PRICE_MOVED');
    await one.type('\r');
    expect(one.client.asked).toMatchObject([
      { do: 'trade', symbol: 'BTC/USDT:USDT', draft: { type: 'market', sign: 1 } },
    ]);
    expect((await one.lines()).at(-1)).toContain('new order: done');
  });

  it('says that an answer is unknown where the link broke, and keeps what was typed', async () => {
    const one = await open();
    await one.type('t', '\t', '\t', '\x1b[C', '\t', '0', '.', '5', '\r');
    one.client.answers = new Error('link');
    await one.type('\r');
    expect((await one.lines()).join('\n')).toContain('no answer');
    await one.type('\x1b', 't');
    expect((await one.lines()).join('\n')).toContain('0.5');
  });

  it('says at once that the engine is lost, for how long, and that it is back', async () => {
    const one = await open();
    one.client.set(scene({ link: 'lost', linkAt: one.clock.now() - 12_000 }), true);
    expect((await one.lines()).at(-1)).toContain('ENGINE LOST 12 s ago');
    one.client.set(scene(), true);
    expect((await one.lines()).at(-1)).not.toContain('LOST');
  });

  it('writes nothing for a frame that equals the last one, and counts it', async () => {
    const one = await open();
    await one.settle();
    one.written();
    for (let i = 0; i < 5; i++) {
      one.client.set({ ...scene() });
      await one.settle();
    }
    expect(one.written()).toBe('');
    one.client.set(scene({ now: 7 }));
    await one.settle();
    const changed = one.written();
    expect(changed).not.toBe('');
    expect(changed.length).toBeLessThan(300);
    expect(one.client.reports.length).toBeGreaterThan(0);
  });

  it('paints five times a second at most, and the newest last', async () => {
    const one = await open();
    one.written();
    const start = one.clock.now();
    for (let i = 1; i <= 300; i++) {
      one.client.set(scene({ now: i }));
      if (i % 30 === 0) await one.settle();
    }
    const frames = one.written().split('as of').length - 1;
    expect(frames).toBeLessThanOrEqual(Math.ceil((one.clock.now() - start) / 200) + 1);
    expect((await one.lines()).join('\n')).toContain('as of 300');
  });

  it('holds the picture on z', async () => {
    const one = await open();
    await one.type('z');
    one.client.set(scene({ now: 5 }));
    const held = (await one.lines()).join('\n');
    expect(held).toContain('FROZEN at 07:41:09 UTC');
    expect(held).not.toContain('as of 5');
    await one.type('z');
    expect((await one.lines()).join('\n')).toContain('as of 5');
  });

  it('takes clicks on rows and tabs once the mouse is on', async () => {
    const one = await open();
    const lines = await one.lines();
    const row = lines.findIndex((line) => line.includes('run 9 of')) + 1;
    const tab = (lines[1] ?? '').indexOf('7jou') + 1;
    await one.type(`\x1b[<0;20;${row}M`);
    expect((await one.lines())[row - 1]).not.toContain('>');
    await one.type('m', `\x1b[<0;20;${row}M`);
    expect((await one.lines())[row - 1]).toContain('>');
    await one.type(`\x1b[<0;${tab};2M`);
    await one.type('?');
    expect(one.client.asked).toEqual([]);
  });

  it('marks a hint that the terminal is too narrow for', async () => {
    const one = await open();
    one.commands.hints = async (text) => [{ text: `${text}anic`, about: `${'word '.repeat(40)}end` }];
    await one.type(':', 'p');
    expect((await one.lines()).find((row) => row.startsWith('  panic'))?.trimEnd()).toMatch(/word.*…$/);
  });

  it('tells a sentence whole that is longer than a line', async () => {
    const one = await open();
    const text = `found     ${'word '.repeat(40)}end`;
    one.commands.result = { isOk: false, summary: text, lines: [{ spans: [{ text, tone: 'bad' }] }] };
    await one.type(':', 'w', '\r');
    const told = (await one.lines()).filter((row) => row.includes('word '));
    expect(told.join(' ').split(/\s+/)).toEqual(text.split(/\s+/));
  });

  it('runs the palette with completion and shows the outcome', async () => {
    const one = await open();
    await one.type(':', 'w');
    expect((await one.lines()).at(-3)).toContain('about why');
    await one.type('\t', '8', '\r');
    expect(one.commands.ran).toEqual([['why', '8']]);
    expect((await one.lines()).join('\n')).toContain('closed at 62,105.4');
  });

  it('ends cleanly with the message and exit code 1 where a screen is broken', async () => {
    let isBroken = false;
    const one = await open({
      screens: screens('dark', 'en', (shown, ui) => {
        if (isBroken) throw new Error('the block has no rows \x1b[31m');
        return smallView(shown, ui);
      }),
    });
    isBroken = true;
    one.client.set(scene({ now: 1 }));
    await one.settle();
    expect(await one.exit).toBe(1);
    expect(one.errors()).toContain('the terminal UI ended: the block has no rows');
    expect(one.errors().split('\n')[0]).not.toContain('\x1b');
    expect(await one.isAlternate()).toBe(false);
    expect(one.isRaw()).toBe(false);
  });

  it('ends the engine, too, when that was typed', async () => {
    const one = await open();
    await one.type('Q', 'Q', 's', 't', 'o', 'p', '\r');
    expect(await one.exit).toBe(0);
    expect(one.commands.ran).toEqual([['engine', 'stop']]);
    expect((await one.lines()).join('\n')).toContain('The engine of demo was told to stop');
  });

  it('ends with 143 on a signal', async () => {
    const stop = new AbortController();
    const one = await open({ signal: stop.signal });
    stop.abort();
    expect(await one.exit).toBe(143);
    expect(await one.isAlternate()).toBe(false);
  });
});

describe('sizes', () => {
  it.each([
    [20, 5],
    [79, 40],
    [100, 23],
    [3, 2],
    [1, 1],
  ])('%dx%d has a gate', async (columns, rows) => {
    const one = stand({ columns, rows });
    stands.push(one);
    await one.drawn;
    const text = (await one.lines()).join(' ');
    if (columns >= 20) expect(text).toMatch(/80x24/);
    if (columns >= 20) expect(text).toContain(`${columns}x${rows}`);
    await one.type('x', '1', '\x1b[A');
    one.resize(80, 24);
    expect((await one.lines())[0]).toContain('PAPER demo');
  });

  it.each([
    [60, 15],
    [79, 40],
    [100, 3],
    [40, 1],
  ])('%dx%d takes nothing but panic, which it asks about, and leaving', async (columns, rows) => {
    const one = await open();
    one.resize(columns, rows);
    await one.type('f', '\r', 'c', 'y', 't', '\r', '\r', ':');
    expect(one.commands.ran).toEqual([]);
    expect(one.client.asked).toEqual([]);
    await one.type('!');
    expect((await one.lines()).join('')).toMatch(/panic \w+: press F panic/);
    await one.type('x', 'F');
    expect((await one.lines()).join('')).not.toMatch(/press F/);
    expect(one.commands.ran).toEqual([]);
    await one.type('!', 'F');
    expect(one.commands.ran).toEqual([['panic']]);
    expect((await one.lines()).join('')).toMatch(/panic: done|closed at/);
    await one.type('q');
    expect(await one.exit).toBe(0);
  });

  it('keeps what waited for Enter until it is seen again', async () => {
    const one = await open();
    await one.type('f');
    one.resize(60, 15);
    await one.type('\r');
    expect(one.commands.ran).toEqual([]);
    expect((await one.lines()).join(' ')).not.toContain('Enter does it');
    one.resize(80, 24);
    expect((await one.lines()).at(-1)).toContain('Enter does it');
  });

  it('comes whole out of a storm of sizes', async () => {
    const one = await open();
    for (let i = 0; i < 60; i++) {
      one.resize(1 + ((i * 37) % 160), 1 + ((i * 23) % 60));
      if (i % 20 === 0) await one.settle();
    }
    one.resize(90, 28);
    const lines = await one.lines();
    expect(lines).toHaveLength(28);
    expect(lines[0]).toMatch(/^ PAPER demo up/);
    expect(lines[1]).toContain('1aut');
    expect(lines[2]).toMatch(/^\u250c\u2500.*\u2510$/);
    expect(lines.at(-2)).toContain('c close');
    expect(lines.filter((line) => line.includes('POSITION'))).toHaveLength(1);
  });
});

describe('looks', () => {
  const colours = (text: string): boolean => text.includes('38;5;');
  it('has colours, and none with NO_COLOR', async () => {
    expect(colours((await open()).written())).toBe(true);
    const plain = await open({
      env: { LANG: 'C.UTF-8', NO_COLOR: '1' },
      screens: screens('none'),
    });
    expect(colours(plain.written())).toBe(false);
  });

  it.each([
    ['', '38;5;75m'],
    ['15;0', '38;5;75m'],
    ['0;15', '38;5;25m'],
    ['0;default;15', '38;5;25m'],
  ])('is light where the terminal says that it is: COLORFGBG=%s', async (COLORFGBG, accent) => {
    const env = { LANG: 'C.UTF-8', COLORFGBG };
    const one = await open({ scene: fixture('long-in-profit'), screens: undefined, env });
    expect(one.written()).toContain(accent);
  });

  it('is ASCII where the locale is not UTF-8', async () => {
    const one = await open({ env: { LANG: 'C' } });
    await one.type('c');
    expect((await one.lines()).join('')).toMatch(/^[ -~]*$/);
  });

  it('reads line by line for a screen reader, and says only what is new', async () => {
    const one = await open({ isScreenReader: true });
    expect(await one.isAlternate()).toBe(false);
    const first = one.written();
    expect(first).toContain('POSITION');
    expect(first).not.toMatch(/[\u2500-\u257f]/);
    one.client.set(scene({ now: 5 }));
    await one.settle();
    expect(one.written()).toBe('');
    await one.type('c');
    const told = one.written();
    expect(told).toContain('press y close');
    expect(told).not.toContain('POSITION');
  });

  it('speaks Russian', async () => {
    const one = await open({ locale: 'ru', screens: screens('dark', 'ru') });
    await one.type('с');
    expect((await one.lines()).at(-1)).toContain('нажмите y close');
  });
});

describe('bad input', () => {
  it('puts a paste with escape sequences into the line that is typed, and nowhere else', async () => {
    const one = await open();
    await one.type('\x1b[200~cy\x1b]0;evil\x07\x1b[2J!F\x1b[201~');
    expect(one.commands.ran).toEqual([]);
    expect((await one.lines())[0]).toContain('PAPER demo up');
    await one.type(':', '\x1b[200~why\x1b[31m 8\x1b[201~');
    expect((await one.lines()).at(-1)?.trimEnd()).toBe(' : why 8');
  });

  it('waits for the end of a paste that comes in parts: none of them is keys', async () => {
    const one = await open();
    await one.type(':', '\x1b[2', '00~why', ' !', 'F', ' 8', '\x1b[20', '1~');
    expect((await one.lines()).at(-1)?.trimEnd()).toBe(' : why !F 8');
  });

  it('drops a paste whose end never comes', async () => {
    const one = await open();
    await one.type('\x1b', '[200~cy ', '!', 'F');
    one.clock.advance(10_000);
    await one.type('2');
    expect(one.commands.ran).toEqual([]);
    expect((await one.lines()).join('')).not.toContain('press F');
  });

  it.each(['\x1b[', '\x1bO', '\x1b[1;3'])('takes no later key for the end of one that is none: %j', async (chord) => {
    const one = await open();
    await one.type(chord);
    one.clock.advance(300);
    await one.type(':');
    expect((await one.lines()).at(-1)?.trimEnd()).toBe(' :');
  });

  it('waits for the rest of a mouse report and of a paste: it is no keys', async () => {
    const one = await open();
    await one.type('\x1b[<0;1');
    one.clock.advance(5_000);
    await one.type(';1M', ':', '\x1b[');
    one.clock.advance(300);
    await one.type('200~why 8\x1b[201~');
    expect((await one.lines()).at(-1)?.trimEnd()).toBe(' : why 8');
  });

  it('stands random keys and bytes without a broken frame or a deed', async () => {
    const one = await open();
    const junk = fc.sample(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), { numRuns: 15, seed: 7 });
    one.written();
    for (const chunks of junk) {
      await one.type(
        chunks
          .join('')
          .replaceAll('\x03', '')
          .replace(/[qйQЙ]/g, ''),
      );
    }
    expect(one.commands.ran).toEqual([]);
    expect(one.client.asked).toEqual([]);
    await one.type('\x1b', '\x1b', '\x1b', '1');
    const lines = await one.lines();
    expect(lines[0]).toContain('PAPER demo up');
    expect(lines.at(-2)).toContain('c close');
  });
});

describe('an engine of another version', () => {
  it('draws the screens itself, and says so until it has', async () => {
    const client = stubClient();
    const { promise, resolve } = Promise.withResolvers<View>();
    const picture = { engine: '2.0.0', own: '1.0.0' };
    const one = stand({ client: { ...client, picture, view: () => promise } });
    stands.push(one);
    await one.drawn;
    expect((await one.lines()).join('\n')).toContain('another version (2.0.0; this is 1.0.0)');
    resolve({ ...smallView(scene({ profile: 'demo of theirs' }), emptyUi('auto')), title: 'theirs' });
    expect((await one.lines()).join('\n')).toContain('demo of theirs');
  });
});

describe('the real screens', { timeout: 30_000 }, () => {
  it.each([
    ['en', 80, 24],
    ['ru', 120, 40],
  ] as const)('go from one to the next in %s at %dx%d without a broken frame', async (locale, columns, rows) => {
    const one = await open({
      locale,
      columns,
      rows,
      scene: fixture('long-in-profit'),
      screens: undefined,
      profile: 'x',
    });
    for (const key of ['2', '3', '4', '5', '6', '7', '8', '9', '0', 'o', 'y', 'D', '?', '1', 'j', 'tab', 'k']) {
      await one.type(key === 'tab' ? '\t' : key);
      const lines = await one.lines();
      expect(lines[0]).toMatch(/^ PAPER {2}main@/);
      expect(lines[2]).toMatch(/^\u250c.*\u2510$/);
      expect(lines.at(-3)).toMatch(/^\u2514.*\u2518$/);
      for (const line of lines.slice(3, -3)) expect(line).toMatch(/^[\u2502\u251c].*[\u2502\u2524]$/);
    }
  });

  it('shows the sandbox on the Debug screen as it is stepped, and the engine on all others', async () => {
    const session = {
      v: 1 as const,
      symbol: 'BTC/USDT:USDT',
      balance: '10000',
      stepMs: 60_000,
      feed: null,
      candles: [],
    };
    let lines: readonly string[] = ['price 60000'];
    let changed = (): void => undefined;
    const debug = {
      isEnabled: true,
      load: () => Promise.resolve({ ...session, lines }),
      onChange(listener: () => void) {
        changed = listener;
        return () => undefined;
      },
    };
    const one = await open({
      scene: fixture('long-in-profit'),
      screens: undefined,
      profile: 'x',
      env: { LANG: 'C.UTF-8', DEBUG_ENABLED: '1' },
      boot: () => Promise.resolve({ debug } as never),
    });
    await one.type('D');
    await expect.poll(async () => (await one.lines()).join('\n')).toMatch(/DEBUG[\s\S]*60,000/);
    lines = [...lines, 'long', 'price 60100'];
    changed();
    await expect.poll(async () => (await one.lines()).join('\n')).toMatch(/LONG[\s\S]*60,100/);
    // What it numbers is not what the engine numbers: no key leads from it into the engine's journal, order or settings.
    for (const key of ['w', 'e', 't', 'j', '\r']) await one.type(key);
    expect((await one.lines())[0]).toMatch(/^ DEBUG/);
    expect((await one.lines()).at(-1)).toContain('Enter: there is nothing to do with it');
    expect(one.commands.ran).toEqual([]);
    // Panic is the engine's, and says so; a picture of the sandbox that is held would be taken for the engine.
    expect((await one.lines()).at(-2)).toContain('! engine panic');
    await one.type('!');
    expect((await one.lines()).at(-1)).toContain('engine panic demo: press F');
    await one.type('\x1b');
    await one.type('z');
    expect((await one.lines()).at(-1)).toContain('z: there is nothing to do with it');
    await one.type('1');
    expect((await one.lines())[0]).toMatch(/^ PAPER/);
    expect((await one.lines()).join('\n')).not.toContain('FROZEN');
  });

  it('takes language and theme from the settings that every face shares', async () => {
    const state = fixture('long-in-profit');
    const one = await open({ scene: state, screens: undefined, profile: 'x' });
    expect((await one.lines())[1]).toContain('Auto');
    one.client.set({ ...state, state: { ...state.state, options: { language: 'ru', theme: 'light' } } });
    expect((await one.lines())[1]).toContain('Авто');
    expect(one.written()).toContain('38;5;25m');
  });

  it('takes zone and mouse from them, too', async () => {
    const state = fixture('long-in-profit');
    const one = await open({ scene: state, screens: undefined, profile: 'x' });
    expect((await one.lines())[0]).toContain('03:45:43 UTC ');
    one.client.set({ ...state, state: { ...state.state, options: { zone: '+03:00', mouse: 'on' } } });
    expect((await one.lines())[0]).toContain('06:45:43 UTC+3');
    await one.type('2');
    expect((await one.lines())[0]).toContain('06:45:43 UTC+3');
    expect(one.written()).toContain('\x1b[?1000h');
  });

  it('shows an alert over the tabs on every screen, rings once, and acknowledges it by one key', async () => {
    const state = fixture('long-in-profit');
    const alert: OpenAlert = {
      alert: 4,
      nth: 1,
      rule: 'stop_lost',
      priority: 'HIGH',
      key: 'k',
      symbol: 'BTC/USDT:USDT',
      of: 9,
      seq: 10,
      run: 1,
      account: 'paper',
      at: state.now ?? 0,
      expiresAt: Number.MAX_SAFE_INTEGER,
      isSilent: false,
      isHeld: false,
      facts: { side: 'long' },
      delivered: {},
      deliveredAt: 0,
    };
    const alarm = { made: 4, open: [alert], spoken: {}, recent: [], held: null, feeds: {} };
    const one = await open({ scene: state, screens: undefined, profile: 'x' });
    await one.type('3');
    one.written();
    one.client.set({ ...state, state: { ...state.state, alarm } });
    const lines = await one.lines();
    expect(lines[1]).toContain('HIGH STOP LOST LONG BTC   * acknowledges');
    expect(lines[2]).toContain('Auto');
    expect(one.written().split('\x07')).toHaveLength(2);
    await one.type('*');
    expect(one.commands.ran.at(-1)).toEqual(['alert', 'ack', '4']);
  });

  it('keeps the language that was named for it alone', async () => {
    const state = fixture('long-in-profit');
    const one = await open({ scene: state, screens: undefined, profile: 'x', isLocaleGiven: true, isMouseOn: true });
    expect(one.written()).toContain('\x1b[?1000h');
    one.client.set({ ...state, state: { ...state.state, options: { language: 'ru' } } });
    expect((await one.lines())[1]).toContain('Auto');
  });

  it('filters the lists of every screen, says so, and takes the filter away with Esc', async () => {
    const one = await open({
      scene: fixture('long-in-profit'),
      screens: undefined,
      profile: 'x',
      columns: 120,
      rows: 40,
    });
    await one.type('1', '/', 'e', 'T', 'h');
    const shown = (await one.lines()).join('\n');
    expect(shown).toMatch(/RUNS {2}filter: eTh[\s\S]*ETH\/USDT:USDT/);
    expect(shown).not.toMatch(/\d +BTC\/USDT:USDT +trend/);
    await one.type('z', 'z');
    expect((await one.lines()).join('\n')).toContain('nothing fits "eThzz"; Esc takes the filter away');
    await one.type('\x1b');
    expect((await one.lines()).join('\n')).toMatch(/\d +BTC\/USDT:USDT +trend/);
  });

  it('acts on no entry that the filter hides, though it is marked', async () => {
    const one = await open({ scene: fixture('long-in-profit'), screens: undefined, profile: 'x' });
    await one.type('7', 'j', '/', 'f', 'i', 'l', 'l', '\r', '\r');
    expect((await one.lines()).join('')).not.toContain('ENTRY');
    await one.type('N');
    expect((await one.lines()).at(-1)).toContain('pick an entry first');
    await one.type('j', '\r');
    expect((await one.lines()).join('')).toContain('ENTRY');
  });

  it('turns the wheel on what is under the pointer, and on the mark of the pane that has the keys', async () => {
    const given = { scene: fixture('long-in-profit'), screens: undefined, profile: 'x', columns: 120, rows: 40 };
    const one = await open({ ...given, isMouseOn: true });
    await one.type('y');
    const parameters = (await one.lines()).findIndex((line) => line.includes('PARAMETERS OF'));
    await one.type(`\x1b[<65;20;${parameters + 4}M`);
    expect((await one.lines())[parameters]).toMatch(/ 4-\d+\/\d+ /);
    await one.type('7', 'j', '\x1b[<65;20;9M');
    expect((await one.lines())[6]).toMatch(/^.>/);
    expect((await one.lines())[3]).not.toMatch(/^.>/);
  });

  it('picks nothing by a click beside the row, in another pane', async () => {
    const given = { scene: fixture('long-in-profit'), screens: undefined, profile: 'x', columns: 120, rows: 40 };
    const one = await open({ ...given, isMouseOn: true });
    await one.type('7', 'j', '\r');
    const cause = (await one.lines()).findIndex((line) => line.includes('WHAT CAME OF IT')) + 1;
    await one.type(`\x1b[<0;110;${cause}M`);
    expect((await one.lines()).join('')).toContain('[JOURNAL');
    await one.type(`\x1b[<0;110;${cause + 1}M`);
    expect((await one.lines()).join('')).toContain('[WHAT CAME OF IT]');
  });

  it('goes from the Monitor to the market that is marked there', async () => {
    const one = await open({ scene: fixture('long-in-profit'), screens: undefined, profile: 'x' });
    await one.type('9', 'j', 'j', '2');
    expect((await one.lines())[2]).toContain('PRICE  ETH/USDT:USDT');
  });

  it('puts what wants more words into the palette, and says what is barred while the engine runs', async () => {
    const one = await open({ scene: fixture('long-in-profit'), screens: undefined, profile: 'x' });
    await one.type('y', 'B');
    expect((await one.lines()).at(-1)).toContain(' : backtest --strategy trend');
    await one.type('\x1b', '7', 'j', 'N');
    expect((await one.lines()).at(-1)).toMatch(/ : journal note \d+/);
    await one.type('\x1b', 'v');
    expect((await one.lines()).at(-1)).toContain('verify: not now: the engine writes it');
    expect(one.commands.ran).toEqual([]);
  });

  it('brings a pane that had no room into the frame once a person goes to it', async () => {
    const one = await open({ scene: fixture('drawdown'), screens: undefined, profile: 'x', columns: 80, rows: 24 });
    await one.type('8');
    expect((await one.lines()).join('\n')).not.toContain('HOW TO READ');
    await one.type('\x1b[Z');
    expect((await one.lines()).join('\n')).toContain('[HOW TO READ]');
  });
});
