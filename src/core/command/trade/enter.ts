import type { Draft } from '../../domain/frame.ts';
import type { Sign } from '../../domain/order.ts';
import { marketOf } from '../../view/select.ts';
import { previewData, previewsUnder } from '../attached/data.ts';
import { act, deedFields } from '../attached/deed.ts';
import { restOfEntry } from '../attached/follow.ts';
import { ASK_OPTIONS, CONFIRM_OPTION, ENGINE_OPTIONS } from '../attached/options.ts';
import { confirmed, pickSymbol } from '../attached/pick.ts';
import { factsOf, wanted } from '../attached/screen.ts';
import type { Attached } from '../attached.ts';
import { type CommandDefinition, defineCommand, type Field, type Specs } from '../command.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { DRAFT_OPTIONS, type DraftInput, draftOf, draftProblem } from './draft-options.ts';

const OPTIONS = { ...DRAFT_OPTIONS, ...CONFIRM_OPTION, ...ASK_OPTIONS, ...ENGINE_OPTIONS };

const PREVIEW: readonly Field[] = [
  ['preview', 'object', 'with --dry-run: the order as it would go, in place of what follows'],
  ...previewsUnder('preview'),
];

/** Buying and selling by hand: the same command with another sign. */
function enter(verb: 'buy' | 'sell', sign: Sign): CommandDefinition<Specs, Specs> {
  const schema = `dzentra.trade.${verb}/1`;
  const side = sign === 1 ? 'long' : 'short';
  const [head, ...rest] = deedFields(schema);
  const definition = defineCommand({
    about: [
      `Opens a ${side} position by hand, with every check that a strategy has: at market, or with --limit an order that rests. Size, stop and target come from the settings where nothing is said.`,
      `An open ${side} is not increased (exit 3). At market an open ${sign === 1 ? 'short' : 'long'} on a perpetual is closed first, all of it, where the new position would go.`,
      'It waits until the position is open, the order rests or is denied (exit 3). --dry-run shows the order with fee, margin, liquidation and risk, and sends nothing.',
    ],
    args: {},
    options: OPTIONS,
    examples: [
      `dzentra trade ${verb} --symbol ETH/USDT:USDT --risk 0.5% --sl 1% --tp 2%`,
      `dzentra trade ${verb} --symbol ETH/USDT:USDT --qty 0.1 ${sign === 1 ? '--limit 2700 --sl 2650' : '--limit 2950 --sl 3000'} --post-only --id ${verb}-1`,
      `dzentra trade ${verb} --symbol ETH/USDT:USDT --notional 500 --dry-run --json`,
    ],
    schema,
    fields: head === undefined ? [] : [head, ...PREVIEW, ...rest],
    run(context, { options }) {
      const problem = draftProblem(options);
      if (problem !== undefined) return Promise.resolve(refused(problem));
      return act(context, options, schema, async (attached) => {
        const drafted = await drafting(attached, sign, options);
        if (isRefusal(drafted)) return drafted;
        const { symbol, draft } = drafted;
        if (options.dryRun) return await previewed(attached, schema, symbol, draft);
        const unconfirmed = confirmed(attached.client.scene(), symbol, options);
        return unconfirmed ?? { ask: { do: 'trade', symbol, draft }, rest: restOfEntry };
      });
    },
  });
  return definition as unknown as CommandDefinition<Specs, Specs>;
}

/** The symbol that is meant and the draft of the flags on its market, which is asked for where nobody watches it yet. */
export async function drafting(
  attached: Attached,
  sign: Sign,
  options: DraftInput,
): Promise<{ readonly symbol: string; readonly draft: Draft } | Refusal> {
  const { client } = attached;
  const symbol = pickSymbol(attached, options.symbol);
  if (isRefusal(symbol)) return symbol;
  await wanted(client, [symbol]);
  const draft = draftOf(options, sign, marketOf(client.scene(), symbol));
  return isRefusal(draft) ? draft : { symbol, draft };
}

/** The order as it would go now; a denial is one with exit 3. */
export async function previewed(
  { client, profile }: Attached,
  schema: string,
  symbol: string,
  draft: Draft,
): Promise<Outcome> {
  const preview = await client.preview(symbol, draft);
  if (!preview.ok) {
    const { code, expected, found, fix } = preview;
    return refused(refusal(3, code, expected, found, fix));
  }
  const data = { schema, preview: previewData(preview), profile, outcome: 'dry_run' };
  return done(data, [factsOf({ symbol, ...data.preview })], ['nothing was sent']);
}

export const tradeBuy = enter('buy', 1);
export const tradeSell = enter('sell', -1);
