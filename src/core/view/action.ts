import { timeframeName } from '../domain/candle.ts';
import { MANUAL, type Run } from '../domain/run.ts';
import { type Say, words } from './language.ts';
import type { Scene, Ui } from './scene.ts';
import type { Focus } from './select.ts';
import type { Action, ScreenId, Stakes } from './view.ts';
import * as actionWords from './words/action.ts';

type Words = Say<typeof actionWords.en>;

/** An action that names a command line. */
export const command = (
  id: string,
  label: string,
  key: string | undefined,
  stakes: Stakes,
  line: readonly string[],
  disabled?: string,
): Action => ({ id, label, key, stakes, link: { to: 'command', words: line }, disabled });

/** An action that leads to a screen. */
export const go = (
  id: string,
  label: string,
  key: string | undefined,
  screen: ScreenId,
  pick?: Readonly<Record<string, string>>,
): Action => ({ id, label, key, stakes: 'none', link: { to: 'screen', screen, pick } });

/** What can be done now stands before what cannot; panic ends the line, where it always stays. */
export function ordered(actions: readonly Action[]): readonly Action[] {
  const isLast = ({ id }: Action): boolean => id === 'panic';
  return [
    ...actions.filter((action) => !isLast(action) && action.disabled === undefined),
    ...actions.filter((action) => !isLast(action) && action.disabled !== undefined),
    ...actions.filter(isLast),
  ];
}

/** What can be done with the run in view, in the order of the key line: first what lowers risk. */
export function runActions(scene: Scene, { run, account }: Focus, ui: Ui): readonly Action[] {
  const say = words(actionWords, ui.locale);
  const safety = account?.safety ?? 'ACTIVE';
  return [
    stopAction(run, say),
    command('pause', say('pause'), 'p', 'lowers', ['auto', 'pause', ...ofRun(run)], pauseBar(run, say)),
    closeAction(run, say),
    command('flip', say('flip'), 'f', 'raises', ['trade', 'flip', ...ofRun(run)], heldBar(run, say)),
    safety === 'ACTIVE'
      ? command('resume', say('resume'), 'r', 'raises', ['auto', 'resume', ...ofRun(run)], resumeBar(run, say))
      : command('resume-account', say('resumeAccount'), 'r', 'raises', ['resume', ...ofAccount(account?.account)]),
    startAction(scene, run, say),
    observeAction(run, say),
    flattenAction(run, say),
  ];
}

/** Halts the account and closes everything: `!`, then a second key. */
export function panicAction({ account }: Focus, ui: Ui): Action {
  const say = words(actionWords, ui.locale);
  const bar = account === undefined ? say('noAccount') : undefined;
  return command('panic', say('panic'), '!', 'lowers', ['panic', ...ofAccount(account?.account)], bar);
}

/** The stop of the open position, on the Trade screen. */
export function moveStopAction({ run, symbol }: Focus, ui: Ui): Action {
  const say = words(actionWords, ui.locale);
  const action = go('move-stop', say('moveStop'), 'E', 'trade', { type: 'stop', ...ofSymbol(symbol) });
  return { ...action, disabled: heldBar(run, say) };
}

export function closeAction(run: Run | undefined, say: Words): Action {
  return command('close', say('close'), 'c', 'lowers', ['trade', 'close', ...ofRun(run)], heldBar(run, say));
}

/** Cancels the entry that works. */
export function cancelAction({ run }: Focus, ui: Ui): Action {
  const say = words(actionWords, ui.locale);
  const order = run?.orders.find(({ role }) => role === 'entry');
  const line = ['orders', 'cancel', ...(order === undefined ? [] : [`${order.order}`]), ...ofRun(run)];
  return command('cancel', say('cancel'), 'x', 'lowers', line, order === undefined ? say('noEntryOrder') : undefined);
}

/** Stops the run and closes its position; a run by hand has nothing to be stopped. */
export function flattenAction(run: Run | undefined, say: Words): Action {
  const bar = run?.strategy === MANUAL ? say('isManual') : heldBar(run, say);
  return command('flatten', say('flatten'), 'X', 'lowers', ['auto', 'stop', ...ofRun(run), '--flatten'], bar);
}

/** The chain of causes of the last thing that happened to the run. */
export function whyAction(scene: Scene, { run }: Focus, ui: Ui): Action {
  const say = words(actionWords, ui.locale);
  const seq = scene.entries.findLast((entry) => run !== undefined && entry.run === run.run)?.seq;
  const action = go('why', say('why'), 'w', 'journal', seq === undefined ? undefined : { seq: `${seq}` });
  return seq === undefined ? { ...action, disabled: say('nothingHappened') } : action;
}

/** Auto, Settings and Risk lead to each other; Trade from each of them. */
export function neighbours(ui: Ui): readonly Action[] {
  const say = words(actionWords, ui.locale);
  return [
    go('risk-form', say('risk'), 'e', 'settings', { form: 'risk' }),
    go('trade', say('trade'), 't', 'trade'),
    go('auto', say('auto'), '1', 'auto'),
    go('limits', say('riskScreen'), '3', 'risk'),
  ].filter(({ link }) => link.to !== 'screen' || link.screen !== ui.screen);
}

const ofRun = (run: Run | undefined): readonly string[] => (run === undefined ? [] : ['--run', `${run.run}`]);
const ofAccount = (account: string | undefined): readonly string[] =>
  account === undefined ? [] : ['--account', account];
const ofSymbol = (symbol: string | undefined): Readonly<Record<string, string>> =>
  symbol === undefined ? {} : { symbol };

/** A stop with a position open asks what becomes of it: this one keeps it, `flatten` closes it. */
function stopAction(run: Run | undefined, say: Words): Action {
  const isHeld = run?.position !== undefined;
  const line = ['auto', 'stop', ...ofRun(run), ...(isHeld ? ['--keep'] : [])];
  return command('stop', say('stop'), 's', 'lowers', line, offBar(run, say));
}

/**
 * The same strategy on the same symbol: a run that is off begins anew, one that observes or is paused trades again.
 * Without a run the list of strategies.
 */
function startAction(scene: Scene, run: Run | undefined, say: Words): Action {
  if (run === undefined || run.strategy === MANUAL) return go('start', say('start'), 'a', 'strategies');
  const line = ['auto', 'start', '--strategy', run.strategy, '--symbol', run.symbol];
  const anew = run.state === 'OFF' ? sameAgain(scene, run) : [];
  const bar = run.state === 'RUNNING' ? say('isRunning') : undefined;
  return command('start', say('start'), 'a', 'raises', [...line, ...anew], bar);
}

/** Signals only: the run keeps its signal and sends no order. */
function observeAction(run: Run | undefined, say: Words): Action {
  const named = run === undefined ? [] : ['--strategy', run.strategy, '--symbol', run.symbol];
  const bar = offBar(run, say) ?? (run?.state === 'OBSERVING' ? say('isObserving') : undefined);
  return command('observe', say('observe'), undefined, 'lowers', ['auto', 'start', ...named, '--observe'], bar);
}

/** What a start is told beside strategy and symbol: the time frame, and parameters that are not the strategy's own. */
function sameAgain({ strategies }: Scene, { strategy, params, timeframeMs }: Run): readonly string[] {
  const card = strategies.find(({ name }) => name === strategy);
  const own = (name: string): string | undefined => card?.params.find((param) => param.name === name)?.fallback;
  const changed = Object.entries(params).filter(([name, value]) => card !== undefined && own(name) !== String(value));
  return [
    '--timeframe',
    timeframeName(timeframeMs),
    ...changed.flatMap(([name, value]) => ['--param', `${name}=${value}`]),
  ];
}

function offBar(run: Run | undefined, say: Words): string | undefined {
  if (run === undefined) return say('noRun');
  if (run.strategy === MANUAL) return say('isManual');
  return run.state === 'OFF' ? say('isOff') : undefined;
}

const pauseBar = (run: Run | undefined, say: Words): string | undefined =>
  offBar(run, say) ?? (run?.state === 'PAUSED' ? say('isPaused') : undefined);

const resumeBar = (run: Run | undefined, say: Words): string | undefined =>
  offBar(run, say) ?? (run?.state === 'PAUSED' ? undefined : say('notPaused'));

const heldBar = (run: Run | undefined, say: Words): string | undefined => {
  if (run === undefined) return say('noRun');
  return run.position === undefined ? say('noPosition') : undefined;
};
