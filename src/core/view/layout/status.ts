import type { Action, Fact, Target, View } from '../view.ts';
import { factLines, inkFact } from './facts.ts';
import { blanks, ink, type Pen } from './pen.ts';
import { clipSpans, type Spans, widthOfSpans } from './spans.ts';

/** Rank of a fact that says none: it leaves later than those that were ranked on purpose. */
const RANK = 1;

/**
 * Mode, account, state, ages, clock. In one line the facts of highest rank leave first, of equals the last; the first
 * fact, `clock` and those of rank 0 stay, on more lines if it must be. In full nothing leaves.
 */
export function statusLines({ status }: View, columns: number, isFull: boolean, pen: Pen): Spans[] {
  const indent = columns >= 80 ? 1 : 0;
  const wrapped = (facts: readonly Fact[]): Spans[] =>
    factLines([facts.map((fact) => inkFact(fact, pen))], columns - indent, pen, true);
  let facts = status;
  let lines = wrapped(facts);
  while (!isFull && lines.length > 1) {
    const leaving = nextToLeave(facts);
    if (leaving === undefined) break;
    facts = facts.filter((fact) => fact !== leaving);
    lines = wrapped(facts);
  }
  return lines.map((spans) => (indent > 0 ? [blanks(indent), ...spans] : spans));
}

function nextToLeave(facts: readonly Fact[]): Fact | undefined {
  let leaving: Fact | undefined;
  let most = 1;
  for (const fact of facts.slice(1)) {
    const rank = fact.rank ?? RANK;
    if (fact.name === 'clock' || rank < most) continue;
    leaving = fact;
    most = rank;
  }
  return leaving;
}

/** Keys that always stay: help, panic, leave. */
const KEPT = ['?', '!', 'q'];
const GAP = 2;

/** The key line: `s stop  p pause`. What does not fit leaves from the middle, and a mark tells so. */
export function keyLine(
  { actions }: View,
  columns: number,
  pen: Pen,
): { readonly spans: Spans; readonly targets: readonly Target[] } {
  const keyed = actions.filter(({ key }) => key !== undefined && key !== '');
  const kept = keyed.filter(({ key = '' }) => KEPT.includes(key));
  const rest = keyed.filter(({ key = '' }) => !KEPT.includes(key));
  const items = (count: number): Item[] => [
    ...rest.slice(0, count).map((action) => itemOf(action, pen)),
    ...(count < rest.length ? [{ spans: [{ text: pen.mark, tone: 'muted' as const }] }] : []),
    ...kept.map((action) => itemOf(action, pen)),
  ];
  let count = rest.length;
  while (count > 0 && widthOfItems(items(count)) > columns) count--;
  return placed(items(count), columns, pen);
}

interface Item {
  readonly spans: Spans;
  readonly id?: string;
}

const itemOf = ({ id, key = '', label, disabled }: Action, pen: Pen): Item => ({
  id,
  spans:
    disabled === undefined
      ? [ink(pen, key, 'accent', { isBold: true }), ink(pen, ` ${label}`)]
      : [ink(pen, `${key} ${label}`, 'muted')],
});

const widthOfItems = (items: readonly Item[]): number =>
  items.reduce((sum, { spans }) => sum + GAP + widthOfSpans(spans), 1 - GAP);

function placed(items: readonly Item[], columns: number, pen: Pen): { spans: Spans; targets: Target[] } {
  const spans: Spans[number][] = [blanks(1)];
  const targets: Target[] = [];
  let from = 1;
  for (const item of items) {
    const to = from + widthOfSpans(item.spans);
    if (item.id !== undefined && to <= columns) targets.push({ block: 'actions', key: item.id, from, to });
    spans.push(...item.spans, blanks(GAP));
    from = to + GAP;
  }
  spans.pop();
  return { spans: clipSpans(spans, columns, pen), targets };
}
