import { describe, expect, test } from 'vitest';
import type { Alarm, OpenAlert } from '../../../../src/core/domain/alert.ts';
import type { AnyEntry } from '../../../../src/core/domain/entry.ts';
import { fixture } from '../../../../src/core/lab/fixture/fixture.ts';
import { bannerText } from '../../../../src/core/view/alert.ts';
import { entryCells, entryTone } from '../../../../src/core/view/entry-line.ts';
import { emptyUi } from '../../../../src/core/view/scene.ts';
import { viewOf } from '../../../../src/core/view/screens.ts';

const scene = fixture('long-in-profit');
const now = scene.now ?? 0;

const alertOf = (alert: number, more: Partial<OpenAlert> = {}): OpenAlert => ({
  alert,
  nth: 1,
  rule: 'stop_lost',
  priority: 'HIGH',
  key: `k${alert}`,
  symbol: 'BTC/USDT:USDT',
  of: alert * 10,
  seq: alert * 10 + 1,
  run: 1,
  account: 'paper',
  at: now - 60_000,
  expiresAt: now + 60_000,
  isSilent: false,
  isHeld: false,
  facts: { side: 'long', order: 3, why: 'CANCELED' },
  delivered: {},
  deliveredAt: 0,
  ...more,
});

const price = (alert: number, more: Partial<OpenAlert> = {}): OpenAlert =>
  alertOf(alert, {
    rule: 'price_crossed',
    priority: 'MEDIUM',
    facts: { side: 'above', price: 63_000n * 10n ** 18n },
    ...more,
  });

/** The System screen with these alerts open. */
function system(open: readonly OpenAlert[], locale: 'en' | 'ru' = 'en') {
  const alarm: Alarm = { made: 9, open, spoken: {}, recent: [], held: null, feeds: {} };
  const { blocks } = viewOf({ ...scene, state: { ...scene.state, alarm } }, emptyUi('system', locale));
  return blocks.find(({ id }) => id === 'alerts');
}

describe('the System screen', () => {
  test('lists open alerts, HIGH first, then the newest, and leads to their acknowledgement', () => {
    const block = system([price(1), alertOf(2), price(3), alertOf(4, { at: now - 5_000 })]);
    const rows = block?.kind === 'table' ? block.rows : [];
    expect(rows.map(({ cells }) => cells.slice(0, 3).map(({ text }) => text))).toEqual([
      ['4', 'HIGH', 'STOP LOST LONG BTC'],
      ['2', 'HIGH', 'STOP LOST LONG BTC'],
      ['3', 'MEDIUM', 'BTC >= 63,000'],
      ['1', 'MEDIUM', 'BTC >= 63,000'],
    ]);
    expect(rows[0]?.opens).toEqual({ to: 'command', words: ['alert', 'ack', '4'] });
  });

  test('keeps what is HIGH until it is acknowledged, and leaves out what is no news any more', () => {
    const old = { expiresAt: now - 1 };
    const block = system([price(1, old), alertOf(2, old)], 'ru');
    expect(block?.kind === 'table' && block.rows.map(({ key }) => key)).toEqual(['2']);
    expect(block?.title).toBe('ОПОВЕЩЕНИЯ');
    expect(system([])).toBeUndefined();
  });
});

test('the journal tells an alert in the language of the reader, with how often it was told', () => {
  const body = alertOf(4, { nth: 2 });
  const entry = { ...scene.entries[0], seq: 900, run: 1, kind: 'alert_raised', body } as unknown as AnyEntry;
  const texts = (locale: 'en' | 'ru') => entryCells(entry, scene, locale).map(({ text }) => text);
  expect(texts('en')).toEqual(['ALERT', 'BTC', '#4 HIGH STOP LOST LONG BTC (told 2 times)']);
  expect(texts('ru')[2]).toBe('#4 HIGH СТОП ПОТЕРЯН ЛОНГ BTC (сказано 2 раз)');
  expect(entryTone(entry)).toBe('bad');
});

test('a banner says what waits behind it, and the key that answers only where one is wanted', () => {
  expect(bannerText(alertOf(1), 2, 'ru')).toBe('HIGH СТОП ПОТЕРЯН ЛОНГ BTC  ещё 2   * подтверждает');
  expect(bannerText(price(1), 0, 'en')).toBe('MEDIUM BTC >= 63,000');
});
