/** Promises that are kept when something comes to be so. */
export class Watch {
  readonly #looks = new Set<(end?: Error) => void>();
  readonly #story: () => string;

  /** `story` tells what happened last, for whoever waited in vain. */
  constructor(story: () => string) {
    this.#story = story;
  }

  /** Something happened: everybody who waits looks again. */
  look(): void {
    for (const look of this.#looks) look();
  }

  waitFor<T>(what: string, seen: () => T | undefined | false | null, withinMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => look(new Error(`expected ${what} within ${withinMs} ms; ${this.#story()}`)),
        withinMs,
      );
      const leave = (): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
      };
      const look = (end?: Error): void => {
        try {
          const value = seen();
          if (value !== undefined && value !== false && value !== null) resolve(value);
          else if (end === undefined) return;
          else reject(end);
        } catch (problem) {
          reject(problem instanceof Error ? problem : new Error(String(problem)));
        }
        leave();
      };
      this.#looks.add(look);
      look();
    });
  }

  close(): void {
    for (const look of this.#looks)
      look(new Error(`expected something that did not come before the end; ${this.#story()}`));
  }
}
