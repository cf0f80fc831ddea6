import { describe, expect, it } from 'vitest';
import { FIXTURES } from '../../../src/core/index.ts';
import { CHAT, fixture, phoneOn, pictures, seenChat, told } from './phone.ts';

const { SCREEN_IDS } = pictures;

/** The text that a person reads. */
const read = (html: string): string =>
  html
    .replace(/^<pre>|<\/pre>$/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');

const entry = (run: number) => [{ seq: 1, run }] as never;

describe('every screen of every state', () => {
  it.each(FIXTURES.map(({ name }) => name))('fits a phone: %s, in both languages, page by page', async (name) => {
    for (const language of ['en', 'ru']) {
      const scene = fixture(name);
      const phone = phoneOn({ ...scene, state: { ...scene.state, options: { language } } });
      for (const screen of SCREEN_IDS) {
        await phone.open(screen);
        const more = phone.labels().find((text) => /^(More|Ещё) /.test(text));
        for (let page = 0; page < Number(more?.split('/')[1] ?? 1); page++) {
          const html = phone.text();
          expect(html.length).toBeLessThanOrEqual(4_096);
          expect(html).toMatch(/^<pre>(?:[^<>&]|&(?:amp|lt|gt|quot);)*<\/pre>$/);
          const lines = read(html).split('\n');
          for (const line of lines) expect(pictures.widthOf(line), line).toBeLessThanOrEqual(38);
          expect(lines.at(-1)).toMatch(language === 'en' ? /^as of [\d:]{8} UTC$|^as of \? UTC$/ : /^на [\d:?]+ UTC$/);
          const buttons = phone.buttonsOf();
          expect(phone.labels()).toEqual(expect.arrayContaining([language === 'en' ? 'Back' : 'Назад']));
          for (const { data } of buttons) expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
          if (more !== undefined) await phone.press(more.slice(0, 4));
        }
      }
    }
  });

  it('shows every number of the terminal on some page', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    const seen = [read(phone.text())];
    for (let page = 1; page < 2; page++) {
      await phone.press('More');
      seen.push(read(phone.text()));
    }
    const view = pictures.viewOf(fixture('long-in-profit'), pictures.emptyUi('auto'));
    const numbers = pictures
      .paintPlain(pictures.layout({ ...view, status: [] }, { columns: 38 }))
      .match(/[\d,]+\.\d+/g);
    expect(numbers?.length).toBeGreaterThan(20);
    for (const number of numbers ?? []) expect(seen.join('\n')).toContain(number);
  });

  it('escapes what comes from outside', async () => {
    const scene = fixture('long-in-profit');
    const phone = phoneOn({ ...scene, feed: '</pre><a href="x">&' });
    await phone.open('auto');
    expect(phone.text()).not.toMatch(/<a|<\/pre>.+/);
  });

  it('offers panic on Auto and Risk, and Debug only where it may be had', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('risk');
    expect(phone.labels()).toContain('PANIC...');
    await phone.open('auto');
    expect(phone.labels()).toEqual(
      expect.arrayContaining(['Pause...', 'Close...', 'Flip...', 'Risk', 'Journal', 'PANIC...']),
    );
    await phone.screens.home();
    await phone.settle();
    expect(phone.labels()).not.toContain('Debug');
    await phone.open('debug');
    expect(phone.text()).toContain('SCREENS');
    phone.engine.scene = { ...phone.engine.scene, isDebugEnabled: true };
    await phone.open('debug');
    expect(phone.text()).toContain('SANDBOX');
  });
});

describe('live screens of a chat', () => {
  it('has each screen once: asking again brings it to the bottom', async () => {
    const phone = phoneOn('long-in-profit');
    const first = await phone.open('auto');
    await phone.open('risk');
    const again = await phone.open('auto');
    expect(again).toBeGreaterThan(first);
    expect([...phone.chat.posts.keys()]).toHaveLength(2);
    expect(phone.chat.posts.has(first)).toBe(false);
  });

  it('takes the place of a message when one goes to its screen', async () => {
    const phone = phoneOn('long-in-profit');
    const auto = await phone.open('auto');
    const risk = await phone.open('risk');
    await phone.press('Risk', auto);
    expect(phone.chat.posts.has(risk)).toBe(false);
    expect(phone.text(auto)).toContain('LIMITS');
  });

  it('closes the one that was used longest ago when a fifth comes', async () => {
    const phone = phoneOn('long-in-profit');
    const auto = await phone.open('auto');
    const others = [];
    for (const screen of ['risk', 'journal', 'orders'] as const) {
      phone.timers.pass(1_000);
      others.push(await phone.open(screen));
    }
    phone.timers.pass(1_000);
    await phone.press('Refresh', auto);
    await phone.open('system');
    expect(phone.text(others[0])).toContain('/risk opens it again');
    expect(phone.buttonsOf(others[0])).toEqual([]);
    expect(phone.buttonsOf(auto)).not.toEqual([]);
  });

  it('goes back to where one came from, with what was picked there', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    await phone.press('ETH');
    expect(phone.text()).toContain('ETH/USDT:USDT  run 2');
    await phone.press('Journal');
    await phone.press('#963');
    await phone.press('Home');
    await phone.press('Back');
    expect(phone.text()).toContain('963');
    await phone.press('Back');
    expect(phone.text()).toContain('500 of the last');
    await phone.press('Back');
    expect(phone.text()).toContain('ETH/USDT:USDT  run 2');
  });

  it('goes from run to run', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    await phone.press('Run 1/3');
    expect(phone.text()).toContain('run 2');
    expect(phone.labels()).toContain('Run 2/3');
  });

  it('sends a chart as a picture, or says why there is none', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('analytics');
    await phone.press('Drawdown');
    expect(phone.chat.photos).toHaveLength(1);
  });
});

describe('edits', () => {
  const moved = (name: 'long-in-profit' | 'fresh', afterMs: number) => {
    const scene = fixture(name);
    return { ...scene, now: (scene.now ?? 0) + afterMs };
  };

  it('come every 10 s with a position, and only where something is different', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    await phone.timers.move(30_000);
    expect(phone.chat.edits).toEqual([]);
    phone.engine.scene = moved('long-in-profit', 5_000);
    await phone.timers.move(9_000);
    expect(phone.chat.edits).toEqual([]);
    await phone.timers.move(1_000);
    expect(phone.chat.edits).toHaveLength(1);
    expect(phone.text()).toContain('as of 03:45:48 UTC');
  });

  it('come every 60 s without one', async () => {
    const phone = phoneOn('fresh');
    await phone.open('auto');
    phone.engine.scene = moved('fresh', 61_000);
    await phone.timers.move(59_000);
    expect(phone.chat.edits).toEqual([]);
    await phone.timers.move(1_000);
    expect(phone.chat.edits).toHaveLength(1);
  });

  it('come at once on an entry that concerns what is shown, and not on one of another run', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    phone.engine.scene = moved('long-in-profit', 61_000);
    await phone.change({ entries: entry(2) });
    expect(phone.chat.edits).toEqual([]);
    await phone.change({ entries: entry(1) });
    expect(phone.chat.edits).toHaveLength(1);
    await phone.change({ entries: entry(1) });
    expect(phone.chat.edits).toHaveLength(1);
  });

  it('come every 3 s where entries come all the time', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    for (let i = 1; i <= 60; i++) {
      phone.engine.scene = moved('long-in-profit', i * 61_000);
      await phone.change({ entries: entry(1) });
      await phone.timers.move(100);
    }
    expect(phone.chat.edits.length).toBeGreaterThanOrEqual(2);
    expect(phone.chat.edits.length).toBeLessThanOrEqual(3);
    await phone.timers.move(3_000);
    expect(phone.text()).toContain('as of 04:46:43 UTC');
  });

  it('tell of a lost engine at once', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    phone.engine.scene = { ...fixture('engine-lost') };
    await phone.change({ isLink: true });
    expect(phone.text()).toMatch(/ENGINE (IS )?LOST|LOST/i);
  });

  it('make a message anew that somebody deleted, and ask nothing of a chat that takes none', async () => {
    const phone = phoneOn('long-in-profit');
    const auto = await phone.open('auto');
    phone.chat.posts.delete(auto);
    phone.engine.scene = moved('long-in-profit', 61_000);
    await phone.timers.move(10_000);
    expect(phone.last()).toBeGreaterThan(auto);
    expect(phone.text()).toContain('POSITION');
    phone.chat.fails.edit = 'blocked';
    phone.engine.scene = moved('long-in-profit', 122_000);
    await phone.timers.move(10_000);
    phone.chat.fails.edit = undefined;
    await phone.timers.move(60_000);
    expect(phone.chat.edits).toEqual([]);
  });

  it('take *not modified* for done', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    phone.chat.fails.edit = 'same';
    phone.engine.scene = moved('long-in-profit', 61_000);
    await phone.timers.move(10_000);
    phone.chat.fails.edit = undefined;
    await phone.timers.move(20_000);
    expect(phone.chat.edits).toEqual([]);
  });

  it('are made again where it is not known whether they were: no answered question is left with its buttons', async () => {
    const phone = phoneOn('long-in-profit');
    const until = phone.timers.wall() + 30_000;
    const ask = { is: 'question', nonce: 'n1', until, lines: told('', ['close?']).lines, choices: ['Yes'] } as const;
    await phone.screens.tell(ask, phone.asked(1));
    await phone.settle();
    phone.chat.fails.edit = 'unsure';
    phone.engine.end = told('closed', ['closed at 61,000']);
    await phone.press('Yes');
    await phone.timers.move(5_000);
    expect(phone.labels()).toContain('Yes');
    phone.chat.fails.edit = undefined;
    await phone.timers.move(10_000);
    expect(phone.text()).toContain('closed at 61,000');
    expect(phone.labels()).toEqual([]);
    expect(phone.engine.confirmed).toEqual(['n1 0']);
    expect(phone.chat.edits).toHaveLength(1);
  });

  it('answer an old button with the screen of now', async () => {
    const phone = phoneOn('long-in-profit');
    const auto = await phone.open('auto');
    const [old] = phone.buttonsOf();
    for (let i = 0; i < 2; i++) await phone.press('Refresh');
    phone.engine.scene = moved('long-in-profit', 61_000);
    expect(phone.buttons.take(CHAT, auto, old?.data ?? '')).toBe('old');
    const end = await phone.screens.pressedOld(phone.asked(auto), 'old');
    await phone.settle();
    expect(end.text).toContain('old');
    expect(phone.text()).toContain('as of 03:46:44 UTC');
  });

  it('say in a window that a button of an earlier process does nothing; who presses twice is not told so', async () => {
    const phone = phoneOn('long-in-profit');
    const { text, isAlert } = await phone.screens.pressedOld(phone.asked(1), 'old');
    expect(text).toMatch(/too old to do anything.*\/auto/);
    expect(isAlert).toBe(true);
    const until = phone.timers.wall() + 30_000;
    await phone.screens.tell({ is: 'question', nonce: 'n1', until, lines: [], choices: ['Yes'] }, phone.asked(1));
    await phone.settle();
    expect(await phone.screens.pressedOld(phone.asked(phone.last()), 'old')).not.toHaveProperty('isAlert');
  });
});

describe('a restart', () => {
  it('goes on in the messages that are there, each at its place, with buttons that work', async () => {
    const before = phoneOn('long-in-profit');
    const auto = await before.open('auto');
    await before.press('Run 1/3');
    const data = before.buttonsOf()[0]?.data ?? '';
    before.screens.close();
    const after = phoneOn('long-in-profit', before.engine.memory, before.chat);
    await after.screens.restore();
    await after.settle();
    expect([...after.chat.posts.keys()]).toEqual([auto]);
    expect(after.text()).toContain('run 2');
    expect(after.buttons.take(CHAT, auto, data)).toBe('old');
    await after.press('Run 2/3');
    expect(after.text()).toContain('run 3');
  });

  it('passes over what is kept wrongly', async () => {
    const wrong = [{ screen: 'nonsense' }, 7, null, { screen: 'auto', picked: { a: 1 }, run: 'x' }];
    const screens = wrong.map((ui, index) => ({ chat: CHAT, message: index + 1, ui, askedAt: 0 }));
    const chat = seenChat();
    chat.posts.set(4, { html: '' });
    const phone = phoneOn('long-in-profit', { v: 1, bot: null, nextUpdate: 0, people: [], sending: [], screens }, chat);
    await phone.screens.restore();
    await phone.settle();
    expect([...chat.posts.keys()]).toEqual([4]);
    expect(phone.text()).toContain('POSITION');
  });
});

describe('an engine of another version', () => {
  it('draws its screens itself, and takes only panic and close', async () => {
    const phone = phoneOn('long-in-profit');
    phone.engine.picture = { engine: '9.0.0', own: '1.0.0' };
    await phone.open('auto');
    expect(phone.text()).toContain('9.0.0');
    expect(phone.labels()).toEqual(expect.arrayContaining(['Close...', 'PANIC...']));
    expect(phone.labels()).not.toContain('Pause...');
  });

  it('says so where the engine draws nothing, and draws when it does again', async () => {
    const phone = phoneOn('long-in-profit');
    phone.engine.picture = { engine: '9.0.0', own: '1.0.0' };
    phone.engine.isMute = true;
    await phone.open('auto');
    expect(phone.text()).toContain('cannot be drawn: no answer');
    phone.engine.isMute = false;
    await phone.press('Refresh');
    expect(phone.text()).toContain('POSITION');
  });
});
