import type { Action, ScreenId, View } from '../core.ts';

/** What a single key does while nothing is typed. */
export type Act =
  | { readonly act: 'screen'; readonly screen: ScreenId }
  | { readonly act: 'move'; readonly by: 'line' | 'page' | 'all'; readonly sign: 1 | -1 }
  | { readonly act: 'pane' | 'run' | 'timeframe'; readonly sign: 1 | -1 }
  | { readonly act: 'open' | 'up' | 'last' | 'filter' | 'palette' | 'why' | 'answer' | 'freeze' | 'mouse' | 'zone' }
  | { readonly act: 'leave' | 'end' }
  /** An action of the screen that has this key. */
  | { readonly act: 'action' };

const screen = (id: ScreenId): Act => ({ act: 'screen', screen: id });
const move = (by: 'line' | 'page' | 'all', sign: 1 | -1): Act => ({ act: 'move', by, sign });

/** Every key that is bound, in the Latin layout. Keys of risk act as the screen's actions say, so that each is one definition. */
export const BINDINGS: Readonly<Record<string, Act>> = {
  '1': screen('auto'),
  '2': screen('market'),
  '3': screen('risk'),
  '4': screen('portfolio'),
  '5': screen('trade'),
  '6': screen('orders'),
  '7': screen('journal'),
  '8': screen('analytics'),
  '9': screen('monitoring'),
  '0': screen('system'),
  o: screen('settings'),
  y: screen('strategies'),
  D: screen('debug'),
  '?': screen('help'),
  esc: { act: 'up' },
  backspace: { act: 'last' },
  tab: { act: 'pane', sign: 1 },
  'shift-tab': { act: 'pane', sign: -1 },
  right: { act: 'pane', sign: 1 },
  l: { act: 'pane', sign: 1 },
  left: { act: 'pane', sign: -1 },
  h: { act: 'pane', sign: -1 },
  down: move('line', 1),
  j: move('line', 1),
  up: move('line', -1),
  k: move('line', -1),
  pagedown: move('page', 1),
  pageup: move('page', -1),
  end: move('all', 1),
  home: move('all', -1),
  ']': { act: 'run', sign: 1 },
  '[': { act: 'run', sign: -1 },
  '+': { act: 'timeframe', sign: 1 },
  '-': { act: 'timeframe', sign: -1 },
  enter: { act: 'open' },
  '/': { act: 'filter' },
  ':': { act: 'palette' },
  w: { act: 'why' },
  '*': { act: 'answer' },
  z: { act: 'freeze' },
  m: { act: 'mouse' },
  u: { act: 'zone' },
  q: { act: 'leave' },
  'ctrl-c': { act: 'leave' },
  Q: { act: 'end' },
};

/** Keys that change what is at risk; where a screen has no such action, the terminal says so. */
export const RISK_KEYS: readonly string[] = ['p', 's', 'c', 'x', 'X', '!', 'a', 'r', 't', 'f', 'e', 'E'];

/** What a key, as it is on the Latin layout, does while nothing is typed. */
export const actOf = (key: string): Act => BINDINGS[key] ?? { act: 'action' };

/** Begins the id of an action that is the terminal's own: its key follows. */
export const OWN_ID = 'key ';

/** Keys of every screen that the key line tells, the least known ones first to leave. */
export const OWN_KEYS = [
  { key: 't', word: 'keyTrade' },
  { key: 'w', word: 'keyWhy' },
  { key: '/', word: 'keyFilter' },
  { key: '[ ]', word: 'keyRun' },
  { key: 'Tab', word: 'keyPane' },
  { key: 'z', word: 'keyFreeze' },
  { key: '?', word: 'keyHelp' },
  { key: '!', word: 'keyPanic' },
  { key: 'q', word: 'keyLeave' },
] as const;

/** Of those, the ones of the engine: the sandbox has entries and prices of its own, and stands still between two steps. */
export const ENGINE_KEYS: readonly string[] = ['t', 'w', 'z'];

/** A form's own Enter does these. */
const OF_FORM: readonly string[] = ['send', 'save'];
/** Letters that no key of every screen has. */
export const FREE = 'ABCGHIJKLMNOPRSTUVWYZ';

/** The view with a key for each action: those that have none get a free letter, their own first one where it is free. */
export function keyed(view: View): View {
  const taken = new Set([...view.actions.flatMap(({ key }) => key ?? []), ...RISK_KEYS, ...Object.keys(BINDINGS)]);
  const actions = view.actions.map((action): Action => {
    if (action.key !== undefined || OF_FORM.includes(action.id)) return action;
    const key = Array.from(action.id.toUpperCase() + FREE).find(
      (letter) => FREE.includes(letter) && !taken.has(letter),
    );
    if (key !== undefined) taken.add(key);
    return { ...action, key };
  });
  return { ...view, actions };
}
