import type { AnyEntry } from '../../domain/entry.ts';
import type { Bodies, Kind } from '../../domain/events.ts';
import type { QuoteEvidence, SizeEvidence, Vote } from '../../domain/evidence.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { decimal, duration, exact } from '../../view/format.ts';
import { readable } from '../refusal.ts';
import { heldWords, lineOf, orderWords } from './line.ts';
import { count, market, plainWords, shareOf, sideWord, signedMoney, time, votesLine } from './words.ts';

/** What the story needs to know of the run: its assets, where the journal tells them. */
export interface Assets {
  readonly base: string;
  readonly quote: string;
}

/** Empty names where the journal does not tell the instrument. */
export const assetsOf = (instrument: Pick<Instrument, 'base' | 'quote'> | undefined): Assets => ({
  base: instrument?.base ?? '',
  quote: instrument?.quote ?? '',
});

/** A sentence, and beneath it every number with its label. */
type Telling = readonly [headline: string, ...details: string[]];
type Tell<K extends Kind> = (body: Bodies[K], assets: Assets) => Telling;

const unit = (text: string, asset: string): string => (asset === '' ? text : `${text} ${asset}`);

const TELLINGS: { readonly [K in Kind]?: Tell<K> } = {
  signal_raised: (body) => [
    `The strategy's opinion became ${sideWord(body.side)}: ${body.reason}.`,
    candleText(body.candleAt, body.close),
    `votes: ${votesText(body.votes)}`,
    `values: ${valuesText(body.values)}`,
    `strength ${body.strength}, confidence ${decimal(body.confidence, { digits: 2 })}, on this side since ${time(body.startedAt)}`,
  ],
  signal_confirmed: (body) => [
    `The signal is READY: ${sideWord(body.side)} held for ${count(body.confirmations, 'closed candle')} in a row.`,
    ...(body.candleAt === undefined
      ? []
      : [`${candleText(body.candleAt, body.close)}, votes as before`, `values: ${valuesText(body.values ?? {})}`]),
    `on this side since ${time(body.startedAt)}; the strategy's own stop distance: ${body.stopDistance === null ? 'none' : rounded(body.stopDistance)}`,
  ],
  signal_dropped: (body) => [`The ${sideWord(body.side)} signal was dropped: ${plainWords(body.reason)}.`],
  warmed_up: (body) => [
    body.missing > 0
      ? `The warm-up found ${count(body.bars, 'candle')} (${body.needed} are needed): the run waits for ${body.missing} more.`
      : `The warm-up ended after ${count(body.bars, 'candle')} (${body.needed} were needed, ${body.missing} missing).`,
    `opinion: ${sideWord(body.side)}${body.votes.length === 0 ? '' : `, ${votesLine(body.votes)}`}; it is told and not acted upon`,
  ],
  order_denied: (body) => [
    `The ${body.side} ${body.role} was denied: ${body.code}.`,
    `expected: ${readable(body.expected)}`,
    `found: ${readable(body.found)}`,
    `what to do: ${body.fix}`,
  ],
  order_intended: (body, assets) => [
    `Order ${body.order} was decided: ${body.side} ${unit(exact(body.qty), assets.base)}, ${orderWords(body)}, because of ${plainWords(body.reason)}.`,
    ...quoteText(body.quote),
    ...sizeText(body.size, assets),
  ],
  order_filled: (body, assets) => [
    `Order ${body.order} was filled: ${unit(exact(body.fill), assets.base)} at ${exact(body.price)} (${body.liquidity}).`,
    `mid when it was decided: ${market(body.mid)}, slippage ${market(body.slippageBps, 2)} bps, fee ${feeText(body, assets)}`,
    `model: ${body.model}, trade ${body.trade}, at the venue ${time(body.venueAt)}, left to fill: ${exact(body.left)}`,
  ],
  position_opened: (body, assets) => openedText('opened', body, assets),
  position_increased: (body, assets) => openedText('grew', body, assets),
  position_flipped: (body, assets) => openedText(`opened after #${body.closed} closed the other side`, body, assets),
  position_reduced: (body, assets) => [
    `The position shrank by ${unit(exact(body.fill), assets.base)} at ${exact(body.price)}: ${plainWords(body.reason)}.`,
    `gross ${signedMoney(body.gross)}, fee ${exact(body.fee)}, left ${unit(exact(body.after.qty), assets.base)}, balance ${exact(body.balance)}`,
  ],
  position_closed: closedText,
  liquidated: (body, assets) => [
    `The venue liquidated the position: the mark ${market(body.mark)} reached ${exact(body.liquidation)}.`,
    `loss: ${unit(exact(body.loss), assets.quote)}`,
  ],
  stop_placed: (body) => [`The stop loss (order ${body.order}) works at ${exact(body.trigger)}.`],
  stop_replaced: (body) => [`The stop moved from ${exact(body.was)} to ${exact(body.trigger)} (order ${body.order}).`],
  trail_moved: (body) => [
    `The trailing stop moved from ${exact(body.was)} to ${exact(body.trigger)} (order ${body.order}).`,
  ],
  stop_triggered: (body) => [
    `The stop (order ${body.order}) was reached: ${market(body.seen)} was seen, the trigger is ${exact(body.trigger)}.`,
  ],
  stop_lost: (body) => [`The stop (order ${body.order}) was lost: ${body.why}.`],
  order_accepted: (body) => [`Order ${body.order} rests at the venue.`],
  order_canceled: (body) => [`Order ${body.order} was cancelled: ${plainWords(body.reason)}.`],
  order_expired: (body) => [`Order ${body.order} expired: ${plainWords(body.reason)}.`],
  funding_paid: (body, assets) => [
    `Funding: ${unit(signedMoney(body.amount), assets.quote)} at a rate of ${shareOf(body.rate)} on the mark ${market(body.mark)}${heldWords(body)}.`,
  ],
  cooldown_started: (body) => [`Entries pause until ${time(body.until)}: ${plainWords(body.reason)}.`],
  run_started: (body) => [
    `Run ${body.run} started: ${body.strategy} version ${body.strategyVersion} on ${body.symbol}, seed ${body.seed}.`,
    `parameters: ${
      Object.entries(body.params)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ') || 'none'
    }`,
    ...(body.strategySha256 === undefined ? [] : [`its file has the checksum ${body.strategySha256.slice(0, 16)}`]),
  ],
};

const candleText = (openAt: number, close: number | undefined): string =>
  `candle: opened ${time(openAt)}, closed at ${market(close ?? null)}`;

/** Every vote with its side and, where they differ, its weight. */
function votesText(votes: readonly Vote[]): string {
  if (votes.length === 0) return 'none';
  const isWeighted = votes.some(({ weight }) => weight !== votes[0]?.weight);
  const parts = votes.map(({ name, vote, weight }) => {
    const side = vote > 0 ? 'buy' : vote < 0 ? 'sell' : 'neither';
    return isWeighted ? `${name} ${side} (weight ${market(weight)})` : `${name} ${side}`;
  });
  return parts.join(', ');
}

function valuesText(values: Readonly<Record<string, number | null>>): string {
  const parts = Object.entries(values).map(([name, value]) => `${plainWords(name)} ${rounded(value)}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

/** An indicator is an average of many digits: 6 of them say enough, `--json` has all. */
function rounded(value: number | null): string {
  // Entries have no text for what is no number, whatever it was.
  if (value === null) return 'no number (not warm, or infinite)';
  const short = market(value);
  if (short.length <= 12) return short;
  const size = Math.abs(value);
  return size < 0.1 ? market(Number(value.toPrecision(6))) : market(value, size >= 1_000 ? 2 : 6);
}

function quoteText(quote: QuoteEvidence | undefined): string[] {
  if (quote === undefined) return [];
  const { bid, ask, mid, mark, source, ageMs, spreadBps } = quote;
  return [
    `quote: bid ${market(bid)}, ask ${market(ask)}, mid ${market(mid)}, mark ${market(Number.isFinite(mark) ? mark : null)}, spread ${market(spreadBps, 2)} bps, ${source}, ${market(ageMs)} ms old`,
  ];
}

function sizeText(size: SizeEvidence | undefined, { quote }: Assets): string[] {
  if (size === undefined) return [];
  const lines = [
    `size by ${plainWords(size.by)}: equity ${unit(exact(size.equity), quote)}, wanted ${exact(size.wanted)}, expected entry ${exact(size.entry)}${size.perUnit === undefined ? '' : `, loss of one unit at the stop with costs ${exact(size.perUnit)}`}`,
    `that is: notional ${exact(size.notional)}, margin ${exact(size.margin)}, at risk ${unit(exact(size.risk), quote)}${size.clippedBy === undefined ? '' : `; clipped by ${plainWords(size.clippedBy)}`}`,
  ];
  const exits = exitsText(size);
  return exits === '' ? lines : [...lines, `exits: ${exits}`];
}

interface Exits {
  readonly stopPrice?: bigint | undefined;
  readonly targetPrice?: bigint | undefined;
  readonly lossMax?: bigint | undefined;
  readonly liquidation?: bigint | undefined;
}

function exitsText({ stopPrice, targetPrice, lossMax, liquidation }: Exits): string {
  const parts: string[] = [];
  if (stopPrice !== undefined) parts.push(`stop ${exact(stopPrice)}`);
  if (targetPrice !== undefined) parts.push(`target ${exact(targetPrice)}`);
  if (lossMax !== undefined) parts.push(`max loss ${exact(lossMax)}`);
  if (liquidation !== undefined) parts.push(`liquidation ${exact(liquidation)}`);
  return parts.join(', ');
}

function feeText(body: Bodies['order_filled'], { base, quote }: Assets): string {
  return body.feeBase === undefined ? unit(exact(body.fee), quote) : unit(exact(body.feeBase), base);
}

function openedText(verb: string, body: Bodies['position_opened'], { base, quote }: Assets): Telling {
  const exits = exitsText(body);
  return [
    `The position ${verb}: ${body.after.side.toUpperCase()} ${unit(exact(body.after.qty), base)}, value ${unit(exact(body.after.cost), quote)}.`,
    `fill ${exact(body.fill)} at ${exact(body.price)}, fee ${exact(body.fee)}, balance after it ${exact(body.balance)}`,
    `risk ${exact(body.risk)}, ${exits === '' ? 'no stop and no target' : exits}, protection ${body.protection}`,
  ];
}

function closedText(body: Bodies['position_closed'], { base, quote }: Assets): Telling {
  const held = duration(body.exitAt - body.entryAt);
  return [
    `The position closed: ${body.side.toUpperCase()} ${unit(exact(body.qty), base)} by ${plainWords(body.reason)}, net ${unit(signedMoney(body.pnl), quote)}${body.r === null ? '' : ` (${market(body.r, 2)} R)`}.`,
    `entry ${exact(body.entryPrice)} at ${time(body.entryAt)}, exit ${exact(body.exitPrice)} at ${time(body.exitAt)}, held ${held}`,
    `net = gross ${signedMoney(body.gross)} - fees ${exact(body.fees)} + funding ${signedMoney(body.funding)}; balance after it ${exact(body.balance)}`,
    `worst while held ${market(body.mae, 2)}, best ${market(body.mfe, 2)}, before costs`,
    ...(body.dust === undefined ? [] : [`left as dust: ${unit(exact(body.dust), base)}`]),
  ];
}

/** The entry as a sentence and its numbers. */
export function tell(entry: AnyEntry, assets: Assets): Telling {
  const telling = TELLINGS[entry.kind] as Tell<Kind> | undefined;
  return telling === undefined ? [`${plainWords(entry.kind)}: ${lineOf(entry)}`] : telling(entry.body, assets);
}

const INPUTS: Readonly<Record<string, string>> = {
  open: 'The price that opened a candle of',
  range: 'The reach of a candle of',
  close: 'A candle closed:',
  quote: 'A quote of',
  mark: 'A mark price of',
  funding: 'Funding of',
  gap: 'A gap in',
};

/** A cause that is an input, in words: `BTC/USDT:USDT close 1746372840000`. */
export function tellInput(cause: string): string {
  const [, symbol, kind, at] = /^(\S+) (\w+) (\d+)$/.exec(cause) ?? [];
  const words = kind === undefined ? undefined : INPUTS[kind];
  if (words !== undefined && symbol !== undefined) return `${words} ${symbol} at ${time(Number(at))}.`;
  const [, what, when] = /^(.*) (\d{10,})$/.exec(cause) ?? [];
  return what === undefined ? `${cause}.` : `${plainWords(what)} at ${time(Number(when))}.`;
}
