import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FrameRequest, frameOf } from '../../src/testing/index.ts';

/**
 * The pictures of the README, made by the product: `UPDATE_FRAMES=1 npx vitest run test/testing/pictures.golden` makes them
 * anew; then look at them.
 */
const FOLDER = join(import.meta.dirname, '../golden/pictures');
const PICTURES: readonly FrameRequest[] = [
  { screen: 'auto', state: 'long-in-profit' },
  { screen: 'market', state: 'long-in-profit' },
  { screen: 'portfolio', state: 'many-positions' },
  { screen: 'analytics', state: 'drawdown' },
  { screen: 'system', state: 'exchange-live' },
];
const fileOf = ({ screen }: FrameRequest): string => `${screen}.svg`;

test.each(PICTURES)('the picture of $screen is what the product draws', async (request) => {
  const path = join(FOLDER, fileOf(request));
  const picture = await frameOf({ ...request, columns: 120, rows: 40, style: 'svg' });
  if (process.env.UPDATE_FRAMES === '1') writeFileSync(path, picture);
  expect(picture).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '');
});

test('every picture is still compared', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(PICTURES.map(fileOf).sort());
});
