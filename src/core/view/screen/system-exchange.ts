import type { ExchangeFrame, StreamFrame } from '../../domain/frame.ts';
import { clockText, count, fact, known, plain, share, unknown, word } from '../cell.ts';
import { isMuchUsed, isStandIn, isUnsure, offsetTone, silenceMs, weightShare } from '../exchange.ts';
import { age, decimal, duration } from '../format.ts';
import { words } from '../language.ts';
import type { Ui } from '../scene.ts';
import type { Cell, Fact, FactsBlock, Row, TableBlock, Tone } from '../view.ts';
import * as exchangeWords from '../words/exchange.ts';
import { millis } from './millis.ts';

const LATENCY_MS_MAX = 1_000;
const BAR_LENGTH = 5;

const tongue = ({ locale }: Ui) => words(exchangeWords, locale);

const STATE_TONES: Readonly<Record<ExchangeFrame['state'], Tone>> = {
  up: 'good',
  degraded: 'warn',
  down: 'bad',
  banned: 'bad',
};

/** The exchange that prices come from: where it is, how it answers, what it allows, and how far its clock is off. */
export function exchangeBlock(exchange: ExchangeFrame, now: number, ui: Ui): FactsBlock {
  const say = tongue(ui);
  const { name, title, state, proxy, latencyMsP50, latencyMsP99 } = exchange;
  const standIn = isStandIn(exchange) ? [word('stand_in', say('standIn'), 'warn')] : [];
  return {
    kind: 'facts',
    id: 'exchange',
    title: `${say('exchange')}  ${title}`,
    area: 'half',
    rank: 0,
    lines: known([
      [
        fact('state', say('state'), [word(state, say(`state.${state}`), STATE_TONES[state])]),
        fact('name', '', [plain(name, 'muted')], 5),
      ],
      silenceFacts(exchange, now, ui),
      [fact('clock', say('clock'), clockCells(exchange, ui))],
      [fact('weight', say('weight'), weightCells(exchange, ui))],
      [
        fact('latency', say('latency'), [millis(latencyMsP50)], 2),
        fact('latencySlow', say('latencySlow'), [millis(latencyMsP99, LATENCY_MS_MAX)], 3),
      ],
      [
        fact('endpoint', say('endpoint'), [endpointCell(exchange, ui), ...standIn], standIn.length > 0 ? 0 : 3),
        fact('proxy', say('proxy'), [proxy === null ? word('none', say('noProxy'), 'muted') : plain(proxy)], 4),
      ],
      countFacts(exchange, ui),
      [fact('lastError', say('lastError'), errorCells(exchange, now, ui), exchange.lastError === null ? 4 : 1)],
    ]),
  };
}

/** What is told where no address was configured. */
const OWN_HOSTS = 'the venue';

const endpointCell = ({ endpoint }: ExchangeFrame, ui: Ui): Cell =>
  endpoint === OWN_HOSTS ? word(endpoint, tongue(ui)('ownHosts')) : plain(endpoint);

function silenceFacts(exchange: ExchangeFrame, now: number, ui: Ui): readonly Fact[] | undefined {
  const left = silenceMs(exchange, now);
  if (left === null)
    return exchange.state === 'banned' ? [fact('silence', tongue(ui)('silence'), [unknown()])] : undefined;
  const text = tongue(ui)('inAt', { span: duration(left), at: clockText(now + left, ui) });
  return [fact('silence', tongue(ui)('silence'), [{ value: left, text, tone: 'bad' }])];
}

/** How far ahead or behind, and how much that may be off; what is unknown or too far off says what comes of it. */
function clockCells({ offsetMs, offsetErrorMs }: ExchangeFrame, ui: Ui): readonly Cell[] {
  const say = tongue(ui);
  if (offsetMs === null) return [{ value: null, text: '?', tone: 'bad' }, word('unknown', say('clockUnknown'), 'bad')];
  const tone = offsetTone(offsetMs);
  const ms = decimal(Math.abs(offsetMs), { digits: 0 });
  const error = offsetErrorMs === null ? '?' : decimal(offsetErrorMs, { digits: 0 });
  return known([
    { value: offsetMs, text: say(offsetMs < 0 ? 'behind' : 'ahead', { ms }), tone: tone === 'good' ? 'plain' : tone },
    { value: offsetErrorMs, text: say('within', { error }), tone: isUnsure(offsetErrorMs) ? 'warn' : 'muted' },
    tone === 'bad' && word('no_entry', say('clockBad'), 'bad'),
  ]);
}

/** `412 of 2,400  17 %` and a bar. */
function weightCells(exchange: ExchangeFrame, ui: Ui): readonly Cell[] {
  const { weightUsed, weightMax } = exchange;
  const part = weightShare(exchange);
  if (part === null) return [count(weightUsed)];
  const tone: Tone = isMuchUsed(part) ? 'warn' : 'plain';
  const used = decimal(weightUsed);
  return [
    { value: weightUsed, text: tongue(ui)('of', { used, max: decimal(weightMax) }), tone },
    share(part, false, tone, 0),
    { value: null, text: bar(part), tone: tone === 'plain' ? 'muted' : tone },
  ];
}

function bar(part: number): string {
  const full = Math.max(0, Math.min(BAR_LENGTH, Math.floor(part * BAR_LENGTH)));
  return '\u2588'.repeat(full) + '\u2591'.repeat(BAR_LENGTH - full);
}

/** What is well is told last of all, and leaves first. */
function countFacts(exchange: ExchangeFrame, ui: Ui): readonly Fact[] {
  const say = tongue(ui);
  const { reconnects, resyncs, surprises, dropped, refused } = exchange;
  const counted = (
    name: 'reconnects' | 'resyncs' | 'surprises' | 'dropped' | 'refused',
    value: number,
    isBad: boolean,
  ) => fact(name, say(name), [count(value, isBad && value > 0 ? 'warn' : undefined)], value > 0 ? 2 : 5);
  return [
    counted('reconnects', reconnects, false),
    counted('resyncs', resyncs, false),
    counted('surprises', surprises, false),
    counted('dropped', dropped, true),
    counted('refused', refused, true),
  ];
}

function errorCells({ lastError }: ExchangeFrame, now: number, ui: Ui): readonly Cell[] {
  const say = tongue(ui);
  if (lastError === null) return [word('none', say('noError'), 'muted')];
  const { at, text } = lastError;
  return [{ value: at, text: say('ago', { age: age(Math.max(0, now - at)) }), tone: 'muted' }, plain(text, 'warn')];
}

const STREAM_TONES: Readonly<Record<StreamFrame['state'], Tone>> = {
  opening: 'muted',
  live: 'good',
  quiet: 'plain',
  silent: 'bad',
  lost: 'bad',
  polled: 'warn',
};

/** Where there is no room for all, those that are wrong are seen. */
const WORST: readonly StreamFrame['state'][] = ['lost', 'silent', 'polled', 'opening', 'quiet', 'live'];

/** Every channel of every symbol that is watched, the worst first. */
export function streamsBlock({ streams }: ExchangeFrame, now: number, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'streams',
    title: say('streams'),
    area: 'half',
    rank: 1,
    columns: [
      { name: 'symbol', title: say('symbol') },
      { name: 'channel', title: say('channel') },
      { name: 'state', title: '' },
      { name: 'age', title: say('age'), align: 'right', rank: 1 },
    ],
    rows: streams
      .toSorted((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))
      .map((stream) => streamRow(stream, now, ui)),
    empty: say('noStream'),
    least: 4,
  };
}

function streamRow({ symbol, channel, state, lastAt }: StreamFrame, now: number, ui: Ui): Row {
  const say = tongue(ui);
  const oldMs = lastAt === null ? null : Math.max(0, now - lastAt);
  return {
    key: `${symbol} ${channel}`,
    cells: [
      plain(symbol),
      word(channel, say(`channel.${channel}`)),
      word(state, say(`stream.${state}`), STREAM_TONES[state]),
      { value: oldMs, text: oldMs === null ? say('never') : age(oldMs), tone: oldMs === null ? 'muted' : 'plain' },
    ],
  };
}
