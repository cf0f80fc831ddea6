import { MANUAL, type Run } from '../domain/run.ts';
import type { State } from '../domain/state.ts';
import { cancelRest } from './cancels.ts';
import { type Core, emit, inputCause } from './core.ts';

/** What a run does whose strategy has another version than it recorded: paper resumes itself, live waits for a human. */
export type OnUpgrade = 'resume' | 'wait';

/** A run whose strategy is not the one that it was told of last. */
export interface Upgrade {
  readonly run: Run;
  readonly version: number;
}

/** The runs that are not OFF and whose strategy's version differs from the recorded one. */
export function upgradesOf({ runs }: State, definitionOf: Core['definitionOf']): readonly Upgrade[] {
  return runs.flatMap((run) => {
    const version = definitionOf(run.strategy)?.version ?? run.strategyVersion;
    const isSame = version === run.strategyVersion || run.strategy === MANUAL || run.state === 'OFF';
    return isSame ? [] : [{ run, version }];
  });
}

/**
 * An epoch begins with strategies of other versions: entries of a RUNNING run stop, those that rest are taken back, stop
 * and exits go on. Where it resumes itself the new version is recorded and the opinion begins anew with its first candle.
 * A run that was PAUSED stays so, and `resume_run` records the version.
 */
export function decideUpgrades(core: Core, onUpgrade: OnUpgrade): void {
  for (const { run, version } of upgradesOf(core.state, core.definitionOf)) {
    if (run.state === 'PAUSED') continue;
    const body = { reason: REASON, strategyVersion: version };
    if (run.state === 'OBSERVING') {
      emit(core, 'trading_resumed', run, run.account, inputCause(core), body);
      continue;
    }
    const paused = emit(core, 'trading_paused', run, run.account, inputCause(core), { reason: REASON });
    cancelRest(core, run, REASON, paused);
    if (onUpgrade === 'resume') emit(core, 'trading_resumed', run, run.account, paused, body);
  }
}

const REASON = 'strategy_version';

/** What a resume by hand records: undefined where the strategy is the same. */
export const newVersionOf = (core: Core, run: Run): number | undefined =>
  upgradesOf(core.state, core.definitionOf).find((each) => each.run === run)?.version;
