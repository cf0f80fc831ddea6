import { command, moveStopAction, neighbours, panicAction, runActions } from '../action.ts';
import { fact, known, price, word } from '../cell.ts';
import { words } from '../language.ts';
import type { FormState, Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { type Focus, focusOnSymbol, freshnessOf } from '../select.ts';
import { ageCell } from '../status.ts';
import type { Action, Block, FactsBlock, View } from '../view.ts';
import * as marketWords from '../words/market.ts';
import * as tradeWords from '../words/trade.ts';
import { positionBlock } from './auto-position.ts';
import { chartBlock } from './chart-block.ts';
import { settingsBlock } from './risk.ts';
import { draftBlock } from './trade-form.ts';
import { confirmBlock, previewBlock, wordsOfDraft } from './trade-preview.ts';

const CHART_HEIGHT = 10;

/** An order by hand: the draft, what `review` says of it as it is typed, and the confirmation. */
export const tradeScreen: Screen = { id: 'trade', key: '5', title: 'Trade', view: tradeView };

/** Actions of a position that belong beside a draft. */
const SHOWN: ReadonlySet<string> = new Set(['close', 'flip', 'stop']);

function tradeView(scene: Scene, ui: Ui): View {
  const focus = focusOnSymbol(scene, ui);
  const form = ui.form?.form === 'draft' ? ui.form : undefined;
  return {
    screen: 'trade',
    title: words(tradeWords, ui.locale)('title'),
    status: [],
    blocks: blocksOf(scene, focus, ui, form),
    actions: [
      sendAction(focus, ui, form),
      ...runActions(scene, focus, ui).filter(({ id }) => SHOWN.has(id)),
      moveStopAction(focus, ui),
      ...neighbours(ui),
      panicAction(focus, ui),
    ],
    asOf: scene.now,
  };
}

function blocksOf(scene: Scene, focus: Focus, ui: Ui, form: FormState | undefined): readonly Block[] {
  const { run } = focus;
  return [
    ...(form?.isConfirming === true ? [confirmBlock(scene, focus, ui, form)] : []),
    draftBlock(scene, focus, ui, form),
    previewBlock(scene, focus, ui, form),
    quoteBlock(scene, focus, ui),
    ...(run?.position === undefined ? [] : [{ ...positionBlock(scene, focus, ui), area: 'main' as const, rank: 3 }]),
    ...(run === undefined ? [] : [{ ...settingsBlock(focus, ui), area: 'side' as const, rank: 4 }]),
    chartBlock(scene, focus, ui, { rank: 5, height: CHART_HEIGHT }),
  ];
}

/** The touch that a market order would meet. */
function quoteBlock(scene: Scene, focus: Focus, ui: Ui): FactsBlock {
  const say = words(tradeWords, ui.locale);
  const { market } = focus;
  const tick = market?.instrument.tick;
  const fresh = freshnessOf(scene, market, focus.run);
  const simulated =
    market?.isSimulated === true && word('simulated', words(marketWords, ui.locale)('simulated'), 'warn');
  return {
    kind: 'facts',
    id: 'quote',
    title: say('market'),
    area: 'side',
    rank: 2,
    lines:
      market === undefined
        ? [[fact('none', '', [word('none', say('noSymbol'), 'muted')])]]
        : [
            [
              fact('bid', say('bid'), [price(market.bid, tick)]),
              fact('ask', say('ask'), [price(market.ask, tick), ageCell(fresh.quoteMs, fresh.quoteMsMax)]),
            ],
            [fact('mark', say('mark'), known([price(market.mark, tick), simulated]), 1)],
          ],
  };
}

/** The draft as a command line, once `review` approves of it. In the terminal the form's own Enter sends it. */
function sendAction(focus: Focus, ui: Ui, form: FormState | undefined): Action {
  const say = words(tradeWords, ui.locale);
  const isReady = form?.preview?.ok === true && Object.keys(form.problems).length === 0;
  const line = wordsOfDraft(form?.inputs ?? {}, focus);
  return command('send', say('send'), undefined, 'raises', line, isReady ? undefined : say('cannotSend'));
}
