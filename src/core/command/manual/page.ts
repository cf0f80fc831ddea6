import { wrap } from '../../view/width.ts';
import type { OptionSpec } from '../argv/spec.ts';
import { type AnyCommand, flagOf, nameOf, type Specs } from '../command.ts';
import { definitions, EXIT_CODES, FACE_FLAGS, type Row, section, widthFor } from './paragraphs.ts';

/** How a command is used, made from its definition. */
export function page(command: AnyCommand, columns: number): string[] {
  const width = widthFor(columns);
  const args = Object.values(command.args);
  const options = Object.entries(command.options);
  const groups = [...new Set(options.map(([, spec]) => spec.group ?? 'options'))];
  return [
    ...wrap(`dzentra ${nameOf(command)}: ${command.summary}`, width),
    '',
    ...section('usage', wrap(usage(command), width - 2)),
    ...section(
      'about',
      command.about.flatMap((each) => wrap(each, width - 2)),
    ),
    ...section(
      'arguments',
      definitions(
        args.map((spec) => row(spec.placeholder, spec)),
        width,
      ),
    ),
    ...groups.flatMap((group) => section(group, definitions(rowsOf(command.options, group), width))),
    ...section('options of every command', definitions(FACE_FLAGS, width)),
    ...section('values', definitions(valuesOf([...args, ...options.map(([, spec]) => spec)]), width)),
    ...section('examples', command.examples),
    ...section('json', wrap(`${command.schema} (see: dzentra schema ${nameOf(command)})`, width - 2)),
    ...section('exit codes', definitions(EXIT_CODES, width)),
  ].slice(0, -1);
}

function usage(command: AnyCommand): string {
  const args = Object.values(command.args).map((spec) => argWord(spec));
  const required = Object.entries(command.options)
    .filter(([, spec]) => spec.required)
    .map(([name, spec]) => `--${flagOf(name, spec)} ${spec.placeholder}`);
  const others = Object.values(command.options).some((spec) => !spec.required) ? ['[options]'] : [];
  return ['dzentra', nameOf(command), ...args, ...required, ...others].join(' ');
}

const argWord = (spec: OptionSpec): string => (spec.required ? spec.placeholder : `[${spec.placeholder}]`);

function rowsOf(specs: Specs, group: string): Row[] {
  return Object.entries(specs)
    .filter(([, spec]) => (spec.group ?? 'options') === group)
    .map(([name, spec]) =>
      row(`--${flagOf(name, spec)}${spec.placeholder === '' ? '' : ` ${spec.placeholder}`}`, spec),
    );
}

/** What it is, what it accepts, what stands where it is not given. */
function row(term: string, spec: OptionSpec): Row {
  const bounds = spec.bounds === undefined ? '' : ` [${spec.bounds}]`;
  const fallback = spec.fallback === undefined ? '' : ` Default ${spec.fallback}.`;
  return [term, `${spec.about}${bounds}${spec.required ? ' Required.' : fallback}`];
}

/** How a value is written, by a word of its placeholder. */
const WRITTEN: Readonly<Record<string, string>> = {
  SHARE: '1% or 10bps; a plain fraction is refused',
  AMOUNT: '10000 or 0.5, in the quote asset',
  TIME: '150ms, 5s, 5m, 1h or 1d',
  DATE: '2025-05-04, 2025-05-04T12:30 or milliseconds, in UTC',
  SYMBOL: 'BTC/USDT:USDT is a perpetual, BTC/USDT is spot',
};

const valuesOf = (specs: readonly OptionSpec[]): Row[] =>
  Object.entries(WRITTEN).filter(([word]) => specs.some((spec) => spec.placeholder.split('|').includes(word)));
