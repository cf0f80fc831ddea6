import type { Model, Sight } from './model.ts';

/** The field of a draft that another text than its choices may stand in. */
export const SYMBOL = 'symbol';

/** Whether the symbol field holds a text that is no symbol in view yet. */
export function isSymbolOpen({ ui }: Model, { symbol }: Sight): boolean {
  const typed = ui.form?.form === 'draft' ? ui.form.inputs[SYMBOL] : undefined;
  return typed !== undefined && typed !== (ui.symbol ?? symbol);
}

/** The model with a symbol in view, and with the run on it, where there is one. */
export const withSymbol = (model: Model, symbol: string): Model => ({
  ...model,
  ui: { ...model.ui, symbol, run: undefined },
});
