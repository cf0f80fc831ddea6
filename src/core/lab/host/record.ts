import { toNumber } from '../../base/decimal.ts';
import type { AnyEntry } from '../../domain/entry.ts';
import type { JournalReader } from '../../journal/journal.ts';
import type { ClosedTrade, EquityMark, Scene, Witness } from '../../view/scene.ts';

const ENTRIES_MAX = 500;
const TRADES_MAX = 5_000;
const MARKS_MAX = 2_000;
const WITNESSES_MAX = 31;
const OPENS = ['position_opened', 'position_flipped', 'position_taken'] as const;
const CLOSES = ['position_closed', 'position_handed'] as const;
const MARKS = ['account_opened', 'equity_marked', 'day_closed', 'transferred', ...OPENS, ...CLOSES] as const;

/** What a scene tells of the journal: its end, the closed trades, the marks of equity and the witnesses of days. */
export interface Record {
  /** They are durable. */
  add(entries: readonly AnyEntry[]): void;
  readonly told: Pick<Scene, 'entries' | 'trades' | 'equity' | 'witnesses'>;
}

/** Begins with what the journal holds and is kept up to date entry by entry. */
export function createRecord(journal: JournalReader, symbolOf: (run: number) => string): Record {
  const newest = (limit: number, kinds?: readonly string[]): AnyEntry[] =>
    [...journal.entries({ newest: true, limit, kinds })].reverse();
  let entries = newest(ENTRIES_MAX);
  let trades = newest(TRADES_MAX, ['position_closed']).flatMap((entry) => tradeOf(entry, symbolOf));
  let equity: Scene['equity'] = {};
  const markOf = createMarker();
  const mark = (added: readonly AnyEntry[]): void => {
    for (const entry of added) {
      const mark = markOf(entry);
      if (mark === undefined) continue;
      const before = equity[entry.account] ?? [];
      equity = { ...equity, [entry.account]: [...before, mark].slice(-MARKS_MAX) };
    }
  };
  mark(newest(MARKS_MAX, MARKS));
  const witnessOf = ({ kind, seq }: AnyEntry): readonly Witness[] => {
    const hash = kind === 'day_closed' ? journal.hashOf?.(seq) : undefined;
    return hash === undefined ? [] : [{ seq, hash }];
  };
  let witnesses = newest(WITNESSES_MAX, ['day_closed']).flatMap(witnessOf);
  return {
    add(added) {
      if (added.length === 0) return;
      entries = [...entries, ...added].slice(-ENTRIES_MAX);
      const closed = added.flatMap((entry) => tradeOf(entry, symbolOf));
      if (closed.length > 0) trades = [...trades, ...closed].slice(-TRADES_MAX);
      mark(added);
      const sealed = added.flatMap(witnessOf);
      if (sealed.length > 0) witnesses = [...witnesses, ...sealed].slice(-WITNESSES_MAX);
    },
    get told() {
      return { entries, trades, equity, witnesses };
    },
  };
}

function tradeOf(entry: AnyEntry, symbolOf: (run: number) => string): ClosedTrade[] {
  if (entry.kind !== 'position_closed') return [];
  const { seq, run, account, body } = entry;
  return [{ seq, run, account, symbol: symbolOf(run), body }];
}

/**
 * Equity where entries tell it, given in their order. A closed trade tells the balance, which is the equity only while
 * nothing else of the account is open. What was paid in or out stands beside it.
 */
export function createMarker(): (entry: AnyEntry) => EquityMark | undefined {
  const open = new Map<number, string>();
  return (entry) => {
    const { kind, run, account } = entry;
    if (OPENS.some((each) => each === kind)) open.set(run, account);
    else if (CLOSES.some((each) => each === kind)) open.delete(run);
    const isHeld = kind === 'position_closed' && [...open.values()].includes(account);
    return isHeld ? undefined : markOf(entry);
  };
}

function markOf(entry: AnyEntry): EquityMark | undefined {
  const { at } = entry;
  switch (entry.kind) {
    case 'equity_marked':
    case 'day_closed':
      return [at, toNumber(entry.body.equity)];
    case 'account_opened':
    case 'position_closed':
      return [at, toNumber(entry.body.balance)];
    case 'transferred':
      return [at, toNumber(entry.body.equity ?? entry.body.balance), toNumber(entry.body.amount)];
    default:
      return undefined;
  }
}
