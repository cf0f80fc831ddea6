import { int } from '../argv/numbers.ts';
import { called, required } from '../argv/spec.ts';
import { act, deedFields } from '../attached/deed.ts';
import { restOfCancel } from '../attached/follow.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import { pickRun } from '../attached/pick.ts';
import { defineCommand } from '../command.ts';
import { isRefusal } from '../refusal.ts';

const SCHEMA = 'dzentra.orders.cancel/1';

export const ordersCancel = defineCommand({
  about: [
    'Cancels an order that rests, by its number within its run. A stop or target of an open position is not cancelled but moved: `trade stop`, `trade target`.',
  ],
  args: { order: called('ORDER', required(int('Number of the order, as `orders` shows it.', { from: '1' }, '3'))) },
  options: { ...RUN_CHOICE, ...ASK_OPTIONS, ...ENGINE_OPTIONS },
  examples: ['dzentra orders cancel 3', 'dzentra orders cancel 3 --run 2 --json'],
  schema: SCHEMA,
  fields: deedFields(SCHEMA),
  run: (context, { args, options }) =>
    act(context, options, SCHEMA, (attached) => {
      const { order } = args;
      const run = pickRun(attached, options, {
        is: (each) => each.orders.some((working) => working.order === order),
        what: `a run with a working order ${order}`,
        fix: 'dzentra orders',
      });
      if (isRefusal(run)) return run;
      const ask = { do: 'command', command: { name: 'cancel_order', run: run.run, order } } as const;
      return { ask, run: run.run, rest: restOfCancel(run.run, order) };
    }),
});
