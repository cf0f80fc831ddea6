import { describe, expect, test } from 'vitest';
import type { OpenAlert } from '../../../src/core/domain/alert.ts';
import { bannerAlerts } from '../../../src/core/view/alert.ts';
import { plainLine } from '../../../src/core/view/paint/plain.ts';
import { frameOf } from '../../../src/tui/frame.ts';
import { type Play, play } from '../support/play.ts';
import { screens } from '../support/stub.ts';

const alertOf = (alert: number, more: Partial<OpenAlert> = {}): OpenAlert => ({
  alert,
  nth: 1,
  rule: 'halted',
  priority: 'HIGH',
  key: `k${alert}`,
  symbol: '',
  of: alert * 10,
  seq: alert * 10 + 1,
  run: 0,
  account: 'paper',
  at: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
  isSilent: false,
  isHeld: false,
  facts: { reason: 'panic', isHalted: true },
  delivered: {},
  deliveredAt: 0,
  ...more,
});

const passing = (alert: number, more: Partial<OpenAlert> = {}): OpenAlert =>
  alertOf(alert, {
    rule: 'position_opened',
    priority: 'MEDIUM',
    symbol: 'BTC/USDT:USDT',
    facts: { side: 'long' },
    ...more,
  });

/** The terminal hears which alerts are open now. */
const hear = (one: Play, ...alerts: readonly OpenAlert[]): void => hearUpTo(one, 1_000, ...alerts);

/** The same, where the journal ends at an entry. */
function hearUpTo(one: Play, last: number, ...alerts: readonly OpenAlert[]): void {
  const { state } = one.scene;
  const alarm = { made: 9, open: alerts, spoken: {}, recent: [], held: null, feeds: {} };
  const open = bannerAlerts({ state: { ...state, alarm }, now: 0 });
  one.send({ kind: 'heard', open, last, isMute: false, at: one.at });
}

/** The frame as text, in lines. */
function lines(one: Play): readonly string[] {
  const canvas = { columns: 100, rows: 30, ascii: true, isFlat: false };
  const { lines, tabRow } = frameOf(one.model, one.sight(), canvas, { ...screens(), at: one.at });
  expect(lines).toHaveLength(30);
  expect(tabRow === undefined ? '' : plainLine(lines[tabRow] ?? { spans: [] })).toMatch(/^ 1 ?aut/);
  return lines.map((line) => plainLine(line));
}

const rings = (one: Play): number => one.did().filter((kind) => kind === 'ring').length;
const banner = (one: Play): string | undefined =>
  lines(one)
    .find((line) => /HIGH|MEDIUM/.test(line))
    ?.trim();

describe('the banner of an alert', () => {
  test('says over the sandbox that it is of the engine', () => {
    const one = play({ ui: { screen: 'debug' } });
    hear(one, alertOf(1));
    expect(
      lines(one)
        .find((line) => line.includes('HALTED'))
        ?.trim(),
    ).toBe('ENGINE: HIGH HALTED: panic   * acknowledges');
  });

  test('of HIGH priority stays on every screen until it is acknowledged, and rings once', () => {
    const one = play();
    hear(one);
    hear(one, alertOf(1));
    expect(banner(one)).toBe('HIGH HALTED: panic   * acknowledges');
    one.wait(60_000).press('7');
    expect(one.model.ui.screen).toBe('journal');
    expect(banner(one)).toMatch(/^HIGH HALTED/);
    // It is told again by the engine: no second bell.
    hear(one, alertOf(1, { nth: 2, seq: 99 }));
    expect(rings(one)).toBe(1);
    one.press('*');
    expect(one.lastRun()).toEqual(['alert', 'ack', '1']);
    hear(one);
    expect(banner(one)).toBeUndefined();
  });

  test('says how many wait behind the newest', () => {
    const one = play();
    hear(one);
    hear(
      one,
      alertOf(1),
      alertOf(2),
      alertOf(3, { rule: 'stop_lost', symbol: 'BTC/USDT:USDT', facts: { side: 'long' } }),
    );
    expect(banner(one)).toBe('HIGH STOP LOST LONG BTC  +2 more   * acknowledges');
  });

  test('of MEDIUM priority goes after a few seconds, without a bell', () => {
    const one = play();
    hear(one);
    hear(one, passing(1));
    expect(banner(one)).toBe('MEDIUM OPENED LONG BTC');
    one.wait(5_900);
    expect(banner(one)).toBeDefined();
    one.wait(100);
    expect(banner(one)).toBeUndefined();
    expect(rings(one)).toBe(0);
  });

  test('is not shown of what is silent, nor of what is older than the terminal, but for HIGH', () => {
    const one = play();
    hear(one, passing(1), alertOf(2));
    expect(banner(one)).toMatch(/^HIGH/);
    expect(rings(one)).toBe(0);
    hear(one, passing(1));
    expect(banner(one)).toBeUndefined();
    hear(one, passing(1), passing(3, { isSilent: true }));
    expect(banner(one)).toBeUndefined();
  });

  test('comes while a frame is held, too, and over what is being typed', () => {
    const one = play();
    hear(one);
    one.press('z', ':').text('ris');
    hear(one, alertOf(1));
    expect(banner(one)).toMatch(/^HIGH/);
    expect(lines(one).at(-1)).toMatch(/: ris/);
  });

  test('is acknowledged once, however often the key comes before the engine has it', () => {
    const one = play();
    hear(one);
    hear(one, alertOf(1), alertOf(2));
    one.press('*', '*');
    expect(one.did().filter((kind) => kind === 'run')).toHaveLength(1);
    const deed = { label: '', words: one.lastRun() ?? [] };
    one.send({
      kind: 'ran',
      deed,
      result: { isOk: true, summary: '', lines: [] },
      shown: 'message',
      at: one.at,
    });
    hear(one, alertOf(1));
    one.press('*');
    expect(one.lastRun()).toEqual(['alert', 'ack', '1']);
  });

  test('begins anew with a journal that begins anew: nothing of the account before stays, and what is new rings', () => {
    const one = play();
    hear(one);
    hear(one, passing(90));
    hearUpTo(one, 20);
    expect(banner(one)).toBeUndefined();
    hearUpTo(one, 40, alertOf(3));
    expect(banner(one)).toMatch(/^HIGH/);
    expect(rings(one)).toBe(1);
  });

  test('is muted by the setting', () => {
    const one = play();
    hear(one);
    one.send({ kind: 'heard', open: [alertOf(1)], last: 1_000, isMute: true, at: one.at });
    expect(rings(one)).toBe(0);
    expect(banner(one)).toMatch(/^HIGH/);
  });

  test('leaves the key to answer where nothing waits for it', () => {
    const one = play();
    one.press('*');
    expect(one.did()).not.toContain('run');
    expect(one.model.message?.text).toBe('no alert waits for an answer');
  });
});
