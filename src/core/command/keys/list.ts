import { defineCommand } from '../command.ts';
import { type Cell, done, plain } from '../outcome.ts';
import { time } from '../telling/words.ts';
import type { KeyLabel } from './ports.ts';

const SCHEMA = 'dzentra.keys.list/1';

export const keysList = defineCommand({
  about: [
    'The keys that are kept, the ones that are used first at the top: of systemd, of the keyring, sealed by a passphrase, in a plain file. No more than the ends of a key are shown.',
  ],
  args: {},
  options: {},
  examples: ['dzentra keys list', 'dzentra keys list --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['keys', 'array', 'in the order in which they are looked for'],
    ['keys[].exchange', 'text', 'the exchange'],
    ['keys[].from', 'code', 'systemd, keyring, encrypted or file'],
    ['keys[].key', 'text|null', 'its first and last characters'],
    ['keys[].addedAt', 'ms|null', 'when it was added'],
    ['keys[].problem', 'text|null', 'why it cannot be used'],
  ],
  async run(context) {
    const keys = (await (await context.boot()).keys.list()).map(dataOf);
    const columns = [
      { name: 'exchange', title: 'exchange' },
      { name: 'from', title: 'kept in' },
      { name: 'key', title: 'key' },
      { name: 'addedAt', title: 'added (UTC)', rank: 1 },
      { name: 'problem', title: 'problem' },
    ];
    const rows = keys.map(({ exchange, from, key, addedAt, problem }): readonly Cell[] => [
      plain(exchange),
      plain(from),
      { value: key, text: key ?? '?' },
      { value: addedAt, text: addedAt === null ? '' : time(addedAt) },
      { value: problem, text: problem ?? '', tone: 'bad' },
    ]);
    const empty = 'no key; dzentra keys add EXCHANGE';
    return done({ schema: SCHEMA, keys }, [{ kind: 'table', columns, rows, empty }]);
  },
});

const dataOf = ({ exchange, from, key, addedAt, problem }: KeyLabel) => ({
  exchange,
  from,
  key,
  addedAt,
  problem: problem === null ? null : `${problem.found}: ${problem.fix}`,
});
