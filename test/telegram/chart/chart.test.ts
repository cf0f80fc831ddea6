import { describe, expect, it } from 'vitest';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import * as pictures from '../../../src/core/view/door.ts';
import { type ChartPhotoOptions, chartPhoto } from '../../../src/telegram/chart/chart.ts';
import type { DrawFailure } from '../../../src/telegram/chart/picture.ts';

type Name = Parameters<typeof fixture>[0];
const PNG = Uint8Array.of(1, 2, 3);

/** A photo of a named state, drawn by nobody; `svg` is what was to be drawn. */
async function photoOf(
  name: Name,
  which: pictures.ChartName,
  {
    locale = 'en',
    ...rest
  }: { locale?: pictures.Locale; change?: (scene: pictures.Scene) => pictures.Scene } & ChartPhotoOptions = {},
) {
  const { change = (scene) => scene, ...options } = rest;
  let svg = '';
  const draw = (text: string): Promise<Uint8Array> => {
    svg = text;
    return Promise.resolve(PNG);
  };
  const ui = pictures.emptyUi('auto', 'en');
  const photo = await chartPhoto(change(fixture(name)), ui, which, pictures, locale, { draw, ...options });
  return { photo, svg };
}

describe('a chart for the chat', () => {
  it('has a caption that says what it is, from when to when, its last value, as of when, and what to mind', async () => {
    const { photo, svg } = await photoOf('engine-lost', 'candles');
    expect(photo).toEqual({
      png: PNG,
      caption: [
        '<b>BTC/USDT:USDT \u00b7 15m \u00b7 candles</b>',
        'PAPER demo \u00b7 01-18 04:00 - 01-19 03:45 UTC \u00b7 #1 trend',
        'last 60,751.5',
        'as of 03:45:43 UTC',
        'The connection is lost; what is shown is the last that was heard. The engine may go on trading.',
        'These prices are simulated: no exchange ever had them.',
      ].join('\n'),
    });
    for (const text of ['>ENGINE LOST<', '>SIMULATED<', '>as of 03:45:43 UTC<', '#14171c']) expect(svg).toContain(text);
  });

  it('speaks the language of the chat, in the picture and beneath it', async () => {
    const { photo, svg } = await photoOf('drawdown', 'drawdown', { locale: 'ru' });
    expect(typeof photo === 'string' ? photo : photo.caption).toMatch(
      /^<b>ПРОСАДКА .*\nпоследнее значение -8\.80 %\nна /s,
    );
    expect(svg).toContain('>СИМУЛЯЦИЯ<');
  });

  it('escapes markup in whatever has a name, and stays within a caption', async () => {
    const evil = `<b>&"${'x'.repeat(2_000)}`;
    const { photo, svg } = await photoOf('long-in-profit', 'candles', {
      change: (scene) => ({
        ...scene,
        profile: evil,
        state: { ...scene.state, runs: scene.state.runs.map((run) => ({ ...run, strategy: evil })) },
      }),
    });
    const caption = typeof photo === 'string' ? photo : photo.caption;
    expect(caption.match(/<[^>]*>/g)).toEqual(['<b>', '</b>']);
    expect(caption).toContain('&lt;b&gt;&amp;&quot;xxx');
    expect(caption.replace(/<[^>]*>|&\w+;/g, '.').length).toBeLessThan(1_024);
    expect(svg).not.toContain('<b>');
  });

  it.each([
    ['no-engine', 'equity', 'en', 'nothing to draw: no account is open yet'],
    ['no-engine', 'drawdown', 'ru', 'рисовать нечего: ни один счёт ещё не открыт'],
    ['no-engine', 'candles', 'ru', 'рисовать нечего: рынок ещё не известен'],
  ] as const)('is a sentence in state %s (%s, %s)', async (name, which, locale, sentence) => {
    const { photo, svg } = await photoOf(name, which, { locale });
    expect({ photo, svg }).toEqual({ photo: sentence, svg: '' });
  });

  it('is a sentence where an account has nothing yet', async () => {
    const { photo, svg } = await photoOf('fresh', 'equity', {
      change: (scene) => ({ ...scene, equity: {}, trades: [] }),
    });
    expect(photo).toMatch(/^\w/);
    expect(svg).toBe('');
  });

  it.each(['broken', 'timeout', 'busy'] as const)(
    'that could not be drawn (%s) is said, and why only to the log',
    async (failed) => {
      const failure: DrawFailure = { failed, why: 'ENOMEM at /somewhere' };
      const told: DrawFailure[] = [];
      const draw = () => Promise.resolve(failure);
      const { photo } = await photoOf('drawdown', 'equity', { draw, onFailure: (each) => told.push(each) });
      expect(photo).toMatch(/^(the picture|too many pictures)/);
      expect(photo).not.toContain('somewhere');
      expect(told).toEqual([failure]);
    },
  );
});
