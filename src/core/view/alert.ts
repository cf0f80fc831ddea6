import type { AlertBody, AlertFacts, OpenAlert } from '../domain/alert.ts';
import { moneyDigits } from './cell.ts';
import { type DenialTold, denialFix, denialText } from './denial.ts';
import { reasonText } from './entry-line.ts';
import { decimal, duration, inRisk, signed, UNKNOWN, utcTime } from './format.ts';
import { hasWord, type Locale, type Say, words } from './language.ts';
import type { Scene } from './scene.ts';
import type { Tone } from './view.ts';
import * as alertWords from './words/alert.ts';
import * as common from './words/terms.ts';

/** An alert in words: the same in every face. Lines are short enough for a phone. */
export interface AlertText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: Tone;
}

/** What an alert is told of: its entry, or the open alert of the state. */
export type ToldAlert = AlertBody & { readonly at: number; readonly seq: number };

interface Tongue {
  readonly say: Say<typeof alertWords.en>;
  readonly common: Say<typeof common.en>;
  readonly locale: Locale;
  readonly alert: ToldAlert;
  readonly facts: AlertFacts;
  /** Hash of the entry that it is about, where the face knows it. */
  readonly witness: string | undefined;
}

/** Title, lines and meaning of an alert in a language. `scene` says whose it is. */
export function alertText(
  alert: ToldAlert,
  scene: Pick<Scene, 'mode' | 'profile' | 'witnesses'>,
  locale: Locale,
): AlertText {
  const say = words(alertWords, locale);
  const witness = scene.witnesses?.find(({ seq }) => seq === alert.of)?.hash;
  const tongue: Tongue = { say, common: words(common, locale), locale, alert, facts: alert.facts, witness };
  const where = say('where', { mode: scene.mode.toLowerCase(), profile: scene.profile });
  const again = alert.nth > 1 ? [say('again', { nth: alert.nth })] : [];
  const lines = (LINES[alert.rule]?.(tongue) ?? []).filter((line) => line !== '');
  const stamp = `#${alert.of}  ${utcTime(alert.at).slice(11)} UTC`;
  return { title: `${alertTitle(alert, locale)}  ${where}`, lines: [...lines, ...again, stamp], tone: toneOf(alert) };
}

/** The first line, without whose it is. */
export function alertTitle({ rule, facts, symbol }: AlertBody, locale: Locale): string {
  const say = words(alertWords, locale);
  const tongue = { say, common: words(common, locale), locale, facts };
  const key = `title.${titleOf(rule, facts)}`;
  if (!hasWord(alertWords, key)) return rule.replaceAll('_', ' ');
  const filling = {
    side: sideText(facts, tongue),
    base: baseOf(symbol),
    pnl: pnlText(facts),
    code: textOf(facts, 'code'),
    rule: reasonText(textOf(facts, 'limitRule'), locale),
    reason: reasonText(textOf(facts, 'reason'), locale),
    status: statusText(textOf(facts, 'status'), say),
    sign: facts.side === 'above' ? '>=' : '<=',
    price: exactOf(facts, 'price'),
    sink: textOf(facts, 'sink'),
    epoch: numberOf(facts, 'epoch'),
    count: numberOf(facts, 'count'),
  };
  return (say as (key: string, filling: object) => string)(key, filling).trim();
}

/** One rule may have two titles: what went wrong, and that it is well again. */
function titleOf(rule: string, { isUp, isOff, isHalted, side }: AlertFacts): string {
  if (rule === 'feed_lost') return isUp === true ? 'feed_back' : 'feed_lost';
  if (rule === 'clock_off') return isOff === true ? 'clock_off' : 'clock_well';
  if (rule === 'halted') return isHalted === true ? 'halted' : 'halt_lifted';
  if (rule === 'position_flipped') return side === 'flat' ? 'flip_incomplete' : rule;
  return rule;
}

function toneOf({ priority, facts }: AlertBody): Tone {
  if (priority === 'HIGH') return 'bad';
  if (typeof facts.pnl === 'bigint') return facts.pnl < 0n ? 'bad' : 'good';
  return priority === 'MEDIUM' ? 'warn' : 'plain';
}

const baseOf = (symbol: string): string => symbol.split('/')[0] ?? '';
const textOf = (facts: AlertFacts, name: string): string => {
  const value = facts[name];
  return typeof value === 'string' ? value : '';
};
const numberOf = (facts: AlertFacts, name: string): number => {
  const value = facts[name];
  return typeof value === 'number' ? value : 0;
};

/** Exact values and plain numbers as they are; what nobody knows is `?`. */
function exactOf(facts: AlertFacts, name: string): string {
  const value = facts[name];
  return typeof value === 'bigint' || typeof value === 'number' ? decimal(value) : UNKNOWN;
}

function money(facts: AlertFacts, name: string): string {
  const value = facts[name];
  return typeof value === 'bigint' ? decimal(value, { digits: moneyDigits(value) }) : UNKNOWN;
}

function signedMoney(facts: AlertFacts, name: string): string {
  const value = facts[name];
  return typeof value === 'bigint' ? signed(value, moneyDigits(value)) : UNKNOWN;
}

/** `-51.02  -1.01 R` */
function pnlText(facts: AlertFacts): string {
  if (typeof facts.pnl !== 'bigint') return '';
  const money = signed(facts.pnl, moneyDigits(facts.pnl));
  return typeof facts.r === 'number' ? `${money}  ${inRisk(facts.r)}` : money;
}

function sideText({ side }: AlertFacts, { common }: Pick<Tongue, 'common'>): string {
  if (typeof side === 'number') return common(side > 0 ? 'buy' : side < 0 ? 'sell' : 'hold');
  if (side === 'long' || side === 'short' || side === 'buy' || side === 'sell' || side === 'flat') return common(side);
  return '';
}

const statusText = (status: string, say: Tongue['say']): string =>
  status === 'halted' || status === 'delisted' ? say(`status.${status}`) : status;

/** The signal that led here. */
function whyLine({ facts, say, common }: Tongue): string {
  const { agree, votes, strength, signal, strategy } = facts;
  const name = typeof strategy === 'string' ? strategy : '';
  if (typeof agree !== 'number' || typeof votes !== 'number')
    return name === '' ? '' : say('whyShort', { strategy: name });
  const side = sideText({ side: signal ?? null }, { common });
  const force = strength === 'weak' || strength === 'normal' || strength === 'strong' ? strength : undefined;
  const said = force === undefined ? '' : say(`strength.${force}`);
  return say('why', { strategy: name, side, agree, votes, strength: said }).trimEnd();
}

const openedLines = (tongue: Tongue): string[] => {
  const { facts, say } = tongue;
  const { stopPrice, targetPrice, protection } = facts;
  const none = tongue.common('none');
  const stop = stopPrice === null ? none : exactOf(facts, 'stopPrice');
  const target = targetPrice === null ? none : exactOf(facts, 'targetPrice');
  const isNaked = protection === 'lost' || protection === 'waived';
  return [
    say('size', {
      qty: exactOf(facts, 'qty'),
      price: exactOf(facts, 'price'),
      leverage: exactOf(facts, 'leverage'),
      fee: money(facts, 'fee'),
    }),
    say('exits', { stop, target }),
    say('risk', { risk: money(facts, 'risk') }),
    isNaked ? say('unprotected', { protection: tongue.common(protection) }) : '',
    whyLine(tongue),
  ];
};

const closedLines = ({ facts, say, locale }: Tongue): string[] => [
  say('trade', {
    entry: exactOf(facts, 'entryPrice'),
    exit: exactOf(facts, 'exitPrice'),
    qty: exactOf(facts, 'qty'),
    span: duration(numberOf(facts, 'heldMs')),
  }),
  say('costs', {
    gross: signedMoney(facts, 'gross'),
    fees: money(facts, 'fees'),
    funding: signedMoney(facts, 'funding'),
  }),
  say('reason', { reason: reasonText(textOf(facts, 'reason'), locale) }),
];

function flippedLines(tongue: Tongue): string[] {
  const { facts, say } = tongue;
  const before =
    facts.pnl === undefined ? '' : say('before', { pnl: pnlText(facts), exit: exactOf(facts, 'exitPrice') });
  return facts.side === 'flat' ? [textOf(facts, 'code'), before] : [...openedLines(tongue), before];
}

function deniedLines(tongue: Tongue): string[] {
  const { facts, locale } = tongue;
  const denial: DenialTold = {
    code: textOf(facts, 'code'),
    expected: textOf(facts, 'expected'),
    found: textOf(facts, 'found'),
    fix: textOf(facts, 'fix'),
  };
  return [denialText(denial, locale), denialFix(denial, locale), whyLine(tongue)];
}

const orderLine = ({ facts, say }: Tongue): string =>
  say('orderWhy', { order: numberOf(facts, 'order'), why: textOf(facts, 'why') });

/** Why a sink says that it is lost; a code that has no words stands for itself. */
export function channelWhy(why: string, locale: Locale): string {
  const key = `lost.${why}`;
  return hasWord(alertWords, key) ? (words(alertWords, locale) as (key: string) => string)(key) : why;
}

const LINES: Readonly<Record<string, (tongue: Tongue) => readonly string[]>> = {
  signal_ready: (tongue) => [
    whyLine(tongue),
    tongue.say('confirmed', { closes: numberOf(tongue.facts, 'confirmations') }),
  ],
  signal_dropped: (tongue) => [
    tongue.say('reason', { reason: reasonText(textOf(tongue.facts, 'reason'), tongue.locale) }),
    whyLine(tongue),
  ],
  position_opened: openedLines,
  position_closed: closedLines,
  position_flipped: flippedLines,
  stop_hit(tongue) {
    const inRow = numberOf(tongue.facts, 'stopsInRow');
    return [...closedLines(tongue), inRow > 1 ? tongue.say('stopsRow', { count: inRow }) : ''];
  },
  stop_lost: (tongue) => [orderLine(tongue), tongue.say('nakedFix')],
  order_denied: deniedLines,
  order_rejected: (tongue) => [orderLine(tongue)],
  order_unknown: ({ facts, say }) => [say('orderIs', { order: numberOf(facts, 'order'), qty: exactOf(facts, 'qty') })],
  day_loss({ facts, say }) {
    const until = numberOf(facts, 'until');
    const next = until > 0 ? say('until', { at: utcTime(until).slice(0, 16) }) : say('byHand');
    return [say('limit', { loss: money(facts, 'loss'), max: money(facts, 'max') }), next];
  },
  halted: ({ facts, say }) => (facts.isHalted === true ? [say('byHand')] : []),
  liquidated: ({ facts, say }) => [
    say('liquidation', {
      mark: exactOf(facts, 'mark'),
      price: exactOf(facts, 'liquidation'),
      loss: money(facts, 'loss'),
    }),
  ],
  liquidation_near: ({ facts, say }) => [
    say('nearer', {
      liquidation: exactOf(facts, 'liquidation'),
      stop: exactOf(facts, 'stopPrice'),
      entry: exactOf(facts, 'entryPrice'),
    }),
    say('nearerFix'),
  ],
  channel_lost: ({ facts, say, locale }) => [
    channelWhy(textOf(facts, 'why'), locale),
    say('untaken', { count: numberOf(facts, 'waiting'), at: utcTime(numberOf(facts, 'since')).slice(0, 16) }),
    say('channelFix'),
  ],
  channel_back: ({ facts, say }) => [say('arrives', { span: duration(numberOf(facts, 'awayMs')) })],
  feed_stale: ({ facts, say }) => [
    say('since', { at: utcTime(numberOf(facts, 'downAt')).slice(11) }),
    say('noEntries'),
  ],
  feed_lost({ facts, say }) {
    if (facts.isUp === true) return [say('away', { span: duration(numberOf(facts, 'awayMs')) })];
    return [say('source', { source: textOf(facts, 'source'), why: textOf(facts, 'why') }).trim()];
  },
  feed_gap: ({ facts, say }) => [
    say('missing', { count: numberOf(facts, 'missing'), at: utcTime(numberOf(facts, 'from')).slice(0, 16) }),
  ],
  clock_off: ({ facts, say }) => [
    say('offset', { offset: typeof facts.offsetMs === 'number' ? signed(facts.offsetMs, 0) : UNKNOWN }),
  ],
  strategy_broken: ({ facts, say }) => [textOf(facts, 'fault'), say('brokenFix')],
  price_crossed: ({ facts, say }) => [say('seen', { seen: exactOf(facts, 'seen') })],
  daily_summary: ({ facts, say, alert, witness }) => [
    say('summary', { equity: money(facts, 'equity'), balance: money(facts, 'balance') }),
    say('counts', { positions: numberOf(facts, 'positions'), trades: numberOf(facts, 'trades') }),
    say('witness', { seq: `${alert.of}` }),
    witness === undefined ? '' : say('witnessHash', { hash: witness.slice(0, WITNESS_DIGITS) }),
  ],
  engine_started: ({ facts, say }) => [
    say('resumed', { seq: numberOf(facts, 'resumedFrom'), build: textOf(facts, 'build') }),
    facts.isHeld === true ? say('held') : '',
  ],
  digest: ({ facts, say }) => [say('parts', { rules: textOf(facts, 'rules').replaceAll('_', ' ') })],
  test: ({ say }) => [say('testLine')],
};

/** Half of a hash: as much as a phone has room for, and more than anybody can make match. */
const WITNESS_DIGITS = 32;

/** Open alerts that a banner may show, the most urgent first: HIGH before others, then the newest. */
export function bannerAlerts({ state, now }: Pick<Scene, 'state' | 'now'>): readonly OpenAlert[] {
  const open = (state.alarm?.open ?? []).filter(
    ({ priority, expiresAt }) => priority === 'HIGH' || expiresAt > (now ?? 0),
  );
  const newest = open.toReversed();
  return [
    ...newest.filter(({ priority }) => priority === 'HIGH'),
    ...newest.filter(({ priority }) => priority !== 'HIGH'),
  ];
}

/** An alert in one line: `HIGH STOPPED SHORT BTC  -51.02  -1.01 R  +2 more`. */
export function bannerText(alert: OpenAlert, others: number, locale: Locale): string {
  const say = words(alertWords, locale);
  const said = say('banner', { priority: alert.priority, title: alertTitle(alert, locale) });
  const more = others > 0 ? `  ${say('more', { count: others })}` : '';
  return alert.priority === 'HIGH' ? `${said}${more}   ${say('keyAnswer')}` : `${said}${more}`;
}
