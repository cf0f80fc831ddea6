import { describe, expect, test } from 'vitest';
import { parseLine } from '../../../../src/core/command/argv/parse.ts';
import { COMMANDS } from '../../../../src/core/command/registry.ts';
import { createDebug, type Debug } from '../../../../src/core/lab/debug.ts';
import type { FormState, Scene } from '../../../../src/core/view/scene.ts';
import type { ScreenId } from '../../../../src/core/view/view.ts';
import { sceneOf, show } from './debug-scene.ts';

function story(...deeds: readonly ((debug: Debug) => unknown)[]): Scene {
  const debug = createDebug();
  debug.price(100);
  for (const deed of deeds) deed(debug);
  return sceneOf(debug, { scene: { mode: 'DEBUG' } });
}

const tick = (debug: Debug) => debug.price(100);
const OWN: readonly ScreenId[] = ['auto', 'market', 'risk', 'trade', 'settings', 'debug'];

const SCENES: readonly Scene[] = [
  story(),
  story((debug) => debug.long()),
  story((debug) => debug.long(), tick),
  story(
    (debug) => debug.long(),
    tick,
    (debug) => debug.panic(),
    tick,
  ),
  { ...story(), link: 'none' },
];

const DRAFT: FormState = {
  form: 'draft',
  inputs: { type: 'limit', by: 'fraction', size: '10', limit: '60000', stop: '59000', leverage: '2' },
  focused: 'limit',
  preview: null,
  problems: {},
  isConfirming: false,
};
const RISK: FormState = { ...DRAFT, form: 'risk', inputs: { risk: '0.5%', tp: '2r', maxLoss: '80', now: 'yes' } };

/** Command lines of actions and rows, whether they can be taken now or not: those need a subject that is not there. */
const LINES = new Set(
  SCENES.flatMap((scene) =>
    OWN.flatMap((id) => {
      const form = id === 'trade' ? { form: DRAFT } : id === 'settings' ? { form: RISK } : {};
      const view = show(scene, id, 'en', form);
      const rows = view.blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
      const links = [
        ...view.actions
          .filter(({ disabled, id: name }) => disabled === undefined || name === 'send')
          .map(({ link }) => link),
        ...rows.map(({ opens }) => opens),
      ];
      return links.flatMap((link) => (link?.to === 'command' ? [link.words.join(' ')] : []));
    }),
  ),
);

describe('what screens offer is on the command line', () => {
  test.each([...LINES].sort())('%s', async (line) => {
    const parsed = await parseLine(line.split(' '), COMMANDS);
    expect(parsed.kind === 'refused' ? parsed.refusal : undefined).toBeUndefined();
    expect(parsed.kind).toBe('command');
  });

  test('of each screen that acts on a run', () => {
    for (const words of [
      'auto stop',
      'auto pause',
      'trade close',
      'trade flip',
      'trade buy',
      'risk set',
      'panic',
      'resume',
      'engine start',
    ]) {
      expect([words, [...LINES].some((line) => line.startsWith(words))]).toEqual([words, true]);
    }
  });
});
