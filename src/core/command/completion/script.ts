import { type AnyCommand, flagOf } from '../command.ts';
import { faceFlags } from '../manual/paragraphs.ts';

/** A word that may come next: what stands before it, the word, and what it means. */
interface Candidate {
  /** The words before it, `journal list`, and the flag that it is a value of, where it is one. */
  readonly after: string;
  readonly word: string;
  readonly about: string;
}

/** A script for a shell that completes every command, flag and choice. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', commands: readonly AnyCommand[]): readonly string[] {
  const candidates = commands.flatMap(candidatesOf);
  const unique = [...new Map(candidates.map((each) => [`${each.after}\t${each.word}`, each])).values()];
  if (shell === 'fish') return fish(unique);
  return shell === 'bash' ? bash(unique) : zsh(unique);
}

const CHOICES = /^[a-z0-9._-]+(\|[a-z0-9._-]+)*$/;

function candidatesOf(command: AnyCommand): Candidate[] {
  const { path, summary } = command;
  const name = path.join(' ');
  const words = path.map((word, i): Candidate => {
    const isLast = i === path.length - 1;
    return { after: path.slice(0, i).join(' '), word, about: isLast ? summary : `commands of ${word}` };
  });
  const args = Object.values(command.args)
    .filter((spec) => CHOICES.test(spec.placeholder) && spec.type === 'choice')
    .flatMap((spec) => spec.placeholder.split('|').map((word) => ({ after: name, word, about: spec.about })));
  const flags = Object.entries(command.options).flatMap(([key, spec]): Candidate[] => {
    const flag = `--${flagOf(key, spec)}`;
    const values = spec.type === 'choice' ? spec.placeholder.split('|') : [];
    return [
      { after: name, word: flag, about: spec.about },
      ...values.map((word) => ({ after: `${name} ${flag}`, word, about: '' })),
    ];
  });
  const face = faceFlags().map(([flag, about]) => ({
    after: name,
    word: (flag.split(',').at(-1) ?? flag).trim().split(' ')[0] ?? flag,
    about,
  }));
  return [...words, ...args, ...flags, ...face];
}

/** A table `after<tab>word` by words before; the last two words that are no flags choose, then the flag alone. */
const table = (candidates: readonly Candidate[]): readonly (readonly [after: string, words: string])[] => {
  const byPlace = new Map<string, string[]>();
  for (const { after, word } of candidates) {
    const words = byPlace.get(after) ?? [];
    if (!words.includes(word)) words.push(word);
    byPlace.set(after, words);
  }
  return [...byPlace].map(([after, words]) => [after, words.join(' ')]);
};

const cases = (candidates: readonly Candidate[]): string[] =>
  table(candidates).map(([after, words]) => `    '${after}') words='${words}' ;;`);

/** The place of a word: the command's words, then the flag before it where that flag takes one of a few words. */
const PLACE = [
  '  local place="" each',
  `  for each in "\${before[@]}"; do`,
  `    case "$each" in -*) ;; *) [ -z "$(dzentra_words "\${place:+$place }$each")" ] || place="\${place:+$place }$each" ;; esac`,
  '  done',
  '  local last=""',
  `  [ "\${#before[@]}" -eq 0 ] || last="\${before[@]: -1}"`,
  '  case "$last" in --*) [ -z "$(dzentra_words "$place $last")" ] || place="$place $last" ;; esac',
];

const lookUp = (candidates: readonly Candidate[]): string[] => [
  'dzentra_words() {',
  '  local words=""',
  '  case "$1" in',
  ...cases(candidates),
  '  esac',
  '  printf %s "$words"',
  '}',
];

function bash(candidates: readonly Candidate[]): readonly string[] {
  return [
    '# bash completion of dzentra',
    ...lookUp(candidates),
    'dzentra_complete() {',
    `  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")`,
    ...PLACE,
    `  COMPREPLY=($(compgen -W "$(dzentra_words "$place")" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    '}',
    'complete -o default -F dzentra_complete dzentra',
  ];
}

function zsh(candidates: readonly Candidate[]): readonly string[] {
  return [
    '#compdef dzentra',
    ...lookUp(candidates),
    'dzentra_complete() {',
    `  local before=("\${(@)words[2,CURRENT-1]}")`,
    ...PLACE,
    `  local found=(\${=$(dzentra_words "$place")})`,
    `  compadd -- "\${found[@]}"`,
    '}',
    'compdef dzentra_complete dzentra',
  ];
}

/** fish asks a condition for each word; ours compares the words before with the place of the word. */
function fish(candidates: readonly Candidate[]): readonly string[] {
  const quoted = (text: string): string => `'${text.replace(/['\\]/g, (each) => `\\${each}`)}'`;
  const nouns = [...new Set(candidates.flatMap(({ after }) => (after === '' ? [] : [after.split(' --')[0] ?? ''])))];
  return [
    '# fish completion of dzentra',
    'function __dzentra_place',
    '  set -l place ""',
    '  set -l words (commandline -opc)',
    '  for each in $words[2..-1]',
    '    string match -q -- "-*" $each; and continue',
    '    set -l longer (string trim "$place $each")',
    `    contains -- $longer ${nouns.map(quoted).join(' ')}; and set place $longer`,
    '  end',
    '  string match -q -- "--*" $words[-1]; and test "$argv[2]" = value; and set place "$place $words[-1]"',
    '  test "$place" = "$argv[1]"',
    'end',
    ...candidates.map(({ after, word, about }) => {
      const kind = after.includes(' --') ? 'value' : 'word';
      const condition = `-n ${quoted(`__dzentra_place ${quoted(after)} ${kind}`)}`;
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${quoted(word)}`;
      return `complete -c dzentra -f ${condition} ${what} -d ${quoted(about)}`;
    }),
  ];
}
