import type { Clock } from '../clock.ts';

/** Resolves after so many ms of the clock, or at once when the signal aborts. */
export function wait(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal?.aborted === true) return Promise.resolve();
  const cancel = clock.after(ms, resolve);
  signal?.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(cancel);
}

/** Resolves when the signal aborts, with nothing. */
export function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener('abort', () => resolve(), { once: true });
  return promise;
}
