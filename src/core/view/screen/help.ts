import { fact, plain, word } from '../cell.ts';
import { KEYS, type KeyCard, type KeyGroup } from '../keys.ts';
import { hasWord, words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import type { FactsBlock, NoteBlock, TableBlock } from '../view.ts';
import * as helpWords from '../words/help.ts';
import * as screenWords from '../words/screens.ts';

const GROUPS: readonly KeyGroup[] = ['screens', 'lower', 'raise', 'leave', 'move'];

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
      ...GROUPS.map((group, index) => keysBlock(group, Math.min(index, 2), ui)),
      readingBlock(ui),
      commandsBlock(scene, ui),
    ],
    actions: [],
    asOf: scene.now,
  }),
};

/** Keys of a group, one behind the other: the whole table is seen at once. */
function keysBlock(group: KeyGroup, rank: number, ui: Ui): FactsBlock {
  const cards = KEYS.filter((card) => card.group === group);
  return {
    kind: 'facts',
    id: group,
    title: tongue(ui)(`group.${group}`),
    area: 'wide',
    rank,
    lines: [cards.map((card) => fact(card.keys, card.keys, [word(card.does, doesText(card, ui))]))],
  };
}

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
    rows: commands.map(({ name, summary }) => ({ key: name, cells: [plain(name, 'accent'), plain(summary)] })),
    empty: say('noCommand'),
    picked: ui.picked.commands,
  };
}
