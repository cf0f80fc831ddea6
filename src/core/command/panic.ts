import { text as textSpec } from './argv/spec.ts';
import { act, deedFields } from './attached/deed.ts';
import { restOfPanic } from './attached/follow.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS } from './attached/options.ts';
import { pickAccount } from './attached/pick.ts';
import { defineCommand } from './command.ts';
import { isRefusal, refusal } from './refusal.ts';

const PANIC = 'dzentra.panic/1';
const RESUME = 'dzentra.resume/1';
const OPTIONS = {
  account: textSpec('The account; else the only one.', 'NAME', 'paper'),
  ...ASK_OPTIONS,
  ...ENGINE_OPTIONS,
};

export const panic = defineCommand({
  about: [
    'Halts an account at once: no entries, entry orders are cancelled, every position is closed at market, stops stay until it is flat. Only `dzentra resume` lifts it. Nothing is asked: what lowers risk is never typed twice.',
  ],
  args: {},
  options: OPTIONS,
  examples: ['dzentra panic', 'dzentra panic --account paper --json'],
  schema: PANIC,
  fields: deedFields(PANIC),
  run: (context, { options }) =>
    act(context, options, PANIC, ({ client }) => {
      const account = pickAccount(client.scene(), options.account);
      if (isRefusal(account)) return account;
      return { ask: { do: 'command', command: { name: 'panic', account } }, rest: restOfPanic(account) };
    }),
});

export const resume = defineCommand({
  about: ['Lifts a halt or a block of an account: entries are possible again. Runs that were stopped stay stopped.'],
  args: {},
  options: OPTIONS,
  examples: ['dzentra resume', 'dzentra resume --account paper'],
  schema: RESUME,
  fields: deedFields(RESUME),
  run: (context, { options }) =>
    act(context, options, RESUME, ({ client }) => {
      const scene = client.scene();
      const account = pickAccount(scene, options.account);
      if (isRefusal(account)) return account;
      const safety = scene.state.accounts.find((each) => each.account === account)?.safety;
      if (safety === 'ACTIVE')
        return refusal(3, 'NOT_HALTED', 'an account that is halted or blocked', 'ACTIVE', 'there is nothing to resume');
      return { ask: { do: 'command', command: { name: 'resume_account', account } }, code: 'resumed' };
    }),
});
