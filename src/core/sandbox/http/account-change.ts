import { DecimalError, parse } from '../../base/decimal.ts';
import type { AccountState, Balance, Position, Row } from '../account/account.ts';
import type { FaultProblem } from '../faults.ts';
import type { SandboxMarket } from '../market.ts';

/** JSON of which nothing is known yet. */
type Loose = Readonly<Record<string, unknown>>;
const ROWS = ['openOrders', 'openAlgoOrders', 'orders', 'trades', 'income'] as const;
const FLAGS = ['dualSide', 'multiAssets'] as const;
const RATES = ['makerRate', 'takerRate'] as const;
const KNOWN: readonly string[] = ['balances', 'positions', 'reason', 'event', ...ROWS, ...FLAGS, ...RATES];

/** Stops the reading of a change at its first mistake; it never leaves this file. */
class Mistake extends Error {
  readonly problem: FaultProblem;
  constructor(expected: string, found: unknown, fix: string) {
    super(expected);
    this.problem = { expected, found: JSON.stringify(found)?.slice(0, 80) ?? 'nothing', fix };
  }
}

/** What `POST /sandbox/account` says, or the first thing in it that is wrong. */
export function readChange(source: unknown, market: SandboxMarket): Partial<AccountState> | FaultProblem {
  try {
    return changeOf(source, market);
  } catch (error) {
    if (error instanceof Mistake) return error.problem;
    throw error;
  }
}

function changeOf(source: unknown, market: SandboxMarket): Partial<AccountState> {
  const fields = objectOf(source, 'an account');
  for (const name of Object.keys(fields)) {
    if (!KNOWN.includes(name)) throw new Mistake(`one of ${KNOWN.join(', ')}`, name, 'leave it out');
  }
  const change: Record<string, unknown> = {};
  if (fields.balances !== undefined) change.balances = listOf(fields.balances, 'balances').map(balanceOf);
  if (fields.positions !== undefined) {
    change.positions = listOf(fields.positions, 'positions').map((one) => positionOf(one, market));
  }
  for (const name of ROWS) if (fields[name] !== undefined) change[name] = listOf(fields[name], name) as readonly Row[];
  for (const name of FLAGS) {
    if (fields[name] === undefined) continue;
    if (typeof fields[name] !== 'boolean')
      throw new Mistake(`${name} as true or false`, fields[name], 'say true or false');
    change[name] = fields[name];
  }
  for (const name of RATES) if (fields[name] !== undefined) change[name] = amountOf(fields, name);
  return change;
}

function objectOf(value: unknown, what: string): Loose {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Loose;
  throw new Mistake(`${what} as an object`, value, 'send JSON such as {"balances":[{"asset":"USDT","free":"5000"}]}');
}

function listOf(value: unknown, what: string): readonly Loose[] {
  if (!Array.isArray(value)) throw new Mistake(`${what} as a list`, value, `send "${what}":[...]`);
  return value.map((one) => objectOf(one, `each of ${what}`));
}

/** Decimal text; a JSON number is taken too. */
function amountOf(fields: Loose, name: string, usual?: string): string {
  const value = fields[name] ?? usual;
  const text = typeof value === 'number' ? String(value) : value;
  try {
    if (typeof text === 'string') {
      parse(text);
      return text;
    }
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
  }
  throw new Mistake(`${name} as a decimal number`, value, `say "${name}":"12.5"`);
}

function textOf(fields: Loose, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Mistake(`${name} as text`, value, `fill in "${name}"`);
}

const balanceOf = (fields: Loose): Balance => ({
  asset: textOf(fields, 'asset'),
  free: amountOf(fields, 'free'),
  locked: amountOf(fields, 'locked', '0'),
});

/** The market must be listed; what is not said is one-way, cross, leverage 20, and breaks even at its entry. */
function positionOf(fields: Loose, market: SandboxMarket): Position {
  const symbol = textOf(fields, 'symbol');
  const ids = market.listings.map((one) => one.id);
  if (!ids.includes(symbol)) throw new Mistake(`one of the markets ${ids.join(', ')}`, symbol, 'name one of them');
  const side = fields.side ?? 'BOTH';
  if (side !== 'BOTH' && side !== 'LONG' && side !== 'SHORT')
    throw new Mistake('side BOTH, LONG or SHORT', side, 'name one');
  const entryPrice = amountOf(fields, 'entryPrice');
  return {
    symbol,
    side,
    amount: amountOf(fields, 'amount'),
    entryPrice,
    breakEvenPrice: amountOf(fields, 'breakEvenPrice', entryPrice),
    leverage: Number(amountOf(fields, 'leverage', '20')),
    marginType: fields.marginType === 'isolated' ? 'isolated' : 'cross',
    isolatedMargin: amountOf(fields, 'isolatedMargin', '0'),
    updatedAt: market.now(),
  };
}
