import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { layout } from '../../src/core/view/layout/layout.ts';
import { plainLine } from '../../src/core/view/paint/plain.ts';
import { SCREEN_IDS } from '../../src/core/view/screen-ids.ts';
import type { Block, View } from '../../src/core/view/view.ts';
import { widthOf } from '../../src/core/view/width.ts';
import { FIXTURES, type FixtureName, sceneOf, type Ui, viewOf } from '../../src/testing/index.ts';

const LOCALES = ['en', 'ru'] as const;
const WIDTHS = [20, 38, 80, 120, 200] as const;
const SIZES = [
  [20, 5],
  [38, undefined],
  [60, 20],
  [79, 24],
  [80, 24],
  [80, undefined],
  [119, 40],
  [120, 12],
  [120, 40],
  [200, 60],
] as const;

const names = FIXTURES.map(({ name }) => name);
const texts = (lines: ReturnType<typeof layout>): string[] => lines.map(plainLine);

interface Told {
  readonly locale: 'en' | 'ru';
  readonly view: View;
}

const made = new Map<FixtureName, Promise<readonly Told[]>>();

/** Every screen of a state in both languages. */
function viewsOf(state: FixtureName): Promise<readonly Told[]> {
  const known = made.get(state);
  if (known !== undefined) return known;
  const all = SCREEN_IDS.flatMap((screen) =>
    LOCALES.map(async (locale) => ({ locale, view: await viewOf({ screen, state, locale }) })),
  );
  const views = Promise.all(all);
  made.set(state, views);
  return views;
}

/** All that a person may read of a view, the numbers of its charts left out. */
function sayings(view: View): string[] {
  const said: string[] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (key !== 'value' && key !== 'id' && key !== 'name' && key !== 'key') said.push(value);
    } else if (Array.isArray(value)) for (const each of value) walk(each, key);
    else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) if (name !== 'chart' && name !== 'link') walk(inner, name);
    }
  };
  walk(view, '');
  return said;
}

/** Only what programs read: values, codes, names, charts. */
function valuesOf(given: unknown): unknown {
  if (Array.isArray(given)) return given.map(valuesOf);
  if (typeof given !== 'object' || given === null) return given;
  if ('value' in given && 'text' in given) return { value: given.value };
  // The language itself is not the same in both.
  if ('name' in given && given.name === 'language') return undefined;
  const spoken = new Set(['title', 'label', 'text', 'empty', 'hint', 'placeholder', 'lines', 'disabled', 'tone']);
  const isNote = 'kind' in given && given.kind === 'note';
  return Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => !(spoken.has(name) && (name !== 'lines' || isNote)))
      .map(([name, value]) => [name, valuesOf(value)]),
  );
}

/** Where two values part: `.blocks.0.rows.1: a, b`. */
function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${String(a)}, ${String(b)}`;
  }
  const [ours, theirs] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const found = firstDifference(ours.get(name), theirs.get(name), `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe.each(names)('state %s', (state) => {
  test('no line is over the width, and boxes close at it', async () => {
    for (const { locale, view } of await viewsOf(state)) {
      for (const [columns, rows] of SIZES) {
        const lines = texts(layout(view, { columns, rows, locale }));
        const over = lines.filter((line) => widthOf(line) > columns);
        const open = lines.filter((line) => columns >= 80 && /^[\u2500-\u257f]/.test(line) && widthOf(line) < columns);
        expect([...over, ...open], `${view.screen} ${locale} ${columns}`).toEqual([]);
        expect(lines.length, view.screen).toBe(rows ?? lines.length);
      }
    }
  });

  test('no number is cut at any width', async () => {
    for (const { locale, view } of await viewsOf(state)) {
      const whole = new Set(sayings(view).flatMap(numbersOf));
      const blocks = view.blocks.filter((block) => block.kind !== 'chart');
      for (const columns of WIDTHS) {
        const lines = texts(layout({ ...view, blocks }, { columns, locale, isBare: true }));
        for (const line of lines) {
          const cut = numbersOf(line).filter((number) => !whole.has(number));
          expect(cut, `${view.screen} ${locale} ${columns}: ${line}`).toEqual([]);
        }
      }
    }
  });

  test('every word is there: no key, no brace, nothing undefined', async () => {
    for (const { locale, view } of await viewsOf(state)) {
      for (const said of sayings(view)) {
        expect(said, `${view.screen} ${locale}`).not.toMatch(
          /undefined|NaN|Infinity|\[object|\{\w+|\b(kind|reason|group|key|role|status|metric|says|fix|title|short)\.[a-z]/,
        );
      }
    }
  });

  test('values are the same in both languages', async () => {
    const views = await viewsOf(state);
    for (let i = 0; i < views.length; i += 2) {
      const differing = firstDifference(valuesOf(views[i]?.view.blocks), valuesOf(views[i + 1]?.view.blocks), '');
      expect(differing, views[i]?.view.screen).toBeUndefined();
    }
  });

  test('lines of a table are of one width', async () => {
    const tables = (await viewsOf(state)).flatMap(({ locale, view }) =>
      view.blocks.filter(({ kind }) => kind === 'table').map((block) => ({ locale, view, block })),
    );
    const ragged = tables.filter(({ view, block, locale }) => widthsOf(view, block, locale) > 1);
    expect(ragged.map(({ view, block }) => `${view.screen} ${block.id}`)).toEqual([]);
  });
});

const NUMBER = /\d(?:[\d,.:]*\d)?/g;
const numbersOf = (text: string): readonly string[] => text.match(NUMBER) ?? [];

/** How many widths the rows of a table have on a screen that is wide enough for all columns. */
function widthsOf(view: View, block: Block, locale: 'en' | 'ru'): number {
  const lines = layout({ ...view, blocks: [{ ...block, area: 'wide' }] }, { columns: 300, isBare: true, locale });
  const rows = lines.filter(({ targets }) => targets?.[0]?.key !== undefined);
  return new Set(rows.map(({ spans }) => spans.reduce((sum, { text }) => sum + widthOf(text), 0))).size;
}

const picks: fc.Arbitrary<Partial<Ui>> = fc.record(
  {
    run: fc.integer({ min: 0, max: 9 }),
    seq: fc.integer({ min: 0, max: 2_000 }),
    symbol: fc.constantFrom('BTC/USDT:USDT', 'DOGE/USDT', 'x', ''),
    filter: fc.oneof(fc.string(), fc.constantFrom('btc', 'denied', '#94', 'order 1')),
    picked: fc.dictionary(
      fc.constantFrom('positions', 'orders', 'journal', 'subjects', 'strategies', 'symbols', 'runs'),
      fc.constantFrom('1', '2', '1/3', 'trend', 'BTC/USDT:USDT', 'nobody', ''),
    ),
    scrolled: fc.dictionary(fc.constantFrom('journal', 'params', 'commands'), fc.integer({ min: -3, max: 500 })),
  },
  { requiredKeys: [] },
);

property.prop([fc.constantFrom(...SCREEN_IDS), fc.constantFrom(...names), picks, fc.integer({ min: 1, max: 220 })], {
  numRuns: 100,
})('whatever was picked, a screen is drawn and fits', async (screen, state, ui, columns) => {
  const view = await viewOf({ screen, state, ui });
  const lines = layout(view, { columns, rows: 24, scrolled: ui.scrolled });
  for (const line of texts(lines)) expect(widthOf(line)).toBeLessThanOrEqual(columns);
});

test('a screen is a function of its scene: the same twice, and the scene stays as it was', async () => {
  const scene = await sceneOf('many-positions');
  const before = JSON.stringify(scene, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  for (const screen of SCREEN_IDS) {
    const once = await viewOf({ screen, state: scene });
    expect(await viewOf({ screen, state: scene })).toEqual(once);
  }
  const after = JSON.stringify(scene, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
  expect(after).toBe(before);
});
