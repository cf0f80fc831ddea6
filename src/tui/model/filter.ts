import type { Block, TuiSay, View } from '../core.ts';

/** The journal knows more of its entries than their line says, and filters them itself. */
const FILTERS_ITSELF = 'journal';

const isList = ({ kind }: Block): boolean => kind === 'table' || kind === 'log';

/** Whether a screen has lists that a filter can make shorter. */
export const canFilter = ({ blocks }: View): boolean => blocks.some(isList);

/** The view with the rows alone that have every word of the filter in them; each list says so. */
export function filtered(view: View, filter: string, say: TuiSay): View {
  const words = filter.trim().toLowerCase().split(/\s+/);
  if (filter.trim() === '' || view.screen === FILTERS_ITSELF) return view;
  const fits = ({ cells }: { readonly cells: readonly { readonly text: string }[] }): boolean => {
    const text = cells.map((cell) => cell.text.toLowerCase()).join(' ');
    return words.every((word) => text.includes(word));
  };
  const blocks = view.blocks.map((block): Block => {
    const told = { title: `${block.title}  ${say('filtered', { filter })}`, empty: say('noneFits', { filter }) };
    if (block.kind === 'table') return { ...block, ...told, rows: block.rows.filter(fits) };
    return block.kind === 'log' ? { ...block, ...told, lines: block.lines.filter(fits) } : block;
  });
  return { ...view, blocks };
}
