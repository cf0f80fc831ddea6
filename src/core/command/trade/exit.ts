import { qty } from '../argv/numbers.ts';
import { act, deedFields } from '../attached/deed.ts';
import { restOfClose, restOfEntry } from '../attached/follow.ts';
import { ASK_OPTIONS, CONFIRM_OPTION, ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import { confirmed, HOLDING, pickRun } from '../attached/pick.ts';
import { defineCommand } from '../command.ts';
import { isRefusal } from '../refusal.ts';

const CLOSE = 'dzentra.trade.close/1';
const FLIP = 'dzentra.trade.flip/1';
const OPTIONS = { ...RUN_CHOICE, ...ASK_OPTIONS, ...ENGINE_OPTIONS };

export const tradeClose = defineCommand({
  about: ['Closes an open position at market, whoever opened it, or a part of it. The strategy goes on.'],
  args: {},
  options: { qty: qty('A part of it, in the base asset; else all.', { above: '0' }, '0.01'), ...OPTIONS },
  examples: ['dzentra trade close', 'dzentra trade close --symbol BTC/USDT:USDT --qty 0.01 --json'],
  schema: CLOSE,
  fields: deedFields(CLOSE),
  run: (context, { options }) =>
    act(context, options, CLOSE, (attached) => {
      const run = pickRun(attached, options, HOLDING);
      if (isRefusal(run)) return run;
      const ask = { do: 'command', command: { name: 'close_position', run: run.run, qty: options.qty } } as const;
      return { ask, run: run.run, rest: restOfClose(run.run) };
    }),
});

export const tradeFlip = defineCommand({
  about: [
    'Closes the open position and opens the opposite one, sized and reviewed anew: no order crosses zero. The side is found. Where the second leg is denied the run is flat (exit 3).',
  ],
  args: {},
  options: { ...OPTIONS, ...CONFIRM_OPTION },
  examples: ['dzentra trade flip', 'dzentra trade flip --run 1 --id flip-1 --json'],
  schema: FLIP,
  fields: deedFields(FLIP),
  run: (context, { options }) =>
    act(context, options, FLIP, (attached) => {
      const scene = attached.client.scene();
      const run = pickRun(attached, options, HOLDING);
      if (isRefusal(run)) return run;
      const unconfirmed = confirmed(scene, run.symbol, options);
      if (unconfirmed !== undefined) return unconfirmed;
      const ask = { do: 'command', command: { name: 'flip_position', run: run.run } } as const;
      return { ask, run: run.run, rest: restOfEntry };
    }),
});
