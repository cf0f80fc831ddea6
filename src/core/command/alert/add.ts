import { int, price } from '../argv/numbers.ts';
import { called, choice, required } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { act, deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS } from '../attached/options.ts';
import { defineCommand } from '../command.ts';

const ADD = 'dzentra.alert.add/1';
const RM = 'dzentra.alert.rm/1';

export const alertAdd = defineCommand({
  about: [
    'Waits for a price: when the mid reaches it, `price_crossed` is written and told once, then the alert is gone.',
  ],
  args: {
    symbol: required(symbol('The symbol.')),
    side: required(choice('From which side on it speaks.', ['above', 'below'])),
    price: called('PRICE', required(price('The price.', { above: '0' }, '63000'))),
  },
  options: { ...ASK_OPTIONS, ...ENGINE_OPTIONS },
  examples: ['dzentra alert add BTC/USDT:USDT above 70000', 'dzentra alert add BTC/USDT:USDT below 60000 --json'],
  schema: ADD,
  fields: deedFields(ADD),
  run: (context, { args, options }) =>
    act(context, options, ADD, () => ({
      ask: { do: 'command', command: { name: 'add_alert', symbol: args.symbol, side: args.side, price: args.price } },
      code: 'added',
    })),
});

/** An alert by its number. */
export const alertArg = called(
  'ID',
  required(int('Number of the alert, as `alert list` shows it.', { from: '1' }, '1')),
);

export const alertRm = defineCommand({
  about: ['Takes away an alert that waits.'],
  args: { alert: alertArg },
  options: { ...ASK_OPTIONS, ...ENGINE_OPTIONS },
  examples: ['dzentra alert rm 1'],
  schema: RM,
  fields: deedFields(RM),
  run: (context, { args, options }) =>
    act(context, options, RM, () => ({
      ask: { do: 'command', command: { name: 'remove_alert', alert: args.alert } },
      code: 'removed',
    })),
});
