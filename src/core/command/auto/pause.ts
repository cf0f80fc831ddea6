import { act, deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, CONFIRM_OPTION, ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import { type Among, confirmed, pickRun, STARTED } from '../attached/pick.ts';
import { defineCommand } from '../command.ts';
import { isRefusal } from '../refusal.ts';

const PAUSE = 'dzentra.auto.pause/1';
const RESUME = 'dzentra.auto.resume/1';
const OPTIONS = { ...RUN_CHOICE, ...ASK_OPTIONS, ...ENGINE_OPTIONS };

const RUNNING: Among = {
  is: (run) => STARTED.is(run) && run.state === 'RUNNING',
  what: 'a run of a strategy that trades',
  fix: 'dzentra auto status',
};
const PAUSED: Among = { is: (run) => run.state === 'PAUSED', what: 'a run that is paused', fix: 'dzentra auto status' };

export const autoPause = defineCommand({
  about: ['No new entries from this run; stop, target and every other exit go on. `auto resume` lifts it.'],
  args: {},
  options: OPTIONS,
  examples: ['dzentra auto pause', 'dzentra auto pause --run 1'],
  schema: PAUSE,
  fields: deedFields(PAUSE),
  run: (context, { options }) =>
    act(context, options, PAUSE, (attached) => {
      const run = pickRun(attached, options, RUNNING);
      if (isRefusal(run)) return run;
      return { ask: { do: 'command', command: { name: 'pause_run', run: run.run } }, run: run.run, code: 'paused' };
    }),
});

export const autoResume = defineCommand({
  about: ['Entries of a paused run again. An account that is halted is lifted by `dzentra resume`.'],
  args: {},
  options: { ...OPTIONS, ...CONFIRM_OPTION },
  examples: ['dzentra auto resume', 'dzentra auto resume --symbol BTC/USDT:USDT'],
  schema: RESUME,
  fields: deedFields(RESUME),
  run: (context, { options }) =>
    act(context, options, RESUME, (attached) => {
      const scene = attached.client.scene();
      const run = pickRun(attached, options, PAUSED);
      if (isRefusal(run)) return run;
      const unconfirmed = confirmed(scene, run.symbol, options);
      if (unconfirmed !== undefined) return unconfirmed;
      return { ask: { do: 'command', command: { name: 'resume_run', run: run.run } }, run: run.run, code: 'resumed' };
    }),
});
