/**
 * The language of every face: as told, else the language of messages by the rules of POSIX, the first of LC_ALL,
 * LC_MESSAGES and LANG that is set and not empty. English where it is neither Russian nor known.
 */
export function localeOf(told: string | undefined, env: Readonly<Record<string, string | undefined>>): 'en' | 'ru' {
  const found = [told, env.LC_ALL, env.LC_MESSAGES, env.LANG].find((each) => each !== undefined && each !== '') ?? '';
  return /^ru([_.@-]|$)/i.test(found) ? 'ru' : 'en';
}
