/**
 * The only door that faces use: commands and their definitions, the ports behind them, and the shapes of what they show.
 * It loads nothing by itself: each part comes when it is first asked for.
 */
import type { Host } from './boot.ts';
import type { Ports } from './command/ports.ts';
import type { BacktestView } from './view/report.ts';

export type { ParsedLine } from './command/argv/parse.ts';
export type { AnyCommand, Context } from './command/command.ts';
export type { Change, EngineClient } from './command/engine.ts';
export type { Block, Outcome, StopSignal, Tone } from './command/outcome.ts';
export type { Ports } from './command/ports.ts';
export type { Refusal } from './command/refusal.ts';
export type {
  BridgeLog,
  BridgeMemory,
  BridgePerson,
  BridgePorts,
  BridgeSettings,
  BridgeStore,
  KeptScreen,
  SendingAlert,
} from './command/telegram/ports.ts';
export type { TuiInput } from './command/tui.ts';
export type { Definition } from './strategy/definition.ts';
export type { Kit } from './strategy/kit.ts';
export type { BacktestView } from './view/report.ts';

/** The ports of a process. Nothing of it is loaded before the first call. */
export async function boot(host: Host): Promise<Ports> {
  return (await import('./boot.ts')).boot(host);
}

/** The language of a face: as told by a flag, else by the environment or the configuration file, else of the locale. */
export async function languageOf(env: Host['env'], told?: string): Promise<'en' | 'ru'> {
  return (await import('./boot.ts')).languageOf(env, told);
}

/** How the screens of a face look: as the environment or the configuration file say. */
export async function looksOf(
  env: Host['env'],
): Promise<{ readonly ascii: boolean; readonly theme?: string | undefined }> {
  return (await import('./boot.ts')).looksOf(env);
}

/** What there is to ask for, in lines of at most `columns` columns. No command is loaded for it. */
export async function overview(columns: number, env: Host['env']): Promise<readonly string[]> {
  const [{ wholeOverview }, locale] = await Promise.all([import('./command/manual/overview.ts'), languageOf(env)]);
  return wholeOverview(columns, locale);
}

/** Reading lines, running commands and showing their outcomes. */
export const commandLine = () => import('./command/door.ts');

/** A backtest as lines of at most `columns` columns. */
export async function renderBacktest(
  view: BacktestView,
  columns: number,
  style: { readonly ascii: boolean },
): Promise<readonly string[]> {
  return (await import('./view/report.ts')).renderBacktest(view, columns, style);
}

/** Screens as data, and what lays them out and paints them. */
export const pictures = () => import('./view/door.ts');

/** What a sink of alerts has not taken yet. */
export const alerts = () => import('./alert/outbox.ts');

export { sinkOf } from './command/telegram/ports.ts';
/** Named states and the scenes behind them: for frames and tests. */
export { FIXTURES, type FixtureName } from './lab/fixture/names.ts';
export type * as picture from './view/door.ts';
/** What forms of faces share: small, and without anything behind it. */
export {
  changeOf,
  expectsIn,
  optionOf,
  positionText,
  type SeenDraft,
  subjectText,
  symbolOf,
  wordsOfForm,
} from './view/form-words.ts';
export { zoneOf } from './view/zone.ts';
export const fixtures = () => import('./lab/fixture/fixture.ts');
