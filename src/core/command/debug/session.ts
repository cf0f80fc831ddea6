import { type Money, text } from '../../base/decimal.ts';
import { money } from '../argv/numbers.ts';
import { accept, type OptionSpec, on, path, reject, required, single, withDefault } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { duration } from '../argv/times.ts';
import { whileChanged } from '../attached/changes.ts';
import { plainData } from '../attached/data.ts';
import { defineCommand } from '../command.ts';
import { done, refused } from '../outcome.ts';
import type { DebugSession } from '../ports.ts';
import { isRefusal } from '../refusal.ts';
import { entryData, toldRow } from '../telling/told.ts';
import { begun, ENABLED_HELP, SANDBOX_FIELDS, sandboxData, sandboxOf, screenOf, withDebug } from './sandbox.ts';

const START = 'dzentra.debug.start/1';
const STOP = 'dzentra.debug.stop/1';
const RESET = 'dzentra.debug.reset/1';
const STATE = 'dzentra.debug.state/1';
const SAVE = 'dzentra.debug.save/1';
const WATCH = 'dzentra.debug.watch/1';

const feed = (about: string): OptionSpec<string | undefined> =>
  single(about, {
    type: 'feed',
    placeholder: 'FEED',
    expects: 'replay:FILE, synthetic, synthetic:SEED or snapshot',
    example: 'synthetic:7',
    one: (given) => (/^(replay:.+|synthetic(:\d{1,9})?|snapshot(:\d{1,9})?)$/.test(given) ? accept(given) : reject()),
  });

/** What a sandbox begins with. */
export const BEGIN_OPTIONS = {
  symbol: withDefault(symbol('What it trades.'), 'BTC/USDT:USDT'),
  balance: withDefault(money('Its balance.', { above: '0', to: '1000000000' }, '10000'), '10000'),
  step: withDefault(duration('One step of its clock, where no feed tells.', { from: '1s', to: '1d' }, '1m'), '1m'),
  feed: feed(
    'Candles for `step` and `play`: replay:FILE, synthetic or synthetic:SEED, or snapshot, one of the market now.',
  ),
};

export const debugStart = defineCommand({
  about: [
    'Begins a sandbox: an engine of its own on a simulated venue, with a scripted strategy, an account of 10,000 and a clock that is stepped by hand. Each `debug` command after it goes on from there; nothing in it reaches a profile, a journal or another run.',
    ENABLED_HELP,
  ],
  args: {},
  options: BEGIN_OPTIONS,
  examples: ['dzentra debug start', 'dzentra debug start --feed synthetic:7', 'dzentra debug start --feed snapshot'],
  schema: START,
  fields: [['schema', 'text', START], ...SANDBOX_FIELDS],
  run: (context, { options }) =>
    withDebug(context, async (ports) => {
      const from =
        options.feed === undefined ? undefined : await ports.candles(options.feed, options.symbol, context.signal);
      if (isRefusal(from)) return refused(from);
      const session: DebugSession = {
        v: 1,
        symbol: options.symbol,
        balance: text(options.balance as Money),
        stepMs: from?.stepMs ?? options.step,
        feed: options.feed ?? null,
        candles: from?.rows ?? [],
        lines: [],
      };
      const sandbox = sandboxOf(session);
      await ports.store(session);
      const data = { schema: START, ...sandboxData(sandbox, session.feed ?? 'script') };
      return done(data, [await screenOf({ session, sandbox })]);
    }),
});

export const debugStop = defineCommand({
  about: ['Ends the sandbox; nothing of it is kept. `debug save` first keeps its script and journal.', ENABLED_HELP],
  args: {},
  options: {},
  examples: ['dzentra debug stop'],
  schema: STOP,
  fields: [
    ['schema', 'text', STOP],
    ['ended', 'boolean', 'whether there was one'],
  ],
  run: (context) =>
    withDebug(context, async (ports) => {
      const ended = (await ports.load()) !== undefined;
      await ports.store(undefined);
      return done({ schema: STOP, ended }, [{ kind: 'text', lines: [ended ? 'ended' : 'there was none'] }]);
    }),
});

export const debugReset = defineCommand({
  about: ['Begins the sandbox anew, with what it began with and none of the lines since.', ENABLED_HELP],
  args: {},
  options: {},
  examples: ['dzentra debug reset'],
  schema: RESET,
  fields: [['schema', 'text', RESET], ...SANDBOX_FIELDS],
  run: (context) =>
    withDebug(context, async (ports) => {
      const found = await begun(ports);
      if (isRefusal(found)) return refused(found);
      const session = { ...found.session, lines: [] };
      const sandbox = sandboxOf(session);
      await ports.store(session);
      const data = { schema: RESET, ...sandboxData(sandbox, session.feed ?? 'script') };
      return done(data, [await screenOf({ session, sandbox })]);
    }),
});

export const debugState = defineCommand({
  about: ['The sandbox as its screen shows it; with --json all of its state and journal.', ENABLED_HELP],
  args: {},
  options: {},
  examples: ['dzentra debug state', 'dzentra debug state --json'],
  schema: STATE,
  fields: [
    ['schema', 'text', STATE],
    ...SANDBOX_FIELDS,
    ['state', 'object', 'the whole state of its engine'],
    ['lines', 'array', 'every line since it began'],
    ['entries', 'array', 'its journal'],
  ],
  run: (context) =>
    withDebug(context, async (ports) => {
      const found = await begun(ports);
      if (isRefusal(found)) return refused(found);
      const { session, sandbox } = found;
      const data = {
        schema: STATE,
        ...sandboxData(sandbox, session.feed ?? 'script'),
        state: plainData(sandbox.debug.state()),
        lines: session.lines,
        entries: sandbox.debug.entries().map(entryData),
      };
      return done(data, context.json ? [] : [await screenOf(found)]);
    }),
});

export const debugSave = defineCommand({
  about: [
    'Writes the sandbox to a file: what it began with, its lines, its state and its journal, as JSON.',
    ENABLED_HELP,
  ],
  args: { file: required(path('Where to.', 'FILE')) },
  options: { script: on('The lines alone, as a script for `debug run`.') },
  examples: ['dzentra debug save sandbox.json', 'dzentra debug save story.txt --script'],
  schema: SAVE,
  fields: [
    ['schema', 'text', SAVE],
    ['file', 'path', 'the file'],
    ['lines', 'number', 'lines of the script'],
    ['entries', 'number', 'entries of the journal'],
  ],
  run: (context, { args, options }) =>
    withDebug(context, async (ports) => {
      const found = await begun(ports);
      if (isRefusal(found)) return refused(found);
      const { session, sandbox } = found;
      const entries = sandbox.debug.entries();
      const all = { ...session, state: plainData(sandbox.debug.state()), entries: entries.map(entryData) };
      const body = options.script ? session.lines.join('\n') : JSON.stringify(all, undefined, 2);
      const failed = await ports.write(args.file, `${body}\n`);
      if (isRefusal(failed)) return refused(failed);
      const data = { schema: SAVE, file: args.file, lines: session.lines.length, entries: entries.length };
      return done(data, [{ kind: 'text', lines: [args.file] }]);
    }),
});

export const debugWatch = defineCommand({
  about: [
    'Shows the sandbox again whenever another command changes it, until Ctrl-C; in a pipe a line an entry.',
    ENABLED_HELP,
  ],
  args: {},
  options: {},
  examples: ['dzentra debug watch'],
  schema: WATCH,
  fields: [['schema', 'text', `${WATCH}; with --json each line is an entry`]],
  run: (context) =>
    withDebug(context, async (ports) => {
      let told = 0;
      return await whileChanged(context.signal, ports.onChange, async () => {
        const found = await begun(ports);
        if (isRefusal(found)) return refused(found);
        if (context.repaint !== undefined && !context.json) {
          await context.repaint([await screenOf(found)]);
          return undefined;
        }
        const entries = found.sandbox.debug.entries();
        if (entries.length < told) told = 0;
        for (const entry of entries.slice(told)) context.row(toldRow(entry));
        told = entries.length;
        return undefined;
      });
    }),
});
