import { expect, test } from 'vitest';
import type { Ports } from '../../../src/core/command/ports.ts';
import { refusal } from '../../../src/core/command/refusal.ts';
import type { JournalQuery } from '../../../src/core/journal/journal.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import type { Ui } from '../../../src/core/view/scene.ts';
import { viewOf } from '../../../src/core/view/screens.ts';
import { widthOf } from '../../../src/core/view/width.ts';
import { runLine, stubPorts } from './stub-ports.ts';

const NO_ENGINE = refusal(5, 'NO_ENGINE', 'a running engine', 'none', 'dzentra engine start');

/** Ports without an engine, and whether anybody asked for one. */
function deserted(changes: Partial<Ports> = {}): Ports {
  const { engine } = stubPorts();
  return stubPorts({ engine: { ...engine, connect: () => Promise.resolve(NO_ENGINE) }, ...changes });
}

test('a named state is printed in its size, as text, without asking for an engine', async () => {
  const { outcome, written } = await runLine('frame portfolio --state halted --size 80x12', deserted());
  const lines = written.trimEnd().split('\n');
  expect(outcome.kind).toBe('done');
  expect(lines).toHaveLength(12);
  expect(Math.max(...lines.map(widthOf))).toBe(80);
  expect(written).toContain('HALTED');
  expect(written).not.toContain('\u001b');
});

test.each([
  ['on a terminal that has colours', {}, { isColoured: true }, true],
  ['in a pipe', {}, { isColoured: false }, false],
  ['in a pipe that asks for them', '--ansi', { isColoured: false }, true],
  ['on a terminal that declines', '--plain', { isColoured: true }, false],
] as const)('colours: %s', async (_where, flag, face, hasCodes) => {
  const line = `frame auto --state fresh${typeof flag === 'string' ? ` ${flag}` : ''}`;
  const { written } = await runLine(line, deserted(), face);
  expect(written.includes('\u001b[')).toBe(hasCodes);
});

test('--ascii keeps to ASCII in both languages', async () => {
  const { written } = await runLine('frame auto --state long-in-profit --locale ru', deserted(), { isAscii: true });
  expect(written).toMatch(/^[\n -~]+$/);
});

test('a picture is one SVG', async () => {
  const { written } = await runLine('frame risk --state short-in-loss --svg --size 120x40', deserted());
  expect(written).toMatch(/^<svg [\s\S]+<\/svg>\n$/);
});

test('--json is the view with its schema, and prints nothing else', async () => {
  const { outcome, written } = await runLine('frame orders --state error', deserted(), { json: true });
  const data = 'data' in outcome ? (outcome.data as Record<string, unknown>) : {};
  expect(written).toBe('');
  expect(data).toMatchObject({ schema: 'dzentra.frame/1', screen: 'orders', asOf: fixture('error').now });
  expect(JSON.stringify(data)).toContain('"value":"unknown"');
});

test('without an engine it shows that there is none, and that is no failure', async () => {
  const { outcome, written } = await runLine('frame auto', deserted());
  expect(outcome.kind).toBe('done');
  expect(written).toContain('NO ENGINE');
  const { written: debug } = await runLine('frame debug', deserted());
  expect(debug).toContain('DEBUG_ENABLED=1');
});

test('an engine that cannot be used is a refusal, and one that runs shows its own scene', async () => {
  const { engine } = stubPorts();
  const silent = refusal(5, 'NO_ENGINE', 'a', 'b', 'c');
  const broken = { ...silent, exit: 4 } as typeof silent;
  const ports = stubPorts({ engine: { ...engine, connect: () => Promise.resolve(broken) } });
  expect((await runLine('frame auto', ports)).outcome).toMatchObject({ kind: 'refused' });
  let closed = 0;
  const view = (ui: Ui) => Promise.resolve(viewOf(fixture('long-in-profit'), ui));
  const client = { view, close: () => closed++ } as unknown as Awaited<ReturnType<typeof engine.connect>>;
  const running = stubPorts({ engine: { ...engine, connect: () => Promise.resolve(client) } });
  expect((await runLine('frame auto', running)).written).toContain('NET IF CLOSED NOW');
  expect(closed).toBe(1);
});

/** A journal that holds the entries of a named state from some entry on. */
function journalOf(fromSeq: number): Partial<Ports> {
  const { journal } = stubPorts();
  const entries = fixture('flipped').entries.filter(({ seq }) => seq >= fromSeq);
  const within = ({ toSeq = Number.POSITIVE_INFINITY, limit = entries.length }: JournalQuery = {}) =>
    entries.filter(({ seq }) => seq <= toSeq).slice(0, limit);
  const opened = {
    name: 'old',
    lastSeq: entries.at(-1)?.seq ?? 0,
    entry: (seq: number) => entries.find((each) => each.seq === seq),
    entries: within,
    close: () => {},
  };
  return { journal: { ...journal, open: () => Promise.resolve(opened) } };
}

test('a journal shows its state with unknown prices, up to the entry that is named', async () => {
  const ports = deserted(journalOf(1));
  const { written } = await runLine('frame auto --journal ./journal --size 80x30', ports);
  expect(written).toMatch(/quote +\?/);
  expect(written).toContain('SHORT');
  const early = await runLine('frame journal --journal ./journal --at 3 --size 80', ports);
  expect(early.written).toContain('3 of the last 3');
  const late = await runLine('frame journal --journal ./journal --at 999', ports);
  expect(late.outcome).toMatchObject({ kind: 'refused', refusal: { code: 'NO_SUCH_ENTRY', exit: 3 } });
});

test('a journal whose beginning was pruned tells no state', async () => {
  const { outcome } = await runLine('frame auto --journal ./journal', deserted(journalOf(10)));
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'JOURNAL_PRUNED', exit: 3 } });
});

test('a tape is played by the port, up to the entry that is named', async () => {
  const asked: unknown[] = [];
  const ports = deserted({
    picture(request) {
      asked.push(request);
      return Promise.resolve(fixture('flipped'));
    },
  });
  const { written } = await runLine('frame auto --tape ./tape-1.zst --at 40', ports);
  expect(asked).toEqual([{ tape: './tape-1.zst', at: 40 }]);
  expect(written).toContain('SHORT');
});

test.each([
  ['frame auto --state fresh --journal ./j', /--state and --journal/],
  ['frame auto --state fresh --plain --svg', /--plain and --svg/],
  ['frame auto --at 4', /--at/],
  ['frame auto --size 19x40', /columns from 20/],
  ['frame auto --size 80x2', /lines from 3/],
  ['frame auto --size wide', /columns from 20/],
  ['frame autos', /one of auto, market/],
  ['frame auto --state halt', /halted/],
])('%s is refused before anything is looked at', async (line, expected) => {
  const { outcome } = await runLine(line, deserted());
  expect(outcome).toMatchObject({ kind: 'refused', refusal: { exit: 2 } });
  const { refusal: told } = outcome as Extract<typeof outcome, { kind: 'refused' }>;
  expect(`${told.expected} ${told.fix}`).toMatch(expected);
});
