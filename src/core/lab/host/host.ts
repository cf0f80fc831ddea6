import { InvariantError } from '../../base/assert.ts';
import type { Answer, Ask, Asking } from '../../domain/ask.ts';
import type { Command, Refused } from '../../domain/command.ts';
import type { AnyEntry } from '../../domain/entry.ts';
import type { Draft, Preview } from '../../domain/frame.ts';
import { type Core, reached } from '../../engine/core.ts';
import { riskModels } from '../../engine/engine.ts';
import { accountFrames, preview, runFrames } from '../../engine/frames.ts';
import type { JournalQuery } from '../../journal/journal.ts';
import type { Definition } from '../../strategy/definition.ts';
import { SimulatedVenue } from '../../venue/simulated/simulated.ts';
import type { Scene } from '../../view/scene.ts';
import { createAnswers, refusedBy } from './answers.ts';
import { createBreaks } from './breaks.ts';
import { lowering } from './ceilings.ts';
import { clashOf } from './clash.ts';
import { exchangeOf, feedFrame, feedLabel, speedOf } from './feed-frame.ts';
import { haltAll } from './halt.ts';
import { createMarkets } from './markets.ts';
import { createOpenings } from './openings.ts';
import { type Plan, pastOf, planOf, symbolOf, tradedRun } from './plan.ts';
import { createPlay } from './play.ts';
import type { HostPorts, HostTape } from './ports.ts';
import { createRecord } from './record.ts';
import { rehearse, unnumbered } from './rehearsal.ts';
import { createRepeats } from './repeats.ts';
import { createMarketTime } from './time.ts';
import { createWhole } from './whole.ts';

/** A paper engine that outlives its runs: asked from outside, it passes its time while it runs. */
export interface PaperHost {
  scene(): Scene;
  onReleased(listener: (entries: readonly AnyEntry[]) => void): () => void;
  ask(ask: Ask, asking: Asking): Promise<Answer>;
  preview(symbol: string, draft: Draft): Preview;
  entries(query: JournalQuery): readonly AnyEntry[];
  watch(symbols: readonly string[]): Promise<void>;
  /** Passes time until the signal aborts; what was done then is durable. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * As fast as it goes, a turn of the loop at a time, until so many trades are closed and a position is open and protected,
   * or so much market time has passed.
   */
  untilProtected(trades: number, marketMsMax: number): Promise<void>;
  /** Saves a snapshot and ends the tape. The journal is the caller's to close. */
  close(): void;
  readonly lastSeq: number;
}

/** Begins an epoch on the state of a journal. What the epoch begins with is durable when this returns. */
export function createHost(ports: HostPorts): PaperHost {
  return new Host(ports);
}

class Host implements PaperHost {
  readonly #ports: HostPorts;
  readonly #play;
  readonly #openings;
  readonly #time;
  readonly #record;
  readonly #answers;
  readonly #repeats;
  readonly #breaks;
  readonly #markets;
  readonly #tape: HostTape;
  readonly #definitions: Map<string, Definition>;
  readonly #listeners = new Set<(entries: readonly AnyEntry[]) => void>();
  readonly #asked = new Map<string, Promise<Answer>>();
  #waiting: AnyEntry[] = [];
  #watched: readonly string[] = [];
  #scene: { readonly seq: number; readonly madeAt: number; readonly scene: Scene } | undefined;
  #nudge = new AbortController();
  readonly #whole = createWhole(() => this.#nudge.abort());
  #commands = 0;
  #isClosed = false;

  constructor(ports: HostPorts) {
    this.#ports = ports;
    const { state, journal, build } = ports;
    this.#definitions = new Map(ports.known);
    let tape: HostTape | undefined;
    this.#play = createPlay(
      {
        append: (entry) => {
          journal.append(entry as AnyEntry);
          this.#waiting.push(entry as AnyEntry);
        },
        venue(own) {
          const venue = new SimulatedVenue(own, riskModels);
          venue.restore();
          return venue;
        },
        definitionOf: (name) => this.#definitions.get(name),
        tape: (number, input, seq) => tape?.append(number, input, seq),
        speed: speedOf(ports.feed, ports.speed),
      },
      ports.feed,
      state,
    );
    this.#answers = createAnswers(journal);
    this.#repeats = createRepeats(ports.clock);
    this.#breaks = createBreaks(this.#core);
    this.#record = createRecord(journal, (run) => state.runs[run - 1]?.symbol ?? '');
    this.#markets = createMarkets(this.#core, ports.feed);
    this.#play.startEpoch(build, ports.epoch, ports.onUpgrade);
    // An epoch is durable before it has a tape: the tape of one that was lost would stand in the way of the next. Where the
    // journal lost its end, it is durable with the halt that this leads to: the mark is behind from then on, and tells no loss.
    if (!ports.isShort) journal.commit();
    tape = ports.openTape(state.epoch);
    this.#tape = tape;
    const halts = ports.isShort ? haltAll(state, ports) : [];
    for (const command of [...halts, ...lowering(state, ports.ceilings)]) this.#command(command);
    const source = this.#play.begin((from) => journal.entries({ fromAt: from }));
    this.#openings = createOpenings(this.#core, source, ports.feed, ports.clock);
    this.#time = createMarketTime(this.#core, source, ports);
    this.#commit();
  }

  get #core() {
    return this.#play.engine.core;
  }

  get lastSeq(): number {
    return this.#ports.journal.lastSeq;
  }

  /** A command of the engine's own. */
  #command(command: Command): void {
    this.#play.engine.command(this.#core.now, command, { id: this.#newId(), who: 'engine', face: 'engine' });
  }

  #turn(): void {
    this.#time.turn();
    for (const command of this.#breaks()) {
      this.#time.own();
      this.#command(command);
    }
    this.#commit();
  }

  #finish(): void {
    this.#time.finishInstant();
    this.#commit();
  }

  #newId(): string {
    return `e${this.#core.state.epoch}.${++this.#commands}`;
  }

  /** Makes what was written durable, then tells it. */
  #commit(): void {
    const { journal } = this.#ports;
    if (journal.waiting > 0) {
      this.#tape.precede(reached(this.#core));
      journal.commit();
    } else journal.keepMark();
    const released = this.#waiting;
    if (released.length > 0) {
      this.#waiting = [];
      this.#record.add(released);
      for (const listener of [...this.#listeners]) listener(released);
    }
    if (journal.isSnapshotDue) journal.saveSnapshot(this.#core.state.seq, this.#core.state);
    this.#tape.flush();
  }

  async run(signal: AbortSignal): Promise<void> {
    const wake = (): void => this.#nudge.abort();
    signal.addEventListener('abort', wake);
    const { feed } = this.#ports;
    if (feed.kind === 'exchange') feed.live.onInput(wake);
    void this.#openings.begin().then(wake);
    this.#time.start();
    try {
      while (!signal.aborted) {
        this.#openings.keep(this.#symbols());
        this.#whole(() => this.#turn());
        if (this.#nudge.signal.aborted) this.#nudge = new AbortController();
        if (!signal.aborted) await this.#ports.wait(this.#time.restMs(), this.#nudge.signal);
      }
      this.#whole(() => this.#finish());
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  async untilProtected(trades: number, marketMsMax: number): Promise<void> {
    const { state } = this.#core;
    const end = this.#core.now + marketMsMax;
    const isHeld = (): boolean =>
      state.runs.some((run) => run.position?.protection === 'working' && run.trades >= trades);
    while (!isHeld() && this.#core.now < end) {
      for (let i = 0; i < TURN_STEPS && !isHeld(); i++) this.#time.runTo(this.#core.now + STEP_MS);
      this.#commit();
      await this.#ports.wait(0, this.#nudge.signal);
    }
  }

  onReleased(listener: (entries: readonly AnyEntry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async ask(ask: Ask, asking: Asking): Promise<Answer> {
    const { id, line, isDryRun } = asking;
    if (id === undefined || isDryRun === true) return this.#carryOut(ask, asking);
    const before = this.#asked.get(id);
    if (before !== undefined) {
      await before.catch(() => {});
      return this.#answers.find(id, line) ?? this.ask(ask, asking);
    }
    const known = this.#answers.find(id, line);
    if (known !== undefined) return known;
    const answer = this.#carryOut(ask, asking);
    this.#asked.set(id, answer);
    try {
      return await answer;
    } finally {
      this.#asked.delete(id);
    }
  }

  async #carryOut(ask: Ask, asking: Asking): Promise<Answer> {
    const definition = ask.do === 'start' ? await this.#strategyOf(ask.start.strategy) : undefined;
    if (definition !== undefined && 'code' in definition) return refusedBy(definition);
    const unfed = await this.#unfed(ask, definition);
    if (unfed !== undefined) return refusedBy(unfed);
    if (this.#isClosed) throw new InvariantError('Invariant: an engine is asked only while it is open');
    if (asking.isDryRun === true) {
      const rehearsal = rehearse(this.#core, this.#ports.feed, ask.do === 'trade' ? ask.symbol : undefined);
      if (definition !== undefined) rehearsal.learn(definition);
      const planned = planOf(ask, this.#ports, rehearsal.engine.core.state, definition);
      return planned.ok ? rehearsal.play(planned.plan.map(({ command }) => command)) : planned;
    }
    const repeated = this.#repeats.problem(ask, asking);
    if (repeated !== undefined) return { ok: false, refused: repeated };
    if (definition !== undefined) this.#definitions.set(definition.name, definition);
    const planned = planOf(ask, this.#ports, this.#core.state, definition);
    if (!planned.ok) return planned;
    return this.#whole(() => this.#carryOutPlan(planned.plan, ask, asking, definition));
  }

  #carryOutPlan(plan: Plan, ask: Ask, asking: Asking, definition: Definition | undefined): Answer {
    const { id = this.#newId(), line, who, face } = asking;
    let received = 0;
    let isTaken = true;
    for (const { part, command } of plan) {
      this.#time.own();
      received = this.#core.state.seq + 1;
      const made = command();
      this.#play.prepare(made);
      const refused = this.#play.engine.command(this.#core.now, made, { id: `${id}${part}`, who, face, line });
      this.#answers.add(`${id}${part}`, received);
      if (refused !== undefined) {
        isTaken = false;
        break;
      }
    }
    if (isTaken) {
      this.#repeats.add(ask, asking);
      if (definition !== undefined && ask.do === 'start') this.#ports.remember?.(ask.start.strategy, definition);
    }
    this.#finish();
    this.#nudge.abort();
    return this.#answers.at(received, false);
  }

  /** Why the prices that an ask needs cannot be had. */
  async #unfed(ask: Ask, definition: Definition | undefined): Promise<Refused | undefined> {
    const symbol = symbolOf(ask);
    if (symbol === undefined) return undefined;
    return await this.#openings.ensure(symbol, pastOf(ask, this.#ports, definition));
  }

  /** The strategy of a start. Two strategies of one name cannot work side by side. */
  async #strategyOf(nameOrPath: string) {
    const found = await this.#ports.find(nameOrPath);
    if ('code' in found) return found;
    const known = this.#definitions.get(found.name);
    if (known === undefined || known === found) return found;
    const isBusy = this.#core.state.runs.some((run) => run.strategy === found.name && run.state !== 'OFF');
    return isBusy ? clashOf(known, found) : found;
  }

  preview(symbol: string, draft: Draft): Preview {
    const { feed } = this.#ports;
    const sign = 'sign' in draft ? draft.sign : 1;
    const run = tradedRun(this.#core.state, symbol, draft);
    if (run !== undefined) return this.#asQuoted(this.#core, () => preview(this.#core, run, draft));
    const { engine, play } = rehearse(this.#core, feed, symbol);
    const planned = planOf({ do: 'trade', symbol, draft }, this.#ports, engine.core.state, undefined);
    if (!planned.ok) return { ok: false, sign, ...planned.refused };
    const answer = play(planned.plan.slice(0, -1).map(({ command }) => command));
    if (!answer.ok) return { ok: false, sign, ...answer.refused };
    const begun = engine.core.state.runs.at(-1);
    if (begun === undefined) throw new InvariantError('Invariant: a manual run was begun');
    const seen = this.#asQuoted(engine.core, () => preview(engine.core, begun, draft));
    return unnumbered(seen, symbol);
  }

  /** An exchange's quotes come all the time: one that is old is old. */
  #asQuoted<T>(core: Core, work: () => T): T {
    return this.#ports.feed.kind === 'exchange' ? asOf(core, this.#time.at, work) : asQuoted(core, work);
  }

  entries(query: JournalQuery): readonly AnyEntry[] {
    return [...this.#ports.journal.entries(query)];
  }

  async watch(symbols: readonly string[]): Promise<void> {
    this.#watched = [...new Set(symbols)].slice(0, WATCHED_MAX);
    this.#scene = undefined;
    const never = new AbortController().signal;
    await this.#openings.quoted(this.#watched, () => this.#ports.wait(LOOK_MS, never));
    this.#scene = undefined;
  }

  scene(): Scene {
    const now = this.#time.at;
    const { seq } = this.#core.state;
    const last = this.#scene;
    const madeAt = this.#ports.clock();
    const isFresh =
      last !== undefined && last.seq === seq && last.scene.now === now && madeAt - last.madeAt < SCENE_MS_MAX;
    if (isFresh) return last.scene;
    const scene = this.#picture(now);
    this.#scene = { seq, madeAt, scene };
    return scene;
  }

  #picture(now: number): Scene {
    const { mode, profile, feed, speed, strategies, commands, isDebugEnabled, system, journal } = this.#ports;
    const seen = this.#markets.at(this.#symbols(), now);
    return {
      link: 'up',
      linkAt: null,
      mode,
      profile,
      feed: feedLabel(feed, speed),
      now,
      state: this.#core.state,
      ...seen,
      runs: this.#asQuoted(this.#core, () => runFrames(this.#core)),
      accounts: accountFrames(this.#core, seen.markets),
      system: system(feedFrame(feed, speed, now), journal.lastSeq, exchangeOf(feed)),
      venueAccount: this.#ports.venueAccount?.() ?? null,
      ...this.#record.told,
      strategies,
      commands,
      isDebugEnabled,
    };
  }

  /** Symbols of runs and alerts, of whoever watches, and one where there is none. */
  #symbols(): readonly string[] {
    const { state } = this.#core;
    const { feed } = this.#ports;
    const wanted = [...state.runs, ...(state.alerts ?? [])].map(({ symbol }) => symbol);
    // What an exchange halted or delisted is not traded, and is shown.
    const isShown = (symbol: string): boolean =>
      feed.serves(symbol) || (feed.kind === 'exchange' && feed.instrument(symbol) !== undefined);
    const all = new Set([...wanted, ...this.#watched].filter(isShown));
    return all.size === 0 ? [feed.first] : [...all];
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { journal } = this.#ports;
    this.#commit();
    journal.saveSnapshot(this.#core.state.seq, this.#core.state);
    this.#tape.close(reached(this.#core));
  }
}

/** Orders are decided on the next quote, so what they would be is told as of the last one, however old it is by now. */
export function asQuoted<T>(core: Core, work: () => T): T {
  const quotedAt = core.market.list.reduce((last, { quote }) => Math.max(last, quote.at), Number.NEGATIVE_INFINITY);
  return asOf(core, Number.isFinite(quotedAt) ? Math.min(core.now, quotedAt) : core.now, work);
}

/** What would be at an instant; the engine's own stays. */
function asOf<T>(core: Core, at: number, work: () => T): T {
  const { now } = core;
  core.now = at;
  try {
    return work();
  } finally {
    core.now = now;
  }
}

const WATCHED_MAX = 50;
/** How often a quote that somebody waits for is looked for. */
const LOOK_MS = 20;
/** Where nothing happens the engine's own health is looked at so often. */
const SCENE_MS_MAX = 1_000;
/** How far untilProtected goes at once, and how often in a turn. */
const STEP_MS = 5_000;
const TURN_STEPS = 5_000;
