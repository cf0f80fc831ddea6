import { choice, required } from '../argv/spec.ts';
import { previewsUnder } from '../attached/data.ts';
import { ENGINE_OPTIONS } from '../attached/options.ts';
import { withEngine } from '../attached.ts';
import { defineCommand } from '../command.ts';
import { refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { DRAFT_OPTIONS, draftProblem } from './draft-options.ts';
import { drafting, previewed } from './enter.ts';

const SCHEMA = 'dzentra.trade.draft/1';

export const tradeDraft = defineCommand({
  about: [
    'An order as it would go now, and nothing is sent: quantity as rounded and clipped, fee, margin, liquidation and what is at risk; or why it would be denied (exit 3).',
  ],
  args: { side: required(choice('What it would do.', ['buy', 'sell'])) },
  options: { ...DRAFT_OPTIONS, ...ENGINE_OPTIONS },
  examples: [
    'dzentra trade draft buy --symbol ETH/USDT:USDT --risk 0.5% --sl 1%',
    'dzentra trade draft sell --symbol ETH/USDT:USDT --percent 10% --limit 2950 --json',
  ],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['preview', 'object', 'the order'],
    ...previewsUnder('preview'),
    ['profile', 'text', 'the profile of the engine'],
    ['outcome', 'code', 'dry_run'],
  ],
  run(context, { args, options }) {
    const problem = draftProblem(options);
    if (problem !== undefined) return Promise.resolve(refused(problem));
    return withEngine(context, options, 'watch', async (attached) => {
      const drafted = await drafting(attached, args.side === 'buy' ? 1 : -1, options);
      if (isRefusal(drafted)) return refused(drafted);
      return await previewed(attached, SCHEMA, drafted.symbol, drafted.draft);
    });
  },
});
