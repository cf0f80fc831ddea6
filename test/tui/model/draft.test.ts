import { describe, expect, it } from 'vitest';
import { price } from '../../../src/core/base/decimal.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { draftOf } from '../../../src/core/view/draft-input.ts';
import { changeOf, symbolOf } from '../../../src/core/view/form-words.ts';
import { words } from '../../../src/core/view/language.ts';
import { emptyUi, type Ui } from '../../../src/core/view/scene.ts';
import { viewOf } from '../../../src/core/view/screens.ts';
import { focusOf, focusOnSymbol } from '../../../src/core/view/select.ts';
import * as tuiWords from '../../../src/core/view/words/tui.ts';
import { keyed } from '../../../src/tui/model/bindings.ts';
import { settled } from '../../../src/tui/model/form.ts';
import { beginModel, type Effect, type Sight } from '../../../src/tui/model/model.ts';
import { update } from '../../../src/tui/model/update.ts';
import { preview } from '../support/stub.ts';

/** The real Trade screen under keys: BTC is leased by a strategy. */
function drafting() {
  const scene = fixture('long-in-profit');
  const effects: Effect[] = [];
  const sightOf = (ui: Ui): Sight => ({
    scene,
    view: keyed(viewOf(scene, ui)),
    run: focusOf(scene, ui).run,
    symbol: focusOnSymbol(scene, ui).symbol,
    local: ui.zone,
    say: words(tuiWords, 'en'),
    draftOf: (inputs) => draftOf(inputs, 'en'),
    pageLines: 20,
    isTooSmall: false,
  });
  let model = beginModel(emptyUi('auto'));
  let at = 0;
  const one = {
    effects,
    get ui() {
      return model.ui;
    },
    press(...names: readonly string[]) {
      for (const name of names) {
        at += 800;
        const [next, asked] = update(model, { kind: 'key', key: { name, isBurst: false }, at }, sightOf(model.ui));
        effects.push(...asked);
        model = settled(next, viewOf(scene, next.ui));
      }
      return one;
    },
    paste(text: string) {
      model = update(model, { kind: 'paste', text, at }, sightOf(model.ui))[0];
      return one;
    },
  };
  return one;
}

describe('the symbol of an order by hand', () => {
  it('is the one that was looked at, and stays so when that run ends', () => {
    expect(drafting().ui.symbol).toBeUndefined();
    expect(drafting().press('t').ui.symbol).toBe('BTC/USDT:USDT');
  });

  it('is typed as its asset: its prices are asked for, and the draft is reviewed on it', () => {
    const one = drafting().press('t', 'd', 'o', 'g', 'e', 'tab');
    expect(one.ui).toMatchObject({ symbol: 'DOGE/USDT:USDT', form: { focused: 'side' } });
    expect(one.effects).toContainEqual({ do: 'watch', symbol: 'DOGE/USDT:USDT' });
    expect(one.effects.at(-1)).toMatchObject({ do: 'preview', symbol: 'DOGE/USDT:USDT' });
  });

  it('is pasted in place of the one before', () => {
    const one = drafting().press('t');
    expect(one.paste(' sol\n').ui.form).toMatchObject({ inputs: { symbol: 'sol' } });
    expect(one.press('tab').ui.symbol).toBe('SOL/USDT:USDT');
  });

  it('is chosen with the arrows among those that have prices', () => {
    const one = drafting().press('t', 'right');
    expect(one.ui.symbol).toBe('ETH/USDT:USDT');
    expect(one.press('left').ui.symbol).toBe('BTC/USDT:USDT');
  });

  it('that is half typed is reviewed on nothing: Enter takes it first', () => {
    const one = drafting().press('t', 's', 'o');
    expect(one.effects.filter((effect) => effect.do === 'preview')).toHaveLength(1);
    expect(one.press('l', 'enter').ui).toMatchObject({ symbol: 'SOL/USDT:USDT', form: { isConfirming: false } });
  });

  it('that is none keeps the cursor and says so', () => {
    const one = drafting().press('t', '!', 'tab');
    expect(one.ui.form).toMatchObject({
      focused: 'symbol',
      problems: { symbol: expect.stringContaining('such as ETH') },
    });
    expect(one.ui.symbol).toBe('BTC/USDT:USDT');
  });

  it.each([
    ['eth', 'ETH/USDT:USDT'],
    ['sol/usdt', 'SOL/USDT'],
    ['XRP/USDT:USDT', 'XRP/USDT:USDT'],
    ['', undefined],
    ['eth usdt', undefined],
    ['../../x', undefined],
  ])('%j is %s', (text, symbol) => {
    expect(symbolOf(text, [{ value: 'ETH/USDT:USDT', label: '' }], 'BTC/USDT:USDT')).toBe(symbol);
  });
});

describe('the cursor in a text field', () => {
  it('moves with the arrows, and what is typed goes in there', () => {
    const one = drafting().press('E', '6', '1', '0', '0', 'left', 'left', '5');
    expect(one.ui.form).toMatchObject({ focused: 'stop', cursor: 3, inputs: { stop: '61500' } });
    expect(one.press('end', '.', '5').ui.form?.inputs.stop).toBe('61500.5');
  });

  it('of a stop that is moved leaves the order alone that was typed before', () => {
    const one = drafting().press('t', 'tab', 'right', 'esc', 'E', '6', '1', 'esc', 't');
    expect(one.ui.form?.inputs).toEqual({ side: 'sell' });
  });

  it('stands at the end of the next field', () => {
    expect(drafting().press('E', '6', '1', 'left', 'tab').ui.form?.cursor).toBeUndefined();
  });
});

it('a stop that is moved goes at the price that was typed, wherever the market went meanwhile', () => {
  const seen = { preview: preview(), at: 0, position: '7:1:1' };
  const later = { preview: preview({ mid: 63_000, price: price('63000') }), at: 5_000 };
  expect(changeOf(seen, later, '7:1:1', 1)).toBe('priceMoved');
  expect(changeOf(seen, later, '7:1:1', 1, true)).toBeUndefined();
  expect(changeOf(seen, later, '7:-1:1', 1, true)).toBe('draftChanged');
});

it('a symbol that a strategy trades says what can be done from there', () => {
  const ui: Ui = {
    ...emptyUi('trade'),
    form: {
      form: 'draft',
      inputs: {},
      focused: 'symbol',
      preview: {
        ok: false,
        sign: 1,
        code: 'SYMBOL_LEASED',
        expected: 'a free symbol',
        found: 'leased by run 1',
        fix: '',
      },
      problems: {},
      isConfirming: false,
    },
  };
  const text = JSON.stringify(viewOf(fixture('long-in-profit'), ui).blocks, (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  expect(text).toContain('stops run 1 (trend)');
});
