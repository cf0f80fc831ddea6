import type { Command } from '../../domain/command.ts';
import { readSymbol } from '../../domain/instrument-table.ts';
import type { State } from '../../domain/state.ts';
import type { HostPorts } from './ports.ts';

/** The journal lost its end, or all of it: orders may exist that no entry tells of, and what is opened anew is halted, too. */
export function haltAll({ accounts }: State, { feed, account: own }: HostPorts): readonly Command[] {
  if (accounts.length > 0) return accounts.map(({ account }) => ({ name: 'panic', account }));
  const { name: account, balance, costs } = own;
  const asset = readSymbol(feed.first)?.quote ?? 'USDT';
  return [
    { name: 'open_account', account, asset, balance, costs },
    { name: 'panic', account },
  ];
}
