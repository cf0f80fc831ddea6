/** Where and why data was refused. `line` counts from 1 and is absent where the whole file is meant. */
export interface DataFlaw {
  readonly file: string;
  readonly line?: number;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

/** Market data that cannot be used as it is: what was expected, what was found, what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly file: string;
  readonly line: number | undefined;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;

  constructor(flaw: DataFlaw) {
    const place = flaw.line === undefined ? flaw.file : `${flaw.file}, line ${flaw.line}`;
    super(`${place}: expected ${flaw.expected}, found ${flaw.found}. ${flaw.fix}.`);
    this.file = flaw.file;
    this.line = flaw.line;
    this.expected = flaw.expected;
    this.found = flaw.found;
    this.fix = flaw.fix;
  }
}

/** Quotes what a file holds for a message: one line, short, printable. */
export function shown(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return `"${printable.length > 60 ? `${printable.slice(0, 60)}...` : printable}"`;
}
