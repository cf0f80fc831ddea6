/** Lets few questions out at once; the others wait in their order, of each key only the last one. */
export interface Gate<Answer> {
  /** The answer of a question that another one of its key replaced never comes. */
  ask(key: string, question: () => Promise<Answer>): Promise<Answer>;
  /** Nothing that waits is asked any more. */
  end(): void;
}

export function createGate<Answer>(max: number): Gate<Answer> {
  const waiting = new Map<string, () => Promise<void>>();
  let asked = 0;

  function next(): void {
    for (const [key, ask] of waiting) {
      if (asked >= max) return;
      waiting.delete(key);
      asked += 1;
      void ask().finally(() => {
        asked -= 1;
        next();
      });
    }
  }

  return {
    ask(key, question) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      waiting.set(key, () => question().then(resolve, reject));
      next();
      return promise;
    },
    end: () => waiting.clear(),
  };
}
