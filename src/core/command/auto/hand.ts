import { MANUAL, type Run } from '../../domain/run.ts';
import type { Scene } from '../../view/scene.ts';
import { act, deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import { HOLDING, pickRun, runWords, STARTED } from '../attached/pick.ts';
import { defineCommand } from '../command.ts';
import { isRefusal, refusal } from '../refusal.ts';

const ADOPT = 'dzentra.auto.adopt/1';
const RELEASE = 'dzentra.auto.release/1';
const OPTIONS = { ...RUN_CHOICE, ...ASK_OPTIONS, ...ENGINE_OPTIONS };

/** The hand's run on the symbol of another, on the same account. */
const manualOf = ({ state }: Scene, { account, symbol }: Run): Run | undefined =>
  state.runs.find((run) => run.strategy === MANUAL && run.account === account && run.symbol === symbol);

export const autoRelease = defineCommand({
  about: [
    'Hands the open position of a run with its stop and target to the hand: the run of the symbol that is yours. The strategy no longer touches it.',
  ],
  args: {},
  options: OPTIONS,
  examples: ['dzentra auto release', 'dzentra auto release --run 1'],
  schema: RELEASE,
  fields: deedFields(RELEASE),
  run: (context, { options }) =>
    act(context, options, RELEASE, (attached) => {
      const scene = attached.client.scene();
      const of = { ...HOLDING, is: (run: Run) => HOLDING.is(run) && run.strategy !== MANUAL };
      const run = pickRun(attached, options, of);
      if (isRefusal(run)) return run;
      // 0: the engine makes the hand's run with what it is given first.
      const to = manualOf(scene, run)?.run ?? 0;
      return {
        ask: { do: 'command', command: { name: 'hand_over', run: run.run, to } },
        code: 'released',
        run: run.run,
      };
    }),
});

export const autoAdopt = defineCommand({
  about: ["Gives the position that you hold by hand to a strategy's run of the same symbol, with its stop and target."],
  args: {},
  options: OPTIONS,
  examples: ['dzentra auto adopt', 'dzentra auto adopt --run 1'],
  schema: ADOPT,
  fields: deedFields(ADOPT),
  run: (context, { options }) =>
    act(context, options, ADOPT, (attached) => {
      const scene = attached.client.scene();
      const run = pickRun(attached, options, STARTED);
      if (isRefusal(run)) return run;
      const hand = manualOf(scene, run);
      if (hand === undefined || (hand.position === undefined && attached.runBefore === undefined)) {
        const expected = `a position that is held by hand on ${run.symbol}`;
        return refusal(3, 'NO_POSITION', expected, hand === undefined ? 'none' : runWords(hand), 'dzentra positions');
      }
      return {
        ask: { do: 'command', command: { name: 'hand_over', run: hand.run, to: run.run } },
        run: run.run,
        code: 'adopted',
      };
    }),
});
