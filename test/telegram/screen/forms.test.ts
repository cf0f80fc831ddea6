import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/telegram/act/acts.ts';
import { phoneOn, told } from './phone.ts';

const question = (now: number, nonce = 'n1'): Question => ({
  is: 'question',
  nonce,
  lines: [{ spans: [{ text: 'BUY 0.01 BTC at 60,770', tone: 'plain' }] }],
  choices: ['Send it'],
  until: now + 30_000,
});

describe('the risk form', () => {
  it('takes what is typed and chosen, and saves it as one command', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('settings');
    await phone.press('Edit');
    await phone.press('Risk');
    expect(phone.text()).toContain('Send risk as a message.');
    expect(await phone.type('0.7%')).toBe(true);
    expect(phone.labels()).toContain('Risk: 0.7%');
    await phone.press('Move now');
    const choice = phone.labels().find((text) => !text.startsWith('\u2713'));
    await phone.press(choice ?? '');
    phone.engine.answer = question(phone.timers.wall());
    await phone.press('Save');
    expect(phone.engine.asked).toMatchObject([
      { words: ['risk', 'set', '--run', '1', '--risk', '0.7%', '--now'], stakes: 'raises' },
    ]);
    expect(phone.text()).toContain('BUY 0.01 BTC');
    await phone.press('Send it');
    expect(phone.engine.confirmed).toEqual(['n1 0']);
    expect(phone.text()).toContain('* sent');
    expect(phone.labels()).toContain('Edit');
    // Opened, two fields chosen and filled, asked, sent: no edit more than what a person sees change.
    expect(phone.chat.edits.length).toBeLessThanOrEqual(7);
    await phone.timers.move(2_500);
    expect(phone.text()).not.toContain('* sent');
  });

  it('marks what is wrong at its field, and sends nothing', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('settings');
    await phone.press('Edit');
    await phone.press('SL');
    await phone.type('nonsense');
    expect(phone.text()).toContain('! a share such as 1%');
    await phone.press('Save');
    expect(phone.engine.asked).toEqual([]);
    expect(phone.text()).toContain('! the form is not complete yet');
    await phone.timers.move(2_500);
    expect(phone.text()).not.toContain('not complete');
  });

  it('stays as it is while the engine moves, and keeps what was typed when one leaves', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('settings');
    await phone.press('Edit');
    await phone.press('Leverage');
    const scene = phone.engine.scene;
    phone.engine.scene = { ...scene, now: (scene.now ?? 0) + 61_000 };
    await phone.change({ entries: [{ seq: 1, run: 1 }] as never });
    expect(phone.text()).toContain('Send leverage as a message.');
    await phone.type('3');
    await phone.press('Back');
    await phone.press('Auto');
    await phone.press('Risk form');
    expect(phone.labels()).toContain('Leverage: 3');
  });

  it('waits for the one who pressed: what others write is theirs', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('settings');
    await phone.press('Edit');
    await phone.press('Risk');
    expect(await phone.type('0.9%', 8)).toBe(false);
    expect(await phone.type('/status')).toBe(false);
    expect(await phone.type('0.7%')).toBe(true);
    expect(await phone.type('0.8%')).toBe(false);
  });
});

describe('a draft', () => {
  const drafted = async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('trade');
    await phone.press('Fill it in');
    await phone.press('Size by');
    await phone.press('quantity');
    await phone.press('Size');
    return phone;
  };

  it('is checked, asked and sent as words', async () => {
    const phone = await drafted();
    await phone.type('0.01');
    phone.engine.answer = question(phone.timers.wall());
    await phone.press('Check and send');
    const [order] = phone.engine.asked;
    expect(order?.words.join(' ')).toBe('trade buy --symbol BTC/USDT:USDT --qty 0.01');
    expect(order?.stakes).toBe('raises');
    await phone.press('Send it');
    expect(phone.engine.confirmed).toEqual(['n1 0']);
    expect(phone.labels()).toContain('Fill it in');
  });

  it('is shown anew where the price moved between the question and its answer', async () => {
    const phone = await drafted();
    await phone.type('0.01');
    phone.engine.answer = question(phone.timers.wall());
    await phone.press('Check and send');
    const { scene } = phone.engine;
    const markets = scene.markets.map((market) => ({ ...market, mid: (market.mid ?? 0) * 1.01 }));
    phone.engine.scene = { ...scene, markets };
    const end = await phone.press('Send it');
    expect(end.text).toContain('PRICE_MOVED');
    expect(phone.engine.confirmed).toEqual([]);
    expect(phone.engine.cancelled).toEqual(['n1']);
    expect(phone.labels()).toContain('Check and send');
  });

  it('is not sent where the engine would deny it', async () => {
    const phone = await drafted();
    phone.engine.preview = {
      ok: false,
      ...{ code: 'MARGIN_SHORT', expected: 'margin', found: 'none', fix: 'less' },
    } as never;
    await phone.type('5');
    await phone.press('Check and send');
    expect(phone.engine.asked).toEqual([]);
    expect(phone.text()).toContain('MARGIN_SHORT');
  });

  it('takes a symbol that is typed', async () => {
    const phone = await drafted();
    await phone.press('Back to the form');
    await phone.press('Symbol');
    await phone.type('eth');
    expect(phone.labels()).toContain('Symbol: ETH/USDT:USDT');
    await phone.press('Symbol');
    await phone.type('?!');
    expect(phone.text()).toContain('a symbol, such as ETH');
  });
});

describe('a start', () => {
  it('is told symbol, time frame and parameters', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('strategies');
    await phone.press('Fill it in');
    await phone.press('Time frame');
    await phone.press('5m');
    await phone.press('confirmations');
    await phone.type('3');
    await phone.press('Start');
    const [order] = phone.engine.asked;
    expect(order?.words.join(' ')).toBe(
      'auto start --strategy trend --symbol=BTC/USDT:USDT --timeframe=5m --param=confirmations=3',
    );
  });
});

describe('a question', () => {
  const asking = async () => {
    const phone = phoneOn('long-in-profit');
    const auto = await phone.open('auto');
    phone.engine.answer = question(phone.timers.wall());
    await phone.press('Pause');
    return { phone, auto };
  };

  it('stands in its message, whatever the market does, until it is too late', async () => {
    const { phone } = await asking();
    const { scene } = phone.engine;
    phone.engine.scene = { ...scene, now: (scene.now ?? 0) + 61_000 };
    await phone.change({ entries: [{ seq: 1, run: 1 }] as never });
    expect(phone.labels()).toEqual(['Send it', 'Cancel']);
    await phone.timers.move(30_000);
    expect(phone.text()).toContain('too late: nothing was sent');
    expect(phone.engine.confirmed).toEqual([]);
    expect(phone.engine.cancelled).toEqual(['n1']);
  });

  it('is answered by the one who asked, once', async () => {
    const { phone, auto } = await asking();
    expect(await phone.press('Send it', auto, 8)).toMatchObject({ isAlert: true });
    const deed = { is: 'confirm', nonce: 'n1', choice: 0 } as const;
    const both = [phone.screens.press(deed, phone.asked(auto)), phone.screens.press(deed, phone.asked(auto))];
    await phone.settle();
    await Promise.all(both);
    expect(phone.engine.confirmed).toEqual(['n1 0']);
  });

  it('is put anew where things changed meanwhile, and its answer counts', async () => {
    const { phone } = await asking();
    phone.engine.end = question(phone.timers.wall(), 'n2');
    await phone.press('Send it');
    phone.engine.end = told('paused');
    await phone.press('Send it');
    expect(phone.engine.confirmed).toEqual(['n1 0', 'n2 0']);
    expect(phone.text()).toContain('* paused');
  });

  it('is taken back by Cancel, and by whoever brings the screen down', async () => {
    const { phone } = await asking();
    await phone.press('Cancel');
    expect(phone.text()).toContain('POSITION');
    await phone.press('Pause');
    await phone.open('auto');
    expect(phone.labels()).toContain('Pause...');
    expect(phone.engine.cancelled).toEqual(['n1', 'n1']);
  });

  it('of a typed line has a message of its own, which becomes its answer', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.screens.tell(question(phone.timers.wall()), phone.asked(5));
    await phone.settle();
    expect(await phone.press('Send it', undefined, 8)).toMatchObject({ isAlert: true });
    await phone.press('Send it');
    expect(phone.text()).toContain('sent');
    expect(phone.buttonsOf()).toEqual([]);
  });
});

describe('a button of a message that is no screen', () => {
  const ofAlert = 55;

  it('asks beneath it, and the answer is bound to where it was pressed', async () => {
    const phone = phoneOn('long-in-profit');
    phone.engine.answer = question(phone.timers.wall());
    const link = { to: 'command', words: ['trade', 'close', '--run', '1'] } as const;
    await phone.screens.press({ is: 'do', label: 'close', link, stakes: 'lowers' }, phone.asked(ofAlert));
    await phone.settle();
    await phone.press('Send it');
    expect(phone.engine.confirmedIn).toEqual([ofAlert]);
  });

  it('opens a screen at the bottom', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.screens.press({ is: 'screen', screen: 'auto', pick: { run: '2' } }, phone.asked(ofAlert));
    await phone.settle();
    expect(phone.text()).toContain('run 2');
  });
});

describe('an answer', () => {
  it('to what was typed comes in as many posts as it needs, and says what was left out', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.screens.tell(
      told(
        '',
        Array.from({ length: 900 }, (_, i) => `<a line that is told> & ${i}`),
      ),
    );
    await phone.settle();
    const posts = [...phone.chat.posts.values()].map(({ html }) => html);
    expect(posts).toHaveLength(4);
    for (const html of posts) expect(html.length).toBeLessThanOrEqual(4_096);
    expect(posts.join('\n')).toContain('&lt;a line that is told&gt; &amp; 200');
    expect(posts.at(-1)).toMatch(/\.\.\. \d+ more lines<\/pre>$/);
  });

  it('that went wrong stays until it was read; a long one has pages', async () => {
    const phone = phoneOn('long-in-profit');
    await phone.open('auto');
    phone.engine.answer = told(
      'refused',
      Array.from({ length: 300 }, (_, i) => `<line> ${i}`),
      false,
    );
    await phone.press('Close');
    await phone.timers.move(10_000);
    expect(phone.text()).toContain('&lt;line&gt; 0');
    await phone.press('More');
    expect(phone.text()).not.toContain('&lt;line&gt; 0\n');
    await phone.press('Back to the screen');
    expect(phone.text()).toContain('POSITION');
  });

  it('that takes long holds no other button up', async () => {
    const phone = phoneOn('long-in-profit');
    const auto = await phone.open('auto');
    let finish = (): void => {};
    phone.engine.waits = new Promise((resolve) => {
      finish = resolve;
    });
    const pausing = phone.press('Pause', auto);
    await phone.timers.move(1_500);
    expect(await pausing).toEqual({});
    expect(phone.text()).toContain('being checked');
    finish();
    await phone.settle();
    expect(phone.text()).toContain('* done');
  });
});
