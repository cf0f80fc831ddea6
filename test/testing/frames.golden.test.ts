import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GOLDENS, goldenText } from './golden.ts';

/**
 * Frames that a person has read. After a change that is meant: `UPDATE_FRAMES=1 npx vitest run test/testing/frames.golden`
 * writes them anew; then read the difference.
 */
const FOLDER = join(import.meta.dirname, '../golden/frames');
const isUpdate = process.env.UPDATE_FRAMES === '1';

test.each(GOLDENS)('the frames of $file are those that were read', async (golden) => {
  const path = join(FOLDER, golden.file);
  const text = await goldenText(golden);
  if (isUpdate) writeFileSync(path, text);
  const read = existsSync(path) ? readFileSync(path, 'utf8') : '';
  expect(text).toBe(read);
});

test('every golden file is still compared', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(GOLDENS.map(({ file }) => file).sort());
});
