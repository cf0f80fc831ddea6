import { shortKey } from '../../config/secrets/key.ts';
import { required } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { done, fact, refused } from '../outcome.ts';
import { isRefusal, refusal } from '../refusal.ts';
import { exchangeName } from './exchange-name.ts';
import { RIGHTS_FIELDS, refusalOfRights, rightsFacts, warningsOf } from './rights.ts';

const SCHEMA = 'dzentra.keys.check/1';

export const keysCheck = defineCommand({
  about: [
    'Asks an exchange what the key that is kept may do. Refused where it can withdraw or cannot read (exit 3), where the exchange does not know it or cannot be reached (exit 4).',
  ],
  args: { exchange: required(exchangeName('Name of the exchange.')) },
  options: {},
  examples: ['dzentra keys check binanceusdm', 'dzentra keys check binanceusdm --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['exchange', 'text', 'the exchange'],
    ['key', 'text', 'its first and last characters'],
    ['from', 'code', 'systemd, keyring, encrypted or file'],
    ['rights', 'object', 'what the exchange says that it may do'],
    ...RIGHTS_FIELDS,
    ['warnings', 'array', 'sentences'],
  ],
  async run(context, { args: { exchange } }) {
    const { keys } = await context.boot();
    const key = await keys.find(exchange, context.askSecret);
    if (isRefusal(key)) return refused(key);
    if (key === undefined) {
      const fix = `dzentra keys add ${exchange}`;
      return refused(refusal(2, 'NO_KEY', `a key of ${exchange}`, 'none', fix));
    }
    const rights = await keys.check(key);
    if (isRefusal(rights)) return refused(rights);
    const denial = refusalOfRights(exchange, rights);
    if (denial !== undefined) return refused(denial);
    const { from } = key;
    const warnings = warningsOf(exchange, rights);
    const data = { schema: SCHEMA, exchange, key: shortKey(key.apiKey), from, rights, warnings };
    const facts = [
      fact('exchange', 'exchange', exchange),
      fact('key', 'key', `${data.key} (${from})`),
      ...rightsFacts(rights),
    ];
    return done(data, [{ kind: 'facts', facts }], warnings);
  },
});
