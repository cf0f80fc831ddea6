import { words } from './argv/spec.ts';
import { readSymbol } from './argv/symbol.ts';
import { MARKET_FIELDS, marketData, marketsUnder } from './attached/data.ts';
import { ENGINE_OPTIONS, WATCH_OPTION } from './attached/options.ts';
import { look, screen, tableOf } from './attached/screen.ts';
import { defineCommand } from './command.ts';
import { refused } from './outcome.ts';
import { refusal, shown } from './refusal.ts';

const SCHEMA = 'dzentra.monitor/1';

export const monitor = defineCommand({
  about: ['Several markets at once, each once: those that are traded or watched, and the ones that are named here.'],
  args: { symbols: words('Symbols to watch beside them.', 'SYMBOL', 'ETH/USDT:USDT') },
  options: { ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra monitor', 'dzentra monitor ETH/USDT:USDT SOL/USDT:USDT --watch', 'dzentra monitor --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['now', 'ms|null', "the engine's clock"],
    ['markets', 'array', 'by symbol'],
    ...marketsUnder('markets[]'),
  ],
  async run(context, { args, options }) {
    const bad = args.symbols.find((each) => !readSymbol(each).ok);
    if (bad !== undefined) {
      const reading = readSymbol(bad);
      const fix = (!reading.ok && reading.fix) || 'BTC/USDT:USDT';
      return refused(refusal(2, 'BAD_OPTION', 'a symbol such as BTC/USDT:USDT', shown(bad), fix));
    }
    return await look(context, { ...options, symbols: args.symbols }, ({ client, profile }) => {
      const scene = client.scene();
      const markets = [...scene.markets].sort((a, b) => (a.symbol < b.symbol ? -1 : 1)).map(marketData);
      const names = MARKET_FIELDS.map(([name]) => name);
      return {
        data: { schema: SCHEMA, profile, now: scene.now, markets },
        piped: [tableOf(names, markets, 'no market')],
        ui: screen('monitoring'),
      };
    });
  },
});
