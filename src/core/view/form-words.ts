import { text } from '../base/decimal.ts';
import type { Preview } from '../domain/frame.ts';
import type { Run } from '../domain/run.ts';
import type { FormState, Scene } from './scene.ts';

/** What was shown of a draft: what is sent must not differ from it. */
export interface SeenDraft {
  readonly preview: Preview;
  /** When it was shown, ms of the face's clock. */
  readonly at: number;
  /** The position of its symbol then. */
  readonly position: string;
}

/** A field is named as its option is: `maxLoss` -> `--max-loss=80`. What is empty, or `no`, is no option. */
export function optionOf(name: string, text: string): readonly string[] {
  const given = text.trim();
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (given === '' || given === 'no') return [];
  return given === 'yes' ? [`--${flag}`] : [`--${flag}=${given}`];
}

/** The command that a form of settings or of a start stands for, with what was typed as its options. */
export function wordsOfForm(
  { form, inputs }: Pick<FormState, 'form' | 'inputs'>,
  { run }: { readonly run: Run | undefined },
): readonly string[] {
  const options = Object.entries(inputs).flatMap(([name, text]) => optionOf(name, text));
  if (form === 'auto') return ['auto', 'start', ...options];
  return ['risk', 'set', ...(run === undefined ? [] : [`--run=${run.run}`]), ...options];
}

/** What was on the screen longer than that is not sent without another look. */
const QUOTE_AGE_MS_MAX = 2_000;
/** As shares: a price moves with each tick; a size at a fixed stop, and the margin with it, several times as far. */
const PRICE_MOVE_MAX = 0.001;
const MARGIN_MOVE_MAX = 0.01;

/**
 * How a fresh preview differs from what was seen, as a key of words; undefined where it may be sent. On a market that
 * passes `speed` times as fast as a hand moves, prices go the square root of it further meanwhile, as a random walk does.
 * A stop or target that is moved (`isMove`) has its price as it was typed: only another position makes it another draft.
 */
export function changeOf(
  seen: SeenDraft | undefined,
  fresh: { readonly preview: Preview; readonly at: number },
  position: string,
  speed: number,
  isMove = false,
): 'priceMoved' | 'quoteOld' | 'draftChanged' | undefined {
  const before = seen?.preview;
  const after = fresh.preview;
  if (seen === undefined || before?.ok !== true || !after.ok) return 'draftChanged';
  if (before.sign !== after.sign || seen.position !== position) return 'draftChanged';
  if (isMove) return undefined;
  const haste = Math.sqrt(Math.max(1, speed));
  const priceMoveMax = PRICE_MOVE_MAX * haste;
  if (isMoved(before.mid, after.mid, priceMoveMax)) return 'priceMoved';
  if (isMoved(Number(before.price), Number(after.price), priceMoveMax)) return 'priceMoved';
  if (isMoved(Number(before.margin), Number(after.margin), MARGIN_MOVE_MAX * haste)) return 'draftChanged';
  return fresh.at - seen.at > QUOTE_AGE_MS_MAX ? 'quoteOld' : undefined;
}

const isMoved = (before: number, after: number, shareMax: number): boolean =>
  Math.abs(after - before) > Math.abs(before) * shareMax;

/** What is looked at while a form is filled in. */
interface Looked {
  readonly scene: Scene;
  readonly symbol: string | undefined;
}

/** The position of the symbol that is traded, as text that differs where it does. */
export function positionText({ scene, symbol }: Looked): string {
  const held = scene.state.runs.filter((run) => run.symbol === symbol && run.position !== undefined);
  return held.map(({ run, position }) => `${run}:${position?.sign}:${position?.qty}`).join(' ');
}

/**
 * What a command line acts on, as far as its words name it: an order, a strategy, a symbol with what is held of it, a run,
 * an account. Whoever confirms it is told, on a screen where something else may be marked.
 */
export function subjectText(words: readonly string[], { state, profile }: Scene): string {
  const named = (flag: string): string | undefined =>
    words.includes(flag) ? words[words.indexOf(flag) + 1] : undefined;
  const run = state.runs.find((each) => `${each.run}` === named('--run'));
  const held = run?.position;
  const told = [
    words[0] === 'orders' && words[2],
    named('--strategy'),
    named('--symbol') ?? run?.symbol,
    held !== undefined && `${held.sign === 1 ? '+' : '-'}${text(held.qty)}`,
    run !== undefined && `#${run.run}`,
    // Also where a sandbox is looked at, panic is of the profile's own accounts.
    named('--account') ?? (words[0] === 'panic' && profile),
  ];
  return told.filter((part) => typeof part === 'string').join(' ');
}

/** What must be typed before risk is raised: nothing on paper, the asset of the symbol (`BTC`) in live. */
export function expectsIn({ scene, symbol }: Looked): string {
  return scene.mode === 'LIVE' ? ((symbol ?? scene.profile).split('/')[0] ?? '') : '';
}

/**
 * The symbol that a typed text stands for: one of the choices, its asset alone (`eth`), or a name in full. An asset that
 * is no choice has the quote of the symbol in view. Undefined where it stands for none.
 */
export function symbolOf(
  text: string,
  choices: readonly { readonly value: string; readonly label: string }[] | undefined,
  inView: string | undefined,
): string | undefined {
  const given = text.trim().toUpperCase();
  const known = (choices ?? []).map(({ value }) => value);
  const found = known.find((name) => name === given) ?? known.find((name) => name.startsWith(`${given}/`));
  if (found !== undefined) return found;
  const quote = inView?.slice(inView.indexOf('/'));
  if (/^[A-Z0-9]{2,12}$/.test(given)) return quote?.startsWith('/') === true ? `${given}${quote}` : undefined;
  return /^[A-Z0-9]{2,12}\/[A-Z0-9]{2,8}(:[A-Z0-9]{2,8})?$/.test(given) ? given : undefined;
}
