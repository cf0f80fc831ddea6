import { parse, text } from '../../base/decimal.ts';
import type { AccountState, Balance, Position, SandboxAccount, UserEvent } from './account.ts';

const EMPTY: Omit<AccountState, 'updatedAt'> = {
  balances: [{ asset: 'USDT', free: '10000', locked: '0' }],
  positions: [],
  openOrders: [],
  openAlgoOrders: [],
  orders: [],
  trades: [],
  income: [],
  dualSide: false,
  multiAssets: false,
  makerRate: '0.0002',
  takerRate: '0.0005',
};

/** An account with 10,000 USDT and nothing else, or what `start` says. `now` is the exchange's clock. */
export function createAccount(
  kind: 'usdm' | 'spot',
  now: () => number,
  start: Partial<AccountState> = {},
): SandboxAccount {
  let state: AccountState = {
    ...EMPTY,
    ...(kind === 'spot' ? { makerRate: '0.001', takerRate: '0.001' } : {}),
    updatedAt: now(),
    ...start,
  };
  const listeners = new Set<(event: UserEvent) => void>();
  const tell = (event: UserEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  return {
    kind,
    get state() {
      return state;
    },
    set(change, reason = 'ADJUSTMENT') {
      const before = state;
      state = { ...state, updatedAt: now(), ...change };
      const balances = changed(before.balances, state.balances, (one) => one.asset);
      const positions = changed(before.positions, state.positions, (one) => `${one.symbol} ${one.side}`);
      if (balances.length === 0 && positions.length === 0) return;
      tell(kind === 'spot' ? spotUpdate(balances, now()) : usdmUpdate(before, balances, positions, reason, now()));
    },
    tell,
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The rows that are new or differ. */
function changed<T>(before: readonly T[], after: readonly T[], name: (row: T) => string): T[] {
  const old = new Map(before.map((row) => [name(row), JSON.stringify(row)]));
  return after.filter((row) => old.get(name(row)) !== JSON.stringify(row));
}

/** Balances that changed, whole. */
function spotUpdate(balances: readonly Balance[], at: number): UserEvent {
  const rows = balances.map((one) => ({ a: one.asset, f: one.free, l: one.locked }));
  return { e: 'outboundAccountPosition', E: at, u: at, B: rows };
}

const walletOf = (one: Balance | undefined): bigint => (one === undefined ? 0n : parse(one.free) + parse(one.locked));

/** Balances and positions that changed, whole; `m` is why. */
function usdmUpdate(
  before: AccountState,
  balances: readonly Balance[],
  positions: readonly Position[],
  reason: string,
  at: number,
): UserEvent {
  const rows = balances.map((one) => {
    const wallet = walletOf(one);
    const old = walletOf(before.balances.find((each) => each.asset === one.asset));
    // The change of a balance "except PnL and commission": a transfer or funding tells it, a trade tells 0.
    return { a: one.asset, wb: text(wallet), cw: text(wallet), bc: reason === 'ORDER' ? '0' : text(wallet - old) };
  });
  const held = positions.map((one) => ({
    s: one.symbol,
    pa: one.amount,
    ep: one.entryPrice,
    bep: one.breakEvenPrice,
    cr: '0',
    up: '0',
    mt: one.marginType,
    iw: one.isolatedMargin,
    ps: one.side,
  }));
  return { e: 'ACCOUNT_UPDATE', E: at, T: at, a: { m: reason, B: rows, P: held } };
}
