import { required } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { done, refused } from '../outcome.ts';
import { isRefusal, refusal } from '../refusal.ts';
import { exchangeName } from './exchange-name.ts';

const SCHEMA = 'dzentra.keys.remove/1';

export const keysRemove = defineCommand({
  about: [
    'Takes the key of an exchange away from the keyring and from the files. A key that systemd gives stays: take it out of its unit. At the exchange the key still works until you delete it there.',
  ],
  args: { exchange: required(exchangeName('Name of the exchange.')) },
  options: {},
  examples: ['dzentra keys remove binanceusdm'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['exchange', 'text', 'the exchange'],
    ['removed', 'array', 'places that it was in'],
  ],
  async run(context, { args: { exchange } }) {
    const { keys } = await context.boot();
    const removed = await keys.remove(exchange);
    if (isRefusal(removed)) return refused(removed);
    if (removed.length === 0) {
      const fromSystemd = (await keys.list()).some((each) => each.exchange === exchange && each.from === 'systemd');
      const found = fromSystemd ? 'one of systemd' : 'none';
      const fix = fromSystemd ? 'take LoadCredential= out of its unit' : 'dzentra keys list';
      return refused(refusal(2, 'NO_KEY', `a key of ${exchange} that is ours to remove`, found, fix));
    }
    const note = `the key still works at ${exchange} until you delete it there`;
    return done({ schema: SCHEMA, exchange, removed }, [{ kind: 'text', lines: removed }], [note]);
  },
});
