import { expect, test } from 'vitest';
import { money, ONE, rate } from '../../../src/core/base/decimal.ts';
import { CEILINGS, DEFAULT_RISK, defaultRiskFor, OFF_LIMITS } from '../../../src/core/risk/defaults.ts';
import { describeLimits } from '../../../src/core/risk/describe.ts';
import { span } from '../../../src/core/risk/words.ts';
import { PLAIN } from './scene.ts';

test('the defaults have every limit on, as people write them', () => {
  const lines = describeLimits(DEFAULT_RISK);
  expect(lines.every((line) => line.on)).toBe(true);
  expect(lines.map((line) => `${line.key} ${line.value}`)).toEqual([
    'leverageMax 5x',
    'riskMax 2 %',
    'reservedAccount 50 %',
    'reservedRun 25 %',
    'heat 2 %',
    'positionsMax 3',
    'dayBlock 2 %',
    'dayFlatten 3 %',
    'weekHalt 6 %',
    'stopCooldownMs 5m',
    'stopsInRowMax 3',
    'stopsInRowCooldownMs 1h',
    'stopsDayMax 5',
    'entriesDayMax 20',
    'ordersMinuteMax 30',
    'flipsDayMax 6',
    'quoteAgeMsMax 1500ms',
    'spreadBpsMax 3 bps',
    'costsOfStopMax 20 %',
    'rewardMin 1.2 R',
    'liquidationBuffer 20 %',
    'gapBlock blocked',
    'slippageCap 0.15 %',
    'loss 1 % of equity',
  ]);
});

test('off is told as off', () => {
  const lines = describeLimits({ ...PLAIN, limits: { ...OFF_LIMITS, gapBlock: false } });
  expect(lines).toHaveLength(describeLimits(DEFAULT_RISK).length);
  expect(lines.filter((line) => line.on || line.value !== 'off')).toEqual([]);
});

test('a max loss in currency, and the wider spread of others', () => {
  const lines = describeLimits({ ...defaultRiskFor('DOGE'), loss: { by: 'amount', amount: money('80') } });
  expect(lines.find((line) => line.key === 'loss')?.value).toBe('80');
  expect(lines.find((line) => line.key === 'spreadBpsMax')?.value).toBe('10 bps');
  expect(defaultRiskFor('ETH')).toBe(DEFAULT_RISK);
});

test('no default lies above its ceiling', () => {
  const { limits, leverage, sizing } = DEFAULT_RISK;
  expect(sizing).toEqual({ by: 'risk', risk: rate('0.005') });
  expect((limits.riskMax ?? ONE) <= CEILINGS.risk).toBe(true);
  expect((limits.heat ?? ONE) <= CEILINGS.heat).toBe(true);
  expect((limits.reservedAccount ?? ONE) <= CEILINGS.reserved).toBe(true);
  expect(leverage <= CEILINGS.leverage && CEILINGS.leverage < CEILINGS.leverageCode).toBe(true);
});

test.each([
  [1, '1ms'],
  [1_500, '1500ms'],
  [45_000, '45s'],
  [61_001, '1m02s'],
  [3_600_000, '1h'],
  [3_900_000, '1h05m'],
])('%i ms is %s', (ms, expected) => expect(span(ms)).toBe(expected));
