import type { Field } from '../core.ts';
import type { Model, Sight } from './model.ts';

/** The field of a draft that another text than its choices may stand in. */
export const SYMBOL = 'symbol';

/**
 * The symbol that a typed text stands for: one of the choices, its asset alone (`eth`), or a name in full. An asset that
 * is no choice has the quote of the symbol in view. Undefined where it stands for none.
 */
export function symbolOf(text: string, choices: Field['choices'], inView: string | undefined): string | undefined {
  const given = text.trim().toUpperCase();
  const known = (choices ?? []).map(({ value }) => value);
  const found = known.find((name) => name === given) ?? known.find((name) => name.startsWith(`${given}/`));
  if (found !== undefined) return found;
  const quote = inView?.slice(inView.indexOf('/'));
  if (/^[A-Z0-9]{2,12}$/.test(given)) return quote?.startsWith('/') === true ? `${given}${quote}` : undefined;
  return /^[A-Z0-9]{2,12}\/[A-Z0-9]{2,8}(:[A-Z0-9]{2,8})?$/.test(given) ? given : undefined;
}

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
