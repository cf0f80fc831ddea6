/**
 * The only door that faces use: commands and their definitions, the ports behind them, and the shapes of what they show.
 * Adapters are loaded by `boot` when they are first used.
 */
import type { Host } from './boot.ts';
import type { Ports } from './command/ports.ts';
import type { BacktestView } from './view/report.ts';

export { takeFace } from './command/argv/face.ts';
export type { ParsedLine } from './command/argv/parse.ts';
export { parseLine } from './command/argv/parse.ts';
export type { AnyCommand, Context } from './command/command.ts';
export { layout, progressLine, tabbed, tabs } from './command/layout.ts';
export type { Block, Outcome, StopSignal, Tone } from './command/outcome.ts';
export { exitOf } from './command/outcome.ts';
export type { Ports } from './command/ports.ts';
export type { Refusal } from './command/refusal.ts';
export { refusalOf } from './command/refusal.ts';
export { COMMANDS } from './command/registry.ts';
export type { Definition } from './strategy/definition.ts';
export type { Kit } from './strategy/kit.ts';
export type { BacktestView } from './view/report.ts';

/** The ports of a process. Nothing of it is loaded before the first call. */
export async function boot(host: Host): Promise<Ports> {
  return (await import('./boot.ts')).boot(host);
}

/** A backtest as lines of at most `columns` columns. */
export async function renderBacktest(
  view: BacktestView,
  columns: number,
  style: { readonly ascii: boolean },
): Promise<readonly string[]> {
  return (await import('./view/report.ts')).renderBacktest(view, columns, style);
}
