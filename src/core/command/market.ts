import { marketOf } from '../view/select.ts';
import { symbol } from './argv/symbol.ts';
import { marketData, marketsUnder } from './attached/data.ts';
import { ENGINE_OPTIONS, WATCH_OPTION } from './attached/options.ts';
import { pickSymbol } from './attached/pick.ts';
import { factsOf, look, screen } from './attached/screen.ts';
import { defineCommand } from './command.ts';
import { refused } from './outcome.ts';
import { isRefusal, refusal } from './refusal.ts';

const SCHEMA = 'dzentra.market/1';

export const market = defineCommand({
  about: [
    'A market: bid, ask, mark, funding, depth and candles, each with its source and age. Unknown is `?`, null in data.',
  ],
  args: { symbol: symbol('The symbol; else the one that is traded.') },
  options: { ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra market', 'dzentra market BTC/USDT:USDT --watch', 'dzentra market BTC/USDT:USDT --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['now', 'ms|null', "the engine's clock"],
    ['market', 'object', 'the latest of it'],
    ...marketsUnder('market'),
  ],
  run(context, { args, options }) {
    const wanted = args.symbol;
    const symbols = wanted === undefined ? [] : [wanted];
    return look(context, { ...options, symbols }, ({ client, profile }) => {
      const scene = client.scene();
      const name = pickSymbol({ client }, wanted, 'dzentra market');
      if (isRefusal(name)) return refused(name);
      const found = marketOf(scene, name);
      if (found === undefined) {
        const known = scene.markets.map((each) => each.symbol).join(', ') || 'none';
        return refused(refusal(3, 'MARKET_UNKNOWN', `a market of ${name}`, known, 'name a symbol that the feed has'));
      }
      const data = { schema: SCHEMA, profile, now: scene.now, market: marketData(found) };
      return { data, piped: [factsOf(data.market)], ui: screen('market', { symbol: name }) };
    });
  },
});
