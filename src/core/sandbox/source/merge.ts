import type { Message } from './message.ts';

/** Several sources in order of time; of one instant in their own order. */
export function* merged(sources: readonly Iterator<Message>[]): Generator<Message> {
  const heads = sources.map((source) => ({ source, next: source.next() }));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done === true) continue;
      if (first === undefined || head.next.value.dueAt < first.next.value.dueAt) first = head;
    }
    if (first === undefined) return;
    yield first.next.value;
    first.next = first.source.next();
  }
}
