import type { Run } from '../domain/run.ts';
import { clock, clockText, fact, plain, span, word } from './cell.ts';
import { FEED_TONES, feedWord, offsetOf, offsetTone, silenceMs } from './exchange.ts';
import { age, duration, signed, UNKNOWN } from './format.ts';
import { type Locale, words } from './language.ts';
import { problemsOf } from './problem.ts';
import type { Scene, Ui } from './scene.ts';
import { type Freshness, focusOf, focusOnSymbol, freshnessOf } from './select.ts';
import type { Cell, Fact, NoteBlock, Tone } from './view.ts';
import * as statusWords from './words/status.ts';
import * as commonWords from './words/terms.ts';

/**
 * The line over every screen, the same in all of them: MODE, account and feed, state, ages of the sources, the engine,
 * the clock in the chosen zone, and how many things are wrong.
 */
export function statusOf(scene: Scene, ui: Ui): readonly Fact[] {
  const say = words(statusWords, ui.locale);
  const { run, account } = focusOf(scene, ui);
  const { symbol, market, run: traded } = focusOnSymbol(scene, ui);
  const fresh = freshnessOf(scene, market, traded ?? run);
  const name = account?.account ?? scene.profile;
  const facts: Fact[] = [
    fact('mode', '', [word(scene.mode, scene.mode, scene.mode === 'LIVE' ? 'warn' : 'accent')]),
    fact('account', '', [plain(scene.feed === '' ? name : `${name}@${scene.feed}`)]),
  ];
  if (run !== undefined) facts.push(fact('state', '', [stateCell(run, ui.locale)]));
  if (account !== undefined) facts.push(fact('safety', '', [safetyCell(account.safety, ui.locale)]));
  const feed = scene.link === 'none' ? undefined : feedFact(scene, ui);
  if (feed !== undefined) facts.push(feed);
  facts.push(
    fact('engine', scene.link === 'up' ? say('engine') : '', [engineCell(scene, ui)], scene.link === 'up' ? 4 : 0),
  );
  if (symbol !== undefined && scene.link !== 'none') facts.push(...agesOf(fresh, ui));
  facts.push(...offsetFacts(scene, ui));
  const zone = word(ui.zone.name, ui.zone.name, 'muted');
  if (scene.now !== null) facts.push(fact('clock', '', [clock(scene.now, ui), zone], 1));
  facts.push(fact('problems', '', [problemsCell(scene, ui)]));
  return facts;
}

/** How many things are wrong: without an engine nobody knows. */
function problemsCell(scene: Scene, ui: Ui): Cell {
  if (scene.link === 'none') return { value: null, text: `!${UNKNOWN}`, tone: 'muted' };
  const { length } = problemsOf(scene, ui);
  return { value: length, text: `!${length}`, tone: length === 0 ? 'muted' : 'bad' };
}

/** Prices that do not come as they should: it is said at any width. A feed that ended has a note. */
function feedFact(scene: Scene, { locale }: Ui): Fact | undefined {
  const state = feedWord(scene);
  if (state === undefined || state === 'up' || state === 'ended') return undefined;
  const say = words(statusWords, locale);
  const { system } = scene;
  const left = state === 'banned' && system?.exchange !== undefined ? silenceMs(system.exchange, system.wallAt) : null;
  const cells = [word(state, say(`feed.${state}`), FEED_TONES[state]), ...(left === null ? [] : [span(left, 'bad')])];
  return fact('feed', say('feedWordLabel'), cells);
}

/** How far the venue's clock is ahead of ours: of an exchange where it is off or not known, always in LIVE. */
function offsetFacts({ mode, system }: Scene, { locale }: Ui): readonly Fact[] {
  const offset = offsetOf(system);
  if (offset === undefined) return [];
  const tone = offsetTone(offset);
  const isOff = tone !== 'good' && system?.exchange !== undefined;
  if (!isOff && (mode !== 'LIVE' || offset === null)) return [];
  const label = words(statusWords, locale)('clock');
  const said = offset === null ? UNKNOWN : `${signed(offset, 0)}ms`;
  const cell: Cell = { value: offset, text: said, tone: tone === 'good' ? 'muted' : tone };
  return [fact('offset', label, [cell], isOff ? 1 : 5)];
}

/** `RUNNING`, or `OFF, position kept`. */
export function stateCell({ state, position }: Run, locale: Locale): Cell {
  const said = words(commonWords, locale)(state);
  if (state === 'OFF' && position !== undefined) {
    return word('OFF_POSITION_KEPT', words(statusWords, locale)('keptPosition', { state: said }), 'warn');
  }
  const tone: Tone = state === 'RUNNING' ? 'good' : state === 'PAUSED' ? 'warn' : state === 'OFF' ? 'muted' : 'plain';
  return word(state, said, tone);
}

export function safetyCell(safety: 'ACTIVE' | 'REDUCING' | 'HALTED', locale: Locale): Cell {
  const tone: Tone = safety === 'ACTIVE' ? 'good' : safety === 'REDUCING' ? 'warn' : 'bad';
  return word(safety, words(commonWords, locale)(safety), tone);
}

/** Uptime, or what has become of the engine. */
function engineCell({ link, system }: Scene, { locale }: Ui): Cell {
  const say = words(statusWords, locale);
  if (link === 'none') return word('none', say('noEngine'), 'bad');
  if (link === 'lost') return word('lost', say('lostEngine'), 'bad');
  const upMs = system === null ? null : Math.max(0, system.wallAt - system.startedAt);
  return { value: upMs, text: duration(upMs), tone: 'muted' };
}

function agesOf(fresh: Freshness, { locale }: Ui): readonly Fact[] {
  const say = words(statusWords, locale);
  return [
    fact('quote', say('quote'), [ageCell(fresh.quoteMs, fresh.quoteMsMax)], 2),
    fact('mark', say('mark'), [ageCell(fresh.markMs, fresh.markMsMax)], 3),
  ];
}

/** An age: `0.2s`, and with a tone where it is past its limit. */
export function ageCell(ageMs: number | null, ageMsMax: number): Cell {
  const tone: Tone = ageMs === null ? 'muted' : ageMs > ageMsMax ? 'warn' : 'plain';
  return { value: ageMs, text: age(ageMs), tone };
}

/** What stands over the blocks where the engine is not there, is lost, or its prices are old. */
export function notesOf(scene: Scene, ui: Ui): readonly NoteBlock[] {
  const say = words(statusWords, ui.locale);
  if (scene.link === 'none') {
    const lines = [say('noEngineWhat', { profile: scene.profile }), say('noEngineFix')];
    return [note('no-engine', say('titleNoEngine'), 'warn', lines)];
  }
  if (scene.link === 'lost') {
    const lines = [say('lostWhat'), say('lostFix')];
    return [note('lost-engine', say('titleLost'), 'bad', lines)];
  }
  if (scene.system?.feed.state === 'ended') {
    return [note('feed-ended', say('titleFeed'), 'muted', [say('feedEnded', { feed: scene.feed })])];
  }
  // A halted symbol has no fresh prices, and that is why.
  const halted = haltedNote(scene, ui);
  return halted.length > 0 ? halted : staleNote(scene, ui);
}

/** The venue does not trade the symbol in view. */
function haltedNote(scene: Scene, ui: Ui): readonly NoteBlock[] {
  const say = words(statusWords, ui.locale);
  const { market, symbol = '' } = focusOnSymbol(scene, ui);
  const status = market?.status;
  if (status !== 'halted' && status !== 'delisted') return [];
  const what = say('haltedWhat', { symbol, status: say(`symbol.${status}`) });
  const lines = [what, status === 'halted' ? say('haltedFix') : say('delistedFix')];
  return [note('halted', say('titleHalted'), 'bad', lines)];
}

function staleNote(scene: Scene, ui: Ui): readonly NoteBlock[] {
  const say = words(statusWords, ui.locale);
  const { market, run, symbol } = focusOnSymbol(scene, ui);
  const fresh = freshnessOf(scene, market, run);
  if (!fresh.isStale || symbol === undefined) return [];
  const { quoteMs, quoteMsMax } = fresh;
  const line =
    quoteMs === null || quoteMs <= quoteMsMax
      ? say('staleAll', { feed: scene.feed })
      : say('staleWhat', { symbol, age: age(quoteMs), limit: age(quoteMsMax) });
  return [note('stale', say('titleStale'), 'warn', [line, ...nextLines(scene, ui)])];
}

/** What happens next by itself: of an exchange alone, where the market is looked at. */
function nextLines(scene: Scene, ui: Ui): readonly string[] {
  const say = words(statusWords, ui.locale);
  const { system } = scene;
  if (system?.exchange === undefined || ui.screen !== 'market') return [];
  const { exchange } = system;
  const { title } = exchange;
  const at = system.wallAt;
  const left = silenceMs(exchange, at);
  const isBanned = exchange.state === 'banned';
  const next = isBanned
    ? left === null
      ? say('staleBannedOpen', { title })
      : say('staleBanned', { title, at: clockText(at + left, ui), span: duration(left) })
    : say('staleNext');
  const isHeld = scene.mode === 'PAPER' && scene.state.runs.some(({ position }) => position !== undefined);
  return isHeld ? [next, say('stalePaper')] : [next];
}

const note = (id: string, title: string, tone: Tone, lines: readonly string[]): NoteBlock => ({
  kind: 'note',
  id,
  title,
  area: 'wide',
  rank: 0,
  tone,
  lines,
});
