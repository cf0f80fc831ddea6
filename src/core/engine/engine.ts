import type { Command } from '../domain/command.ts';
import type { Entry } from '../domain/entry.ts';
import type { Input } from '../domain/input.ts';
import { MANUAL, type Run } from '../domain/run.ts';
import { accountOf, emptyState, type State } from '../domain/state.ts';
import type { Series } from '../market/feed.ts';
import type { Definition } from '../strategy/definition.ts';
import { manual } from '../strategy/manual.ts';
import type { Venue } from '../venue/venue.ts';
import { placeAlerts } from './alerts.ts';
import { attend, type Core, emit } from './core.ts';
import { beginFunnel } from './funnel.ts';
import { attachRun, createMarket, isWarm, symbolMarket } from './market.ts';
import { createPump, type Pump, type Watcher } from './pump.ts';
import { tellWarm } from './signals.ts';
import type { Speaker } from './speech.ts';
import { advance, rest, settle, step, wakeAt } from './step.ts';
import { decideUpgrades, type OnUpgrade } from './upgrade.ts';

/** The row of ports that makes a mode. */
export interface Ports {
  /** Takes each entry in order. */
  readonly append: (entry: Entry) => void;
  readonly venue: (state: State, core: () => Core) => Venue;
  readonly definitionOf: (strategy: string) => Definition | undefined;
  readonly tape?: ((number: number, input: Input, seq: number) => void) | undefined;
  /** Whether the tape takes the market down, too: that of an exchange. */
  readonly tapesMarket?: boolean | undefined;
  /** Makes alerts of entries: in an engine that somebody lives with, and in its replays. */
  readonly speaker?: Speaker | undefined;
}

/** One engine: live, paper, backtest, debug and replay differ in its ports alone. */
export interface Engine {
  readonly core: Core;
  /**
   * Begins an epoch, the next one or that of a number after it; a state that the journal folded is taken up where it stood.
   * Runs whose strategy has another version by now resume themselves, or `wait` for `resume_run`.
   */
  startEpoch(build: string, epoch?: number, onUpgrade?: OnUpgrade): void;
  /** Applies a command at an instant; a refusal is told. */
  command(
    at: number,
    command: Command,
    from?: { readonly id?: string; readonly who?: string; readonly face?: string; readonly line?: string | undefined },
  ): Core['refused'];
  /** What is due at the present instant happens, and comes to rest as it would have live. */
  settle(): void;
  /** Any input, at its instant. */
  input(input: Input): void;
  /** History rebuilds what can be rebuilt, then the pump is ready for what comes after. */
  begin(series: readonly Series[], watcher?: Watcher): Pump;
}

export function createEngine(ports: Ports, state: State = emptyState(), feedMsOf: (symbol: string) => number): Engine {
  const market = createMarket();
  const { speaker } = ports;
  const core: Core = {
    state,
    market,
    venue: ports.venue(state, () => core),
    append: speaker === undefined ? ports.append : heardBy(speaker, ports.append),
    speaker,
    definitionOf: (name) => (name === MANUAL ? manual : ports.definitionOf(name)),
    feedMsOf,
    tape: ports.tape,
    tapesMarket: ports.tapesMarket === true,
    now: state.at,
    inputs: 0,
    input: undefined,
    timer: undefined,
    wakeAt: Number.POSITIVE_INFINITY,
    refused: undefined,
  };
  placeAlerts(core);
  for (const run of state.runs) attachKnown(core, run);
  for (const symbol of market.list) attend(symbol);
  core.wakeAt = wakeAt(core);
  let commands = 0;
  return {
    core,
    startEpoch(build, epoch = state.epoch + 1, onUpgrade = 'resume') {
      emit(core, 'epoch_started', undefined, '', `start ${core.now}`, { epoch, build, resumedFrom: state.seq });
      decideUpgrades(core, onUpgrade);
      speaker?.speak(core);
    },
    command(at, command, from = {}) {
      commands++;
      advance(core, at);
      const { id = `c${commands}`, who = 'local', face = 'cli', line } = from;
      step(core, { kind: 'command', at: core.now, id, who, face, line, command });
      return core.refused;
    },
    settle() {
      const { seq } = state;
      settle(core);
      if (state.seq !== seq) rest(core);
      core.wakeAt = wakeAt(core);
    },
    input(input) {
      advance(core, input.at);
      step(core, input);
    },
    begin(series, watcher) {
      const pump = createPump(core, series, core.state.at, watcher);
      for (const held of market.runs) beginFunnel(held, core.state.at);
      // A run that was taken up again tells it at its next close, as it would have without the restart.
      for (const held of market.runs) {
        const { warmedUp, startedAt } = held.run;
        if (!warmedUp && startedAt === core.now && isWarm(held)) tellWarm(core, held);
      }
      return pump;
    },
  };
}

const heardBy =
  (speaker: Speaker, append: Ports['append']): Ports['append'] =>
  (entry) => {
    append(entry);
    speaker.hear(entry);
  };

/** A run that the journal knows: its strategy is made anew, its position and orders are attended to. */
function attachKnown(core: Core, run: Run): void {
  const definition = core.definitionOf(run.strategy);
  if (definition === undefined) return;
  const held = attachRun(core.market, run, definition, core.feedMsOf(run.symbol));
  const symbol = symbolMarket(core.market, run.symbol);
  const account = accountOf(core.state, run.account);
  if (account !== undefined) symbol.halfSpread = Number(account.costs.spread) / 2e18;
  attend(symbol);
  if (account !== undefined && run.position !== undefined) held.markFrom = Math.max(held.markFrom, account.markedAt);
}

export { riskModels } from './exposure.ts';
