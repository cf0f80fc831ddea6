/**
 * Ctrl-Z and `fg`: the terminal is a shell's own while this process is stopped. `give` returns it before that, `take` is
 * called after it, and after a stop that nobody could see coming. Answers how to end it.
 */
export function handleSuspend(give: () => void, take: () => void): () => void {
  const stop = (): void => {
    give();
    // By default: where no shell waits for it (the kernel knows), the process goes on at once.
    process.off('SIGTSTP', stop);
    process.kill(process.pid, 'SIGTSTP');
    process.on('SIGTSTP', stop);
    take();
  };
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', take);
  return () => {
    process.off('SIGTSTP', stop);
    process.off('SIGCONT', take);
  };
}
