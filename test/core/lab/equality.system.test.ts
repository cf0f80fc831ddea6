import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  CANDLES,
  candleFiles,
  hasCandles,
  inAllModes,
  NEEDS_CANDLES,
  reference,
  trendAsPaper,
} from '../../support/engine-modes.ts';
import { scratchFolder } from '../../support/scratch.ts';

const CONFIGURATIONS = [
  ['ema-cross as in the reference', reference],
  ['trend as paper runs it', trendAsPaper],
] as const;

describe.skipIf(!hasCandles)(`every file with the six candle columns${NEEDS_CANDLES}`, () => {
  test('there are enough of them', () => {
    expect(candleFiles().length).toBeGreaterThanOrEqual(23);
  });

  test.each(
    CONFIGURATIONS.flatMap(([name, configure]) => candleFiles().map((file) => [file, name, configure] as const)),
  )('%s, %s: paper, backtest and replay have one digest', async (file, _name, configure) => {
    const { backtest, paper, replay } = await inAllModes(configure(join(CANDLES, file)), scratchFolder());
    expect(backtest).toMatch(/^[0-9a-f]{64}$/);
    expect({ paper, replay }).toEqual({ paper: backtest, replay: backtest });
  });
});
