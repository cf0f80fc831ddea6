import type { Failure } from './api.ts';
import type { Lane } from './outbound.ts';

/** What became of one try. */
export type Tried = { readonly is: 'ok' | 'unwritten' } | Failure;

/** A call that waits for its turn. */
export interface Item {
  readonly lane: Lane;
  readonly kind: 'send' | 'edit' | 'photo' | 'remove';
  /** The message that it changes. */
  readonly message: number | undefined;
  /** Writes it and sends it once. */
  try(): Promise<Tried>;
  /** Tells the caller what came of the last try. */
  settle(): void;
  /** Tells him that nothing was written. */
  drop(): void;
}

/** What waits in one chat, by lanes. */
export type Waiting = Readonly<Record<Lane, Item[]>>;

export const noneWaiting = (): Waiting => ({ urgent: [], answer: [], news: [], screen: [] });

const lists = (waiting: Waiting): readonly Item[][] => [waiting.urgent, waiting.answer, waiting.news, waiting.screen];

export const countOf = (waiting: Waiting): number => lists(waiting).reduce((sum, { length }) => sum + length, 0);

export const hasOf = (waiting: Waiting, message: number): boolean =>
  lists(waiting).some((list) => list.some((item) => item.message === message));

/**
 * Puts a call in its lane. Of edits of one message the last is made, at the place of an earlier one unless its own lane
 * goes before that; a removal takes the edits of its message with it.
 */
export function put(waiting: Waiting, item: Item): void {
  const earlier = item.message === undefined ? undefined : editOf(waiting, item.message);
  if (earlier === undefined) return void waiting[item.lane].push(item);
  const [list, index] = earlier;
  const isKept = item.kind === 'edit' && lists(waiting).indexOf(list) <= lists(waiting).indexOf(waiting[item.lane]);
  const dropped = isKept ? list.splice(index, 1, item) : list.splice(index, 1);
  if (!isKept) waiting[item.lane].push(item);
  for (const each of dropped) each.drop();
}

function editOf(waiting: Waiting, message: number): readonly [Item[], number] | undefined {
  for (const list of lists(waiting)) {
    const index = list.findIndex((item) => item.kind === 'edit' && item.message === message);
    if (index >= 0) return [list, index];
  }
  return undefined;
}

/** Puts a call that was not done back to where it was, unless a newer one on the same message waits by now. */
export function putBack(waiting: Waiting, lane: Lane, item: Item): void {
  if (item.kind === 'edit' && item.message !== undefined && hasOf(waiting, item.message)) item.drop();
  else waiting[lane].unshift(item);
}

/** Of new messages that only show how things stand nobody wants but the newest. */
export function thin({ screen }: Waiting): void {
  const last = screen.findLastIndex((item) => item.message === undefined);
  for (let index = last - 1; index >= 0; index -= 1) {
    if (screen[index]?.message === undefined) for (const item of screen.splice(index, 1)) item.drop();
  }
}

export function dropAll(waiting: Waiting): void {
  for (const list of lists(waiting)) for (const item of list.splice(0)) item.drop();
}
