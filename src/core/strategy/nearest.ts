import { editDistance } from '../base/edits.ts';

/** The name that was probably meant: the closest one, if no more than a third of its letters (at least one) are wrong. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const wanted = given.trim().toLowerCase();
  // A longer word is a pasted text: not worth the square of its length.
  if (wanted === '' || wanted.length > 64) return undefined;
  let best: string | undefined;
  let least = Infinity;
  for (const name of names) {
    const known = name.toLowerCase();
    const distance = known.startsWith(wanted) ? 0.5 : editDistance(wanted, known);
    const allowed = Math.max(1, Math.floor(Math.max(known.length, wanted.length) / 3));
    if (distance <= allowed && distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** The sentence that ends an error about an unknown name. */
export function suggestion(given: string, names: readonly string[]): string {
  const near = nearest(given, names);
  return near === undefined ? `use one of ${names.join(', ')}` : `did you mean ${near}?`;
}
