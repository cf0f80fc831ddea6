import type { ScreenId, Stakes } from './view.ts';

/** Where a key stands in the help. */
export type KeyGroup = 'screens' | 'move' | 'lower' | 'raise' | 'leave';

/**
 * A key of the terminal: the one table for its help. Keys of risk act as the actions of the screens say; `?` and `/` are
 * the keys that type `,` and `.` in a Russian layout, so nothing is bound to those.
 */
export interface KeyCard {
  /** As it is printed: `1`, `Esc`, `! F`. Two keys after each other have a blank between them. */
  readonly keys: string;
  readonly group: KeyGroup;
  /** Key of its words: `key.pause`; a screen's own title where it leads to one. */
  readonly does: string;
  readonly screen?: ScreenId | undefined;
  readonly stakes: Stakes;
}

const screen = (keys: string, id: ScreenId): KeyCard => ({
  keys,
  group: 'screens',
  does: 'screen',
  screen: id,
  stakes: 'none',
});
const key = (keys: string, group: KeyGroup, does: string): KeyCard => ({
  keys,
  group,
  does,
  stakes: group === 'lower' ? 'lowers' : group === 'raise' ? 'raises' : 'none',
});

/** Every key, in the order of the help. */
export const KEYS: readonly KeyCard[] = [
  screen('1', 'auto'),
  screen('2', 'market'),
  screen('3', 'risk'),
  screen('4', 'portfolio'),
  screen('5', 'trade'),
  screen('6', 'orders'),
  screen('7', 'journal'),
  screen('8', 'analytics'),
  screen('9', 'monitoring'),
  screen('0', 'system'),
  screen('o', 'settings'),
  screen('y', 'strategies'),
  screen('D', 'debug'),
  screen('?', 'help'),
  key('Tab Shift-Tab', 'move', 'pane'),
  key('h j k l', 'move', 'arrows'),
  key('PgUp PgDn', 'move', 'page'),
  key('[ ]', 'move', 'run'),
  key('+ -', 'move', 'timeframe'),
  key('Enter', 'move', 'open'),
  key('w', 'move', 'why'),
  key('z', 'move', 'freeze'),
  key('p y', 'lower', 'pause'),
  key('s y', 'lower', 'stop'),
  key('c y', 'lower', 'close'),
  key('x y', 'lower', 'cancel'),
  key('X y', 'lower', 'flatten'),
  key('! F', 'lower', 'panic'),
  key('a', 'raise', 'start'),
  key('r', 'raise', 'resume'),
  key('t', 'raise', 'draft'),
  key('f', 'raise', 'flip'),
  key('e', 'raise', 'risk'),
  key('E', 'raise', 'stopMove'),
  key(':', 'leave', 'palette'),
  key('/', 'leave', 'filter'),
  key('Esc', 'leave', 'up'),
  key('Backspace', 'leave', 'last'),
  key('*', 'leave', 'answer'),
  key('m u', 'leave', 'mouse'),
  key('q', 'leave', 'leave'),
  key('Q Q', 'leave', 'end'),
];
