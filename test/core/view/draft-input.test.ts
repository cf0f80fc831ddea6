import { describe, expect, it } from 'vitest';
import { text } from '../../../src/core/base/decimal.ts';
import { draftFields, draftOf } from '../../../src/core/view/draft-input.ts';

/** A draft with its amounts as text. */
const read = (inputs: Readonly<Record<string, string>>): unknown => {
  const reading = draftOf(inputs, 'en');
  if (!reading.ok) return reading.problems;
  return JSON.parse(JSON.stringify(reading.draft, (_, value) => (typeof value === 'bigint' ? text(value) : value)));
};

describe('an order by hand, as it was typed', () => {
  it.each([
    ['nothing at all is a market buy by the settings', {}, { type: 'market', sign: 1, size: { by: 'settings' } }],
    [
      'a limit sell by quantity',
      { side: 'sell', type: 'limit', by: 'qty', size: '0.5', limit: '61 500', leverage: '3' },
      { type: 'limit', sign: -1, size: { by: 'qty', qty: '0.5' }, limit: '61500', leverage: '3' },
    ],
    [
      'a share of risk in per cent',
      { by: 'risk', size: '0.5%', stop: '61000', target: '63000' },
      { type: 'market', sign: 1, size: { by: 'risk', risk: '0.005' }, stopPrice: '61000', targetPrice: '63000' },
    ],
    [
      'a share of the balance',
      { by: 'fraction', size: '25' },
      { type: 'market', sign: 1, size: { by: 'fraction', fraction: '0.25' } },
    ],
    [
      'post-only, without a stop',
      { type: 'limit', limit: '1', postOnly: 'yes', noStop: 'yes' },
      { type: 'limit', sign: 1, size: { by: 'settings' }, limit: '1', postOnly: true, noStop: true },
    ],
    ['a stop that is moved', { type: 'stop', stop: '60900.5' }, { type: 'stop', stopPrice: '60900.5' }],
    ['a target that is moved', { type: 'target', target: '64000' }, { type: 'target', targetPrice: '64000' }],
  ])('%s', (_, inputs, draft) => {
    expect(read(inputs)).toEqual(draft);
  });

  it.each([
    ['a comma, which means two things', { by: 'qty', size: '0,5' }, 'size'],
    ['a thousands comma, too', { by: 'notional', size: '1,500' }, 'size'],
    ['a size that is missing', { by: 'qty' }, 'size'],
    ['zero and less', { by: 'qty', size: '-1' }, 'size'],
    ['more than all of it', { by: 'fraction', size: '101' }, 'size'],
    ['a limit order without a limit', { type: 'limit' }, 'limit'],
    ['an exponent', { stop: '1e9' }, 'stop'],
    ['junk', { leverage: '\u001b[31m' }, 'leverage'],
    ['a stop that is moved nowhere', { type: 'stop' }, 'stop'],
    ['a stop that is waived and given', { noStop: 'yes', stop: '61000' }, 'noStop'],
    ['risk without a stop to measure it by', { noStop: 'yes', by: 'risk', size: '1' }, 'noStop'],
    ['a choice that there is not', { side: 'up' }, 'side'],
  ])('says what is wrong with %s', (_, inputs, field) => {
    expect(Object.keys(read(inputs) as object)).toEqual([field]);
  });

  it('asks for what its type needs, and for no more', () => {
    expect(draftFields({})).toEqual(['symbol', 'side', 'type', 'by', 'stop', 'target', 'leverage', 'noStop']);
    expect(draftFields({ type: 'limit', by: 'qty' })).toContain('limit');
    expect(draftFields({ type: 'limit', by: 'qty' })).toContain('size');
    expect(draftFields({ type: 'stop' })).toEqual(['symbol', 'type', 'stop']);
  });
});
