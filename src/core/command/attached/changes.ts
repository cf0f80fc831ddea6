import type { Outcome } from '../outcome.ts';

/**
 * Shows something, and again after each change, one at a time, until a signal comes (exit 130) or `show` ends it.
 * `subscribe` returns how to end it.
 */
export function whileChanged(
  signal: AbortSignal,
  subscribe: (listener: () => void) => () => void,
  show: () => Promise<Outcome | undefined>,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let isBusy = false;
    let isDue = false;
    const leave = (): void => {
      signal.removeEventListener('abort', onAbort);
      end();
    };
    const finish = (outcome: Outcome): void => {
      leave();
      resolve(outcome);
    };
    const onAbort = (): void => finish({ kind: 'interrupted', saved: [] });
    const turn = async (): Promise<void> => {
      isDue = true;
      if (isBusy) return;
      isBusy = true;
      while (isDue) {
        isDue = false;
        const outcome = await show();
        if (outcome !== undefined) finish(outcome);
      }
      isBusy = false;
    };
    const again = (): void => {
      turn().catch((problem: unknown) => {
        leave();
        reject(problem instanceof Error ? problem : new Error(String(problem)));
      });
    };
    const end = subscribe(again);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else again();
  });
}
