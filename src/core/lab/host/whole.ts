/** Does what changes state and makes it durable. */
export type Whole = <T>(change: () => T) => T;

/**
 * One change that breaks is the last one: after a commit that failed an engine holds what its journal does not. Every later
 * one breaks by the same problem; `onBreak` is told of the first.
 */
export function createWhole(onBreak: () => void): Whole {
  let broken: { readonly by: unknown } | undefined;
  return (change) => {
    if (broken !== undefined) throw broken.by;
    try {
      return change();
    } catch (problem) {
      broken = { by: problem };
      onBreak();
      throw problem;
    }
  };
}
