import { readFileSync } from 'node:fs';

const words = process.argv.slice(2);
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

// Nothing is loaded for a version: scripts ask for it often.
if (words.length === 1 && /^(--version|-v|-V)$/.test(words[0] ?? '')) process.stdout.write(`${version}\n`);
else await runCommand();

async function runCommand(): Promise<void> {
  const [{ processStops, processTerminal }, { start }, core] = await Promise.all([
    import('./process.ts'),
    import('./start.ts'),
    import('../core/index.ts'),
  ]);
  const stops = processStops();
  const terminal = processTerminal(() => stops.stop('SIGHUP'));
  let code: number;
  try {
    code = await start(words, terminal, stops, core, version);
  } catch (problem) {
    code = 1;
    const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    await terminal.err.write(`dzentra: a bug of the program ended this command; please report it\n${text}\n`);
  }
  // Everything is written: what a port still holds open (a socket, a timer) must not keep the process.
  await Promise.all([terminal.out.write(''), terminal.err.write('')]);
  process.exit(code);
}
