import { text as decimalText } from '../base/decimal.ts';
import type { VenueMarket } from '../venue/exchange.ts';
import { exchange } from './argv/engine.ts';
import { choice, on, text, withDefault } from './argv/spec.ts';
import { defineCommand } from './command.ts';
import { done, type Outcome, plain, refused } from './outcome.ts';
import { isRefusal } from './refusal.ts';

const SCHEMA = 'dzentra.markets/1';

export const markets = defineCommand({
  about: [
    'The markets of an exchange with their tick, step, minimum and leverage, as the exchange tells them. Markets that are halted, delisted or cannot be traded (inverse contracts, options) are listed, and say why.',
    '--filter takes a part of the symbol. Without --all only those that may be traded are shown.',
  ],
  args: {},
  options: {
    exchange: withDefault(exchange('Exchange that is asked.'), 'binanceusdm'),
    filter: text('Part of a symbol, such as BTC or /USDC.', 'TEXT', 'BTC'),
    kind: choice('Only perpetuals, or only spot.', ['perpetual', 'spot']),
    all: on('Those that cannot be traded, too.'),
  },
  examples: ['dzentra markets', 'dzentra markets --exchange binance --filter SOL --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['exchange', 'text', 'the exchange'],
    ['title', 'text', 'its name'],
    ['markets', 'array', 'by symbol'],
    ['markets[].symbol', 'text', 'the symbol'],
    ['markets[].id', 'text', "the exchange's own name of it"],
    ['markets[].type', 'code', 'perpetual, spot, future, option or other'],
    ['markets[].status', 'code', 'trading, halted or delisted'],
    ['markets[].why', 'text|null', 'why it cannot be traded'],
    ['markets[].tick', 'decimal|null', 'smallest step of a price'],
    ['markets[].step', 'decimal|null', 'smallest step of a quantity'],
    ['markets[].notionalMin', 'decimal|null', 'smallest value of an order'],
    ['markets[].leverageMax', 'decimal|null', 'highest leverage of the smallest position'],
    ['markets[].makerRate', 'decimal|null', 'fee of a fill that rested'],
    ['markets[].takerRate', 'decimal|null', 'fee of a fill that took'],
    ['markets[].fundingMs', 'number|null', 'ms between two settlements'],
  ],
  async run(context, { options }): Promise<Outcome> {
    const ports = await context.boot();
    const listed = await ports.markets(options.exchange);
    if (isRefusal(listed)) return refused(listed);
    const wanted = (options.filter ?? '').toUpperCase();
    const shown = listed.markets
      .filter(({ symbol, id }) => symbol.includes(wanted) || id.toUpperCase().includes(wanted))
      .filter(({ type }) => options.kind === undefined || type === options.kind)
      .filter(({ status, instrument }) => options.all || (status === 'trading' && instrument !== undefined))
      .sort((a, b) => (a.symbol < b.symbol ? -1 : 1))
      .map(dataOf);
    const columns = [
      { name: 'symbol', title: 'symbol' },
      { name: 'type', title: 'type', rank: 3 },
      { name: 'tick', title: 'tick', align: 'right' },
      { name: 'step', title: 'step', align: 'right' },
      { name: 'notionalMin', title: 'minimum', align: 'right' },
      { name: 'leverageMax', title: 'leverage', align: 'right', rank: 1 },
      { name: 'funding', title: 'funding', align: 'right', rank: 2 },
      { name: 'state', title: 'state' },
    ] as const;
    const rows = shown.map((each) => [
      plain(each.symbol),
      plain(each.type),
      plain(each.tick ?? '?'),
      plain(each.step ?? '?'),
      plain(each.notionalMin ?? '?'),
      plain(each.leverageMax === null ? '' : `${each.leverageMax}x`),
      plain(each.fundingMs === null ? '' : `${each.fundingMs / HOUR_MS}h`),
      plain(each.why ?? each.status),
    ]);
    const empty = `no market of ${listed.title} fits; leave --filter and --kind out, or add --all`;
    const data = { schema: SCHEMA, exchange: options.exchange, title: listed.title, markets: shown };
    return done(data, [{ kind: 'table', columns, rows, empty }]);
  },
});

const HOUR_MS = 3_600_000;

function dataOf({ symbol, id, type, status, why, instrument, fundingMs }: VenueMarket) {
  const { tick, step, notionalMin, makerRate, takerRate, tiers } = instrument ?? {};
  const exact = (value: bigint | undefined): string | null => (value === undefined ? null : decimalText(value));
  return {
    symbol,
    id,
    type,
    status,
    why: why ?? null,
    tick: exact(tick),
    step: exact(step),
    notionalMin: exact(notionalMin),
    leverageMax: exact(tiers?.[0]?.leverageMax),
    makerRate: exact(makerRate),
    takerRate: exact(takerRate),
    fundingMs,
  };
}
