import { SCRIPT_LINES } from '../../lab/debug-sandbox.ts';
import { words } from '../argv/spec.ts';
import { type AnyDefinition, defineCommand } from '../command.ts';
import { done, refused } from '../outcome.ts';
import { isRefusal, refusal } from '../refusal.ts';
import { entryData } from '../telling/told.ts';
import { begun, ENABLED_HELP, entriesTable, sandboxData, sandboxFields, withDebug } from './sandbox.ts';

/** A line of a script as a command of its own: it changes the sandbox that was begun, and nothing else. */
function verb(name: string, about: string, example: string): AnyDefinition {
  const schema = `dzentra.debug.${name.replace(/-/g, '.')}/1`;
  const definition = defineCommand({
    about: [
      about,
      'It acts on the sandbox of `debug start` alone, an engine of its own in this process.',
      ENABLED_HELP,
    ],
    args: { words: words('The rest of the line.', 'WORD', example.split(' ').slice(1).join(' ') || '1') },
    options: {},
    examples: [`dzentra debug ${example}`],
    schema,
    fields: sandboxFields(schema),
    run: (context, { args }) =>
      withDebug(context, async (ports) => {
        const found = await begun(ports);
        if (isRefusal(found)) return refused(found);
        const { session, sandbox } = found;
        const line = [name, ...args.words].join(' ');
        const told = sandbox.run(line);
        if (!told.ok) {
          const { code, expected, found, fix } = told.problem;
          return refused(refusal(code.endsWith('_LINE') ? 2 : 3, code, expected, found, fix));
        }
        await ports.store({ ...session, lines: [...session.lines, line] });
        const data = {
          schema,
          ...sandboxData(sandbox, session.feed ?? 'script'),
          entries: told.entries.map(entryData),
        };
        return done(data, [entriesTable(told.entries)]);
      }),
  });
  return definition as unknown as AnyDefinition;
}

/** The verbs with what they do and a line that reads. */
const ABOUT: Readonly<Record<string, readonly [about: string, example: string]>> = {
  price: ['A price: a flat candle, one step long.', 'price 60000'],
  candle: ['A candle: open, high, low, close.', 'candle 60000 60500 59800 60200'],
  quote: ['Best bid and ask; from then on orders meet them.', 'quote 59999 60001'],
  set: [
    'Settings for the next entry: sl, tp, max-loss, leverage, size or qty.',
    'set sl=2% tp=2r max-loss=5 leverage=3',
  ],
  signal: [
    'The side that the strategy says from the next closed candle on, with strength or confidence (a fifth at least), leverage and a reason.',
    'signal buy strong leverage=3 reason=breakout',
  ],
  long: ['Asks for a long position; it is sized and reviewed at the next price.', 'long'],
  short: ['Asks for a short position; it is sized and reviewed at the next price.', 'short'],
  flip: ['Turns the open position round at the next price: the side is found.', 'flip'],
  close: ['Closes the open position at the next price.', 'close'],
  'hit-stop': ['A price at the stop of the open position.', 'hit-stop'],
  'hit-target': ['A price at the target of the open position.', 'hit-target'],
  'hit-max-loss': ['A price at the maximum loss of the open position.', 'hit-max-loss'],
  'block-margin': ['Asks for twice what the margin covers: it is denied.', 'block-margin'],
  step: ['The next candle of the feed, or the last price again, or the price that is given.', 'step 60100'],
  wait: ['Time passes without a price, in ms.', 'wait 60000'],
  play: ['So many steps; without a number to the end of the feed.', 'play 10'],
  pause: ['Pauses entries.', 'pause'],
  resume: ['Entries again after a pause.', 'resume'],
  panic: ['Halts the sandbox account and closes everything at the next price.', 'panic'],
  lift: ['Lifts the halt.', 'lift'],
};

/** The command of a verb. */
export function debugVerb(name: string): AnyDefinition {
  const [about = '', example = name] = ABOUT[name] ?? [];
  return verb(name, about, example);
}

/** What a script may say, for the help of `debug run`. */
export const LINES_HELP = `Lines: ${SCRIPT_LINES.join('; ')}.`;
