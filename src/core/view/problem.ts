import type { MarketFrame, SystemFrame } from '../domain/frame.ts';
import type { Run } from '../domain/run.ts';
import { reasonText } from './entry-line.ts';
import { feedWord, isMuchUsed, isUnsure, offsetOf, offsetTone, silenceMs, weightShare } from './exchange.ts';
import { age, decimal, duration, percent } from './format.ts';
import { type Say, words } from './language.ts';
import type { Scene, Ui } from './scene.ts';
import { freshnessOf, marketOf } from './select.ts';
import * as statusWords from './words/status.ts';

/** Something that a person should look at now. */
export interface Problem {
  /** An English code, stable. */
  readonly code: string;
  readonly text: string;
}

type Tell = Say<typeof statusWords.en>;

/** What a venue told of the real account is old after that: it is asked much more often. */
const ACCOUNT_MS_MAX = 300_000;

/** What is wrong at this instant, the worst first. It is counted in the status line and listed on System. */
export function problemsOf(scene: Scene, { locale }: Pick<Ui, 'locale'>): readonly Problem[] {
  const say = words(statusWords, locale);
  const problems: Problem[] = [];
  if (scene.link === 'lost') problems.push({ code: 'engine_lost', text: say('problemLost') });
  for (const { account, safety, safetyReason } of scene.state.accounts) {
    if (safety !== 'HALTED') continue;
    problems.push({
      code: 'halted',
      text: say('problemHalted', { account, reason: reasonText(safetyReason, locale) }),
    });
  }
  for (const run of scene.state.runs) problems.push(...runProblems(run, say));
  problems.push(...feedProblems(scene, say));
  if (scene.system !== null) problems.push(...exchangeProblems(scene.system, say));
  for (const market of scene.markets) problems.push(...marketProblems(scene, market, say));
  problems.push(...accountProblems(scene, say));
  if (scene.system?.database.isShort === true) problems.push({ code: 'journal', text: say('problemJournal') });
  return problems;
}

function runProblems({ symbol, position, orders }: Run, say: Tell): readonly Problem[] {
  const problems: Problem[] = [];
  if (position !== undefined && (position.protection === 'lost' || position.protection === 'pending')) {
    problems.push({ code: 'no_stop', text: say('problemStop', { symbol }) });
  }
  for (const { status, order } of orders) {
    if (status === 'unknown') problems.push({ code: 'order_unknown', text: say('problemUnknown', { symbol, order }) });
  }
  return problems;
}

/** Prices that do not come. What the venue itself asks for is told apart. */
function feedProblems(scene: Scene, say: Tell): readonly Problem[] {
  const state = scene.system?.feed.state;
  if (state !== 'stale' && state !== 'down') return oldQuotes(scene, say);
  // The stream may go on while nothing may be asked.
  const { markets, system } = scene;
  const areFresh = markets.length > 0 && markets.every((market) => !freshnessOf(scene, market).isStale);
  if (system?.exchange !== undefined && areFresh) return [];
  const said = say(`feed.${state}`);
  if (scene.state.runs.some(({ position }) => position !== undefined)) {
    return [{ code: 'feed', text: say('problemFeed', { state: said }) }];
  }
  return feedWord(scene) === 'banned' ? [] : [{ code: 'feed', text: say('problemFeedFlat', { state: said }) }];
}

/** One symbol of an exchange may be silent while the others are not: it matters where it is held. */
function oldQuotes(scene: Scene, say: Tell): readonly Problem[] {
  if (scene.system?.exchange === undefined) return [];
  return scene.state.runs.flatMap((run) => {
    const market = run.position === undefined ? undefined : marketOf(scene, run.symbol);
    const { isStale, quoteMs } = freshnessOf(scene, market, run);
    if (!isStale || (market?.status ?? 'trading') !== 'trading') return [];
    return [{ code: 'feed', text: say('problemQuote', { symbol: run.symbol, age: age(quoteMs) }) }];
  });
}

function exchangeProblems(system: SystemFrame, say: Tell): readonly Problem[] {
  const { exchange } = system;
  if (exchange === undefined) return [];
  const { title } = exchange;
  const problems: Problem[] = [];
  if (exchange.state === 'banned') {
    const left = silenceMs(exchange, system.wallAt);
    const text =
      left === null ? say('problemBanned', { title }) : say('problemSilent', { title, span: duration(left) });
    problems.push({ code: 'banned', text });
  }
  const clock = clockProblem(system, title, say);
  if (clock !== undefined) problems.push({ code: 'clock', text: clock });
  const weight = weightShare(exchange);
  if (weight !== null && isMuchUsed(weight)) {
    const share = percent(weight, { digits: 0 });
    problems.push({ code: 'weight', text: say('problemWeight', { share, title }) });
  }
  return problems;
}

function clockProblem(system: SystemFrame, title: string, say: Tell): string | undefined {
  const offset = offsetOf(system) ?? null;
  if (offset === null) return say('problemClockUnknown', { title });
  const tone = offsetTone(offset);
  if (tone === 'bad') return say('problemClockBad', { title, offset: decimal(Math.abs(offset), { digits: 0 }) });
  if (tone === 'warn') return say('problemClock', { title, offset: decimal(Math.abs(offset), { digits: 0 }) });
  const error = system.exchange?.offsetErrorMs ?? null;
  return isUnsure(error)
    ? say('problemClockUnsure', { title, error: error === null ? '?' : decimal(error, { digits: 0 }) })
    : undefined;
}

/** What a symbol is not traded by: the venue's word, or prices that a strategy does not act on. */
function marketProblems(scene: Scene, { symbol, status, source }: MarketFrame, say: Tell): readonly Problem[] {
  if (status === 'halted' || status === 'delisted') {
    return [{ code: 'symbol_halted', text: say('problemSymbol', { symbol, status: say(`symbol.${status}`) }) }];
  }
  if (source !== 'rest') return [];
  const runs = scene.state.runs.filter(
    (run) => run.symbol === symbol && run.state === 'RUNNING' && run.strategy !== 'manual',
  );
  return runs.map(({ run }) => ({ code: 'polled', text: say('problemPolled', { symbol, run }) }));
}

/** The real account, for reading, cannot be read, or was not heard of for long. */
function accountProblems({ venueAccount, system }: Scene, say: Tell): readonly Problem[] {
  if (venueAccount === null || venueAccount === undefined || system === null) return [];
  const { exchange, at, error } = venueAccount;
  if (error !== null) {
    const { found, fix } = error;
    const why = found.replace(/\.$/, '');
    return [{ code: 'account_untold', text: say('problemAccountUntold', { exchange, why, fix }) }];
  }
  const oldMs = at === null ? 0 : system.wallAt - at;
  if (oldMs <= ACCOUNT_MS_MAX) return [];
  return [{ code: 'account_old', text: say('problemAccount', { exchange, age: age(oldMs) }) }];
}
