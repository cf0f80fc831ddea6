import type { Ask, Asking, FaceCommand, StartAsk } from '../domain/ask.ts';
import type { Enter } from '../domain/command.ts';
import type { Draft, DraftSize } from '../domain/frame.ts';
import type { Costs, Limits, LossRule, RiskSettings, Sizing, StopRule, TargetRule } from '../domain/settings.ts';
import type { JournalQuery } from '../journal/journal.ts';
import type { Hello } from './protocol.ts';
import {
  aboveZero,
  bool,
  exact,
  finite,
  fromZero,
  int,
  list,
  object,
  oneOf,
  optional,
  pair,
  type Shape,
  type Shapes,
  tagged,
  text,
} from './shape.ts';

/** The member of a union whose `F` is `N`. */
type With<T, F extends string, N> = T extends { readonly [K in F]: infer V } ? (N extends V ? T : never) : never;
type By<T, N> = With<T, 'by', N>;
type Named<N> = With<FaceCommand, 'name', N>;

const symbol = text(64);
const name = text(64);
const run = int(0);

const sizing = tagged('by', {
  fraction: object<By<Sizing, 'fraction'>>({ by: text(16), fraction: aboveZero }),
  risk: object<By<Sizing, 'risk'>>({ by: text(16), risk: aboveZero }),
  qty: object<By<Sizing, 'qty'>>({ by: text(16), qty: aboveZero }),
});

const none = object<{ by: 'none' }>({ by: text(16) });

const stopRule = tagged('by', {
  fixed: object<By<StopRule, 'fixed'>>({ by: text(16), distance: aboveZero }),
  strategy: object<By<StopRule, 'strategy'>>({
    by: text(16),
    distance: aboveZero,
    distanceMin: fromZero,
    distanceMax: aboveZero,
  }),
  none,
});

const targetRule = tagged('by', {
  fixed: object<By<TargetRule, 'fixed'>>({ by: text(16), distance: aboveZero }),
  multiple: object<By<TargetRule, 'multiple'>>({ by: text(16), multiple: aboveZero }),
  none,
});

const lossRule = tagged('by', {
  amount: object<By<LossRule, 'amount'>>({ by: text(16), amount: aboveZero }),
  equity: object<By<LossRule, 'equity'>>({ by: text(16), fraction: aboveZero }),
  none,
});

const share = optional(fromZero);
const count = optional(finite);

const limits = object<Limits>({
  leverageMax: share,
  riskMax: share,
  reservedAccount: share,
  reservedRun: share,
  heat: share,
  positionsMax: count,
  dayBlock: share,
  dayFlatten: share,
  weekHalt: share,
  stopCooldownMs: count,
  stopsInRowMax: count,
  stopsInRowCooldownMs: count,
  stopsDayMax: count,
  entriesDayMax: count,
  ordersMinuteMax: count,
  flipsDayMax: count,
  quoteAgeMsMax: count,
  spreadBpsMax: count,
  costsOfStopMax: count,
  rewardMin: count,
  liquidationBuffer: count,
  gapBlock: optional(bool),
});

const riskSettings = object<RiskSettings>({
  sizing,
  leverage: aboveZero,
  stop: stopRule,
  target: targetRule,
  loss: lossRule,
  slippageCap: share,
  limits,
});

const costs = object<Costs>({
  makerRate: exact,
  takerRate: exact,
  spread: fromZero,
  slippage: fromZero,
  latencyMs: int(0, 3_600_000),
});

const draftSize = tagged('by', {
  settings: object<By<DraftSize, 'settings'>>({ by: text(16) }),
  qty: object<By<DraftSize, 'qty'>>({ by: text(16), qty: aboveZero }),
  notional: object<By<DraftSize, 'notional'>>({ by: text(16), notional: aboveZero }),
  fraction: object<By<DraftSize, 'fraction'>>({ by: text(16), fraction: aboveZero }),
  risk: object<By<DraftSize, 'risk'>>({ by: text(16), risk: aboveZero }),
});

const entryDraft = object<With<Draft, 'type', 'market'>>({
  type: text(16),
  sign: oneOf(1, -1),
  size: draftSize,
  limit: optional(aboveZero),
  postOnly: optional(bool),
  stopPrice: optional(aboveZero),
  targetPrice: optional(aboveZero),
  leverage: optional(aboveZero),
  noStop: optional(bool),
});

/** An order by hand. What it would lead to is the business of `review`. */
export const DRAFT: Shape = tagged('type', {
  market: entryDraft,
  limit: entryDraft,
  stop: object<With<Draft, 'type', 'stop'>>({ type: text(16), stopPrice: aboveZero }),
  target: object<With<Draft, 'type', 'target'>>({ type: text(16), targetPrice: aboveZero }),
});

/** Every command that a face may send: one that is added to the union does not compile until it stands here. */
const COMMANDS: { readonly [N in FaceCommand['name']]: Shapes<Named<N>> } = {
  stop_run: { name, run, position: oneOf('keep', 'flatten') },
  pause_run: { name, run, fault: optional(text(1_024)) },
  resume_run: { name, run },
  observe_run: { name, run, observe: bool },
  close_position: { name, run, qty: optional(aboveZero) },
  enter: {
    name,
    run,
    sign: oneOf(1, -1),
    noStop: bool,
    size: optional(draftSize),
    limit: optional(aboveZero),
    postOnly: optional(bool),
    stopPrice: optional(aboveZero),
    targetPrice: optional(aboveZero),
    leverage: optional(aboveZero),
  } satisfies Shapes<Enter>,
  flip_position: { name, run },
  cancel_order: { name, run, order: int(1) },
  change_settings: { name, run, riskSettings, now: optional(bool) },
  move_stop: { name, run, stopPrice: aboveZero },
  move_target: { name, run, targetPrice: aboveZero },
  hand_over: { name, run, to: run },
  transfer: { name, account: name, amount: exact },
  panic: { name, account: name },
  resume_account: { name, account: name },
  add_alert: { name, symbol, side: oneOf('above', 'below'), price: aboveZero },
  remove_alert: { name, alert: int(1) },
  acknowledge_alert: { name, alert: int(0), by: text(64) },
  test_alert: { name },
  deliver_alert: { name, alert: int(1), nth: int(1), sink: text(32), ref: text(128), isRepeat: bool },
  report_channel: { name, sink: text(32), state: oneOf('lost', 'back'), why: text(64) },
  set_option: { name, option: name, text: text(256) },
  note: { name, about: int(1), note: text(4_096) },
};

const command = tagged(
  'name',
  Object.fromEntries(Object.entries(COMMANDS).map(([of, shapes]) => [of, object(shapes as Shapes<unknown>)])),
);

const start = object<StartAsk>({
  strategy: text(4_096),
  params: list(pair(text(64), text(256)), 200),
  symbol,
  timeframe: optional(text(16)),
  seed: finite,
  risk: optional(riskSettings),
  observe: bool,
  balance: optional(aboveZero),
  costs: optional(costs),
});

/** What a client may ask, as it comes over the wire (see `packAsk`). */
export const ASK: Shape = tagged('do', {
  start: object<With<Ask, 'do', 'start'>>({ do: text(16), start }),
  trade: object<With<Ask, 'do', 'trade'>>({ do: text(16), symbol, draft: DRAFT }),
  command: object<With<Ask, 'do', 'command'>>({ do: text(16), command }),
});

/** Who asks. */
export const ASKING: Shape = object<Asking>({
  id: optional(text(128)),
  line: optional(text(131_072)),
  who: text(128),
  face: text(32),
  isDryRun: optional(bool),
});

/** Which entries are wanted; their number is bounded by the page, whatever stands here. */
export const QUERY: Shape = object<JournalQuery>({
  fromSeq: optional(int(0)),
  toSeq: optional(int(0)),
  fromAt: optional(finite),
  toAt: optional(finite),
  kinds: optional(list(name, 100)),
  run: optional(run),
  symbol: optional(symbol),
  limit: optional(int(0)),
  newest: optional(bool),
});

/** Symbols to watch. */
export const SYMBOLS: Shape = list(symbol, 100);

/** Other versions say `hello`, too: what it holds beside these is not looked at. */
const HELLO: Shapes<Hello> = {
  protocol: int(0),
  schema: text(64),
  stateVersion: int(0),
  build: text(64),
  role: oneOf('read', 'operate'),
  who: text(128),
  face: text(32),
  follow: oneOf('one', 'all'),
  isWhole: optional(bool),
  since: optional(int(0)),
};

/** The one message that clients of every version send. */
export const hello: Shape = (value, path) => {
  if (typeof value !== 'object' || value === null) return `${path}: expected an object`;
  for (const [key, shape] of Object.entries<Shape>(HELLO)) {
    const problem = shape((value as Record<string, unknown>)[key], `${path}.${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** What a face tells of its painting, for the System screen. */
export const PAINTING: Shape = object<{ paintedAt: number; skipped: number; lagMs: number }>({
  paintedAt: finite,
  skipped: int(0),
  lagMs: finite,
});
