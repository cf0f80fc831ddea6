import { describe, expect, test } from 'vitest';
import { type Money, money } from '../../../../src/core/base/decimal.ts';
import { createDebug, type Debug } from '../../../../src/core/lab/debug.ts';
import { fixture } from '../../../../src/core/lab/fixture/fixture.ts';
import type { Scene } from '../../../../src/core/view/scene.ts';
import { SCREENS, TABS, titleOf } from '../../../../src/core/view/screens.ts';
import type { Cell, ScreenId, View } from '../../../../src/core/view/view.ts';
import { allCells, blockOf, sceneOf, show, textsOf, told } from './debug-scene.ts';

function story(...deeds: readonly ((debug: Debug) => unknown)[]): Debug {
  const debug = createDebug({ risk: { limits: { stopCooldownMs: 300_000 } } });
  debug.price(100);
  for (const deed of deeds) deed(debug);
  return debug;
}

const long = (debug: Debug) => debug.long();
const short = (debug: Debug) => debug.short();
const tick = (debug: Debug) => debug.price(100);

const long101 = sceneOf(story(long, tick), { mark: 101 });
const STATES: Readonly<Record<string, Scene>> = {
  'nothing yet': sceneOf(createDebug()),
  long: long101,
  short: sceneOf(story(short, tick), { mark: 101 }),
  flipped: sceneOf(story(long, tick, (debug) => debug.flip(), tick)),
  stopped: sceneOf(story(long, tick, (debug) => debug.hitStop())),
  halted: sceneOf(story(long, tick, (debug) => debug.panic(), tick)),
  blocked: sceneOf(story((debug) => debug.blockMargin())),
  paused: sceneOf(story((debug) => debug.pause())),
  stale: sceneOf(story(long, tick), { quoteAgeMs: 60_000 }),
  unknown: sceneOf(story(long, tick), { mark: null, scene: { runs: [], accounts: [] } }),
  lost: { ...long101, link: 'lost' },
  none: {
    ...sceneOf(createDebug()),
    link: 'none',
    now: null,
    state: { seq: 0, at: 0, epoch: 0, accounts: [], runs: [] },
    markets: [],
    runs: [],
    accounts: [],
    entries: [],
  },
};

const OWN: readonly ScreenId[] = ['auto', 'market', 'risk', 'trade', 'settings', 'debug'];
const CASES = Object.keys(STATES).flatMap((state) => OWN.map((screen) => [screen, state] as const));
const BAD = /undefined|NaN|\bnull\b|\[object|Infinity|\{\w+[|}]/;

/** A log tells its lines in words; the language itself is a value that differs. */
const valuesOf = (view: View): readonly unknown[] =>
  allCells({ ...view, blocks: view.blocks.filter(({ kind }) => kind !== 'log') })
    .map(({ value }) => value)
    .filter((value) => value !== 'en' && value !== 'ru');

describe.each(CASES)('%s, %s', (screen, state) => {
  const scene = STATES[state] as Scene;
  const english = show(scene, screen);
  const russian = show(scene, screen, 'ru');

  test('says no word that is not there', () => {
    for (const view of [english, russian]) expect(textsOf(view).filter((text) => BAD.test(text))).toEqual([]);
  });

  test('has the same values, blocks and actions in both languages', () => {
    expect(valuesOf(russian)).toEqual(valuesOf(english));
    expect(russian.blocks.map(({ id }) => id)).toEqual(english.blocks.map(({ id }) => id));
    expect(russian.actions.map(({ id, link }) => [id, link]).filter(([id]) => id !== 'language')).toEqual(
      english.actions.map(({ id, link }) => [id, link]).filter(([id]) => id !== 'language'),
    );
  });

  test('values are decimal text, codes, ms or null, and unknown is ?', () => {
    // No infinity, no thousands separators; what has no value is blank, ? or something that is not set.
    const isWrong = ({ value, text }: Cell): boolean =>
      (typeof value === 'number' && !Number.isFinite(value)) ||
      (typeof value === 'string' && /^[+-]?\d{1,3},\d{3}/.test(value)) ||
      (value === null && /\d/.test(text) && !text.includes('?'));
    expect(allCells(english).filter(isWrong)).toEqual([]);
  });

  test('blocks and actions are named once', () => {
    for (const ids of [english.blocks.map(({ id }) => id), english.actions.map(({ id }) => id)]) {
      expect(new Set(ids).size).toBe(ids.length);
    }
    const keys = english.actions.map(({ key }) => key).filter((key) => key !== undefined);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});

test('without an engine no list says that it is empty: a journal that nobody opened may hold a position', () => {
  const said = (id: ScreenId) => textsOf({ ...show(STATES.none as Scene, id), actions: [] });
  for (const id of ['auto', 'market', 'risk', 'settings'] as const) {
    expect(said(id)).toContain('? no engine runs');
    expect(said(id).filter((text) => /^no (run|account|market) /.test(text))).toEqual([]);
  }
});

describe('the registry', () => {
  test('has every screen once, each with a key of its own', () => {
    expect(SCREENS).toHaveLength(14);
    expect(new Set(SCREENS.map(({ id }) => id)).size).toBe(14);
    expect(new Set(SCREENS.map(({ key }) => key)).size).toBe(14);
  });

  test('tabs go by the digits, 1 to 9 and 0', () => {
    expect(TABS.map(({ key }) => key).join('')).toBe('1234567890');
  });

  test('every screen has a name in both languages, and a short one that is no longer', () => {
    for (const { id, title } of SCREENS) {
      expect(titleOf(id, 'en')).toBe(title);
      expect(titleOf(id, 'ru')).toMatch(/[а-яё]/);
      for (const locale of ['en', 'ru'] as const) {
        expect(titleOf(id, locale, true).length).toBeLessThanOrEqual(titleOf(id, locale).length);
      }
    }
  });
});

test('what a run has earned is the same on Strategies and on Analytics, while it holds a position, too', () => {
  const columnOf = (view: View, id: string, name: string): ReadonlyMap<string, unknown> => {
    const block = blockOf(view, id);
    if (block?.kind !== 'table') return new Map();
    const column = block.columns.findIndex((each) => each.name === name);
    return new Map(block.rows.map(({ key, cells }) => [key, cells[column]?.text]));
  };
  const scene = fixture('long-in-profit');
  const analytics = columnOf(show(scene, 'analytics'), 'subjects', 'net');
  const held = scene.state.runs.filter(({ position }) => position !== undefined);
  expect(held.some(({ trades }) => trades > 0)).toBe(true);
  for (const { run, strategy } of held) {
    const strategies = show(scene, 'strategies', 'en', { picked: { strategies: strategy } });
    expect(columnOf(strategies, 'runs', 'net').get(`${run}`)).toBe(analytics.get(`${run}`));
  }
});

test('a loss of less than a hundredth, as of a coin that is worth much, is told on Analytics', () => {
  const scene = fixture('long-in-profit');
  const [account] = scene.state.accounts;
  const [frame] = scene.accounts;
  if (account === undefined || frame === undefined) throw new Error('expected an account in the state');
  const startBalance = (frame.equity + money('0.00164')) as Money;
  const state = { ...scene.state, accounts: [{ ...account, startBalance }] };
  expect(told(show({ ...scene, state }, 'analytics'), 'metrics', 'netProfit')).toBe('-0.00164');
});
