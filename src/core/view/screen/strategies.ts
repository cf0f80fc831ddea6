import { timeframeName } from '../../domain/candle.ts';
import type { Run } from '../../domain/run.ts';
import { count, plain, profit, word } from '../cell.ts';
import { emptyText } from '../empty.ts';
import { words } from '../language.ts';
import type { Scene, StrategyCard, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { runInView, shortSymbol } from '../select.ts';
import { stateCell } from '../status.ts';
import { spokenCard } from '../strategy-text.ts';
import type { Action, Block, NoteBlock, Row, TableBlock } from '../view.ts';
import * as strategiesWords from '../words/strategies.ts';

const tongue = ({ locale }: Ui) => words(strategiesWords, locale);

/** What there is to put to work, and what is at work. */
export const strategiesScreen: Screen = {
  id: 'strategies',
  key: 'y',
  title: 'Strategies',
  view: (scene, ui) => ({
    screen: 'strategies',
    title: 'Strategies',
    status: [],
    blocks: blocksOf(scene, ui),
    actions: actionsOf(scene, ui),
    asOf: scene.now,
  }),
};

function blocksOf(scene: Scene, ui: Ui): readonly Block[] {
  const card = pickedOf(scene, ui);
  const list = listBlock(scene, card, ui);
  if (card === undefined) return [list];
  return [list, aboutBlock(card, ui), runsBlock(scene, card, ui), votesBlock(card, ui), paramsBlock(card, ui)];
}

/** The strategy that was picked, else that of the run in view. */
function pickedOf(scene: Scene, ui: Ui): StrategyCard | undefined {
  const name = ui.picked.strategies ?? runInView(scene, ui)?.strategy;
  const card = scene.strategies.find((each) => each.name === name) ?? scene.strategies[0];
  return card === undefined ? undefined : spokenCard(card, ui.locale);
}

const isAtWork = ({ state, position }: Run): boolean => state !== 'OFF' || position !== undefined;

function listBlock(scene: Scene, picked: StrategyCard | undefined, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'strategies',
    title: say('strategies'),
    area: 'wide',
    rank: 0,
    columns: [
      { name: 'name', title: say('name') },
      { name: 'version', title: say('version'), align: 'right', rank: 2 },
      { name: 'origin', title: say('origin'), rank: 3 },
      { name: 'runs', title: say('runs'), align: 'right', rank: 1 },
      { name: 'title', title: say('title'), isFlexible: true },
    ],
    rows: scene.strategies.map((card) => cardRow(scene, spokenCard(card, ui.locale), ui)),
    empty: say('nothing'),
    picked: picked?.name,
  };
}

function cardRow({ state }: Scene, { name, version, origin, title }: StrategyCard, ui: Ui): Row {
  const runs = state.runs.filter((run) => run.strategy === name && isAtWork(run)).length;
  return {
    key: name,
    cells: [
      plain(name),
      count(version),
      word(origin, tongue(ui)(`origin.${origin}`), 'muted'),
      count(runs, runs > 0 ? 'good' : 'muted'),
      word(name, title),
    ],
  };
}

function aboutBlock({ name, about }: StrategyCard, ui: Ui): NoteBlock {
  const say = tongue(ui);
  const title = say('about', { name });
  return { kind: 'note', id: 'about', title, area: 'main', rank: 1, tone: 'plain', lines: [about] };
}

function runsBlock(scene: Scene, { name, params }: StrategyCard, ui: Ui): TableBlock {
  const say = tongue(ui);
  const fallbacks = new Map(params.map((param) => [param.name, param.fallback]));
  return {
    kind: 'table',
    id: 'runs',
    title: say('runsOf', { name }),
    area: 'main',
    rank: 1,
    columns: [
      { name: 'run', title: '#', align: 'right' },
      { name: 'symbol', title: say('symbol') },
      { name: 'timeframe', title: say('timeframe'), rank: 3 },
      { name: 'state', title: say('state') },
      { name: 'trades', title: say('trades'), align: 'right', rank: 2 },
      { name: 'net', title: say('net'), align: 'right', rank: 1 },
      { name: 'changed', title: say('changed'), rank: 4, isFlexible: true },
    ],
    rows: scene.state.runs.filter((run) => run.strategy === name).map((run) => runRow(scene, run, fallbacks, ui)),
    empty: emptyText(scene, ui, say('noRun')),
    picked: ui.picked.runs,
  };
}

function runRow(scene: Scene, run: Run, fallbacks: ReadonlyMap<string, string>, ui: Ui): Row {
  const changed = Object.entries(run.params).filter(([name, value]) => fallbacks.get(name) !== String(value));
  const told = changed.map(([name, value]) => `${name} ${value}`).join(', ');
  return {
    key: `${run.run}`,
    cells: [
      count(run.run),
      { value: run.symbol, text: shortSymbol(scene, run.symbol) },
      { value: run.timeframeMs, text: timeframeName(run.timeframeMs) },
      stateCell(run, ui.locale),
      count(run.trades),
      profit(closedNet(run)),
      told === '' ? word('default', tongue(ui)('asDefault'), 'muted') : plain(told),
    ],
    opens: { to: 'screen', screen: 'auto', pick: { run: `${run.run}` } },
  };
}

/** Net of the trades that are counted beside it: without what the open position has booked so far. */
function closedNet({ gross, fees, funding, position }: Run): bigint {
  const booked = gross - fees + funding;
  return position === undefined ? booked : booked - (position.gross - position.fees + position.funding);
}

function votesBlock({ name, votes }: StrategyCard, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'votes',
    title: say('votes', { name }),
    area: 'main',
    rank: 2,
    columns: [
      { name: 'vote', title: say('vote') },
      { name: 'weight', title: say('weight'), align: 'right' },
      { name: 'about', title: say('meaning'), isFlexible: true },
    ],
    rows: votes.map((vote) => ({
      key: vote.name,
      cells: [plain(vote.name), count(vote.weight), word(vote.name, vote.about)],
    })),
    empty: say('noVotes'),
  };
}

function paramsBlock({ name, params }: StrategyCard, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'params',
    title: say('params', { name }),
    area: 'wide',
    rank: 3,
    columns: [
      { name: 'param', title: say('param') },
      { name: 'fallback', title: say('fallback'), align: 'right' },
      { name: 'about', title: say('meaning'), isFlexible: true },
      { name: 'range', title: say('range'), rank: 1, isFlexible: true },
    ],
    rows: params.map((param) => ({
      key: param.name,
      cells: [plain(param.name), plain(param.fallback), word(param.name, param.about), word(param.name, param.range)],
    })),
    empty: say('noParams'),
  };
}

function actionsOf(scene: Scene, ui: Ui): readonly Action[] {
  const say = tongue(ui);
  const card = pickedOf(scene, ui);
  if (card === undefined) return [];
  const { name } = card;
  const symbol = ui.symbol ?? runInView(scene, ui)?.symbol;
  const words = ['auto', 'start', '--strategy', name, ...(symbol === undefined ? [] : ['--symbol', symbol])];
  return [
    { id: 'start', label: say('start', { name }), key: 'a', stakes: 'raises', link: { to: 'command', words } },
    {
      id: 'observe',
      label: say('observe'),
      key: 'O',
      stakes: 'none',
      link: { to: 'command', words: [...words, '--observe'] },
    },
    {
      id: 'backtest',
      label: say('backtest'),
      key: 'B',
      stakes: 'none',
      link: { to: 'command', words: ['backtest', '--strategy', name] },
    },
  ];
}
