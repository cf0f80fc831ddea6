import { divide, ONE, type Price, times, toStep } from '../../base/decimal.ts';
import type { Run } from '../../domain/run.ts';
import type { RiskSettings } from '../../domain/settings.ts';
import { on } from '../argv/spec.ts';
import type { Deed } from '../attached/deed.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import type { Among } from '../attached/pick.ts';
import type { Attached } from '../attached.ts';
import type { Context, Specs } from '../command.ts';
import type { Outcome } from '../outcome.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { withinCeilings } from '../run/ceilings.ts';
import { RISK_OPTIONS, type RiskInput } from '../run/options.ts';
import { settingsOf } from '../run/settings.ts';
import { unwanted, wideningOf } from '../trade/move.ts';

/** A run that risk settings mean something to. */
export const ALIVE: Among = {
  is: (run) => run.state !== 'OFF' || run.position !== undefined,
  what: 'a run that is started or holds a position',
  fix: 'dzentra auto start',
};

/** How a change of settings is asked for. */
export const CHANGE_OPTIONS = {
  now: on('Move the working stop and target of the open position, too; else it holds from the next entry.'),
  yes: on('Widen a working stop without asking.'),
  ...RUN_CHOICE,
  ...ASK_OPTIONS,
  ...ENGINE_OPTIONS,
};

/** Whether any of the settings was given. */
export const isAnyGiven = (given: RiskInput): boolean =>
  Object.keys(RISK_OPTIONS satisfies Specs).some((name) => given[name as keyof RiskInput] !== undefined);

/** The settings of a run with what was given over them. */
export function changedRisk(run: Run, given: RiskInput): RiskSettings | Refusal {
  if (!isAnyGiven(given)) {
    return refusal(2, 'NOTHING_TO_SET', 'a setting such as --risk 0.5% or --sl 1%', 'none', 'dzentra help auto set');
  }
  return settingsOf(given, run.risk, run.instrument.kind);
}

export interface Change {
  readonly schema: string;
  readonly run: Run;
  readonly riskSettings: RiskSettings;
  /** What of it was asked for: that is refused above a ceiling. */
  readonly given: Partial<RiskInput>;
  readonly now: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/** The command that changes settings: within the ceilings, and with a word where a working stop would widen. */
export async function changeDeed(
  context: Context,
  { ports }: Attached,
  { schema, run, riskSettings, given, now, yes, dryRun }: Change,
): Promise<Deed | Refusal | Outcome> {
  const config = await ports.config.load();
  if (isRefusal(config)) return config;
  const within = withinCeilings(riskSettings, config.ceilings, given);
  if (isRefusal(within)) return within;
  const widening = now ? wideningBy(run, within) : undefined;
  const stopped = await unwanted(context, schema, widening, { yes, dryRun });
  if (stopped !== undefined) return stopped;
  const command = { name: 'change_settings', run: run.run, riskSettings: within, now } as const;
  return { ask: { do: 'command', command }, run: run.run, code: now ? 'moved' : 'set' };
}

/** Whether the stop rule, applied to the open position, would move its stop away. A strategy's own stop stays. */
function wideningBy(run: Run, { stop }: RiskSettings): string | undefined {
  const { position, instrument } = run;
  if (position?.stopPrice === undefined || stop.by === 'strategy') return undefined;
  if (stop.by === 'none') return 'where it is to nowhere';
  const entry = divide(position.cost * ONE, position.qty, 'down') as Price;
  const share = position.sign === 1 ? ONE - stop.distance : ONE + stop.distance;
  const exact = times(entry, share, 'down') as Price;
  return wideningOf(run, toStep(exact, instrument.tick, position.sign === 1 ? 'up' : 'down'));
}
