import { digitsOf } from '../base/decimal.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { Bodies, Kind } from '../domain/events.ts';
import type { Vote } from '../domain/evidence.ts';
import type { SignalSide } from '../domain/run.ts';
import { alertTitle, channelWhy } from './alert.ts';
import { moneyDigits } from './cell.ts';
import { denialText } from './denial.ts';
import { offsetTone } from './exchange.ts';
import { decimal, duration, exact, inRisk, percent, signed, UNKNOWN, utcShort } from './format.ts';
import { hasWord, type Locale, type Say, words } from './language.ts';
import type { Scene } from './scene.ts';
import { shortSymbol } from './select.ts';
import type { Cell, Tone } from './view.ts';
import * as entryWords from './words/entry.ts';
import * as common from './words/terms.ts';

interface Tongue {
  readonly say: Say<typeof entryWords.en>;
  readonly common: Say<typeof common.en>;
  readonly locale: Locale;
  /** A price with the digits of the tick, where that is known. */
  readonly price: (value: bigint) => string;
}

type Line<K extends Kind> = (body: Bodies[K], tongue: Tongue) => string;

const moneyText = (value: bigint): string => decimal(value, { digits: moneyDigits(value) });
const signedMoney = (value: bigint): string => signed(value, moneyDigits(value));

/** Words of the families `kind.` and `reason.` have nothing to fill in. */
const plain = (say: Tongue['say'], key: keyof typeof entryWords.en): string => (say as (key: string) => string)(key);

/** A reason of the domain in words; a sentence that an entry brings along stays as it is. */
export function reasonText(code: string, locale: Locale): string {
  const key = `reason.${code}`;
  return hasWord(entryWords, key) ? plain(words(entryWords, locale), key) : code.replaceAll('_', ' ');
}

function because(code: string, { say }: Tongue): string {
  const key = `reason.${code}`;
  return hasWord(entryWords, key) ? plain(say, key) : code.replaceAll('_', ' ');
}

const signalWord = (side: SignalSide, { common }: Tongue): string =>
  common(side === 0 ? 'hold' : side > 0 ? 'buy' : 'sell');
const positionWord = (side: 'long' | 'short', { common }: Tongue): string => common(side);
const orderSide = (side: 'buy' | 'sell', { say }: Tongue): string => say(side === 'buy' ? 'sideBuy' : 'sideSell');

/** Votes on the side that is taken, of those that were cast. */
function agreeing(side: SignalSide, votes: readonly Vote[]): number {
  let agree = 0;
  for (const { vote } of votes) if (side !== 0 && Math.sign(vote) === side) agree++;
  return agree;
}

type Opening = Pick<Bodies['position_opened'], 'after' | 'fill' | 'price' | 'risk' | 'fee'>;
const opened = ({ after, fill, price, risk, fee }: Opening, tongue: Tongue): string =>
  tongue.say('opened', {
    side: positionWord(after.side, tongue),
    qty: exact(fill),
    price: tongue.price(price),
    risk: moneyText(risk),
    fee: moneyText(fee),
  });

const signOf = (side: 'above' | 'below'): string => (side === 'above' ? '>=' : '<=');
const ofOrder = (body: { readonly order: number }, { say }: Tongue): string => say('order', { order: body.order });
const ofOrderWhy = (body: { readonly order: number; readonly reason: string }, tongue: Tongue): string =>
  tongue.say('orderWhy', { order: body.order, why: because(body.reason, tongue) });
const until = (at: number, { say }: Tongue): string => (at === 0 ? '' : say('until', { at: utcShort(at) }));

function typeWords(body: Bodies['order_intended'], { say, price }: Tongue): string {
  const type = { market: 'marketWord', limit: 'limitWord', stop: 'stopWord', target: 'targetWord' } as const;
  const parts: string[] = [say(type[body.type])];
  if (body.trigger !== undefined) parts.push(price(body.trigger));
  if (body.limit !== undefined) parts.push(`${body.side === 'buy' ? '<=' : '>='} ${price(body.limit)}`);
  if (body.tif !== 'gtc') parts.push(body.tif.toUpperCase());
  if (body.reduceOnly) parts.push(say('reduceOnly'));
  return parts.join(' ');
}

/** Where prices come from now, and why. */
function feedLine({ source, why }: Bodies['feed_switched'], { say }: Tongue): string {
  const from = say(`source.${source}`);
  return why === '' ? from : `${from}: ${why}`;
}

/** What broke; where prices come from instead, once they do. */
const brokenLine = (body: Bodies['feed_lost'], tongue: Tongue): string =>
  body.why === '' || body.source === 'rest' ? feedLine(body, tongue) : body.why;

function clockLine({ stepMs, offsetMs }: Bodies['clock_stepped'], { say }: Tongue): string {
  const offset = offsetMs === null ? UNKNOWN : signed(offsetMs, 0);
  const isFine = offsetMs !== null && offsetTone(offsetMs) !== 'bad';
  const said =
    offsetMs === null ? say('clockUnknown') : isFine ? say('clockFine', { offset }) : say('clockOff', { offset });
  return stepMs === null ? said : `${say('clockStep', { step: stepText(stepMs) })}; ${said}`;
}

/** `+1,200 ms`, `-1h00m`. */
function stepText(stepMs: number): string {
  if (Math.abs(stepMs) < 10_000) return `${signed(stepMs, 0)} ms`;
  return stepMs < 0 ? duration(stepMs) : `+${duration(stepMs)}`;
}

function marketLine({ status, instrument }: Bodies['instrument_changed'], { say }: Tongue): string {
  if (status !== 'trading') return say(status === 'halted' ? 'marketHalted' : 'marketDelisted');
  const { tick, step, qtyMin, base } = instrument;
  return say('marketTrading', { tick: exact(tick), step: exact(step), least: `${exact(qtyMin)} ${base}` });
}

const LINES: { readonly [K in Kind]?: Line<K> } = {
  epoch_started: ({ epoch, build }, { say }) => say('engine', { epoch, build }),
  account_opened: ({ account, balance, asset }, { say }) => say('account', { account, balance: exact(balance), asset }),
  run_started: ({ run, strategy, strategyVersion: version, symbol }, { say }) =>
    say('runStarted', { run, strategy, version, symbol }),
  run_ended: ({ reason }, tongue) => because(reason, tongue),
  warmed_up: ({ bars, needed, missing, side }, tongue) =>
    missing > 0
      ? tongue.say('warmUpLacks', { bars, missing })
      : tongue.say(needed === 0 ? 'warm' : 'warmedUp', { bars, needed, side: signalWord(side, tongue) }),
  feed_gap: ({ missing, from }, { say }) => say('gap', { missing, at: utcShort(from) }),
  feed_connected: feedLine,
  feed_lost: brokenLine,
  feed_stale: brokenLine,
  feed_switched: feedLine,
  clock_stepped: clockLine,
  instrument_changed: marketLine,
  signal_raised: ({ side, votes }, tongue) =>
    side === 0
      ? signalWord(side, tongue)
      : tongue.say('signal', {
          side: signalWord(side, tongue),
          agree: agreeing(side, votes),
          votes: votes.length,
        }),
  signal_confirmed: ({ side, confirmations: closes }, tongue) =>
    tongue.say('ready', { side: signalWord(side, tongue), closes }),
  signal_dropped: ({ side, reason }, tongue) =>
    tongue.say('dropped', { side: signalWord(side, tongue), reason: because(reason, tongue) }),
  entry_asked: ({ side, reason }, tongue) =>
    tongue.say('entryAsked', { side: positionWord(side, tongue), reason: because(reason, tongue) }),
  close_asked: ({ reason, why }, tongue) => {
    const first = because(reason, tongue);
    const second = because(why, tongue);
    return first === second || why === 'asked' ? first : tongue.say('closeAsked', { reason: first, why: second });
  },
  order_denied: (body, { say, locale }) => say('denied', { code: body.code, text: denialText(body, locale) }),
  order_intended: (body, tongue) =>
    tongue.say('intended', {
      side: orderSide(body.side, tongue),
      qty: exact(body.qty),
      type: typeWords(body, tongue),
      reason: because(body.reason, tongue),
    }),
  order_submitted: ofOrder,
  order_accepted: ofOrder,
  order_rejected: ({ order, code, why }, { say }) => say('orderWhy', { order, why: `${code} ${why}` }),
  order_filled: ({ fill, price: at, fee, slippageBps }, { say, price }) =>
    say('filled', {
      side: '',
      qty: exact(fill),
      price: price(at),
      fee: moneyText(fee),
      slip: decimal(slippageBps, { digits: 1 }),
    }),
  order_canceling: ofOrderWhy,
  order_canceled: ofOrderWhy,
  order_expired: ofOrderWhy,
  order_unknown: ofOrderWhy,
  position_opened: opened,
  position_increased: opened,
  position_flipped: opened,
  position_reduced: ({ fill, price, gross, after, reason }, tongue) =>
    tongue.say('reduced', {
      qty: exact(fill),
      price: tongue.price(price),
      gross: signedMoney(gross),
      left: exact(after.qty),
      reason: because(reason, tongue),
    }),
  position_closed: ({ side, qty, reason, pnl, r }, tongue) =>
    tongue.say('closed', {
      side: positionWord(side, tongue),
      qty: exact(qty),
      reason: because(reason, tongue),
      pnl: signedMoney(pnl),
      r: r === null ? '' : `  ${inRisk(r)}`,
    }),
  flip_incomplete: ({ closed, code }, { say }) => say('flipIncomplete', { closed, code }),
  liquidated: ({ mark, liquidation, loss }, { say, price }) =>
    say('liquidated', { mark: decimal(mark), liquidation: price(liquidation), loss: moneyText(loss) }),
  stop_placed: ({ order, trigger }, { say, price }) => say('stopPlaced', { order, trigger: price(trigger) }),
  stop_replaced: ({ order, was, trigger }, { say, price }) =>
    say('stopMoved', { order, was: price(was), trigger: price(trigger) }),
  trail_moved: ({ order, was, trigger }, { say, price }) =>
    say('stopMoved', { order, was: price(was), trigger: price(trigger) }),
  stop_triggered: ({ order, seen, trigger }, { say, price }) =>
    say('stopHit', { order, seen: decimal(seen), trigger: price(trigger) }),
  stop_lost: ({ order, why }, { say }) => say('orderWhy', { order, why }),
  funding_paid({ amount, rate, held }, tongue) {
    const paid = { amount: signedMoney(amount), rate: percent(rate, { digits: 4 }) };
    if (held === undefined) return tongue.say('funding', paid);
    return tongue.say('fundingThen', { ...paid, side: positionWord(held.side, tongue), qty: exact(held.qty) });
  },
  equity_marked: ({ equity, balance }, { say }) =>
    say('equity', { equity: moneyText(equity), balance: moneyText(balance) }),
  day_closed: ({ equity, pnl }, { say }) => say('day', { equity: moneyText(equity), pnl: signedMoney(pnl) }),
  limit_reached: (body, tongue) =>
    tongue.say('limit', {
      rule: because(body.rule, tongue),
      loss: moneyText(body.loss),
      max: moneyText(body.max),
      until: until(body.until, tongue),
    }),
  trading_paused({ reason, fault }, tongue) {
    const said = because(reason, tongue);
    return fault === undefined ? said : tongue.say('broken', { reason: said, fault });
  },
  trading_resumed: ({ reason }, tongue) => because(reason, tongue),
  halted: ({ reason }, tongue) => because(reason, tongue),
  resumed_by_operator: ({ from }, { say }) => say('resumed', { from }),
  lease_taken: ({ symbol, run }, { say }) => say('lease', { symbol, run }),
  lease_released: ({ symbol, run }, { say }) => say('lease', { symbol, run }),
  cooldown_started: (body, tongue) =>
    tongue.say('cooldown', { reason: because(body.reason, tongue), until: until(body.until, tongue) }),
  transferred: ({ amount, balance }, { say }) =>
    say('transferred', { amount: signedMoney(amount), balance: moneyText(balance) }),
  setting_changed: (_body, { say }) => say('settings'),
  command_received: ({ command, who, face }, { say }) => say('command', { command, who, face }),
  command_refused: ({ code, expected, found }, { say }) => say('refused', { code, expected, found }),
  run_switched: ({ observe }, { say }) => say(observe ? 'observing' : 'trading'),
  position_handed: ({ to }, { say }) => say('handed', { run: to }),
  position_taken: ({ from, position }, tongue) =>
    tongue.say('taken', {
      run: from,
      side: positionWord(position.sign === 1 ? 'long' : 'short', tongue),
      qty: exact(position.qty),
    }),
  alert_added: ({ alert, symbol, side, price }, { say }) =>
    say('alert', { alert, symbol, sign: signOf(side), price: exact(price) }),
  alert_removed: ({ alert }, { say }) => say('alertOff', { alert }),
  price_crossed: ({ symbol, side, price, seen }, { say }) =>
    say('crossed', { symbol, seen: decimal(seen), sign: signOf(side), price: exact(price) }),
  alert_raised: (body, { say, locale }) =>
    say('alertRaised', {
      alert: body.alert,
      priority: body.priority,
      title: alertTitle(body, locale),
      again: body.nth > 1 ? say('alertAgain', { nth: body.nth }) : '',
    }),
  alert_delivered: ({ alert, sink, isRepeat }, { say }) =>
    say('alertDelivered', { alert, sink, repeat: isRepeat ? say('alertRepeat') : '' }),
  alert_acknowledged: ({ alert, by }, { say }) => say('alertAnswered', { alert, by }),
  alert_suppressed: ({ rule, count, from, to }, { say }) =>
    say('alertSuppressed', { rule: rule.replaceAll('_', ' '), count, span: duration(to - from) }),
  alert_channel_told: ({ sink, state, why }, { say, locale }) =>
    state === 'back' ? say('channelBack', { sink }) : say('channelLost', { sink, why: channelWhy(why, locale) }),
  option_set: ({ option, text }, { say }) => say('option', { option, text }),
  note_added: ({ about, note }, { say }) => say('note', { about, note }),
};

/** What an entry says in one line, without its instant, number, kind and symbol. `tick`: that of its symbol. */
export function entryLine(entry: AnyEntry, locale: Locale, tick?: bigint): string {
  const line = LINES[entry.kind] as Line<Kind> | undefined;
  const digits = tick === undefined ? undefined : digitsOf(tick);
  const price = (value: bigint): string => (digits === undefined ? exact(value) : decimal(value, { digits }));
  const tongue = { say: words(entryWords, locale), common: words(common, locale), locale, price };
  return line === undefined ? fieldsLine(entry.body) : line(entry.body, tongue);
}

/** A kind that has no line of its own is told field by field. */
function fieldsLine(body: object): string {
  const told = Object.entries(body).filter(([, value]) => typeof value !== 'object');
  return told.map(([name, value]) => `${name} ${typeof value === 'bigint' ? exact(value) : value}`).join('  ');
}

/** The kind in a word or two; its code where it has none. */
export function kindText(kind: string, locale: Locale): string {
  const key = `kind.${kind}`;
  return hasWord(entryWords, key) ? plain(words(entryWords, locale), key) : kind;
}

const BAD: ReadonlySet<string> = new Set([
  'order_rejected',
  'order_unknown',
  'stop_lost',
  'liquidated',
  'halted',
  'flip_incomplete',
]);
const WARN: ReadonlySet<string> = new Set([
  'order_denied',
  'command_refused',
  'limit_reached',
  'feed_gap',
  'trading_paused',
  'cooldown_started',
  'feed_lost',
  'feed_stale',
]);
const QUIET: ReadonlySet<string> = new Set([
  'alert_delivered',
  'alert_suppressed',
  'command_received',
  'order_submitted',
  'order_accepted',
  'equity_marked',
]);

const ALERT_TONES = { HIGH: 'bad', MEDIUM: 'warn', LOW: 'plain' } as const;

/** What it means to whoever owns the account. */
export function entryTone(entry: AnyEntry): Tone {
  if (entry.kind === 'position_closed') return entry.body.pnl < 0n ? 'bad' : 'good';
  if (entry.kind === 'alert_raised') return ALERT_TONES[entry.body.priority];
  if (entry.kind === 'alert_channel_told') return entry.body.state === 'back' ? 'plain' : 'bad';
  if (entry.kind === 'instrument_changed') return entry.body.status === 'trading' ? 'plain' : 'bad';
  if (entry.kind === 'clock_stepped') return offsetTone(entry.body.offsetMs) === 'good' ? 'plain' : 'warn';
  if (BAD.has(entry.kind)) return 'bad';
  if (WARN.has(entry.kind)) return 'warn';
  return QUIET.has(entry.kind) ? 'muted' : 'plain';
}

/** What the symbol that an entry speaks of is called; empty where it is the account's own. */
export function entrySymbol(entry: AnyEntry, scene: Pick<Scene, 'state' | 'markets'>): string {
  const symbol =
    'symbol' in entry.body && typeof entry.body.symbol === 'string'
      ? entry.body.symbol
      : scene.state.runs.find((run) => run.run === entry.run)?.symbol;
  return symbol === undefined ? '' : shortSymbol(scene, symbol);
}

/** An entry never changes, and a log shows hundreds of them ten times a second. */
const told = new WeakMap<AnyEntry, { readonly locale: Locale; readonly kind: Cell; readonly line: Cell }>();

/** Kind, symbol and line of an entry as cells of a log. */
export function entryCells(
  entry: AnyEntry,
  scene: Pick<Scene, 'state' | 'markets'>,
  locale: Locale,
): readonly [Cell, Cell, Cell] {
  const name = entrySymbol(entry, scene);
  const symbol = { value: name, text: name };
  const known = told.get(entry);
  if (known?.locale === locale) return [known.kind, symbol, known.line];
  const run = scene.state.runs.find((each) => each.run === entry.run);
  const [kind, line] = cellsOf(entry, run?.instrument.tick, locale);
  if (entry.run === 0 || run !== undefined) told.set(entry, { locale, kind, line });
  return [kind, symbol, line];
}

function cellsOf(entry: AnyEntry, tick: bigint | undefined, locale: Locale): readonly [Cell, Cell] {
  const line = entryLine(entry, locale, tick);
  return [
    { value: entry.kind, text: kindText(entry.kind, locale), tone: entryTone(entry) },
    { value: locale === 'en' ? line : entryLine(entry, 'en', tick), text: line },
  ];
}
