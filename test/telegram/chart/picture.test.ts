import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import * as pictures from '../../../src/core/view/door.ts';
import { chartPhoto } from '../../../src/telegram/chart/chart.ts';
import { drawPng } from '../../../src/telegram/chart/picture.ts';
import { filesBelow, readText } from '../../support/checkout.ts';
import { handTimers } from '../../support/hand-timers.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';
import { coloursIn, type Raster, rasterOf } from './png.ts';

/** The program of a child that does something else than to draw. */
function programOf(source: string): string {
  const folder = scratchFolder();
  writeFiles(folder, { 'child.mjs': source });
  return join(folder, 'child.mjs');
}

async function drawn(svg: string): Promise<Raster> {
  const png = await drawPng(svg);
  if ('failed' in png) throw new Error(png.why);
  return rasterOf(png);
}

describe('a picture', () => {
  it('of a chart has its size, and the colours of what is in it where it is', async () => {
    const photo = await chartPhoto(fixture('long-in-profit'), pictures.emptyUi('auto'), 'candles', pictures, 'ru');
    if (typeof photo === 'string') throw new Error(photo);
    const raster = rasterOf(photo.png);
    expect([raster.width, raster.height]).toEqual([1_000, 600]);
    expect(raster.at(2, 2)).toBe('#14171c');
    const [plot, tags] = [coloursIn(raster, [30, 112, 780, 508]), coloursIn(raster, [820, 112, 986, 508])];
    // Rises, falls and fills; target, stop and the last price, filled, at the right.
    for (const hex of ['#5fd787', '#ff5f5f', '#5fafff']) expect(plot.get(hex)).toBeGreaterThan(100);
    expect(tags.get('#5fafff')).toBeGreaterThan(3_000);
    for (const hex of ['#5fd787', '#ff5f5f']) expect(tags.get(hex)).toBeGreaterThan(100);
    // SIMULATED in the corner.
    expect(coloursIn(raster, [800, 25, 972, 55]).get('#ffd75f')).toBeGreaterThan(300);
    expect(photo.png.length).toBeLessThan(200_000);
  });

  it('has Cyrillic letters, each its own, in both weights, and names no font of the machine', async () => {
    const lines = ['Ш', 'Щ', 'ё', '\u5e01'].flatMap((text, row) =>
      ['normal', 'bold'].map(
        (weight, column) =>
          `<text x="${10 + 100 * column}" y="${40 + 50 * row}" font-size="40" font-weight="${weight}" fill="#ffffff">${text}</text>`,
      ),
    );
    const raster = await drawn(
      `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="220" font-family="DejaVu Sans"><rect width="200" height="220" fill="#000000"/>${lines.join('')}</svg>`,
    );
    const looks = [0, 1, 2, 3].flatMap((row) =>
      [0, 100].map((left) => {
        let look = '';
        for (let y = 50 * row; y < 50 * row + 52; y++) for (let x = left; x < left + 100; x++) look += raster.at(x, y);
        return look;
      }),
    );
    // The last sign is in no font of ours: whatever stands for it is not what the letters look like.
    expect(new Set(looks.slice(0, 6)).size).toBe(6);
    for (const letter of looks.slice(0, 6)) {
      expect(letter).toContain('#ffffff');
      expect(looks.slice(6)).not.toContain(letter);
    }
  });

  it('is drawn in a process of its own: nothing else of the bridge loads the renderer', async () => {
    const files = filesBelow('src').filter((file) => file.endsWith('.ts'));
    const saying = (what: RegExp): string[] => files.filter((file) => what.test(readText(file)));
    expect(saying(/'@resvg\/|'dejavu-/)).toEqual(['src/telegram/chart/child.ts']);
    expect(saying(/(from|import\() ?'[^']*\/child(\.ts)?'/)).toEqual([]);
  });
});

describe('a picture that fails', () => {
  afterEach(() => {
    delete process.env.DZENTRA_CANARY;
  });

  it('takes its process with it when it takes too long', async () => {
    const child = programOf(
      `import { writeFileSync } from 'node:fs';
      process.on('SIGTERM', () => {});
      writeFileSync(new URL('./pid', import.meta.url), String(process.pid));
      for (;;);`,
    );
    const pidFile = join(child, '..', 'pid');
    const timers = handTimers();
    const watcher = watch(join(child, '..'));
    const picture = drawPng('<svg/>', { child, clock: { now: timers.wall, after: timers.after }, timeoutMs: 5_000 });
    while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '') await once(watcher, 'change');
    watcher.close();
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(process.kill(pid, 0)).toBe(true);
    timers.pass(4_999);
    expect(process.kill(pid, 0)).toBe(true);
    timers.pass(1);
    expect(await picture).toEqual({ failed: 'timeout', why: 'no picture after 5000 ms' });
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(timers.waiting).toBe(0);
  });

  it.each([
    ['says nothing', '', 'the child ended with code 0'],
    ['says something else', `console.log('hello')`, 'the child ended with code 0'],
    ['breaks', `throw new Error('no memory')`, 'no memory'],
    [
      'ends half-way',
      `process.stdout.write(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])); process.exitCode = 3`,
      'code 3',
    ],
    [
      'never stops talking',
      `const mb = Buffer.alloc(1e6); for (;;) await new Promise((go) => process.stdout.write(mb, go))`,
      'more than 8000000 bytes',
    ],
  ])('is a failure, not an error, where the child %s', async (_, source, why) => {
    const timers = handTimers();
    const clock = { now: timers.wall, after: timers.after };
    expect(await drawPng('<svg/>', { child: programOf(source), clock })).toEqual({
      failed: 'broken',
      why: expect.stringContaining(why),
    });
    expect(timers.waiting).toBe(0);
  });

  it('is one where the drawing is none, and where there is no program', async () => {
    expect(await drawPng('<svg><text')).toMatchObject({ failed: 'broken', why: expect.stringMatching(/\w/) });
    expect(await drawPng('<svg/>', { child: '/nowhere/child.js' })).toMatchObject({ failed: 'broken' });
    expect(await drawPng('x'.repeat(4_000_001))).toMatchObject({ failed: 'broken' });
  });

  it('tells the child nothing of the bridge', async () => {
    process.env.DZENTRA_CANARY = 'canary';
    const child = programOf(
      `process.stderr.write(Object.keys(process.env).sort().join(' ') + process.argv.slice(2)); process.exitCode = 1`,
    );
    expect(await drawPng('<svg/>', { child })).toEqual({
      failed: 'broken',
      why: expect.stringMatching(/^(PATH)?( SystemRoot)?$/),
    });
  });

  it('is told at once where too many wait, and the line goes on', async () => {
    const child = programOf('process.exitCode = 1');
    const all = await Promise.all(Array.from({ length: 10 }, () => drawPng('<svg/>', { child })));
    expect(all.map((each) => ('failed' in each ? each.failed : 'drawn'))).toEqual([
      ...new Array(8).fill('broken'),
      'busy',
      'busy',
    ]);
    expect(await drawPng('<svg/>', { child })).toMatchObject({ failed: 'broken' });
  });
});
