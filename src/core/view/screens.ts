import { ordered } from './action.ts';
import { type Locale, words } from './language.ts';
import type { Scene, Ui } from './scene.ts';
import { analyticsScreen } from './screen/analytics.ts';
import { autoScreen } from './screen/auto.ts';
import { debugScreen } from './screen/debug.ts';
import { helpScreen } from './screen/help.ts';
import { journalScreen } from './screen/journal.ts';
import { marketScreen } from './screen/market.ts';
import { monitoringScreen } from './screen/monitoring.ts';
import { ordersScreen } from './screen/orders.ts';
import { portfolioScreen } from './screen/portfolio.ts';
import { riskScreen } from './screen/risk.ts';
import { settingsScreen } from './screen/settings.ts';
import { strategiesScreen } from './screen/strategies.ts';
import { systemScreen } from './screen/system.ts';
import { tradeScreen } from './screen/trade.ts';
import type { Screen } from './screen.ts';
import { notesOf, statusOf } from './status.ts';
import type { Action, ScreenId, View } from './view.ts';
import * as screenWords from './words/screens.ts';
import * as statusWords from './words/status.ts';

/** Every screen, in the order of the tab line and the help. A new one is one file and one line here. */
export const SCREENS: readonly Screen[] = [
  autoScreen,
  marketScreen,
  riskScreen,
  portfolioScreen,
  tradeScreen,
  ordersScreen,
  journalScreen,
  analyticsScreen,
  monitoringScreen,
  systemScreen,
  settingsScreen,
  strategiesScreen,
  debugScreen,
  helpScreen,
];

/** The tab line has those with a digit for a key. */
export const TABS: readonly Screen[] = SCREENS.filter(({ key }) => /^\d$/.test(key));

/** `Monitor`; the short one, `Mon`, for a narrow tab line. */
export function titleOf(id: ScreenId, locale: Locale, isShort = false): string {
  const say = words(screenWords, locale);
  return isShort ? say(`short.${id}`) : say(`title.${id}`);
}

/**
 * A screen at one instant, ready for `layout`: what it shows itself, the status line, what is missing (no engine, a
 * lost one, stale data), and actions that say why they cannot be taken without an engine. It never throws.
 */
export function viewOf(scene: Scene, ui: Ui): View {
  const screen = SCREENS.find(({ id }) => id === ui.screen) ?? autoScreen;
  const view = screen.view(scene, ui);
  const starts = scene.link === 'none' ? [startAction(ui.locale)] : [];
  return {
    ...view,
    status: statusOf(scene, ui),
    blocks: [...notesOf(scene, ui), ...view.blocks],
    actions: ordered([...starts, ...view.actions.map((action) => gated(action, scene, ui.locale))]),
  };
}

const startAction = (locale: Locale): Action => ({
  id: 'start-engine',
  label: words(statusWords, locale)('startEngine'),
  key: 'Enter',
  stakes: 'none',
  link: { to: 'command', words: ['engine', 'start'] },
});

/**
 * What asks an engine for something says so where there is none. Of runs and positions nobody knows anything then: what is
 * barred is barred by that.
 */
function gated(action: Action, { link }: Scene, locale: Locale): Action {
  if (link === 'up') return action;
  const say = words(statusWords, locale);
  const line = action.link.to === 'screen' ? undefined : action.link.words.slice(0, 2).join(' ');
  const isFree = line === undefined || NEEDS_NO_ENGINE.test(line);
  if (link === 'lost') return isFree ? action : { ...action, disabled: action.disabled ?? say('needsLink') };
  // A start brings the engine along.
  const isOpen = action.disabled === undefined && (isFree || line === 'auto start');
  return isOpen ? action : { ...action, disabled: say('needsEngine') };
}

/** What reads files, and is wanted most where the engine is gone. */
const NEEDS_NO_ENGINE = /^(?:engine logs|journal (?:verify|export|prune)|why|backtest)\b/;
