import { describe, expect, it } from 'vitest';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { FIXTURE_NAMES } from '../../../src/core/lab/fixture/names.ts';
import { CHARTS, type ChartName, chartOf } from '../../../src/core/view/chart-choice.ts';
import { emptyUi, type Scene, type Ui } from '../../../src/core/view/scene.ts';
import { viewOf } from '../../../src/core/view/screens.ts';
import type { Chart, ScreenId } from '../../../src/core/view/view.ts';

const chartOn = (scene: Scene, ui: Ui, screen: ScreenId, id: string): Chart | undefined => {
  const block = viewOf(scene, { ...ui, screen }).blocks.find((each) => each.kind === 'chart' && each.id === id);
  return block?.kind === 'chart' ? block.chart : undefined;
};
const BLOCKS = {
  equity: ['analytics', 'equity'],
  drawdown: ['analytics', 'drawdown'],
  candles: ['auto', 'chart'],
} as const satisfies Record<ChartName, readonly [ScreenId, string]>;

describe('a chart to be sent', () => {
  it.each(FIXTURE_NAMES)('is that of the screens, in state %s', (name) => {
    const scene = fixture(name);
    const ui = emptyUi('journal');
    for (const which of CHARTS) {
      const choice = chartOf(scene, ui, which);
      const [screen, id] = BLOCKS[which];
      const shown = chartOn(scene, ui, screen, id);
      if (choice === undefined) {
        expect(name).toBe('no-engine');
        continue;
      }
      if (choice.chart.of === 'line') expect(choice.chart).toEqual({ ...shown, offsetMinutes: 0 });
      else if (choice.chart.of === 'candles' && shown?.of === 'candles') {
        const { candles, levels, last } = choice.chart;
        expect(candles.length).toBeGreaterThan(1);
        expect({ candles, levels, last }).toEqual({
          candles: shown.candles.slice(-96),
          levels: shown.levels,
          last: shown.last,
        });
      } else expect.fail('another kind of chart');
    }
  });

  it('marks what opened a position apart from what made it smaller', () => {
    const chart = chartOf(fixture('long-in-profit'), emptyUi('auto'), 'candles')?.chart;
    const fills = chart?.of === 'candles' ? chart.fills : [];
    expect(fills.map(({ side, isExit }) => `${side}${isExit === true ? ' exit' : ''}`)).toEqual([
      'buy',
      'sell exit',
      'sell',
      'buy exit',
      'buy',
    ]);
    expect(chart?.of === 'candles' && chart.levels.map((level) => level.name)).toEqual(['IN', 'SL', 'TP']);
  });

  it('says what has to be known of it: the engine is lost, prices are old, the market is made up', () => {
    const titles = (name: (typeof FIXTURE_NAMES)[number], which: ChartName, locale: 'en' | 'ru' = 'en') =>
      chartOf(fixture(name), emptyUi('auto', locale), which)?.warnings.map(({ title }) => title);
    expect(titles('long-in-profit', 'candles')).toEqual(['SIMULATED']);
    expect(titles('drawdown', 'equity', 'ru')).toEqual(['СИМУЛЯЦИЯ']);
    expect(titles('engine-lost', 'drawdown')).toEqual(['ENGINE LOST', 'SIMULATED']);
    expect(titles('exchange-live', 'candles')).toEqual([]);
    expect(titles('exchange-stale', 'candles')).toEqual(['STALE DATA']);
  });

  it('has the times of the zone that the face shares, on a screen too', () => {
    const scene = fixture('long-in-profit');
    const ui = { ...emptyUi('auto'), zone: { name: 'UTC+5:30', offsetMinutes: 330 } };
    for (const which of CHARTS) {
      const [screen, id] = BLOCKS[which];
      expect(chartOn(scene, ui, screen, id)).toMatchObject({ offsetMinutes: 330 });
      expect(chartOf(scene, ui, which)?.chart).toMatchObject({ offsetMinutes: 330 });
    }
    expect(chartOn(scene, ui, 'portfolio', 'equity')).toMatchObject({ offsetMinutes: 330 });
  });

  it('tells whose it is, from when to when, and as of when, in the zone of the chat', () => {
    const scene = fixture('long-in-profit');
    const candles = chartOf(scene, emptyUi('auto'), 'candles');
    expect(candles).toMatchObject({
      title: 'BTC/USDT:USDT \u00b7 15m \u00b7 candles',
      subtitle: 'PAPER demo \u00b7 01-18 04:00 - 01-19 03:45 UTC \u00b7 #1 trend',
      last: '60,751.5',
      asOf: 'as of 03:45:43 UTC',
    });
    const zone = { name: 'Berlin', offsetMinutes: 60 };
    expect(chartOf(scene, { ...emptyUi('auto', 'ru'), zone }, 'drawdown')).toMatchObject({
      title: 'ПРОСАДКА \u00b7 main, %',
      subtitle: expect.stringContaining('01-13 01:00 - 01-19 04:45 Berlin'),
      last: expect.stringMatching(/^-?\d+\.\d\d %$/),
      asOf: 'на 04:45:43 Berlin',
      zone: 'Berlin',
    });
  });

  it('is of the symbol and the run that were picked', () => {
    const scene = fixture('many-positions');
    const ui = { ...emptyUi('market'), symbol: 'ETH/USDT:USDT' };
    expect(chartOf(scene, ui, 'candles')).toMatchObject({
      title: expect.stringMatching(/^ETH\/USDT:USDT/),
      subtitle: expect.stringContaining('#2 trend'),
    });
    expect(chartOf(scene, { ...emptyUi('auto'), run: 5 }, 'candles')?.title).toMatch(/^BNB\/USDT:USDT/);
    expect(chartOf(scene, { ...emptyUi('auto'), run: 5 }, 'equity')?.title).toContain('second');
  });

  it('is none where nothing is known yet', () => {
    for (const which of CHARTS) expect(chartOf(fixture('no-engine'), emptyUi('auto'), which)).toBeUndefined();
    const bare = { ...fixture('fresh'), equity: {}, trades: [], candles: {}, markets: [] };
    expect(chartOf(bare, emptyUi('auto'), 'equity')).toMatchObject({ isEmpty: true, last: undefined });
    expect(chartOf(bare, emptyUi('auto'), 'candles')).toMatchObject({
      isEmpty: true,
      empty: expect.stringMatching(/\w/),
    });
  });
});
