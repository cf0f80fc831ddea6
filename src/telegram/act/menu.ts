import type { MenuCommand } from '../bot/api.ts';
import { commandLine, type Locale, pictures } from '../core.ts';
import { slashName } from './slash.ts';
import { kindOf } from './stakes.ts';

/** What Telegram takes: commands in a menu, and characters of a description. */
const MENU_MAX = 100;
const ABOUT_MAX = 256;
const NAME = /^[a-z0-9_]{1,32}$/;

/**
 * The `/` menu in a language: the short names that a hand looks for, every screen, then every command that a phone may give.
 * The sandbox is in it where the debug engine may be had.
 */
export async function menuOf(locale: Locale, isDebug = false): Promise<readonly MenuCommand[]> {
  const [{ COMMANDS, summaryIn }, { SCREEN_IDS, telegramActWords, titleOf, words }] = await Promise.all([
    commandLine(),
    pictures(),
  ]);
  const say = words(telegramActWords, locale);
  const isShown = (kind: string): boolean => kind !== 'never' && (isDebug || kind !== 'debug');
  const all: readonly (readonly [string, string])[] = [
    ['status', say('statusMenu')],
    ['close', say('closeMenu')],
    ['pause', say('pauseMenu')],
    ['stop', say('stopMenu')],
    ['flatten', say('flattenMenu')],
    ...SCREEN_IDS.filter((id) => isDebug || id !== 'debug').map(
      (id) => [id, say('screen', { title: titleOf(id, locale) })] as const,
    ),
    ...(isDebug ? [['debug_auto_screen', say('debugAuto')] as const] : []),
    ...COMMANDS.map((command) => ({ ...command, name: command.path.join(' ') }))
      .filter(({ name }) => isShown(kindOf(name)))
      .map(({ path, name, summary }) => [slashName(path), summaryIn(locale, name, summary)] as const),
  ];
  const menu = new Map<string, string>();
  for (const [name, about] of all) if (NAME.test(name) && !menu.has(name)) menu.set(name, about.slice(0, ABOUT_MAX));
  return [...menu].slice(0, MENU_MAX).map(([command, description]) => ({ command, description }));
}
