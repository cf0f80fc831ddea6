import { expect, it } from 'vitest';
import { createDebug } from '../../../../src/core/lab/debug.ts';
import { emptyUi } from '../../../../src/core/view/scene.ts';
import { helpScreen } from '../../../../src/core/view/screen/help.ts';
import { allCells, sceneOf } from './debug-scene.ts';

const commands = [
  { name: 'journal verify', summary: 'Check a journal' },
  { name: 'of tomorrow', summary: 'Do what nobody knows yet' },
];

it.each([
  ['en', ['Check a journal', 'Do what nobody knows yet']],
  ['ru', ['Проверить, что журнал цел и не изменён', 'Do what nobody knows yet']],
] as const)('help tells commands in %s; one without a text there in English', (locale, told) => {
  const scene = { ...sceneOf(createDebug()), commands };
  const texts = allCells(helpScreen.view(scene, emptyUi('help', locale))).map(({ text }) => text);
  expect(texts).toEqual(expect.arrayContaining([...told]));
});
