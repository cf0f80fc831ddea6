import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameOf } from '../../src/core/command/command.ts';
import { COMMANDS } from '../../src/core/command/registry.ts';
import { fixture } from '../../src/core/lab/fixture/fixture.ts';
import { FIXTURE_NAMES, type FixtureName } from '../../src/core/lab/fixture/names.ts';
import type { Scene } from '../../src/core/view/scene.ts';
import { SCREEN_IDS, type ScreenId } from '../../src/core/view/screen-ids.ts';
import type { View } from '../../src/core/view/view.ts';
import { frameOf, renderApp } from '../../src/testing/index.ts';
import { runLine } from '../core/command/stub-ports.ts';
import { differences, type Face, phoneFace, terminalFace } from './face-reading.ts';
import { phoneOn } from './screen/phone.ts';

const CARDS = COMMANDS.map((command) => ({ name: nameOf(command), summary: command.summary }));

const KEYS: Readonly<Record<ScreenId, string>> = {
  ...{ auto: '1', market: '2', risk: '3', portfolio: '4', trade: '5', orders: '6', journal: '7', analytics: '8' },
  ...{ monitoring: '9', system: '0', settings: 'o', strategies: 'y', debug: 'D', help: '?' },
};

/** What `--json` says. */
async function dataOf(screen: ScreenId, state: FixtureName): Promise<View> {
  const { outcome } = await runLine(`frame ${screen} --state ${state}`, undefined, { json: true });
  if (outcome.kind !== 'done') throw new Error(`expected data of ${screen} in ${state}, found ${outcome.kind}`);
  return outcome.data as unknown as View;
}

async function phoneOf(scene: Scene, screen: ScreenId): Promise<Face & { foot: string }> {
  const phone = phoneOn(scene);
  const message = await phone.open(screen);
  const htmls = [phone.text(message)];
  while (phone.labels(message).some((label) => label.startsWith('More'))) {
    await phone.press('More', message);
    if (phone.text(message) === htmls[0]) break;
    htmls.push(phone.text(message));
  }
  phone.screens.close();
  const foot = /([^\n]*)<\/pre>$/.exec(htmls[0] ?? '')?.[1] ?? '';
  return { ...phoneFace(htmls), foot };
}

describe.concurrent.each(FIXTURE_NAMES)('in %s', (state) => {
  const scene = { ...fixture(state), commands: CARDS };
  // The screens of Debug are its owner's: nobody else gets there by a key or a button.
  const screens = SCREEN_IDS.filter((id) => id !== 'debug' || scene.isDebugEnabled || scene.mode === 'DEBUG');

  test.concurrent('the terminal and the phone show the numbers of --json, and no others', async () => {
    const app = await renderApp({ state: scene, columns: 120, rows: 800 });
    const problems: string[] = [];
    for (const screen of screens) {
      const data = await dataOf(screen, state);
      await app.press(KEYS[screen]);
      const phone = await phoneOf(scene, screen);
      const clock = data.asOf === null ? '?' : new Date(data.asOf).toISOString().slice(11, 19);
      expect(phone.foot, screen).toContain(clock);
      const found = [terminalFace(await app.frame()), phone].flatMap((face) => differences(data, face));
      problems.push(...found.map((each) => `${screen}: ${each}`));
    }
    await app.close();
    expect(problems).toEqual([]);
  });
});

/** One number of one face is another one: the digits of a cell, in one of the places where it stands. */
function forged(face: Face, view: View, pick: number): Face | undefined {
  const cells = view.blocks.flatMap((block) => {
    if (block.kind === 'facts') return block.lines.flat().flatMap(({ cells }) => cells);
    return block.kind === 'table'
      ? block.rows.flatMap((row) => row.cells.filter((_, at) => !block.columns[at]?.rank))
      : [];
  });
  const texts = cells.map(({ text }) => text).filter((text) => /\d\d/.test(text));
  const places = face.whole.flatMap(({ text }, section) =>
    texts.flatMap((cell) => (` ${text} `.includes(` ${cell} `) ? [{ section, cell }] : [])),
  );
  const place = places[pick % Math.max(1, places.length)];
  if (place === undefined) return undefined;
  const wrong = place.cell.replace(/\d/g, (digit) => `${(Number(digit) + 5) % 10}`);
  const change = (text: string): string => ` ${text} `.replace(` ${place.cell} `, ` ${wrong} `).trim();
  return {
    ...face,
    whole: face.whole.map((each, at) => (at === place.section ? { ...each, text: change(each.text) } : each)),
  };
}

test('a number that is another one in one place of one face is found', async () => {
  const cases = fc.record({
    state: fc.constantFrom(...FIXTURE_NAMES.filter((name) => name !== 'no-engine')),
    screen: fc.constantFrom<ScreenId>('auto', 'risk', 'portfolio', 'orders', 'analytics', 'monitoring'),
    isPhone: fc.boolean(),
    pick: fc.nat(),
  });
  let count = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ({ state, screen, isPhone, pick }) => {
      const data = await dataOf(screen, state);
      const scene = { ...fixture(state), commands: CARDS };
      const face = isPhone
        ? await phoneOf(scene, screen)
        : terminalFace(await frameOf({ state: scene, screen, columns: 120, rows: 200 }));
      const other = forged(face, data, pick);
      if (other === undefined) return;
      count += 1;
      expect(differences(data, other)).not.toEqual([]);
    }),
    { numRuns: 150 },
  );
  expect(count).toBeGreaterThan(100);
});
