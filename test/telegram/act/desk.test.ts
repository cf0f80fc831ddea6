import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/core/command/registry.ts';
import { kindOf } from '../../../src/telegram/act/stakes.ts';
import type { Scene } from '../../../src/telegram/core.ts';
import { ann, bob, question, type Stage, stage, textOf, told, viewer } from './stage.ts';

const NAME = 'long-in-profit';
/** Puts another state of the first run under a question that waits. */
const change = (on: Stage, more: Partial<Scene['state']['runs'][number]>): void => {
  const scene = on.client.scene();
  const [run, ...others] = scene.state.runs;
  if (run !== undefined) on.client.set({ ...scene, state: { ...scene.state, runs: [{ ...run, ...more }, ...others] } });
};
const close = (on: Stage) =>
  on.acts.order({ label: 'close', words: ['trade', 'close', '--run', '1'], stakes: 'lowers' }, on.at(7, 100));

describe('what lowers risk', () => {
  it('is asked once more with side, size, price and PnL, and done once', async () => {
    const on = await stage(NAME);
    const { nonce, lines, choices, until } = question(await close(on));
    expect(textOf({ lines })).toMatch(
      /close\?\n\/trade close --run 1\nPAPER {2}demo\n.*\nBTC {2}run 1 {2}trend RUNNING\nLONG 0\.079 BTC\nentry 60,435\.0 {2}mark 60,751\.5\nnet now \+21\.16 {2}\+0\.43 R/,
    );
    expect([choices, until, on.asked]).toEqual([['Yes: close'], on.now + 30_000, []]);
    const done = told(await on.acts.confirm(nonce, 0, on.at(7, 101)));
    expect(done.isOk).toBe(true);
    expect(on.asked).toEqual([
      {
        ask: { do: 'command', command: { name: 'close_position', run: 1, qty: undefined } },
        asking: { id: 'tg101.7.1', who: 'telegram:42', face: 'telegram', isDryRun: false },
      },
    ]);
    expect(told(await on.acts.confirm(nonce, 0, on.at(7, 102)))).toMatchObject({
      isOk: false,
      summary: expect.stringContaining('too late'),
    });
    expect(on.asked.length).toBe(1);
  });

  it.each([
    ['another user', (on: Stage) => on.at(7, 101, { ...ann, user: 44 })],
    ['another chat', (on: Stage) => on.at(7, 101, { ...ann, chat: -9 })],
    ['another person', (on: Stage) => on.at(7, 101, bob)],
    ['another message', (on: Stage) => on.at(8, 101)],
  ])('is not done for %s, and waits on for its own', async (_, from) => {
    const on = await stage(NAME);
    const { nonce } = question(await close(on));
    expect(told(await on.acts.confirm(nonce, 0, from(on))).isOk).toBe(false);
    on.acts.cancel(nonce, from(on));
    expect(on.asked).toEqual([]);
    expect(told(await on.acts.confirm(nonce, 0, on.at(7, 102))).isOk).toBe(true);
  });

  it('is not done late, nor after it was left, nor by a choice that there is not', async () => {
    const on = await stage(NAME);
    const late = question(await close(on));
    on.now += 30_000;
    expect(told(await on.acts.confirm(late.nonce, 0, on.at(7, 101))).isOk).toBe(false);
    const left = question(await close(on));
    on.acts.cancel(left.nonce, on.at(7, 102));
    expect(told(await on.acts.confirm(left.nonce, 0, on.at(7, 103))).isOk).toBe(false);
    const odd = question(await close(on));
    expect(told(await on.acts.confirm(odd.nonce, 1, on.at(7, 104))).isOk).toBe(false);
    expect(told(await on.acts.confirm('forged', 0, on.at(7, 105))).isOk).toBe(false);
    expect(on.asked).toEqual([]);
  });

  it('is asked anew where the position is another one, and not where only the price is', async () => {
    const on = await stage(NAME);
    const held = on.client.scene().state.runs[0]?.position;
    if (held === undefined) throw new Error('expected a position');
    for (const more of [
      { position: { ...held, sign: -1 as const } },
      { position: { ...held, qty: held.cost as unknown as typeof held.qty } },
      { state: 'PAUSED' as const },
    ]) {
      const { nonce } = question(await close(on));
      change(on, more);
      const again = question(await on.acts.confirm(nonce, 0, on.at(7, 101)));
      expect(textOf(again)).toMatch(/^It is not as it was: look again\.\nclose\?/);
      expect(again.nonce).not.toBe(nonce);
      change(on, { position: held, state: 'RUNNING' });
    }
    const gone = question(await close(on));
    change(on, { position: undefined });
    expect(textOf(told(await on.acts.confirm(gone.nonce, 0, on.at(7, 102))))).toContain('position');
    change(on, { position: held });
    expect(on.asked).toEqual([]);
    const { nonce } = question(await close(on));
    const scene = on.client.scene();
    on.client.set({ ...scene, markets: scene.markets.map((market) => ({ ...market, mark: 1, bid: 1, ask: 2 })) });
    expect(told(await on.acts.confirm(nonce, 0, on.at(7, 103))).isOk).toBe(true);
  });

  it('asks a stop with an open position what becomes of it', async () => {
    for (const [choice, position] of [
      [0, 'keep'],
      [1, 'flatten'],
    ] as const) {
      const on = await stage(NAME);
      const { nonce, choices } = question(await on.acts.typed('/stop 1', on.at(7, 100)));
      expect(choices).toEqual(['Stop, keep the position', 'Stop and close it']);
      await on.acts.confirm(nonce, choice, on.at(8, 101));
      expect(on.asked.map(({ ask }) => ask)).toEqual([
        { do: 'command', command: { name: 'stop_run', run: 1, position } },
      ]);
    }
  });

  it('lets a person choose where several runs are meant, and binds the one that fits', async () => {
    const on = await stage(NAME);
    const { nonce, choices } = question(await on.acts.typed('/pause', on.at(7, 100)));
    expect(choices).toEqual(['Yes: auto pause  BTC run 1', 'Yes: auto pause  ETH run 2']);
    expect(told(await on.acts.confirm(nonce, 1, on.at(8, 101))).isOk).toBe(true);
    const one = question(await on.acts.typed('/pause', on.at(9, 102)));
    expect(textOf(one)).toContain('/auto pause --run=1');
    await on.acts.confirm(one.nonce, 0, on.at(10, 103));
    expect(on.asked.map(({ ask }) => (ask.do === 'command' ? ask.command : ask))).toEqual([
      { name: 'pause_run', run: 2 },
      { name: 'pause_run', run: 1 },
    ]);
  });

  it('that was typed is answered beneath, never from an older message', async () => {
    const on = await stage(NAME);
    const { nonce } = question(await on.acts.typed('/panic', on.at(7, 100)));
    for (const message of [5, 7]) expect(told(await on.acts.confirm(nonce, 0, on.at(message, 101))).isOk).toBe(false);
    expect(on.asked).toEqual([]);
    const answering = on.acts.confirm(nonce, 0, on.at(8, 102));
    await answering;
    expect(on.asked.map(({ ask }) => ask)).toEqual([{ do: 'command', command: { name: 'panic', account: 'main' } }]);
  });
});

describe('what raises risk', () => {
  const RAISES = [
    '/resume',
    '/buy --qty 0.01 --symbol BTC/USDT:USDT',
    '/flip 1',
    '/auto_start --strategy trend',
    '/auto resume',
    '/risk_set --leverage 5 --run 1',
    '/paper deposit 100',
  ];

  it.each(RAISES)('%s is off by default, and says how it is turned on', async (line) => {
    const on = await stage(NAME);
    const said = told(await on.acts.typed(line, on.at(7, 100)));
    expect([said.isOk, on.asked]).toEqual([false, []]);
    expect(textOf(said)).toContain('raises-risk = true');
  });

  it('is asked once more where it is on, an order with its size and price', async () => {
    const on = await stage(NAME, { raisesRisk: true });
    const flip = question(await on.acts.typed('/flip 1', on.at(7, 100)));
    await on.acts.confirm(flip.nonce, 0, on.at(8, 101));
    const buy = question(await on.acts.typed('/buy --qty 0.05 --symbol BTC/USDT:USDT', on.at(9, 102)));
    expect(textOf(buy)).toMatch(/^qty +0\.05$/m);
    expect(on.asked.length).toBe(1);
    on.client.previews = { ok: false, sign: 1, code: 'MARGIN_SHORT', expected: 'less', found: 'more', fix: 'less' };
    expect(told(await on.acts.typed('/buy --qty 9 --symbol BTC/USDT:USDT', on.at(9, 103))).summary).toContain(
      'MARGIN_SHORT',
    );
  });

  it('needs no configuration where it can only lower: less leverage than there is', async () => {
    const on = await stage(NAME);
    const lower = await on.acts.typed('/risk_set --leverage 1 --run 1', on.at(7, 100));
    expect(question(lower).choices).toEqual(['Yes: risk set']);
  });
});

describe('who may do what', () => {
  it('lets a viewer look and nothing else', async () => {
    const on = await stage(NAME);
    const at = (update: number) => on.at(7, update, viewer);
    expect(told(await on.acts.typed('/version', at(1))).isOk).toBe(true);
    expect(await on.acts.typed('/portfolio', at(2))).toEqual({ is: 'screen', screen: 'portfolio' });
    for (const line of [
      '/close 1',
      '/panic',
      '/alert_ack all',
      '/alert_test',
      '/settings_set language ru',
      '/backtest',
      '/debug_long',
    ]) {
      expect([line, textOf(told(await on.acts.typed(line, at(3))))]).toEqual([
        line,
        expect.stringContaining('You may look'),
      ]);
    }
    expect(on.asked).toEqual([]);
  });

  it('stops a confirmation of somebody who is a viewer by now', async () => {
    const on = await stage(NAME);
    const { nonce } = question(await close(on));
    expect(told(await on.acts.confirm(nonce, 0, on.at(7, 101, viewer))).summary).toContain('You may look');
    expect(on.asked).toEqual([]);
  });

  it.each([
    '/keys_add binanceusdm',
    '/keys list',
    '/telegram_pair',
    '/engine_run',
    '/engine_stop',
    '/sandbox_serve',
    '/data_import /etc/passwd --symbol BTC/USDT --timeframe 1m',
    '/config_show',
    '/journal_export',
    '/debug_run -',
    '/debug_save /tmp/x',
    '/journal_list --dir /etc',
    '/backtest --data /etc/passwd',
    '/backtest --strategy ./evil.ts',
    '/strategies_show ../evil.ts',
    '/portfolio --exchange binanceusdm',
    '/positions --watch',
    '/journal_tail --follow',
    '/positions --profile other',
    '/auto_start --foreground',
    '/auto_start --feed replay:/etc/passwd',
  ])('%s is for the machine, not for a phone', async (line) => {
    const on = await stage(NAME, { raisesRisk: true });
    const said = told(await on.acts.typed(line, on.at(7, 100)));
    expect([said.isOk, on.asked]).toEqual([false, []]);
    expect(textOf(said)).toContain('a phone may not');
  });

  it('gives a command that only looks nothing to ask with', async () => {
    const on = await stage(NAME);
    const ran: (readonly string[])[] = [];
    const acts = on.again({
      line: {
        async run(words, _signal, stamp) {
          ran.push(words);
          stamp?.({ who: 'operator', face: 'telegram' }, { do: 'command', command: { name: 'test_alert' } });
          return { isOk: true, summary: 'asked', lines: [] };
        },
      },
    });
    expect(told(await acts.typed('/positions --profile demo', on.at(7, 100)))).toMatchObject({
      isOk: false,
      summary: expect.stringContaining('looking is all'),
    });
    expect(
      told(await acts.order({ label: 'x', words: ['positions', '--nope'], stakes: 'none' }, on.at(7, 100))).isOk,
    ).toBe(false);
    expect(told(await acts.typed('/alert_test', on.at(7, 100))).isOk).toBe(true);
    expect(ran.length).toBe(3);
  });

  it('believes a screen that an action is at stake, and never that it is not', async () => {
    const on = await stage(NAME);
    const order = (words: readonly string[], stakes: 'none' | 'raises') =>
      on.acts.order({ label: 'x', words, stakes }, on.at(7, 100));
    expect(told(await order(['alert', 'test'], 'raises')).isOk).toBe(false);
    expect(question(await order(['trade', 'close', '--run', '1'], 'none')).choices.length).toBe(1);
    expect(on.asked).toEqual([]);
  });
});

describe('every example of every command', () => {
  it('reaches the engine by its own answer alone: a question, or an act that is harmless', async () => {
    const examples = await Promise.all(
      COMMANDS.map(async ({ path, load }) => ({ kind: kindOf(path.join(' ')), lines: (await load()).examples })),
    );
    const all = examples.flatMap(({ kind, lines }) =>
      lines
        .filter((line) => /^dzentra [a-z]/.test(line))
        .map((line) => ({ kind, line: line.replace('dzentra ', '/') })),
    );
    expect(all.length).toBeGreaterThan(COMMANDS.length);
    for (const raisesRisk of [false, true]) {
      const on = await stage(NAME, { raisesRisk });
      let update = 0;
      let questions = 0;
      for (const { kind, line } of all) {
        const said = await on.acts.typed(line, on.at(7, ++update));
        if (kind === 'never') expect([line, told(said).isOk]).toEqual([line, false]);
        questions += said.is === 'question' ? 1 : 0;
        if (said.is === 'question')
          expect([line, ['lowers', 'raises']]).toEqual([line, expect.arrayContaining([kind])]);
        if (kind !== 'acts') expect([line, on.asked]).toEqual([line, []]);
        on.asked.length = 0;
        const seen = await on.acts.typed(line, on.at(7, ++update, viewer));
        expect([line, on.asked, seen.is === 'question']).toEqual([line, [], false]);
      }
      expect(questions).toBeGreaterThan(raisesRisk ? 10 : 4);
    }
  });

  it('whatever is typed is answered and asks for nothing', async () => {
    const on = await stage(NAME, { raisesRisk: true });
    const word = fc.oneof(
      fc.constantFrom(...COMMANDS.flatMap(({ path }) => path), '--run', '--yes', '--', '--profile=x', '1', '"', '@'),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const line = fc.array(word, { maxLength: 6 }).map((words) => `/${words.join(' ')}`);
    await fc.assert(
      fc.asyncProperty(line, async (given) => {
        const said = await on.acts.typed(given, on.at(7, 1, viewer));
        if (said.is === 'told') expect(textOf(said)).not.toMatch(/[^\P{Cc}\n]/u);
        expect([said.is === 'question', on.asked]).toEqual([false, []]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('acts that stay harmless', () => {
  it('carry the same ids when an update comes again, to another process, too', async () => {
    const on = await stage(NAME);
    for (const acts of [on.acts, on.again()]) {
      await acts.typed('/alert_test', on.at(7, 100));
      await acts.typed('/alert_add BTC/USDT:USDT above 65000', on.at(8, 101));
    }
    const ids = on.asked.map(({ asking }) => asking.id);
    expect(ids).toEqual(['tg100.7.1', 'tg101.8.1', 'tg100.7.1', 'tg101.8.1']);
    // As the engine takes them.
    for (const { asking } of on.asked)
      expect([asking.id, asking.who]).toEqual([expect.stringMatching(/^[A-Za-z0-9._:-]{1,64}$/), 'telegram:42']);
  });

  it('are not tried without an engine; looking is', async () => {
    const on = await stage('engine-lost');
    for (const line of ['/close 1', '/panic', '/alert_test']) {
      expect(told(await on.acts.typed(line, on.at(7, 100))).summary).toContain('No engine answers');
    }
    const { nonce } = question(await (await stage(NAME)).acts.typed('/panic', on.at(7, 100)));
    expect(told(await on.acts.confirm(nonce, 0, on.at(8, 100))).isOk).toBe(false);
    expect(told(await on.acts.typed('/version', on.at(7, 100))).isOk).toBe(true);
    expect(on.asked).toEqual([]);
  });

  it('tell of a bug and never reject', async () => {
    const on = await stage(NAME);
    const errors: string[] = [];
    const log = { info: () => undefined, error: (text: string) => errors.push(text) };
    const acts = on.again({ line: { run: () => Promise.reject(new Error('boom\u001b[2J')) }, log });
    const said = told(await acts.typed('/alert_test', on.at(7, 100)));
    expect([said.isOk, said.summary, errors.length]).toEqual([false, 'This went wrong in the bridge: boom?[2J', 1]);
  });

  it('answer an unknown line with what is near it', async () => {
    const on = await stage(NAME);
    expect(textOf(told(await on.acts.typed('/jurnal_list', on.at(7, 100))))).toContain('near it: /journal_list');
    expect(told(await on.acts.typed('/trade_close --nope', on.at(7, 100))).isOk).toBe(false);
    expect(on.asked).toEqual([]);
  });

  it('speak Russian where the profile does', async () => {
    const on = await stage(NAME);
    const scene = on.client.scene();
    on.client.set({ ...scene, state: { ...scene.state, options: { language: 'ru' } } });
    const { lines, choices } = question(await on.acts.typed('/close 1', on.at(7, 100)));
    expect(textOf({ lines })).toMatch(/\u041b\u041e\u041d\u0413 0\.079 BTC\n\u0432\u0445\u043e\u0434 60,435\.0/);
    expect(choices[0]).toMatch(/^\u0414\u0430: /);
  });
});

describe('the sandbox', () => {
  const debugScene = (on: Stage): void => on.client.set({ ...on.client.scene(), isDebugEnabled: true });

  it('is off without the debug flag', async () => {
    const on = await stage(NAME);
    for (const line of ['/debug_state', '/debug_signal buy strong', '/debug_auto_screen', '/debug_long']) {
      expect(told(await on.acts.typed(line, on.at(7, 100))).summary).toBe('The debug engine is off.');
    }
  });

  it('takes signals for its own symbol alone, and shows its Auto screen', async () => {
    const on = await stage('sandbox');
    debugScene(on);
    const ran: (readonly string[])[] = [];
    const run = async (words: readonly string[]) => {
      ran.push(words);
      return { isOk: true, summary: 'done', lines: [] };
    };
    const acts = on.again({ line: { run }, sandbox: async () => on.client.scene() });
    const signal = '/debug_signal side=buy strength=strong symbol=BTC leverage=3 confidence=0.8 reason=news';
    expect(told(await acts.typed(signal, on.at(7, 100))).isOk).toBe(true);
    expect(told(await acts.typed('/debug_signal buy symbol=ETH', on.at(7, 101))).summary).toContain('not ETH');
    for (const verb of ['long', 'short', 'flip', 'close', 'reset', 'state'])
      await acts.typed(`/debug_${verb}`, on.at(7, 102));
    expect(ran.map((words) => words.join(' '))).toEqual([
      'debug signal buy strong leverage=3 confidence=0.8 reason=news',
      ...['long', 'short', 'flip', 'close', 'reset', 'state'].map((verb) => `debug ${verb}`),
    ]);
    const auto = told(await acts.typed('/debug_auto_screen', on.at(7, 103)));
    expect(textOf(auto)).toContain('DEBUG');
    expect(textOf(auto)).toContain('BTC');
    expect(told(await acts.typed('/debug_auto_screen', on.at(7, 104, viewer))).isOk).toBe(false);
  });
});
