import type { Money } from '../../base/decimal.ts';
import { money } from '../argv/numbers.ts';
import { required, text as textSpec } from '../argv/spec.ts';
import { act, deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS } from '../attached/options.ts';
import { pickAccount } from '../attached/pick.ts';
import { type CommandDefinition, defineCommand, type Specs } from '../command.ts';
import { isRefusal, refusal } from '../refusal.ts';

/** Money in or out of a paper account: the same command with another sign. */
function transfer(verb: 'deposit' | 'withdraw', about: string): CommandDefinition<Specs, Specs> {
  const schema = `dzentra.paper.${verb}/1`;
  const definition = defineCommand({
    about: [about],
    args: { amount: required(money('How much, in the quote asset.', { above: '0', to: '1000000000000' }, '1000')) },
    options: {
      account: textSpec('The account; else the only one.', 'NAME', 'paper'),
      ...ASK_OPTIONS,
      ...ENGINE_OPTIONS,
    },
    examples: [`dzentra paper ${verb} 1000`, `dzentra paper ${verb} 250.5 --account paper --json`],
    schema,
    fields: deedFields(schema),
    run: (context, { args, options }) =>
      act(context, options, schema, ({ client }) => {
        const scene = client.scene();
        if (scene.mode === 'LIVE')
          return refusal(3, 'NOT_PAPER', 'a paper account', 'a live one', 'move funds at the exchange');
        const account = pickAccount(scene, options.account);
        if (isRefusal(account)) return account;
        const amount = (verb === 'deposit' ? args.amount : -args.amount) as Money;
        return { ask: { do: 'command', command: { name: 'transfer', account, amount } }, code: 'transferred' };
      }),
  });
  return definition as unknown as CommandDefinition<Specs, Specs>;
}

export const paperDeposit = transfer(
  'deposit',
  'Puts money into a paper account. It is no profit: reports leave it out.',
);
export const paperWithdraw = transfer('withdraw', 'Takes money out of a paper account, as far as it is free.');
