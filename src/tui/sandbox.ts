import { commandLine, type Ports, type Scene } from './core.ts';

/**
 * Tells of the sandbox that `debug` commands step, at first and after each change, from here or from another terminal;
 * undefined where none was begun. Answers how to end it.
 */
export function followSandbox(
  boot: () => Promise<Ports>,
  told: (scene: Scene | undefined) => void,
  fail: (problem: unknown) => void,
): () => void {
  let isOver = false;
  let end = (): void => undefined;
  const begin = async (): Promise<void> => {
    const [{ debug }, { sandboxSceneOf }] = await Promise.all([boot(), commandLine()]);
    if (isOver) return;
    const look = async (): Promise<void> => {
      const scene = await sandboxSceneOf(debug);
      if (!isOver) told(scene);
    };
    end = debug.onChange(() => void look().catch(fail));
    await look();
  };
  void begin().catch(fail);
  return () => {
    isOver = true;
    end();
  };
}
