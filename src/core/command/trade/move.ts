import { type Price, text } from '../../base/decimal.ts';
import type { Run } from '../../domain/run.ts';
import { price } from '../argv/numbers.ts';
import { called, on, required } from '../argv/spec.ts';
import { act, deedFields } from '../attached/deed.ts';
import type { Rest } from '../attached/follow.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import { HOLDING, pickRun } from '../attached/pick.ts';
import { type Context, defineCommand } from '../command.ts';
import { declined, type Outcome } from '../outcome.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';

const STOP = 'dzentra.trade.stop/1';
const TARGET = 'dzentra.trade.target/1';
const PRICE_ARG = { price: called('PRICE', required(price('The new price.', { above: '0' }, '61200'))) };
const OPTIONS = { ...RUN_CHOICE, ...ASK_OPTIONS, ...ENGINE_OPTIONS };

const moved: Rest = (chain) => {
  const isThere = chain.some((entry) => ['stop_replaced', 'stop_placed', 'order_accepted'].includes(entry.kind));
  return isThere ? { ok: true, code: 'moved' } : undefined;
};

export const tradeStop = defineCommand({
  about: [
    'Moves the stop of the open position. The new one rests before the old one goes. Widening it asks first; a script says --yes.',
  ],
  args: PRICE_ARG,
  options: { yes: on('Widen it without asking.'), ...OPTIONS },
  examples: ['dzentra trade stop 66900', 'dzentra trade stop 67500 --run 1 --yes --json'],
  schema: STOP,
  fields: deedFields(STOP),
  run: (context, { args, options }) =>
    act(context, options, STOP, async (attached) => {
      const run = pickRun(attached, options, HOLDING);
      if (isRefusal(run)) return run;
      const stopPrice = args.price;
      const widening = await unwanted(context, STOP, wideningOf(run, stopPrice), options);
      if (widening !== undefined) return widening;
      const ask = { do: 'command', command: { name: 'move_stop', run: run.run, stopPrice } } as const;
      return { ask, run: run.run, rest: moved };
    }),
});

export const tradeTarget = defineCommand({
  about: ['Moves the take profit of the open position.'],
  args: PRICE_ARG,
  options: OPTIONS,
  examples: ['dzentra trade target 65000', 'dzentra trade target 64000 --run 1 --json'],
  schema: TARGET,
  fields: deedFields(TARGET),
  run: (context, { args, options }) =>
    act(context, options, TARGET, (attached) => {
      const run = pickRun(attached, options, HOLDING);
      if (isRefusal(run)) return run;
      const ask = { do: 'command', command: { name: 'move_target', run: run.run, targetPrice: args.price } } as const;
      return { ask, run: run.run, rest: moved };
    }),
});

/** How the stop would move away from the price, in words; undefined where it comes nearer, or where there is none yet. */
export function wideningOf({ position, orders }: Run, stopPrice: Price): string | undefined {
  if (position === undefined) return undefined;
  const resting = orders.find((order) => order.role === 'stop' && order.reason !== 'max_loss');
  const was = resting?.trigger ?? position.stopPrice;
  if (was === undefined || (stopPrice - was) * BigInt(position.sign) >= 0n) return undefined;
  return `${text(was)} to ${text(stopPrice)}, further away`;
}

/** Asks a person whether the stop may go further away; undefined where it may. */
export async function unwanted(
  context: Context,
  schema: string,
  widening: string | undefined,
  { yes, dryRun }: { readonly yes: boolean; readonly dryRun: boolean },
): Promise<Refusal | Outcome | undefined> {
  if (widening === undefined || yes || dryRun) return undefined;
  if (context.choose === undefined)
    return refusal(3, 'STOP_WIDENS', '--yes, or a stop that comes nearer', widening, 'add --yes');
  if ((await context.choose(`The stop goes from ${widening}. Do it?`, ['yes', 'no'])) === 'yes') return undefined;
  return declined({ schema, outcome: 'declined' });
}
