import type { Block, Outcome, Refusal } from '../core/index.ts';
import { jsonLine } from './json.ts';
import type { Core } from './start.ts';
import { columnsOf, paint, type Terminal, themeOf, wantsColor } from './terminal.ts';

/** How the outcome is wanted. */
export interface Look {
  readonly json: boolean;
  readonly ascii: boolean;
  readonly color: boolean;
  readonly columns?: number | undefined;
  /** Colours of screens; dark where nothing is said. */
  readonly theme?: string | undefined;
  /** As told by a flag. */
  readonly language?: 'en' | 'ru' | undefined;
  /** The language of what a person reads; English where nothing is said. */
  readonly locale?: 'en' | 'ru' | undefined;
}

/** Shows how a command ended: data on stdout, everything else on stderr. */
export async function showOutcome(core: Core, terminal: Terminal, look: Look, outcome: Outcome): Promise<void> {
  switch (outcome.kind) {
    case 'refused':
      await showRefusal(core, terminal, look, outcome.refusal);
      if (!look.json) await showNotes(core, terminal, look, outcome.notes ?? []);
      return;
    case 'timed_out':
      await showRefusal(core, terminal, look, {
        ok: false,
        code: 'TIMED_OUT',
        exit: 3,
        expected: 'an answer in time',
        found: outcome.what,
        fix: outcome.fix,
      });
      return;
    case 'interrupted':
      if (look.json && outcome.data !== undefined) await writeJson(terminal, outcome.data);
      await tell(core, terminal, look, await core.stoppedLines(outcome.saved, look.locale));
      return;
    default:
      await showBlocks(core, terminal, look, outcome);
      if (!look.json) await showNotes(core, terminal, look, outcome.notes ?? []);
  }
}

async function showNotes(core: Core, terminal: Terminal, look: Look, notes: readonly string[]): Promise<void> {
  for (const note of notes) await tell(core, terminal, look, [await core.noteLine(note, look.locale)]);
}

type AsciiLook = Pick<Look, 'ascii'>;
const isAscii = ({ env }: Terminal, look: AsciiLook): boolean => look.ascii || env.TERM === 'dumb';

/** What is said beside the data. */
async function tell(
  core: Pick<Core, 'inAscii'>,
  terminal: Terminal,
  look: AsciiLook,
  lines: readonly string[],
): Promise<void> {
  const shown = isAscii(terminal, look) ? await core.inAscii(lines) : lines;
  await terminal.err.write(`${shown.join('\n')}\n`);
}

interface Shown {
  readonly data: unknown;
  readonly blocks: readonly Block[];
}

async function showBlocks(core: Core, terminal: Terminal, look: Look, shown: Shown): Promise<void> {
  // Data and blocks may be made when they are read: only what is shown is.
  if (look.json) {
    const { data } = shown;
    if (data !== undefined) await writeJson(terminal, data);
    return;
  }
  const lines: string[] = [];
  for (const [i, block] of shown.blocks.entries()) {
    if (i > 0 && terminal.out.isTerminal) lines.push('');
    lines.push(...(terminal.out.isTerminal ? await drawn(core, terminal, look, block) : core.tabbed(block)));
  }
  if (lines.length > 0) await terminal.out.write(`${lines.join('\n')}\n`);
}

async function writeJson({ out }: Terminal, data: unknown): Promise<void> {
  for (const piece of jsonLine(data)) await out.write(piece);
}

async function drawn(core: Core, terminal: Terminal, look: Look, block: Block): Promise<readonly string[]> {
  const columns = columnsOf(terminal, look.columns);
  const ascii = isAscii(terminal, look);
  if (block.kind === 'view') return await core.screenLines(block.view, { columns, ascii }, themeOf(terminal, look));
  if (block.kind === 'backtest') return await core.renderBacktest(block.view, columns, { ascii });
  const color = wantsColor(terminal, look.color);
  return (await core.layout(block, { columns, ascii })).map((line) => paint(line, color));
}

/** The one shape of an error: what was expected, what was found, what to do. */
export async function showRefusal(
  core: Pick<Core, 'refusalLines' | 'inAscii'>,
  terminal: Terminal,
  look: Pick<Look, 'json' | 'locale' | 'ascii'>,
  refusal: Refusal,
): Promise<void> {
  const { code, expected, found, fix } = refusal;
  if (!look.json) return await tell(core, terminal, look, await core.refusalLines(refusal, look.locale));
  await terminal.err.write(`${JSON.stringify({ schema: 'dzentra.error/1', code, expected, found, fix })}\n`);
}
