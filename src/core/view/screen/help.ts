import { fact, plain, word } from '../cell.ts';
import { KEYS, type KeyCard, type KeyGroup } from '../keys.ts';
import { hasWord, words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { summaryIn } from '../summaries.ts';
import type { Fact, FactsBlock, NoteBlock, TableBlock } from '../view.ts';
import * as helpWords from '../words/help.ts';
import * as screenWords from '../words/screens.ts';

/** From 80 columns on two stand beside each other. */
const GROUPS: readonly KeyGroup[] = ['lower', 'raise', 'move', 'leave'];

const tongue = ({ locale }: Ui) => words(helpWords, locale);

/** Keys from the one key table, and the commands of the command line. */
export const helpScreen: Screen = {
  id: 'help',
  key: '?',
  title: 'Help',
  view: (scene, ui) => ({
    screen: 'help',
    title: 'Help',
    status: [],
    blocks: [
      screensBlock(ui),
      ...GROUPS.map((group) => keysBlock(group, ui)),
      readingBlock(ui),
      commandsBlock(scene, ui),
    ],
    actions: [],
    asOf: scene.now,
  }),
};

/** Keys that lead to screens, one behind the other: the tab line has most of them. */
function screensBlock(ui: Ui): FactsBlock {
  const cards = KEYS.filter((card) => card.group === 'screens');
  const lines = [cards.map((card) => keyFact(card, ui))];
  return { kind: 'facts', id: 'screens', title: tongue(ui)('group.screens'), area: 'wide', rank: 2, lines };
}

/** Keys of a group, a line each. */
function keysBlock(group: KeyGroup, ui: Ui): FactsBlock {
  const cards = KEYS.filter((card) => card.group === group);
  const lines = cards.map((card) => [keyFact(card, ui)]);
  return { kind: 'facts', id: group, title: tongue(ui)(`group.${group}`), area: 'half', rank: 1, lines };
}

/** What is found out without being told. */
const SLIGHT: ReadonlySet<string> = new Set(['arrows', 'mouse', 'zone']);

const keyFact = (card: KeyCard, ui: Ui): Fact =>
  fact(card.keys, card.keys, [word(card.does, doesText(card, ui))], SLIGHT.has(card.does) ? 4 : 0);

function doesText({ does, screen }: KeyCard, { locale }: Ui): string {
  if (screen !== undefined) return words(screenWords, locale)(`title.${screen}`);
  const key = `key.${does}`;
  return hasWord(helpWords, key) ? words(helpWords, locale)(key) : does;
}

function readingBlock(ui: Ui): NoteBlock {
  const say = tongue(ui);
  const lines = [say('ownKeys'), say('unknown'), say('stale'), say('russian')];
  return { kind: 'note', id: 'reading', title: say('where'), area: 'wide', rank: 5, tone: 'muted', lines };
}

function commandsBlock({ commands }: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'commands',
    title: say('commands'),
    area: 'wide',
    rank: 3,
    columns: [
      { name: 'command', title: say('command') },
      { name: 'summary', title: say('summary'), isFlexible: true },
    ],
    rows: commands.map(({ name, summary }) => ({
      key: name,
      cells: [plain(name, 'accent'), word(summary, summaryIn(ui.locale, name, summary))],
    })),
    empty: say('noCommand'),
    picked: ui.picked.commands,
  };
}
