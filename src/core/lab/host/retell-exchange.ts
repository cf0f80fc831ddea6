import type { AnyEntry } from '../../domain/entry.ts';
import type { MarketFrame } from '../../domain/frame.ts';
import type { Input } from '../../domain/input.ts';
import type { State } from '../../domain/state.ts';
import { DAY_MS, type Speed } from '../../domain/time.ts';
import type { Core } from '../../engine/core.ts';
import { createEngine } from '../../engine/engine.ts';
import { symbolMarket } from '../../engine/market.ts';
import { createSpeaker } from '../../engine/speech.ts';
import { advance } from '../../engine/step.ts';
import type { Definition } from '../../strategy/definition.ts';
import type { Venue } from '../../venue/venue.ts';
import type { Scene } from '../../view/scene.ts';
import { createStory, type Story } from './story.ts';

/** The tape of an epoch on an exchange: every input is on it. */
export interface RetoldExchange {
  readonly timeframeMs: number;
  readonly build: string;
  /** Its number, where it is not the one after the last. */
  readonly epoch?: number | undefined;
  /** How fast the market passed: 1 but on loopback. */
  readonly speed: Speed;
  /** The instant of the first entry of the epoch. */
  readonly beginsAt: number;
  /** The state before the epoch, and the entries of the day that led to it. */
  readonly state: State;
  readonly before: readonly AnyEntry[];
  readonly inputs: Iterable<{ readonly n: number; readonly at: number; readonly input: Input }>;
  readonly venue: (core: () => Core) => Venue;
  readonly definitionOf: (strategy: string) => Definition | undefined;
  readonly append: (entry: AnyEntry) => void;
  /** The story ends with this entry, and no later than at this instant. */
  readonly toSeq: number;
  readonly toAt: number;
  /** Called now and then; true ends it. */
  readonly turn: (done: number) => Promise<boolean>;
}

/** How a tale stood at its end. */
export interface Told {
  readonly core: Core;
  readonly story: Story;
  /** False where it was ended from outside. */
  readonly isWhole: boolean;
}

const INPUTS_A_TURN = 4_096;

/** Plays an epoch on an exchange again, input by input. */
export async function retellExchange(retold: RetoldExchange): Promise<Told> {
  const { state, venue, definitionOf, timeframeMs, toSeq, toAt } = retold;
  const append = (entry: unknown): void => retold.append(entry as AnyEntry);
  const engine = createEngine(
    { append, venue: (_state, core) => venue(core), definitionOf, speaker: createSpeaker(retold.speed) },
    state,
    () => timeframeMs,
  );
  const { core } = engine;
  if (state.seq === 0) core.now = retold.beginsAt;
  engine.startEpoch(retold.build, retold.epoch);
  engine.settle();
  const story = createStory(engine, timeframeMs);
  story.begin((from) => retold.before.filter(({ at }) => at >= from));
  const told = (isWhole: boolean): Told => ({ core, story, isWhole });
  for (const { n, at, input } of retold.inputs) {
    if (at > toAt || state.seq >= toSeq) break;
    if (n <= core.inputs) continue;
    core.wakeAt = Math.min(core.wakeAt, core.venue.dueAt);
    // Reports and commands come from the venue of the tape.
    if (input.kind === 'report' || input.kind === 'command') advance(core, at);
    else story.give(input);
    if (core.inputs % INPUTS_A_TURN === 0 && (await retold.turn(core.inputs))) return told(false);
  }
  if (state.seq < toSeq) advance(core, toAt);
  return told(true);
}

/** Markets and candles as a tale of an exchange left them. */
export function toldMarkets(
  { core, story }: Told,
  symbols: readonly string[],
  timeframeMs: number,
): Pick<Scene, 'markets' | 'candles'> {
  return {
    markets: symbols.flatMap((symbol) => marketOf(core, story, symbol, timeframeMs) ?? []),
    candles: Object.fromEntries(symbols.map((symbol) => [symbol, story.closed(symbol).slice(-1_500)])),
  };
}

const known = (value: number): number | null => (Number.isFinite(value) ? value : null);

function marketOf(core: Core, story: Story, symbol: string, timeframeMs: number): MarketFrame | undefined {
  const instrument = core.state.runs.findLast((run) => run.symbol === symbol)?.instrument;
  if (instrument === undefined) return undefined;
  const { quote } = symbolMarket(core.market, symbol);
  const rows = story.closed(symbol);
  const before = rows.findLast(([openAt]) => openAt <= core.now - DAY_MS - timeframeMs)?.[4];
  const mid = known(quote.mid);
  return {
    symbol,
    instrument,
    source: quote.source,
    isSimulated: false,
    bid: known(quote.bid),
    ask: known(quote.ask),
    bidQty: known(quote.bidQty),
    askQty: known(quote.askQty),
    mid,
    last: rows.at(-1)?.[4] ?? mid,
    quoteAt: known(quote.at),
    mark: known(quote.mark),
    markAt: known(quote.markAt),
    fundingRate: null,
    nextFundingAt: null,
    change: mid === null || before === undefined ? null : mid / before - 1,
    depth: null,
    timeframeMs,
    forming: null,
  };
}
