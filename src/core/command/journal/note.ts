import { required, words } from '../argv/spec.ts';
import { act, deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS } from '../attached/options.ts';
import { defineCommand } from '../command.ts';
import { refused } from '../outcome.ts';
import { refusal } from '../refusal.ts';
import { seqArg } from './where.ts';

const SCHEMA = 'dzentra.journal.note/1';
const LENGTH_MAX = 500;

export const journalNote = defineCommand({
  about: ['Writes a note about an entry into the journal, beside it for ever: `why SEQ` shows it.'],
  args: { seq: required(seqArg), text: words('The note.', 'TEXT', 'news at 14:30') },
  options: { ...ASK_OPTIONS, ...ENGINE_OPTIONS },
  examples: ['dzentra journal note 42 closed by hand before the news'],
  schema: SCHEMA,
  fields: deedFields(SCHEMA),
  run(context, { args, options }) {
    const note = args.text.join(' ').trim();
    if (note === '' || note.length > LENGTH_MAX) {
      const expected = `a note of 1 to ${LENGTH_MAX} characters`;
      return Promise.resolve(
        refused(refusal(2, 'BAD_NOTE', expected, `${note.length}`, 'dzentra journal note SEQ TEXT')),
      );
    }
    return act(context, options, SCHEMA, () => ({
      ask: { do: 'command', command: { name: 'note', about: args.seq, note } },
      code: 'noted',
    }));
  },
});
