import type { RunFrame } from '../../domain/frame.ts';
import { MANUAL, type Run } from '../../domain/run.ts';
import { clock, clockText, fact, known, plain, share, span, word } from '../cell.ts';
import { type DenialTold, denialText } from '../denial.ts';
import { reasonText } from '../entry-line.ts';
import { decimal } from '../format.ts';
import { type Locale, words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Focus } from '../select.ts';
import { shortTimeCell } from '../short-time.ts';
import { stateCell } from '../status.ts';
import type { Cell, Fact, FactsBlock, Tone } from '../view.ts';
import * as autoWords from '../words/auto.ts';
import * as commonWords from '../words/terms.ts';

/** BUY, HOLD or SELL in the language. */
export const sideWord = (side: number, locale: Locale): string =>
  words(commonWords, locale)(side === 0 ? 'hold' : side > 0 ? 'buy' : 'sell');

const sideTone = (side: number): Tone => (side === 0 ? 'muted' : side > 0 ? 'good' : 'bad');

/** `BUY 4/6`, `HOLD`: the side with the votes that agree. */
export function signalCell(side: number, votes: readonly { readonly vote: number }[], locale: Locale): Cell {
  const said = sideWord(side, locale);
  const code = side === 0 ? 'HOLD' : side > 0 ? 'BUY' : 'SELL';
  if (side === 0 || votes.length === 0) return word(code, said, sideTone(side));
  const agreeing = votes.filter(({ vote }) => vote === side).length;
  return word(`${code} ${agreeing}/${votes.length}`, `${said} ${agreeing}/${votes.length}`, sideTone(side));
}

/** State, signal with its real duration and votes, and the decision with its reason. */
export function signalBlock(scene: Scene, focus: Focus, ui: Ui): FactsBlock {
  const say = words(autoWords, ui.locale);
  const { run, runFrame } = focus;
  const lines: (readonly Fact[])[] = [];
  if (run !== undefined) {
    const state = fact('state', say('state'), [stateCell(run, ui.locale)]);
    lines.push([state, ...nextClose(scene, run, runFrame, ui)]);
  }
  if (run !== undefined && run.strategy !== MANUAL) lines.push(...opinionLines(scene, run, runFrame, ui));
  lines.push([fact('decision', say('decision'), [decisionOf(scene, focus, ui)])]);
  return {
    kind: 'facts',
    id: 'signal',
    title: say('signal'),
    area: 'side',
    rank: 1,
    lines,
    packed: packedLines(lines),
  };
}

/** Signal and next close, votes, decision; the state stands in the status line, READY in the decision. */
function packedLines(lines: readonly (readonly Fact[])[]): FactsBlock['packed'] {
  const nextClose = lines.flat().filter(({ name }) => name === 'nextClose');
  const gone = ['state', 'nextClose', 'ready', 'confidence'];
  const kept = lines.map((line) => line.filter(({ name }) => !gone.includes(name)));
  return kept
    .filter((line) => line.length > 0)
    .map((line) => (line[0]?.name === 'signal' ? [...line, ...nextClose] : line).map(packedFact));
}

/** How long a side has held says more than since when. */
function packedFact(given: Fact): Fact {
  if (given.name === 'since') return { ...given, label: '', cells: given.cells.slice(-1) };
  return given.name === 'votes' ? { ...given, rank: 1 } : given;
}

/** When the forming candle closes, for a run that decides on closes. */
export function nextClose({ now }: Scene, run: Run, frame: RunFrame | undefined, { locale }: Ui): readonly Fact[] {
  if (run.strategy === MANUAL || now === null || frame?.nextCloseAt == null) return [];
  return [fact('nextClose', words(autoWords, locale)('nextClose'), [span(Math.max(0, frame.nextCloseAt - now))], 4)];
}

function opinionLines(scene: Scene, run: Run, frame: RunFrame | undefined, ui: Ui): readonly (readonly Fact[])[] {
  const say = words(autoWords, ui.locale);
  if (!run.warmedUp) {
    const bars = decimal(frame?.bars);
    const said = say('candles', { bars, needed: decimal(frame?.barsNeeded) });
    return [[fact('signal', say('warming'), [{ value: frame?.bars ?? null, text: said, tone: 'muted' }])]];
  }
  const { startedAt } = run.signal;
  const side = frame?.side ?? run.signal.side;
  const heldMs = scene.now === null ? null : scene.now - startedAt;
  return known([
    [
      fact('signal', '', [signalCell(side, frame?.votes ?? [], ui.locale)]),
      fact('since', say('since'), [clock(startedAt, ui), span(heldMs)]),
    ],
    frame !== undefined && frame.votes.length > 0 && [fact('votes', '', frame.votes.map(voteCell), 3)],
    frame !== undefined && side !== 0 && strengthFacts(frame, ui),
  ]);
}

/** `ema+ htf- volume\u00b7`: a sign, not a colour, tells the side. */
function voteCell({ name, vote }: { readonly name: string; readonly vote: number }): Cell {
  const sign = vote > 0 ? '+' : vote < 0 ? '-' : vote === 0 ? '\u00b7' : '?';
  const tone: Tone = vote > 0 ? 'good' : vote < 0 ? 'bad' : 'muted';
  return { value: `${name}${sign === '\u00b7' ? '0' : sign}`, text: `${name}${sign}`, tone };
}

/** Confidence stands behind the votes and is not shown on HOLD: 4/6 says more than 0.67. */
function strengthFacts(frame: RunFrame, { locale }: Ui): readonly Fact[] {
  const say = words(autoWords, locale);
  const { streak, confirmations, strength, confidence } = frame;
  const isReady = streak >= confirmations;
  const said = isReady ? say('ready', { count: confirmations }) : say('readyWaits', { streak, count: confirmations });
  return [
    fact('ready', '', [{ value: streak, text: said, tone: isReady ? 'accent' : 'plain' }]),
    fact(
      'confidence',
      say('conf'),
      [
        { value: share(confidence).value, text: decimal(confidence, { digits: 2 }), tone: 'muted' },
        word(strength, say(`strength.${strength}`), 'muted'),
      ],
      7,
    ),
  ];
}

/** What the run does now and why, or why not. The first that holds is said. */
export function decisionOf(scene: Scene, focus: Focus, ui: Ui): Cell {
  const say = words(autoWords, ui.locale);
  const { run, account } = focus;
  if (run === undefined) return word('none', say('decide.none'), 'muted');
  const reason = reasonText(account?.safetyReason ?? '', ui.locale);
  if (run.pending?.kind === 'close') {
    return word('closing', say('decide.closing', { reason: reasonText(run.pending.reason, ui.locale) }), 'warn');
  }
  if (run.flip !== undefined) return word('flipping', say('decide.flipping'), 'warn');
  if (account?.safety === 'HALTED') return word('halted', say('decide.halted', { reason }), 'bad');
  if (run.position !== undefined && run.state === 'RUNNING') return holds(focus, run, ui);
  if (account?.safety === 'REDUCING') return word('reducing', say('decide.reducing', { reason }), 'warn');
  if (run.state !== 'RUNNING') return idle(run, ui);
  return waiting(scene, focus, run, ui);
}

/** What the signal means to an open position: exits are told beside it. */
function holds({ runFrame }: Focus, { position, signal, strategy }: Run, { locale }: Ui): Cell {
  const say = words(autoWords, locale);
  if (strategy === MANUAL || position === undefined) return word('held', say('decide.held'));
  const side = runFrame?.side ?? signal.side;
  if (side === position.sign) return word('agrees', say('decide.agrees'));
  if (side === 0) return word('neutral', say('decide.neutral'));
  const said = sideWord(side, locale);
  return signal.ready
    ? word('opposed', say('decide.opposed', { side: said }), 'warn')
    : word('against', say('decide.against', { side: said }), 'warn');
}

function idle({ state, position }: Run, { locale }: Ui): Cell {
  const say = words(autoWords, locale);
  if (state === 'OBSERVING') return word('observing', say('decide.observing'));
  if (state === 'PAUSED') return word('paused', say('decide.paused'), 'warn');
  if (position === undefined) return word('off', say('decide.off'), 'muted');
  return word('off_kept', say('decide.offKept'), 'warn');
}

/** A flat run that may trade: on its way in, kept away, or without a reason to go. */
function waiting(scene: Scene, { runFrame }: Focus, run: Run, ui: Ui): Cell {
  const say = words(autoWords, ui.locale);
  if (run.pending !== undefined) return word('entering', say('decide.entering'), 'accent');
  if (run.orders.some(({ role }) => role === 'entry')) return word('working', say('decide.works'), 'accent');
  if (scene.now !== null && run.cooldownUntil > scene.now) {
    return word('cooldown', say('decide.cooldown', { at: clockText(run.cooldownUntil, ui) }), 'warn');
  }
  if (run.strategy === MANUAL) return word('manual', say('decide.manual'), 'muted');
  if (!run.warmedUp) return word('warming', say('decide.warming'), 'muted');
  const side = runFrame?.side ?? run.signal.side;
  if (side === 0) return word('hold', say('decide.hold'), 'muted');
  const said = sideWord(side, ui.locale);
  const denial = lastDenialOf(scene, run);
  if (denial !== undefined && run.signal.ready && denial.at >= run.signal.startedAt) {
    const why = denialText({ code: denial.code }, ui.locale);
    return word('denied', say('decide.denied', { side: said, why }), 'warn');
  }
  const left = runFrame === undefined ? 0 : runFrame.confirmations - runFrame.streak;
  if (left > 0 && !run.signal.ready) return word('candidate', say('decide.candidate', { side: said, count: left }));
  const isOld = run.ordersMade === 0 && run.signal.startedAt <= run.startedAt;
  return word(isOld ? 'old' : 'used', say(isOld ? 'decide.old' : 'decide.used', { side: said }), 'muted');
}

/** A denial with its numbers, where its entry is still at hand. */
export function lastDenialOf(
  scene: Scene,
  run: Run,
): (DenialTold & { readonly at: number; readonly seq: number }) | undefined {
  const last = run.lastDenial;
  if (last === undefined) return undefined;
  const entry = scene.entries.findLast(({ seq }) => seq === last.seq);
  return entry?.kind === 'order_denied' ? { ...last, ...entry.body } : last;
}

/** The last denial as cells: instant, code, plain words with its numbers. */
export function denialCells(scene: Scene, run: Run, ui: Ui): readonly Cell[] {
  const denial = lastDenialOf(scene, run);
  if (denial === undefined) return [];
  return [
    shortTimeCell(denial.at, scene.now, ui),
    plain(denial.code, 'warn'),
    word(denial.code, denialText(denial, ui.locale)),
  ];
}
