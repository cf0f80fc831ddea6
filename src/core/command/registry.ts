import type { AnyCommand, AnyDefinition, RegisteredCommand } from './command.ts';

/** A line of the registry: the words, the summary, and where the rest stands. */
function line(name: string, summary: string, load: () => Promise<AnyDefinition>): RegisteredCommand {
  const path = name.split(' ');
  return { path, summary, load: async (): Promise<AnyCommand> => ({ path, summary, ...(await load()) }) };
}

/** Every command, in the order of the help. A new one is one file and one line here; none is loaded before it is asked for. */
export const COMMANDS: readonly RegisteredCommand[] = [
  line('backtest', 'Run a strategy over candles of the past', async () => (await import('./backtest.ts')).backtest),
  line('auto start', 'Trade a strategy on paper', async () => (await import('./auto/start.ts')).autoStart),
  line('replay', 'Play a tape again and compare with its journal', async () => (await import('./replay.ts')).replay),
  line('journal list', 'List entries of a journal', async () => (await import('./journal/list.ts')).journalList),
  line('journal show', 'Show all of one entry', async () => (await import('./journal/show.ts')).journalShow),
  line('journal tail', 'Show the end of a journal', async () => (await import('./journal/tail.ts')).journalTail),
  line(
    'journal export',
    'Export entries as JSON lines or CSV',
    async () => (await import('./journal/export.ts')).journalExport,
  ),
  line(
    'journal verify',
    'Check that a journal is whole and was not changed',
    async () => (await import('./journal/verify.ts')).journalVerify,
  ),
  line(
    'journal prune',
    'Drop sealed files of a journal after a backup',
    async () => (await import('./journal/prune.ts')).journalPrune,
  ),
  line('why', 'Tell why something happened', async () => (await import('./why.ts')).why),
  line('strategies list', 'List the strategies', async () => (await import('./strategies/list.ts')).strategiesList),
  line(
    'strategies show',
    'Show a strategy with its parameters and votes',
    async () => (await import('./strategies/show.ts')).strategiesShow,
  ),
  line(
    'data import',
    'Bring a candle file into the history store',
    async () => (await import('./data/import.ts')).dataImport,
  ),
  line('data list', 'List the candles of the history store', async () => (await import('./data/list.ts')).dataList),
  line(
    'data check',
    'Look for gaps, repeated and impossible candles',
    async () => (await import('./data/check.ts')).dataCheck,
  ),
  line('data export', 'Export stored candles as CSV', async () => (await import('./data/export.ts')).dataExport),
  line('schema', 'Print the shape of what --json prints', async () => (await import('./schema.ts')).schema),
  line('help', 'Show what there is, or how a command is used', async () => (await import('./help.ts')).help),
  line('version', 'Print the version', async () => (await import('./version.ts')).version),
];
