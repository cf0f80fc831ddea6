import { afterEach, expect, test } from 'vitest';
import { type App, type AppRequest, frameOf, inkFrameOf, renderApp } from '../../src/testing/index.ts';

const open: App[] = [];
const app = async (request: AppRequest): Promise<App> => {
  const opened = await renderApp(request);
  open.push(opened);
  return opened;
};

afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

test('Ink draws a frame as it was laid out', async () => {
  const request = { screen: 'portfolio', state: 'long-in-profit', columns: 100, rows: 20 } as const;
  expect((await inkFrameOf(request)).trimEnd()).toBe((await frameOf(request)).trimEnd());
});

test('the terminal shows a state, goes to another screen and follows the engine', async () => {
  const one = await app({ state: 'long-in-profit' });
  expect(await one.frame()).toContain('NET IF CLOSED NOW');
  await one.press('7');
  expect(await one.frame()).toContain('JOURNAL');
  await one.press('1');
  await one.show('halted');
  expect(await one.frame()).toContain('HALTED');
});

test('what lowers risk takes two keys, and leads to the command of the command line', async () => {
  const one = await app({ state: 'long-in-profit' });
  await one.press('c', 'c');
  expect(one.commands).toEqual([]);
  await one.press('c', 'y');
  expect(one.commands).toEqual([['trade', 'close', '--run', '1']]);
});

test('a lost engine is shown at once', async () => {
  const one = await app({ state: 'long-in-profit', columns: 80, rows: 24 });
  await one.show('engine-lost');
  expect(await one.frame()).toContain('ENGINE LOST');
});

test('no line is over the width after the terminal was made smaller', async () => {
  const one = await app({ state: 'many-positions', screen: 'portfolio' });
  await one.resize(80, 24);
  const lines = (await one.frame()).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(24);
  expect(lines.filter((line) => line.startsWith('\u2502')).every((line) => line.length === 80)).toBe(true);
});
