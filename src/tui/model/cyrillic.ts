/** Keys of the Russian layout in the places of the Latin ones: a single key works whichever layout is on. */
const RUSSIAN = 'йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ';
const LATIN = 'qwertyuiop[]asdfghjkl;\'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~';

const ALIASES: ReadonlyMap<string, string> = new Map([
  ...Array.from(RUSSIAN, (glyph, i): [string, string] => [glyph, LATIN[i] ?? glyph]),
  // The key of `/` and `?` types `.` and `,` there; nothing is bound to those, so they may stand for it.
  ['.', '/'],
  [',', '?'],
]);

/** The key that a command is bound to, for a key as it was typed. */
export const latin = (name: string): string => ALIASES.get(name) ?? name;
