import { existsSync } from 'node:fs';
import type { Span, TapeReport, Write } from '../command/ports.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import { JournalError } from '../journal/error.ts';
import { linesWithin, readFrames, readHeader, type TapeFrame, textOf } from '../journal/tape.ts';
import { createPace } from '../platform/pace.ts';
import { journalRefusal } from './journal.ts';

/** Writes the records of a tape, or of its windows. A broken frame is left out, and refused when all others are written. */
export async function tapeRecords(
  file: string,
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Span,
  write: Write,
  signal: AbortSignal,
): Promise<TapeReport | Refusal> {
  if (!existsSync(file)) return refusal(2, 'NO_TAPE', 'a tape', `no file ${file}`, 'name a tape that is there');
  let flaw: JournalError | undefined;
  const linesOf = (frame: TapeFrame): readonly string[] => {
    try {
      return linesWithin(textOf(file, frame), [from, to]);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      flaw ??= error;
      return [];
    }
  };
  try {
    const { windows } = readHeader(file);
    let records = 0;
    const pace = createPace(signal);
    for (const frame of readFrames(file)) {
      const lines = frame.offset === 0 ? [] : linesOf(frame);
      if (lines.length > 0) await write(lines.join(''));
      records += lines.length;
      await pace();
    }
    return flaw === undefined ? { records, windows: windows?.length } : journalRefusal(flaw);
  } catch (error) {
    return journalRefusal(error);
  }
}
