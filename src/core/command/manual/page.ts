import type { Locale } from '../../view/language.ts';
import { summaryIn } from '../../view/summaries.ts';
import { wrap } from '../../view/width.ts';
import { argWord, type OptionSpec } from '../argv/spec.ts';
import { type AnyCommand, flagOf, nameOf, type Specs } from '../command.ts';
import { isManualKey, type ManualKey, manualWords } from '../words/manual.ts';
import { OPTIONS_RU, russianBounds } from '../words/options.ts';
import { definitions, exitCodes, faceFlags, type Row, section, widthFor } from './paragraphs.ts';

type Say = (key: ManualKey) => string;

/** How a command is used, made from its definition. */
export function page(defined: AnyCommand, columns: number, locale?: Locale): string[] {
  const command = locale === 'ru' ? russian(defined) : defined;
  const say = manualWords(locale);
  const width = widthFor(columns);
  const args = Object.values(command.args);
  const options = Object.entries(command.options);
  const groups = [...new Set(options.map(([, spec]) => spec.group ?? 'options'))];
  return [
    ...wrap(`dzentra ${nameOf(command)}: ${summaryIn(locale, nameOf(command), command.summary)}`, width),
    '',
    ...section(say('usage'), wrap(usage(command, say), width - 2)),
    ...section(
      say('about'),
      command.about.flatMap((each) => wrap(each, width - 2)),
    ),
    ...section(
      say('arguments'),
      definitions(
        Object.entries(command.args).map(([name, spec]) => row(argWord(name, spec), spec, say)),
        width,
      ),
    ),
    ...groups.flatMap((group) => section(groupIn(group, say), definitions(rowsOf(command.options, group, say), width))),
    ...section(say('shared'), definitions(faceFlags(locale), width)),
    ...section(say('values'), definitions(valuesOf([...args, ...options.map(([, spec]) => spec)], say), width)),
    ...section(say('examples'), command.examples),
    ...section(say('json'), wrap(told(say('see'), { schema: command.schema, name: nameOf(command) }), width - 2)),
    ...section(say('exitCodes'), definitions(exitCodes(locale), width)),
  ].slice(0, -1);
}

const told = (text: string, filling: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (braces, name: string) => filling[name] ?? braces);

function russian(command: AnyCommand): AnyCommand {
  const told = (specs: Specs): Specs =>
    Object.fromEntries(
      Object.entries(specs).map(([name, spec]) => {
        const bounds = spec.bounds === undefined ? undefined : russianBounds(spec.bounds);
        return [name, { ...spec, about: OPTIONS_RU[spec.about] ?? spec.about, bounds }];
      }),
    );
  return { ...command, args: told(command.args), options: told(command.options) };
}

/** A group without a text keeps its own name. */
const groupIn = (group: string, say: Say): string => {
  const key = `group.${group}`;
  return group === 'options' ? say('options') : isManualKey(key) ? say(key) : group;
};

function usage(command: AnyCommand, say: Say): string {
  const args = Object.entries(command.args).map(([name, spec]) => usageWord(name, spec));
  const required = Object.entries(command.options)
    .filter(([, spec]) => spec.required)
    .map(([name, spec]) => `--${flagOf(name, spec)} ${spec.placeholder}`);
  const others = Object.values(command.options).some((spec) => !spec.required) ? [say('someOptions')] : [];
  return ['dzentra', nameOf(command), ...args, ...required, ...others].join(' ');
}

const usageWord = (name: string, spec: OptionSpec): string =>
  spec.required ? argWord(name, spec) : `[${argWord(name, spec)}]`;

function rowsOf(specs: Specs, group: string, say: Say): Row[] {
  return Object.entries(specs)
    .filter(([, spec]) => (spec.group ?? 'options') === group)
    .map(([name, spec]) =>
      row(`--${flagOf(name, spec)}${spec.placeholder === '' ? '' : ` ${spec.placeholder}`}`, spec, say),
    );
}

/** What it is, what it accepts, what stands where it is not given. */
function row(term: string, spec: OptionSpec, say: Say): Row {
  const bounds = spec.bounds === undefined ? '' : ` [${spec.bounds}]`;
  const fallback = spec.fallback === undefined ? '' : told(say('fallback'), { value: `${spec.fallback}` });
  return [term, `${spec.about}${bounds}${spec.required ? say('required') : fallback}`];
}

/** How a value is written, by a word of its placeholder. */
const WRITTEN = ['SHARE', 'AMOUNT', 'TIME', 'DATE', 'SYMBOL'] as const;

const valuesOf = (specs: readonly OptionSpec[], say: Say): Row[] =>
  WRITTEN.filter((word) => specs.some((spec) => spec.placeholder.split('|').includes(word))).map((word) => [
    word,
    say(`written.${word}`),
  ]);
