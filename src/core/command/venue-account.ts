import type { VenueAccountFrame } from '../domain/frame.ts';
import { venueAccountOf } from './attached/data.ts';
import type { Context } from './command.ts';
import { type Block, done, fact, type Outcome, plain, refused } from './outcome.ts';
import { isRefusal } from './refusal.ts';

/** The account of an exchange as it tells it now, without an engine: with the key that is kept for it. */
export async function tellVenueAccount(context: Context, exchange: string, schema: string): Promise<Outcome> {
  const ports = await context.boot();
  const account = await ports.account(exchange, context.askSecret);
  if (isRefusal(account)) return refused(account);
  const data = { schema, profile: null, now: null, accounts: [], positions: [], venueAccount: venueAccountOf(account) };
  return done(data, blocksOf(account), account.missing);
}

function blocksOf(account: VenueAccountFrame): Block[] {
  const { exchange, key, positionMode, balances, positions, orders, flows, partial } = account;
  const empty = (list: VenueAccountFrame['partial'][number], none: string): string =>
    partial.includes(list) ? '? not all of it was told' : none;
  const facts = [
    fact('exchange', 'exchange', exchange),
    fact('key', 'key', key ?? '?'),
    fact('positionMode', 'positions', positionMode ?? '?'),
  ];
  return [
    { kind: 'facts', facts },
    table(
      ['asset', 'total', 'free', 'used'],
      balances.map(({ asset, total, free, used }) => [asset, total, free, used]),
      empty('balances', 'no balance'),
    ),
    table(
      ['symbol', 'side', 'qty', 'entry', 'mark', 'liquidation', 'pnl'],
      positions.map(({ symbol, side, qty, entry, mark, liquidation, pnl }) => [
        symbol,
        side,
        qty,
        entry,
        mark,
        liquidation,
        pnl,
      ]),
      empty('positions', 'no position'),
    ),
    table(
      ['order', 'symbol', 'side', 'type', 'qty', 'price', 'trigger'],
      orders.map(({ id, symbol, side, type, qty, price, trigger, closesPosition }) => [
        id,
        symbol,
        side,
        type,
        closesPosition ? 'whole position' : qty,
        // One of the two is enough: a stop at the market has no limit.
        price ?? (trigger === null ? null : ''),
        trigger ?? (price === null ? null : ''),
      ]),
      empty('orders', 'no open order'),
    ),
    table(
      ['kind', 'symbol', 'asset', 'amount', 'at'],
      flows.map(({ kind, symbol, asset, amount, at }) => [kind, symbol, asset, amount, new Date(at).toISOString()]),
      empty('flows', 'no funding or fee'),
    ),
  ];
}

const table = (names: readonly string[], rows: readonly (readonly (string | null)[])[], empty: string): Block => ({
  kind: 'table',
  columns: names.map((name) => ({ name, title: name })),
  rows: rows.map((row) => row.map((cell) => plain(cell ?? '?'))),
  empty,
});
