import type { Key } from './input.ts';
import { type Effect, type LastKey, type Mode, type Model, remark, type Sight } from './model.ts';

/** A held key repeats after 0.25 to 0.66 s (the default of X), and then at once; a hand that has read takes longer. */
const AGAIN_MS = 750;

const QUESTIONS: ReadonlySet<Mode['is']> = new Set(['palette', 'agree', 'confirm', 'ending']);

/**
 * Whether a key is held down, or was struck twice: such an Enter answers no question, which may have opened under it, and
 * what was sent by a key is not followed by what the same key means next.
 */
export function isHeld({ lastKey, mode }: Model, { name }: Key, at: number): boolean {
  if (lastKey?.name !== name || at - lastKey.at >= AGAIN_MS) return false;
  return lastKey.isDeed || (name === 'enter' && QUESTIONS.has(mode.is));
}

/** A held key does nothing; where a question waits for it, that is said. */
export function held(model: Model, { name }: Key, { say }: Sight, at: number): Model {
  const { lastKey, mode } = model;
  const still: Model = { ...model, lastKey: { name, at, isDeed: lastKey?.isDeed === true } };
  return QUESTIONS.has(mode.is) ? remark(still, say('tooFast', { key: 'Enter' }), at, 'warn') : still;
}

export const keyAfter = ({ name }: Key, at: number, effects: readonly Effect[]): LastKey => ({
  name,
  at,
  isDeed: effects.some((effect) => effect.do === 'run' || (effect.do === 'preview' && effect.isReview)),
});
