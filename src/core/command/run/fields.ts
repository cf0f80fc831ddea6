import type { Field } from '../command.ts';

/** Fields below another one. */
export const below = (parent: string, fields: readonly Field[]): Field[] =>
  fields.map(([path, type, about]) => [`${parent}.${path}`, type, about]);

/** An entry of the journal. */
export const ENTRY_FIELDS: readonly Field[] = [
  ['seq', 'number', 'its number in the journal'],
  ['epoch', 'number', 'the start of the engine that wrote it'],
  ['run', 'number', 'the run that it belongs to, 0 for the account itself'],
  ['account', 'text', 'the account'],
  ['kind', 'code', 'what happened: order_filled, position_opened, ...'],
  ['v', 'number', 'version of the body'],
  ['at', 'ms', 'instant, UTC'],
  ['cause', 'number|text', 'seq of the entry that led here, or the input in words'],
  ['body', 'object', 'the fact itself; exact values are decimal text'],
];

/** The fields of entries that stand below another field. */
export const entriesUnder = (parent: string): Field[] => below(parent, ENTRY_FIELDS);
