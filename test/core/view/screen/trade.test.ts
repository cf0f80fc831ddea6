import { describe, expect, test } from 'vitest';
import { money, price, qty, rate } from '../../../../src/core/base/decimal.ts';
import type { Preview } from '../../../../src/core/domain/frame.ts';
import { createDebug } from '../../../../src/core/lab/debug.ts';
import { draftOf } from '../../../../src/core/view/draft-input.ts';
import type { FormState, Scene } from '../../../../src/core/view/scene.ts';
import type { View } from '../../../../src/core/view/view.ts';
import { blockOf, cellsOf, sceneOf, show, told } from './debug-scene.ts';

const APPROVED: Preview = {
  ok: true,
  sign: 1,
  type: 'market',
  qty: qty('0.072'),
  price: price('61840.2'),
  notional: money('4452.4944'),
  margin: money('2226.2472'),
  fee: money('2.2263'),
  feeOut: money('2.2040'),
  risk: money('50.28'),
  riskShare: 0.005,
  stopPrice: price('61221.8'),
  targetPrice: price('63077'),
  liquidation: price('31044'),
  clippedBy: 'reserved_run',
  quoteAt: 0,
  mid: 61840.2,
};

const form = (given: Partial<FormState>): FormState => ({
  form: 'draft',
  inputs: {},
  focused: 'side',
  preview: null,
  problems: {},
  isConfirming: false,
  ...given,
});

const trade = (given: Partial<FormState>, scene: Partial<Scene> = {}, locale: 'en' | 'ru' = 'en'): View =>
  show(sceneOf(createDebug(), { scene }), 'trade', locale, { form: form(given) });

const fields = (view: View): readonly string[] => {
  const block = blockOf(view, 'draft');
  return block?.kind === 'form'
    ? block.fields.map(({ name, input }) => (input === '' ? name : `${name}=${input}`))
    : [];
};

describe('the draft', () => {
  test('tells the leverage of a first order on a symbol without a run: that of the defaults, not of the venue', () => {
    const { state } = sceneOf(createDebug());
    const block = blockOf(trade({}, { state: { ...state, runs: [] } }), 'draft');
    const leverage = block?.kind === 'form' ? block.fields.find(({ name }) => name === 'leverage') : undefined;
    expect(leverage).toMatchObject({ placeholder: '2', hint: '1 to 5x' });
  });

  test('has the fields that its type and its size need', () => {
    const symbol = 'symbol=BTC/USDT:USDT';
    const market = [symbol, 'side=buy', 'type=market', 'by=settings', 'stop', 'target', 'leverage', 'noStop=no'];
    expect(fields(trade({}))).toEqual(market);
    expect(fields(trade({ inputs: { type: 'limit', by: 'qty', size: '0.5' } }))).toEqual([
      ...[symbol, 'side=buy', 'type=limit', 'by=qty', 'size=0.5', 'limit', 'postOnly=no'],
      ...['stop', 'target', 'leverage', 'noStop=no'],
    ]);
    expect(fields(trade({ inputs: { type: 'stop' } }))).toEqual([symbol, 'type=stop', 'stop']);
  });

  test('a problem stands at its field', () => {
    const block = blockOf(trade({ inputs: { type: 'limit' }, problems: { limit: 'needed here' } }), 'draft');
    const limit = block?.kind === 'form' ? block.fields.find(({ name }) => name === 'limit') : undefined;
    expect(limit).toMatchObject({ hint: 'needed here', tone: 'bad' });
  });
});

describe('what was typed', () => {
  const read = (inputs: Record<string, string>) => draftOf(inputs, 'en');

  test('becomes a draft; what is empty is as the settings say', () => {
    expect(read({})).toEqual({ ok: true, draft: { type: 'market', sign: 1, size: { by: 'settings' } } });
    expect(read({ side: 'sell', type: 'limit', limit: '61000', postOnly: 'yes', by: 'risk', size: '0.5' })).toEqual({
      ok: true,
      draft: {
        type: 'limit',
        sign: -1,
        size: { by: 'risk', risk: rate('0.005') },
        limit: price('61000'),
        postOnly: true,
      },
    });
    expect(read({ noStop: 'yes' })).toMatchObject({ ok: true, draft: { noStop: true } });
  });

  test.each([
    [{ type: 'limit' }, { limit: 'needed here' }],
    [{ by: 'qty', size: 'x' }, { size: 'a number, such as 1' }],
    [{ stop: '-5' }, { stop: 'above 0' }],
    [{ stop: '59000', noStop: 'yes' }, { noStop: 'there is a stop: leave one of them out' }],
    [{ by: 'risk', size: '1', noStop: 'yes' }, { noStop: 'a size by risk follows from the stop' }],
  ])('%j is wrong at %j', (inputs, problems) => {
    expect(read(inputs as Record<string, string>)).toEqual({ ok: false, problems });
  });
});

describe('the preview', () => {
  test('an approved draft: rounded size, fees, margin, liquidation, risk in money and share', () => {
    const view = trade({ preview: APPROVED });
    expect(told(view, 'preview', 'side')).toBe('LONG 0.072 BTC');
    expect(told(view, 'preview', 'margin')).toBe('2,226.25');
    expect(told(view, 'preview', 'risk')).toBe('50.28 0.50 % of equity');
    expect(told(view, 'preview', 'SL')).toBe('61,221.8 -1.00 %');
    expect(told(view, 'preview', 'fee')).toBe('2.23');
    expect(told(view, 'preview', 'liquidation')).toBe('31,044.0 -49.80 %');
    expect(told(view, 'preview', 'clippedBy')).toBe('the reserve of the run');
    expect(cellsOf(view, 'preview', 'margin')[0]?.value).toBe('2226.2472');
  });

  test('a denied one: code, plain words with numbers, and the cure; it cannot be sent', () => {
    const preview = {
      ok: false,
      sign: 1,
      code: 'SPREAD_WIDE',
      expected: 'at most 3 bps',
      found: '4.10 bps',
      fix: 'wait',
    } as const;
    const view = trade({ preview });
    expect(told(view, 'preview', 'denied')).toBe('SPREAD_WIDE');
    expect(told(view, 'preview', 'why')).toBe('the spread is too wide (4.10 bps > 3 bps)');
    expect(told(trade({ preview }, {}, 'ru'), 'preview', 'why')).toBe('спред слишком широк (4.10 bps > 3 bps)');
    expect(view.actions.find(({ id }) => id === 'send')?.disabled).toBe('review has not approved it');
  });

  test('an answer that has not come is ?', () => {
    expect(told(trade({}), 'preview', 'preview')).toMatch(/^\?/);
  });
});

describe('the confirmation', () => {
  test('tells what is sent; paper takes Enter, live the typed symbol', () => {
    const paper = blockOf(trade({ preview: APPROVED, isConfirming: true }), 'confirm');
    expect(paper).toMatchObject({ kind: 'note', tone: 'accent' });
    expect(paper?.kind === 'note' ? paper.lines : []).toEqual([
      'BUY 0.072 BTC BTC/USDT:USDT market, about 61,840.2',
      'risk 50.28 (0.50 %), margin 2,226.25',
      'Enter sends it after one more review; Esc goes back',
    ]);
    const live = blockOf(trade({ preview: APPROVED, isConfirming: true }, { mode: 'LIVE' }), 'confirm');
    expect(live?.kind === 'note' ? live.lines.at(-1) : '').toContain('type BTC and Enter');
  });
});

test('the draft is a command line, too', () => {
  const words = (inputs: Record<string, string>): readonly string[] => {
    const link = trade({ preview: APPROVED, inputs }).actions.find(({ id }) => id === 'send')?.link;
    return link?.to === 'command' ? link.words : [];
  };
  expect(words({ side: 'sell', by: 'risk', size: '0.5' })).toEqual([
    'trade',
    'sell',
    '--symbol',
    'BTC/USDT:USDT',
    '--risk',
    '0.5%',
  ]);
  expect(words({ type: 'limit', limit: '61000', by: 'qty', size: '0.1', stop: '60000' })).toEqual([
    ...['trade', 'buy', '--symbol', 'BTC/USDT:USDT', '--qty', '0.1'],
    ...['--limit', '61000', '--sl', '60000'],
  ]);
  expect(words({ type: 'limit', limit: '61000', postOnly: 'yes', noStop: 'yes' })).toEqual([
    ...['trade', 'buy', '--symbol', 'BTC/USDT:USDT', '--limit', '61000', '--post-only', '--no-stop'],
  ]);
  expect(words({ type: 'stop', stop: '61200' })).toEqual(['trade', 'stop', '61200', '--run', '1']);
});
