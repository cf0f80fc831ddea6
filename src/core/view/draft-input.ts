import { type Money, ONE, type Price, parse, type Qty, type Rate } from '../base/decimal.ts';
import type { Draft, DraftSize } from '../domain/frame.ts';
import { type Locale, words } from './language.ts';
import * as draftWords from './words/draft.ts';

/** What was typed and chosen for an order by hand, by field; an absent field is empty. */
export type DraftInputs = Readonly<Record<string, string>>;

/** The fields of an order by hand and the choices of those that are no text. */
export const DRAFT_CHOICES = {
  side: ['buy', 'sell'],
  type: ['market', 'limit', 'stop', 'target'],
  by: ['settings', 'risk', 'notional', 'qty', 'fraction'],
  postOnly: ['no', 'yes'],
  noStop: ['no', 'yes'],
} as const;

/** The fields that a draft of these inputs has, in the order of the form. */
export function draftFields(inputs: DraftInputs): readonly string[] {
  const type = inputs.type ?? 'market';
  if (type === 'stop') return ['symbol', 'type', 'stop'];
  if (type === 'target') return ['symbol', 'type', 'target'];
  const size = (inputs.by ?? 'settings') === 'settings' ? ['by'] : ['by', 'size'];
  const limit = type === 'limit' ? ['limit', 'postOnly'] : [];
  return ['symbol', 'side', 'type', ...size, ...limit, 'stop', 'target', 'leverage', 'noStop'];
}

/** A draft, or what is wrong with it, by field. */
export type DraftReading =
  | { readonly ok: true; readonly draft: Draft }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

/**
 * Reads what was typed into the fields `side type by size limit postOnly stop target leverage noStop`. Shares
 * (`fraction`, `risk`) are typed in per cent. What is left empty is as the settings say.
 */
export function draftOf(inputs: DraftInputs, locale: Locale): DraftReading {
  const reader = createReader(inputs, locale);
  const draft = readDraft(reader);
  if (draft === undefined || reader.hasProblems()) return { ok: false, problems: reader.problems };
  return { ok: true, draft };
}

type Reader = ReturnType<typeof createReader>;

function readDraft({ choice, number, problem }: Reader): Draft | undefined {
  const type = choice('type', DRAFT_CHOICES.type, 'market');
  if (type === 'stop') {
    const stopPrice = number('stop', '61000', true);
    return stopPrice === undefined ? undefined : { type, stopPrice: stopPrice as Price };
  }
  if (type === 'target') {
    const targetPrice = number('target', '63000', true);
    return targetPrice === undefined ? undefined : { type, targetPrice: targetPrice as Price };
  }
  const limit = type === 'limit' ? number('limit', '61500', true) : undefined;
  const stopPrice = number('stop', '61000', false);
  const targetPrice = number('target', '63000', false);
  const leverage = number('leverage', '2', false);
  const size = readSize({ choice, number });
  const sign = choice('side', DRAFT_CHOICES.side, 'buy') === 'sell' ? -1 : 1;
  const isPostOnly = type === 'limit' && choice('postOnly', DRAFT_CHOICES.postOnly, 'no') === 'yes';
  const isBare = choice('noStop', DRAFT_CHOICES.noStop, 'no') === 'yes';
  if (isBare && stopPrice !== undefined) return problem('noStop', 'stopGiven');
  if (size === undefined) return undefined;
  if (isBare && size.by === 'risk') return problem('noStop', 'stopNeeded');
  return {
    type,
    sign,
    size,
    ...(limit === undefined ? {} : { limit: limit as Price }),
    ...(stopPrice === undefined ? {} : { stopPrice: stopPrice as Price }),
    ...(targetPrice === undefined ? {} : { targetPrice: targetPrice as Price }),
    ...(leverage === undefined ? {} : { leverage: leverage as Rate }),
    ...(isPostOnly ? { postOnly: true } : {}),
    ...(isBare ? { noStop: true } : {}),
  };
}

const HUNDRED = 100n;

function readSize({ choice, number }: Pick<Reader, 'choice' | 'number'>): DraftSize | undefined {
  const by = choice('by', DRAFT_CHOICES.by, 'settings');
  if (by === 'settings') return { by };
  const isShare = by === 'fraction' || by === 'risk';
  const value = number('size', isShare ? '0.5' : '1', true, isShare ? HUNDRED * ONE : undefined);
  if (value === undefined) return undefined;
  if (by === 'qty') return { by, qty: value as Qty };
  if (by === 'notional') return { by, notional: value as Money };
  const share = (value / HUNDRED) as Rate;
  return by === 'risk' ? { by, risk: share } : { by, fraction: share };
}

function createReader(inputs: DraftInputs, locale: Locale) {
  const say = words(draftWords, locale);
  const problems: Record<string, string> = {};
  return {
    problems,
    hasProblems: () => Object.keys(problems).length > 0,
    problem(field: string, key: 'stopGiven' | 'stopNeeded'): undefined {
      problems[field] = say(key);
    },
    choice<const C extends string>(field: string, choices: readonly C[], fallback: C): C {
      const given = inputs[field] ?? '';
      const found = choices.find((each) => each === given);
      if (found === undefined && given !== '') problems[field] = say('noChoice', { choices: choices.join(', ') });
      return found ?? fallback;
    },
    number(field: string, example: string, isNeeded: boolean, most?: bigint): bigint | undefined {
      // A comma is refused: it parts thousands for some and decimals for others.
      const given = (inputs[field] ?? '').replace(/[\s_]|%$/g, '');
      if (given === '') {
        if (isNeeded) problems[field] = say('needed');
        return undefined;
      }
      const value = decimalOf(given);
      if (value === undefined) problems[field] = say('notNumber', { example });
      else if (value <= 0n) problems[field] = say('notAbove');
      else if (most !== undefined && value > most) problems[field] = say('tooMuch', { most: String(most / ONE) });
      return value;
    },
  };
}

/** Decimal text as a person types it; undefined where it is none. */
function decimalOf(given: string): bigint | undefined {
  if (!/^[+-]?\d{1,12}(\.\d{1,10})?$/.test(given)) return undefined;
  return parse(given.replace('+', ''));
}
