import { isResting } from '../domain/order.ts';
import type { Run } from '../domain/run.ts';
import type { AlertText } from './alert.ts';
import { decimal, duration, utcTime } from './format.ts';
import { type Locale, type Say, words } from './language.ts';
import type { Scene } from './scene.ts';
import * as alertWords from './words/telegram-alert.ts';
import * as terms from './words/terms.ts';

type Known = Pick<Scene, 'mode' | 'profile' | 'state'>;

/** An engine that does not answer: since when and for how long by the face's clock, ms. */
export interface Silence {
  readonly since: number;
  readonly forMs: number;
  readonly isFirst: boolean;
}

const whoseOf = ({ mode, profile }: Known): string => `${mode.toLowerCase()} ${profile}`;

/** What is known of an engine that does not answer: what is open, and which stops rest without it. */
export function engineLostText(scene: Known, { since, forMs, isFirst }: Silence, locale: Locale): AlertText {
  const say = words(alertWords, locale);
  const { state, mode } = scene;
  const holding = state.runs.filter(({ position }) => position !== undefined);
  const held = holding.map((run) => heldLine(run, mode === 'LIVE', locale));
  const rest = mode === 'LIVE' ? say('engineOnly') : say('paper');
  return {
    title: `${isFirst ? say('lost') : say('lostStill')}  ${whoseOf(scene)}`,
    lines: [
      say('lostSince', { at: clockOf(since), span: duration(forMs) }),
      ...(holding.length === 0 ? [say('flat')] : [...held, rest]),
      say('lastEntry', { seq: state.seq, at: clockOf(state.at) }),
    ],
    tone: 'bad',
  };
}

/** It answers again. `epoch` is that of a new start; undefined where it ran on. */
export function engineBackText(scene: Known, awayMs: number, epoch: number | undefined, locale: Locale): AlertText {
  const say = words(alertWords, locale);
  const { state } = scene;
  const span = duration(awayMs);
  const line = epoch === undefined ? say('backSame', { span }) : say('backNew', { span, epoch });
  const stamp = `#${state.seq}  ${clockOf(state.at)} UTC`;
  return { title: `${say('back')}  ${whoseOf(scene)}`, lines: [line, stamp], tone: 'warn' };
}

function heldLine(run: Run, isLive: boolean, locale: Locale): string {
  const say = words(alertWords, locale);
  const { position, symbol } = run;
  if (position === undefined) return '';
  const side = words(terms, locale)(position.sign === 1 ? 'long' : 'short');
  const held = say('held', { base: symbol.split('/')[0] ?? '', side, qty: decimal(position.qty) });
  return `${held}  ${stopText(run, isLive, say)}`;
}

/** On paper nothing rests anywhere but in the engine: its price is told all the same. */
function stopText({ orders }: Run, isLive: boolean, say: Say<typeof alertWords.en>): string {
  const stop = orders.find(({ role, trigger }) => role === 'stop' && trigger !== undefined);
  if (stop === undefined) return say('naked');
  const price = decimal(stop.trigger);
  if (!isLive) return `SL ${price}`;
  return isResting(stop) ? say('rests', { price }) : say('unsure', { price });
}

const clockOf = (at: number): string => utcTime(at).slice(11);
