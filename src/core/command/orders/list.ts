import { called, choice } from '../argv/spec.ts';
import { ORDER_FIELDS, orderData, ordersUnder } from '../attached/data.ts';
import { ENGINE_OPTIONS, RUN_CHOICE, WATCH_OPTION } from '../attached/options.ts';
import { chosenRuns } from '../attached/pick.ts';
import { look, screen, tableOf } from '../attached/screen.ts';
import { defineCommand } from '../command.ts';
import { refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';

const SCHEMA = 'dzentra.orders/1';

export const ordersList = defineCommand({
  about: ['Orders that may still fill: entries that rest, stops, targets and what is on its way.'],
  args: { list: called('list', choice('The same as nothing.', ['list'])) },
  options: { ...RUN_CHOICE, ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra orders', 'dzentra orders list --run 1', 'dzentra orders --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['now', 'ms|null', "the engine's clock"],
    ['orders', 'array', 'by run and number'],
    ...ordersUnder('orders[]'),
  ],
  run: (context, { options }) =>
    look(context, options, ({ client, profile }) => {
      const scene = client.scene();
      const { run, symbol } = options;
      const chosen = chosenRuns({ client }, options);
      if (isRefusal(chosen)) return refused(chosen);
      const orders = chosen.flatMap((each) => each.orders.map((order) => orderData(each, order)));
      const names = ORDER_FIELDS.map(([name]) => name);
      return {
        data: { schema: SCHEMA, profile, now: scene.now, orders },
        piped: [tableOf(names, orders, 'no order')],
        ui: run === undefined && symbol === undefined ? screen('orders') : undefined,
      };
    }),
});
