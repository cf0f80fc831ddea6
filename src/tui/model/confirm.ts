import { type Action, expectsIn, subjectText } from '../core.ts';
import { FREE } from './bindings.ts';
import { latin } from './cyrillic.ts';
import { openForm } from './form.ts';
import type { Key } from './input.ts';
import { edit, emptyLine } from './line.ts';
import { browse, type Choice, type Deed, type Effect, type Model, remark, type Sight, type Step } from './model.ts';
import { openPalette } from './palette.ts';
import { goTo } from './place.ts';

/** Within that time the second key must come. */
const ARMED_MS = 5_000;
/** Two keys in less were not pressed by a person: a paste, or a held chord. */
const APART_MS = 40;

const PANIC: Action = {
  id: 'panic',
  label: 'panic',
  key: '!',
  stakes: 'lowers',
  link: { to: 'command', words: ['panic'] },
};

/** What a key of risk does here: it asks for its confirmation, leads to a form, or says why not. */
export function actByKey(model: Model, sight: Sight, key: string, at: number): Step {
  const action = sight.view.actions.find((each) => each.key === key) ?? fallback(key, sight);
  if (action === undefined) return [remark(model, sight.say('noAction', { key }), at, 'warn'), []];
  if (action.disabled !== undefined) {
    return [remark(model, sight.say('cannot', { what: action.label, why: action.disabled }), at, 'warn'), []];
  }
  return act(model, sight, action, key, at);
}

/** Panic, an order by hand and the risk form are in reach of every screen of the engine; its panic from the sandbox, too. */
function fallback(key: string, { say, scene }: Sight): Action | undefined {
  if (key === '!') return { ...PANIC, label: say(scene.mode === 'DEBUG' ? 'enginePanic' : 'panic') };
  if (scene.mode === 'DEBUG') return undefined;
  if (key === 't') return formAction('trade', say('newOrder'));
  return key === 'e' ? formAction('settings', say('riskForm')) : undefined;
}

const formAction = (screen: 'trade' | 'settings', label: string): Action => ({
  id: screen,
  label,
  stakes: 'raises',
  link: { to: 'screen', screen },
});

function act(model: Model, sight: Sight, action: Action, key: string, at: number): Step {
  const { link, label } = action;
  if (link.to === 'screen') {
    const { form, type, ...pick } = link.pick ?? {};
    return openForm(goTo(model, link.screen, pick), sight, key, type === undefined ? undefined : { type });
  }
  const deed: Deed = { label, words: link.words };
  // Nobody knows a key by heart that was given out by chance: such a command is shown first, and Enter runs it.
  if (action.stakes === 'none' && FREE.includes(key)) return openPalette(model, `${deed.words.join(' ')} `);
  if (action.stakes === 'none') return [{ ...model, busy: model.busy + 1 }, [{ do: 'run', deed, shown: 'panel' }]];
  const moving = { ...model, frozen: undefined };
  const whole = `${label} ${subjectText(deed.words, sight.scene)}`.trimEnd();
  if (action.stakes === 'raises') {
    const named = { ...deed, label: whole };
    const mode = { is: 'agree', deed: named, expects: expectsIn(sight), line: emptyLine } as const;
    return [{ ...moving, mode, message: undefined }, []];
  }
  const choices = choicesOf(deed, sight);
  const mode = { is: 'armed', label: whole, first: key, choices, at, until: at + ARMED_MS } as const;
  return [{ ...moving, mode, message: undefined }, []];
}

/** The second keys. A stop with a position asks what becomes of it. */
function choicesOf(deed: Deed, sight: Sight): readonly Choice[] {
  const { label, words } = deed;
  const [noun, verb] = words;
  if (noun === 'panic') return [{ key: 'F', label, words }];
  const isOpen = noun === 'auto' && verb === 'stop' && positionOf(words, sight);
  if (!isOpen || words.includes('--flatten')) return [{ key: 'y', label, words }];
  const bare = words.filter((word) => word !== '--keep');
  return [
    { key: 'k', label: sight.say('keep'), words: [...bare, '--keep'] },
    { key: 'f', label: sight.say('flatten'), words: [...bare, '--flatten'] },
  ];
}

function positionOf(words: readonly string[], { scene, run }: Sight): boolean {
  const named = words.find((word) => /^\d+$/.test(word));
  const meant = named === undefined ? run : scene.state.runs.find((each) => each.run === Number(named));
  return meant?.position !== undefined;
}

/** Whether the next key may be the second one of panic. */
export const isPanicArmed = ({ mode }: Model): boolean =>
  mode.is === 'armed' && mode.choices.some(({ words }) => words.includes('panic'));

/** The key after one that armed. A held key, and keys that came in one piece, confirm nothing. */
export function confirmArmed(model: Model, key: Key, sight: Sight, at: number): Step {
  const { mode } = model;
  if (mode.is !== 'armed') return [model, []];
  const name = latin(key.name);
  if (at >= mode.until) return [{ ...model, mode: browse }, []];
  if (name === mode.first) return [model, []];
  const choice = mode.choices.find((each) => each.key === name);
  if (choice === undefined) return [remark({ ...model, mode: browse }, sight.say('nothingDone'), at), []];
  if (key.isBurst || at - mode.at < APART_MS)
    return [remark(model, sight.say('tooFast', { key: name }), at, 'warn'), []];
  return carryOut(model, { label: choice.label, words: choice.words }, sight, at);
}

/** Keys while something that raises risk waits for Enter. */
export function confirmAgreed(model: Model, key: Key, sight: Sight, at: number): Step {
  const { mode } = model;
  if (mode.is !== 'agree') return [model, []];
  if (key.name === 'esc' || key.name === 'ctrl-c') {
    return [remark({ ...model, mode: browse }, sight.say('nothingDone'), at), []];
  }
  if (key.name !== 'enter') {
    const line = mode.expects === '' ? undefined : edit(mode.line, key.name);
    return [line === undefined ? model : { ...model, mode: { ...mode, line } }, []];
  }
  if (key.isBurst) return [model, []];
  if (mode.line.text.trim() !== mode.expects) {
    return [remark(model, sight.say('typeIt', { word: mode.expects }), at, 'warn'), []];
  }
  return carryOut(model, mode.deed, sight, at);
}

function carryOut(model: Model, deed: Deed, { say }: Sight, at: number): Step {
  const sent: Model = { ...model, mode: browse, busy: model.busy + 1 };
  const effect: Effect = { do: 'run', deed, shown: 'message' };
  return [remark(sent, say('sent', { what: deed.label }), at), [effect]];
}
