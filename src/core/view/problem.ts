import { reasonText } from './entry-line.ts';
import { words } from './language.ts';
import type { Scene, Ui } from './scene.ts';
import * as statusWords from './words/status.ts';

/** Something that a person should look at now. */
export interface Problem {
  /** An English code, stable. */
  readonly code: string;
  readonly text: string;
}

/** What is wrong at this instant, the worst first. It is counted in the status line. */
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
  for (const { symbol, position, orders } of scene.state.runs) {
    if (position !== undefined && (position.protection === 'lost' || position.protection === 'pending')) {
      problems.push({ code: 'no_stop', text: say('problemStop', { symbol }) });
    }
    for (const { status, order } of orders) {
      if (status === 'unknown')
        problems.push({ code: 'order_unknown', text: say('problemUnknown', { symbol, order }) });
    }
  }
  const feed = scene.system?.feed.state;
  if ((feed === 'stale' || feed === 'down') && scene.state.runs.some(({ position }) => position !== undefined)) {
    problems.push({ code: 'feed', text: say('problemFeed', { state: say(`feed.${feed}`) }) });
  }
  if (scene.system?.database.isShort === true) problems.push({ code: 'journal', text: say('problemJournal') });
  return problems;
}
