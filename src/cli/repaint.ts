import type { Block } from '../core/index.ts';
import type { Look } from './show.ts';
import type { Core } from './start.ts';
import { columnsOf, type Terminal, themeOf } from './terminal.ts';

const HOME = '\u001b[H';
const REST_OF_LINE = '\u001b[K';
const REST_OF_SCREEN = '\u001b[J';

/** Shows screens in one place, each over the one before; a picture that is equal is not written again. */
export function createRepaint(core: Core, terminal: Terminal, look: Look): (blocks: readonly Block[]) => Promise<void> {
  let shown = '';
  return async (blocks) => {
    const columns = columnsOf(terminal, look.columns);
    const ascii = look.ascii || terminal.env.TERM === 'dumb';
    const { rows } = terminal.out;
    const lines: string[] = [];
    for (const block of blocks) {
      if (block.kind === 'view') {
        const size = { columns, rows: rows === undefined ? undefined : rows - 1, ascii };
        lines.push(...(await core.screenLines(block.view, size, themeOf(terminal, look))));
      } else lines.push(...core.tabbed(block));
    }
    const picture = lines.join('\n');
    if (picture === shown) return;
    // The first one clears what stood there before.
    const begin = shown === '' ? `${HOME}${REST_OF_SCREEN}` : HOME;
    shown = picture;
    await terminal.out.write(`${begin}${lines.map((line) => `${line}${REST_OF_LINE}\n`).join('')}${REST_OF_SCREEN}`);
  };
}
