import { describe, expect, test } from 'vitest';
import { createDebug } from '../../../../src/core/lab/debug.ts';
import type { FormState } from '../../../../src/core/view/scene.ts';
import { blockOf, sceneOf, show, told } from './debug-scene.ts';

const form = (inputs: Record<string, string>, isConfirming = false): FormState => ({
  form: 'risk',
  inputs,
  focused: 'risk',
  preview: null,
  problems: {},
  isConfirming,
});

const settings = (typed?: FormState, options?: Record<string, string>) => {
  const scene = sceneOf(createDebug());
  const state = { ...scene.state, ...(options === undefined ? {} : { options }) };
  return show({ ...scene, state }, 'settings', 'en', typed === undefined ? {} : { form: typed });
};

describe('settings', () => {
  test('what holds stands in the fields, as it would be typed', () => {
    const block = blockOf(settings(), 'risk-form');
    const placeholders =
      block?.kind === 'form' ? block.fields.map(({ name, placeholder }) => `${name} ${placeholder}`) : [];
    expect(placeholders).toEqual(['risk ', 'size 10%', 'qty ', 'leverage 2', 'sl 1%', 'tp 2%', 'maxLoss none']);
  });

  test('saving names the options that were typed; nothing typed is nothing to save', () => {
    const save = settings(form({ risk: '0.5%', maxLoss: '80' })).actions.find(({ id }) => id === 'save');
    expect(save).toMatchObject({
      stakes: 'raises',
      link: { words: ['risk', 'set', '--run', '1', '--risk', '0.5%', '--max-loss', '80'] },
    });
    expect(save?.disabled).toBeUndefined();
    expect(settings(form({})).actions.find(({ id }) => id === 'save')?.disabled).toBe('nothing was changed');
  });

  test('the confirmation tells what becomes of what', () => {
    const block = blockOf(settings(form({ leverage: '3', sl: '2%' }, true)), 'confirm');
    expect(block?.kind === 'note' ? block.lines : []).toEqual([
      'Enter saves: leverage 2 -> 3, SL 1% -> 2%. It holds from the next entry.',
    ]);
  });

  test('live asks for the typed symbol', () => {
    const scene = sceneOf(createDebug(), { scene: { mode: 'LIVE' } });
    const block = blockOf(show(scene, 'settings', 'en', { form: form({ leverage: '3' }, true) }), 'confirm');
    expect(block).toMatchObject({ tone: 'bad' });
    expect(block?.kind === 'note' ? block.lines[0] : '').toMatch(/^LIVE: type BTC and Enter to save: leverage 2 -> 3/);
  });

  test('a run that is off and flat cannot be set', () => {
    const scene = sceneOf(createDebug());
    const runs = scene.state.runs.map((run) => ({ ...run, state: 'OFF' as const }));
    const view = show({ ...scene, state: { ...scene.state, runs } }, 'settings');
    expect(blockOf(view, 'risk-form')?.kind).toBe('note');
    expect(view.actions.find(({ id }) => id === 'edit')?.disabled).toContain('the run is off');
  });

  test('what every face shares: the next theme, the other language', () => {
    const view = settings(undefined, { theme: 'light' });
    expect(told(view, 'shared', 'theme')).toBe('light');
    const words = view.actions.flatMap(({ id, link }) =>
      link.to === 'command' && ['theme', 'language'].includes(id) ? [link.words.join(' ')] : [],
    );
    expect(words.sort()).toEqual(['settings set language ru', 'settings set theme blue-orange']);
  });
});

describe('debug', () => {
  test('without its flag it says how to turn it on, and does nothing', () => {
    const view = show(sceneOf(createDebug(), { scene: { mode: 'PAPER', isDebugEnabled: false } }), 'debug');
    const [note] = view.blocks;
    expect(note?.kind === 'note' ? note.lines[0] : '').toContain('DEBUG_ENABLED=1');
    expect(view.actions).toEqual([]);
  });

  test('in the sandbox every action is a debug command', () => {
    const view = show(sceneOf(createDebug()), 'debug');
    const words = view.actions.map(({ link }) => (link.to === 'command' ? link.words[0] : link.screen));
    expect(new Set(words)).toEqual(new Set(['debug']));
    expect(blockOf(view, 'position')).toBeDefined();
  });

  test('the engine of a profile is never shown as a sandbox', () => {
    const view = show(sceneOf(createDebug(), { scene: { mode: 'PAPER' } }), 'debug');
    expect(view.blocks.map(({ id }) => id)).toEqual(['sandbox', 'offers']);
  });
});
