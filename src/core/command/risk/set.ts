import { defaultRiskFor } from '../../risk/defaults.ts';
import { act, deedFields } from '../attached/deed.ts';
import { pickRun } from '../attached/pick.ts';
import { defineCommand } from '../command.ts';
import { isRefusal } from '../refusal.ts';
import { RISK_OPTIONS } from '../run/options.ts';
import { ALIVE, CHANGE_OPTIONS, changeDeed, changedRisk } from './change.ts';

const SET = 'dzentra.risk.set/1';
const RESET = 'dzentra.risk.reset/1';

export const riskSet = defineCommand({
  about: [
    'Changes risk settings of a run: size, leverage, stop, target, max loss, limits. They hold from the next entry; with --now the working stop and target of the open position move too, and widening asks. No setting goes above a ceiling of the configuration file.',
  ],
  args: {},
  options: { ...CHANGE_OPTIONS, ...RISK_OPTIONS },
  examples: ['dzentra risk set --risk 0.5% --leverage 3', 'dzentra risk set --sl 1% --tp 2r --now --run 1 --json'],
  schema: SET,
  fields: deedFields(SET),
  run: (context, { options }) =>
    act(context, options, SET, async (attached) => {
      const run = pickRun(attached, { run: options.run, symbol: options.symbol }, ALIVE);
      if (isRefusal(run)) return run;
      const riskSettings = changedRisk(run, options);
      if (isRefusal(riskSettings)) return riskSettings;
      const { now, yes, dryRun } = options;
      return await changeDeed(context, attached, { schema: SET, run, riskSettings, given: options, now, yes, dryRun });
    }),
});

export const riskReset = defineCommand({
  about: ['Sets every risk setting of a run back to what paper starts with.'],
  args: {},
  options: CHANGE_OPTIONS,
  examples: ['dzentra risk reset', 'dzentra risk reset --run 1 --json'],
  schema: RESET,
  fields: deedFields(RESET),
  run: (context, { options }) =>
    act(context, options, RESET, async (attached) => {
      const run = pickRun(attached, options, ALIVE);
      if (isRefusal(run)) return run;
      const riskSettings = defaultRiskFor(run.instrument.base);
      const { now, yes, dryRun } = options;
      return await changeDeed(context, attached, { schema: RESET, run, riskSettings, given: {}, now, yes, dryRun });
    }),
});
