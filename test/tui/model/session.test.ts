import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money } from '../../../src/core/base/decimal.ts';
import { KEYS } from '../../../src/core/view/keys.ts';
import type { Scene } from '../../../src/core/view/scene.ts';
import { actOf, BINDINGS, RISK_KEYS } from '../../../src/tui/model/bindings.ts';
import { play } from '../support/play.ts';
import { heldRun, preview, run, scene } from '../support/stub.ts';

const CLOSE = ['trade', 'close', '--run', '7'];

describe('what lowers risk takes two different keys', () => {
  it.each([
    ['c then y closes', ['c', 'y'], CLOSE],
    ['in the Russian layout too', ['с', 'н'], CLOSE],
    ['s then k stops and keeps', ['s', 'k'], ['auto', 'stop', '--run', '7', '--keep']],
    ['s then f stops and flattens', ['s', 'f'], ['auto', 'stop', '--run', '7', '--flatten']],
    ['! then F panics on every screen', ['9', '!', 'F'], ['panic']],
    ['a held key confirms nothing', ['c', 'c', 'c', 'c'], undefined],
    ['a held key does not spoil the second', ['c', 'c', 'y'], CLOSE],
    ['another key leaves it', ['c', 'n', 'y'], undefined],
    ['s then y is no answer to keep or flatten', ['s', 'y'], undefined],
    ['Enter does not confirm', ['c', 'enter'], undefined],
    ['! then f is not !F', ['!', 'f'], undefined],
    ['p is not possible here', ['p', 'y'], undefined],
  ])('%s', (_, keys, words) => {
    expect(
      play()
        .press(...keys)
        .lastRun(),
    ).toEqual(words);
  });

  it('lasts 5 s', () => {
    expect(play().press('c').wait(4_100).press('y').lastRun()).toEqual(CLOSE);
    const late = play().press('c').wait(5_000);
    expect(late.model.mode.is).toBe('browse');
    expect(late.press('y').lastRun()).toBeUndefined();
  });

  it('is not confirmed by a paste', () => {
    expect(play().burst('c', 'y').lastRun()).toBeUndefined();
    const fast = play().press('c');
    fast.send({ kind: 'key', key: { name: 'y', isBurst: false }, at: fast.at + 10 });
    expect(fast.lastRun()).toBeUndefined();
    fast.send({ kind: 'paste', text: 'y', at: fast.at + 500 });
    expect(fast.lastRun()).toBeUndefined();
  });

  it('is done once by a second key that is held, which then means nothing else', () => {
    const one = play().press('c').hold('y', 20);
    expect(one.did()).toEqual(['run']);
    expect(one.model.ui.screen).toBe('auto');
    expect(one.press('y').model.ui.screen).toBe('strategies');
  });

  it('says why an action is not possible', () => {
    expect(play().press('p').model.message?.text).toContain('the run is paused');
    expect(play().press('x').model.message?.text).toContain('x');
  });

  it('stops a flat run without asking about a position', () => {
    const flat = play({ scene: scene({ state: { ...scene().state, runs: [run()] } }) });
    expect(flat.press('s', 'y').lastRun()).toEqual(['auto', 'stop', '--run', '7', '--keep']);
  });
});

describe('what raises risk', () => {
  const live = () => play({ scene: scene({ mode: 'LIVE' }) });
  it.each([
    ['Enter on paper', play(), ['f', 'enter'], true],
    ['no y on paper', play(), ['f', 'y'], false],
    ['Esc leaves it', play(), ['f', 'esc', 'enter'], false],
    ['Enter alone in live does nothing', live(), ['f', 'enter'], false],
    ['the typed asset in live', live(), ['f', 'B', 'T', 'C', 'enter'], true],
    ['another word in live', live(), ['f', 'E', 'T', 'H', 'enter'], false],
  ])('%s', (_, one, keys, isDone) => {
    expect(one.press(...keys).lastRun()).toEqual(isDone ? ['trade', 'flip', '--run', '7'] : undefined);
  });

  it('is done once by an Enter that is held, which then opens nothing', () => {
    const one = play().press('f').hold('enter', 20);
    expect(one.did()).toEqual(['run']);
    expect(one.model.ui.screen).toBe('auto');
  });

  it('in live is never pasted', () => {
    const one = live().press('f');
    one.send({ kind: 'paste', text: 'BTC', at: one.at });
    expect(one.press('enter').lastRun()).toBeUndefined();
  });
});

describe('an order by hand', () => {
  const answer = (one: ReturnType<typeof play>, given = {}, isReview = false) => {
    const inputs = one.model.ui.form?.inputs ?? {};
    one.send({ kind: 'previewed', inputs, preview: preview(given), isReview, at: one.at });
    return one;
  };
  const asked = () => answer(answer(play().press('t')).press('enter'), {});

  it('is checked as it is typed', () => {
    const one = play().press('t');
    expect(one.effects.at(-1)).toMatchObject({
      do: 'preview',
      draft: { type: 'market', sign: 1, size: { by: 'settings' } },
    });
    one.press('right');
    expect(one.effects.at(-1)).toMatchObject({ do: 'preview', draft: { sign: -1 } });
    one.press('tab', 'tab', 'right', 'tab').text('0,5');
    expect(one.model.ui.form?.problems).toHaveProperty('size');
    one.press('ctrl-u').text('0.5');
    expect(one.model.ui.form?.problems).toEqual({});
    expect(one.effects.at(-1)).toMatchObject({
      do: 'preview',
      draft: { size: { by: 'qty', qty: 500_000_000_000_000_000n } },
    });
  });

  it('waits for Enter twice, asks again, and is sent', () => {
    const one = answer(play().press('t'));
    expect(one.press('enter').model.mode.is).toBe('confirm');
    one.press('enter');
    expect(one.effects.at(-1)).toMatchObject({ do: 'preview', isReview: true });
    expect(one.did()).not.toContain('send');
    answer(one, {}, true);
    expect(one.effects.at(-1)).toMatchObject({ do: 'send', symbol: 'BTC/USDT:USDT', draft: { sign: 1 } });
  });

  it('is not sent by an Enter that is held: it stops at the question, which says so', () => {
    const one = answer(play().press('t')).hold('enter', 30);
    expect(one.model.mode).toMatchObject({ is: 'confirm', isAsked: false });
    expect(one.model.message?.text).toContain('press Enter on its own');
    expect(one.press('enter').effects.at(-1)).toMatchObject({ do: 'preview', isReview: true });
  });

  it('is not sent by an Enter that came right after the draft changed', () => {
    const one = answer(asked().wait(2_000), { mid: 62_063 });
    one.at -= 500;
    expect(one.press('enter').model.mode).toMatchObject({ is: 'confirm', isAsked: false });
    expect(one.press('enter').model.mode).toMatchObject({ is: 'confirm', isAsked: true });
  });

  it('is not sent by a review that was asked for before it was taken back', () => {
    const one = asked().press('enter', 'esc', 'enter');
    expect(answer(one, {}, true).did()).not.toContain('send');
  });

  it('leaves no preview behind that nobody asks for again, sent or left', () => {
    const sent = answer(asked().press('enter'), {}, true);
    expect(sent.did()).toContain('send');
    expect(sent.model.ui.form).toBeUndefined();
    expect(answer(answer(play().press('t')).press('esc')).model.ui.form).toBeUndefined();
  });

  it('is not sent before review approved of it', () => {
    expect(play().press('t', 'enter', 'enter').did()).not.toContain('send');
  });

  it.each([
    ['the price moved by more than 0.1 %', { mid: 62_063 }, 'PRICE_MOVED'],
    ['the margin changed', { margin: money('1600') }, 'PRICE_MOVED'],
    ['the side changed', { sign: -1 }, 'PRICE_MOVED'],
  ])('is shown again where %s', (_, given, code) => {
    const one = asked().press('enter');
    answer(one, given, true);
    expect(one.did()).not.toContain('send');
    expect(one.model.mode).toMatchObject({ is: 'confirm', isAsked: false });
    expect(one.model.ui.form?.status?.text).toContain(code);
    answer(one.press('enter'), given, true);
    expect(one.did()).toContain('send');
  });

  it('is shown again where the position changed meanwhile', () => {
    const one = asked().press('enter');
    one.scene = scene({ state: { ...scene().state, runs: [run()] } });
    answer(one, {}, true);
    expect(one.did()).not.toContain('send');
  });

  it('is shown again where it was on the screen for more than 2 s', () => {
    const one = asked();
    one.at += 2_500;
    answer(one.press('enter'), {}, true);
    expect(one.did()).not.toContain('send');
    answer(one.press('enter'), {}, true);
    expect(one.did()).toContain('send');
  });

  it('is sent within small moves', () => {
    expect(answer(asked().press('enter'), { mid: 62_050 }, true).did()).toContain('send');
  });

  it('goes back to the form where review now denies it', () => {
    const one = asked().press('enter');
    const denied = { ok: false, sign: 1, code: 'SPREAD_WIDE', expected: '3 bps', found: '4.1', fix: 'wait' } as const;
    const inputs = one.model.ui.form?.inputs ?? {};
    one.send({ kind: 'previewed', inputs, preview: denied, isReview: true, at: one.at });
    expect(one.did()).not.toContain('send');
    expect(one.model.mode.is).toBe('form');
    expect(one.model.message?.text).toContain('SPREAD_WIDE');
  });

  it('ignores an answer to what is no longer typed', () => {
    const one = play().press('t');
    const { inputs } = one.model.ui.form ?? { inputs: {} };
    one.press('right');
    one.send({ kind: 'previewed', inputs, preview: preview(), isReview: false, at: one.at });
    expect(one.model.ui.form?.preview).toBeNull();
  });

  it('is kept where the form is left, and where the engine is lost', () => {
    const one = play().press('t', 'tab', 'tab', 'right', 'tab').text('0.25').press('esc', '1', 't');
    expect(one.model.ui.form?.inputs).toMatchObject({ by: 'qty', size: '0.25' });
    one.scene = scene({ link: 'lost', linkAt: one.at });
    expect(one.wait(1_000).press('home').model.ui.form?.inputs).toMatchObject({ size: '0.25' });
    one.send({ kind: 'failed', text: 'no answer', at: one.at });
    expect(one.model.ui.form?.inputs).toMatchObject({ size: '0.25' });
  });

  it('takes a paste into the field that has the cursor, without what controls terminals', () => {
    const one = play().press('t', 'tab', 'tab', 'right', 'tab');
    one.send({ kind: 'paste', text: ' 0.5\n', at: one.at });
    expect(one.model.ui.form?.inputs).toMatchObject({ size: '0.5' });
    one.press('left').send({ kind: 'paste', text: '01', at: one.at });
    expect(one.model.ui.form?.inputs).toMatchObject({ size: '0.015' });
    expect(one.press('2').model.ui.form?.inputs).toMatchObject({ size: '0.0125' });
  });
});

describe('the risk form', () => {
  const SET = ['risk', 'set', '--run=7', '--risk=1%', '--max-loss=80'];
  const filled = () => play().press('e').text('1%').press('tab').text('80');

  it('is checked by the command line as it is typed', () => {
    const one = filled();
    const inputs = { risk: '1%', maxLoss: '80' };
    expect(one.effects.at(-1)).toEqual({ do: 'check', words: ['risk', 'set'], inputs });
    one.send({ kind: 'checked', inputs: one.model.ui.form?.inputs ?? {}, problems: { risk: 'at most 2 %' } });
    expect(one.model.ui.form?.problems).toEqual({ risk: 'at most 2 %' });
    expect(one.press('enter', 'enter').lastRun()).toBeUndefined();
  });

  it('is saved with Enter twice, and then no longer stands there as typed', () => {
    const one = filled().press('enter');
    expect(one.lastRun()).toBeUndefined();
    expect(one.press('enter').lastRun()).toEqual(SET);
    const result = { isOk: true, summary: 'setting_changed', lines: [] };
    one.send({ kind: 'ran', deed: { label: 'risk settings', words: SET }, result, shown: 'message', at: one.at });
    expect(one.model.message?.text).toContain('done');
    expect(one.press('e').model.ui.form?.inputs).toEqual({});
  });

  it('keeps what was typed where it was refused', () => {
    const one = filled().press('enter', 'enter');
    const result = { isOk: false, summary: 'ABOVE_CEILING', lines: [{ spans: [] }] };
    one.send({ kind: 'ran', deed: { label: 'risk settings', words: SET }, result, shown: 'message', at: one.at });
    expect(one.press('esc', 'e').model.ui.form?.inputs).toEqual({ risk: '1%', maxLoss: '80' });
  });

  it('asks for the asset in live', () => {
    const one = play({ scene: scene({ mode: 'LIVE' }) })
      .press('e')
      .text('1')
      .press('enter', 'enter');
    expect(one.lastRun()).toBeUndefined();
    expect(one.text('BTC').press('enter').lastRun()).toEqual(['risk', 'set', '--run=7', '--risk=1']);
  });
});

describe('finding the way', () => {
  it.each([
    ['a number', ['7'], 'journal'],
    ['o for Settings', ['o'], 'settings'],
    ['? for help', ['?'], 'help'],
    [', is ? in the Russian layout', [','], 'help'],
    ['Esc back', ['7', '8', 'esc'], 'journal'],
    ['Backspace the last, and back again', ['7', '8', 'backspace', 'backspace'], 'analytics'],
    ['Enter opens what a row leads to', ['j', 'enter'], 'risk'],
  ])('%s', (_, keys, screen) => {
    expect(play().press(...keys).model.ui.screen).toBe(screen);
  });

  it('picks rows with arrows and letters and stays within them', () => {
    expect(play().press('j', 'down', 'j', 'j', 'j').model.ui.picked).toEqual({ runs: '9' });
    expect(play().press('end', 'k').model.ui.picked).toEqual({ runs: '8' });
    expect(play().press('j', 'enter').model.ui.run).toBe(8);
  });

  it('says what Enter waits for where it opens nothing', () => {
    const unmarked = play({ ui: { picked: { runs: '' } } }).press('enter');
    expect(unmarked.model).toMatchObject({
      ui: { screen: 'auto' },
      message: { text: 'arrows mark a row, Enter opens it' },
    });
    expect(play().press('tab', 'enter').model.message?.text).toContain('Enter: there is nothing');
  });

  it('goes through panes and back', () => {
    const one = play();
    expect(one.press('tab').model.focus).toBe('position');
    expect(one.press('tab').model.focus).toBe('runs');
    expect(one.press('shift-tab').model.focus).toBe('position');
  });

  it('goes through runs', () => {
    const runs = [heldRun(), run({ run: 8, symbol: 'ETH/USDT:USDT' })];
    const one = play({ scene: scene({ state: { ...scene().state, runs } }) });
    expect(one.press(']').model.ui).toMatchObject({ run: 8, symbol: 'ETH/USDT:USDT' });
    expect(one.press(']').model.ui.run).toBe(7);
    expect(play().press(']').model.message?.text).toContain('one run');
  });

  it('filters while it is typed', () => {
    const one = play().press('/').text('stop');
    expect(one.model.ui.filter).toBe('stop');
    expect(one.press('enter').model.mode.is).toBe('browse');
    expect(one.press('esc').model.ui.filter).toBe('');
    expect(play().press('.').text('й').model.ui.filter).toBe('й');
  });

  it('changes the zone', () => {
    expect(play().press('u').model.ui.zone.name).toBe('UTC+3');
    expect(play().press('u', 'u').model.ui.zone.name).toBe('UTC');
  });

  it('changes the time frame from the one that is drawn, to one that the candles of the feed add up to', () => {
    const minute = 60_000;
    const charted = (fedMs: number, runMs: number) => {
      const runs = [run({ timeframeMs: runMs })];
      const markets = [{ symbol: 'BTC/USDT:USDT', timeframeMs: fedMs }] as unknown as Scene['markets'];
      return play({ scene: scene({ markets, state: { ...scene().state, runs } }) });
    };
    expect(charted(minute, 15 * minute).press('+').model.ui.timeframeMs).toBe(30 * minute);
    expect(charted(minute, 15 * minute).press('-', '-').model.ui.timeframeMs).toBe(3 * minute);
    expect(charted(5 * minute, 15 * minute).press('-', '-').model.ui.timeframeMs).toBe(5 * minute);
    expect(charted(3 * minute, 15 * minute).press('-', '+').model.ui.timeframeMs).toBe(15 * minute);
    const least = charted(15 * minute, 15 * minute).press('-');
    expect(least.model.ui.timeframeMs).toBeUndefined();
    expect(least.model.message?.text).toContain('shortest');
  });

  it('holds the picture and lets it go; whoever acts sees the present', () => {
    const one = play().press('z');
    const held = one.scene;
    one.scene = scene({ now: 5 });
    expect(one.sight().scene).toBe(held);
    expect(one.press('c').model.frozen).toBeUndefined();
    expect(play().press('z', 'z').model.frozen).toBeUndefined();
  });

  it('turns the mouse on when asked, and clicks', () => {
    const one = play();
    expect(one.press('m').effects).toEqual([{ do: 'mouse', isOn: true }]);
    one.send({ kind: 'click', target: { block: 'runs', key: '9' }, tab: undefined, at: one.at });
    expect(one.model.ui.picked).toEqual({ runs: '9' });
    one.send({ kind: 'click', target: { block: 'runs', key: '9' }, tab: undefined, at: one.at });
    expect(one.model.ui).toMatchObject({ screen: 'risk', run: 9 });
    one.send({ kind: 'click', target: undefined, tab: '7', at: one.at });
    expect(one.model.ui.screen).toBe('journal');
    one.send({ kind: 'click', target: { block: 'actions', key: 'close' }, tab: undefined, at: one.at });
    expect(one.model.mode.is).toBe('armed');
    one.press('esc');
    one.send({ kind: 'click', target: { block: 'actions', key: 'key [ ]' }, tab: undefined, at: one.at });
    expect(one.model.message?.text).toBe('there is one run');
  });

  it('clears remarks after about 2.5 s', () => {
    const one = play().press('m').wait(2_000);
    expect(one.model.message).toBeDefined();
    expect(one.wait(600).model.message).toBeUndefined();
  });
});

describe('the palette', () => {
  it('runs the same command line', () => {
    expect(play().press(':').text('journal tail --json').press('enter').lastRun()).toEqual([
      'journal',
      'tail',
      '--json',
    ]);
    expect(play().press(':').text('dzentra note "two words"').press('enter').lastRun()).toEqual(['note', 'two words']);
    expect(play().press('Ж').text('why 3').press('enter').lastRun()).toEqual(['why', '3']);
  });

  it.each([
    ['note "two words" ""', ['note', 'two words', '']],
    ['note --text="two words" a"b c"d', ['note', '--text=two words', 'ab cd']],
    [String.raw`note 'it is' it\ is "say \"so\"" "a\b"`, ['note', 'it is', 'it is', 'say "so"', String.raw`a\b`]],
    ["note don't do it", ['note', "don't", 'do', 'it']],
  ])('parts %s as a shell does', (line, words) => {
    expect(play().press(':').text(line).press('enter').lastRun()).toEqual(words);
  });

  it('completes to what all hints share', () => {
    const one = play().press(':').text('jo');
    one.send({
      kind: 'hinted',
      text: 'jo',
      hints: [
        { text: 'journal list', about: '' },
        { text: 'journal show', about: '' },
      ],
    });
    expect(one.press('tab').model.mode).toMatchObject({ line: { text: 'journal ' } });
  });

  it('leaves hints alone that come too late', () => {
    const one = play().press(':').text('jo');
    one.send({ kind: 'hinted', text: 'j', hints: [{ text: 'journal', about: '' }] });
    expect(one.model.mode).toMatchObject({ hints: [] });
  });

  it('recalls what was run, newest first', () => {
    const one = play().press(':').text('why 1').press('enter', ':').text('why 2').press('enter', ':').text('x');
    expect(one.press('up').model.mode).toMatchObject({ line: { text: 'why 2' } });
    expect(one.press('up', 'up').model.mode).toMatchObject({ line: { text: 'why 1' } });
    expect(one.press('down', 'down').model.mode).toMatchObject({ line: { text: 'x' } });
  });

  it('runs nothing that was pasted with its Enter', () => {
    const one = play().press(':');
    one.send({ kind: 'paste', text: 'panic ', at: one.at });
    expect(one.burst('enter').lastRun()).toBeUndefined();
    expect(one.press('enter').lastRun()).toEqual(['panic']);
  });

  it('shows results in a panel that stays, and never over what is being typed', () => {
    const result = { isOk: false, summary: 'NO_RUN', lines: [{ spans: [{ text: 'NO_RUN', tone: 'bad' as const }] }] };
    const deed = { label: 'why', words: ['why'] };
    const one = play();
    one.send({ kind: 'ran', deed, result, shown: 'panel', at: one.at });
    expect(one.model.mode.is).toBe('result');
    expect(one.press('esc').model.mode.is).toBe('browse');
    one.press('/');
    one.send({ kind: 'ran', deed, result, shown: 'message', at: one.at });
    expect(one.model.mode.is).toBe('filter');
    expect(one.model.message?.text).toBe('NO_RUN');
  });
});

describe('leaving', () => {
  it.each([
    ['q leaves the engine alone', ['q'], [{ do: 'leave', isEngineToo: false }]],
    ['in the Russian layout too', ['й'], [{ do: 'leave', isEngineToo: false }]],
    ['Q twice and the word end it', ['Q', 'Q', 's', 't', 'o', 'p', 'enter'], [{ do: 'leave', isEngineToo: true }]],
    ['Q once does not', ['Q', 'enter'], []],
    ['another word does not', ['Q', 'Q', 'y', 'enter'], []],
    ['Esc does not', ['Q', 'Q', 's', 't', 'o', 'p', 'esc'], []],
  ])('%s', (_, keys, effects) => {
    expect(play().press(...keys).effects).toEqual(effects);
  });
});

it('binds every key of the help', () => {
  const printed: Readonly<Record<string, string>> = { PgUp: 'pageup', PgDn: 'pagedown' };
  for (const { keys, group } of KEYS) {
    const [first = '', second] = keys.split(' ');
    const names = group === 'lower' || group === 'leave' ? [first] : keys.split(' ');
    for (const name of names) {
      const key = printed[name] ?? (name.length > 1 ? name.toLowerCase() : name);
      expect([keys, key in BINDINGS || RISK_KEYS.includes(key)]).toEqual([keys, true]);
    }
    expect(second).not.toBe('');
  }
  expect(actOf('.')).toEqual({ act: 'action' });
});

it('comes through any keys: nothing that matters is done without its second key', () => {
  const key = fc.oneof(
    fc.constantFrom(...Object.keys(BINDINGS), ...RISK_KEYS, 'enter', 'esc', 'tab'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.boolean()), { maxLength: 60 }), (keys) => {
      const one = play();
      let before = '';
      for (const [name, isBurst] of keys) {
        const count = one.effects.length;
        const mode = one.model.mode.is;
        one.at += 100;
        one.send({ kind: 'key', key: { name, isBurst }, at: one.at });
        const done = one.effects.slice(count).filter((effect) => effect.do === 'run' && effect.shown === 'message');
        if (done.length > 0) {
          expect(isBurst).toBe(false);
          expect(['armed', 'agree', 'confirm']).toContain(mode);
          expect(name).not.toBe(before);
        }
        before = name;
      }
    }),
    { numRuns: 40 },
  );
});
