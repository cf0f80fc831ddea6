import { createContext, Script } from 'node:vm';

/** Ctrl-C broke work off wherever it stood: nothing that it worked on may be used any more. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/**
 * The same work, but Ctrl-C ends it even in a loop without end, where no handler of a signal is ever called.
 * It throws `BrokenOff` then.
 */
export function breakable<T>(work: () => T): () => T {
  const script = new Script('work()');
  const context = createContext({ work });
  return () => {
    try {
      return script.runInContext(context, { breakOnSigint: true }) as T;
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw new BrokenOff();
      throw error;
    }
  };
}
