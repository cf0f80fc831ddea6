/**
 * Reads the layout of an Arrow IPC file as our history store holds it: one batch, uncompressed, six columns without
 * nulls. Written out here because a file is opened at every start and loading the whole Arrow library takes longer than
 * a year of candles; files are written with that library. Format: Arrow columnar format 1.5, "IPC File Format", and
 * FlatBuffers internals (a table is an offset to its vtable; field n lies at vtable slot 4 + 2n).
 */

/** Gives `length` bytes from `offset` of a file. */
export type Read = (offset: number, length: number) => Uint8Array;

/** Where the numbers of a column lie in the file. */
export interface ColumnPlace {
  readonly name: string;
  readonly offset: number;
}

export interface ArrowLayout {
  readonly rows: number;
  readonly columns: readonly ColumnPlace[];
  readonly metadata: ReadonlyMap<string, string>;
}

export type ArrowReading = { readonly layout: ArrowLayout } | { readonly expected: string; readonly found: string };

const MAGIC = 'ARROW1';
const FLOAT = 3;
const DOUBLE = 2;
const TIMESTAMP = 10;
const MILLISECOND = 1;
const BUFFER_BYTES = 16;

/** Finds the columns, or says what is not as the store has it. Never throws on damaged bytes. */
export function readArrowLayout(read: Read, size: number): ArrowReading {
  try {
    return readFooter(read, size);
  } catch (error) {
    if (error instanceof Mismatch) return error.reading;
    if (error instanceof RangeError) return { expected: 'a whole Arrow file', found: 'damaged bytes' };
    throw error;
  }
}

class Mismatch extends Error {
  readonly reading: { readonly expected: string; readonly found: string };
  constructor(expected: string, found: string) {
    super(`expected ${expected}, found ${found}`);
    this.reading = { expected, found };
  }
}

function must(condition: boolean, expected: string, found: string): asserts condition {
  if (!condition) throw new Mismatch(expected, found);
}

function readFooter(read: Read, size: number): ArrowReading {
  must(size > 32 && asText(read(0, 6)) === MAGIC, 'an Arrow file', 'another kind of file');
  const tail = view(read(size - 10, 10));
  must(asText(read(size - 6, 6)) === MAGIC, 'a whole Arrow file', 'one that ends early');
  const length = tail.getInt32(0, true);
  must(length > 0 && length < size - 18, 'a whole Arrow file', 'damaged bytes');
  const footer = view(read(size - 10 - length, length));
  const root = footer.getUint32(0, true);
  const schema = follow(footer, fieldAt(footer, root, 1));
  const blocks = vectorAt(footer, root, 3);
  must(blocks.length === 1, 'one batch of rows', `${blocks.length}`);
  const names = readFields(footer, schema);
  const batch = readBatch(read, size, footer, blocks.start, names);
  return { layout: { ...batch, metadata: readMetadata(footer, schema) } };
}

/** The names of the columns, whose types must be those of the store. */
function readFields(footer: DataView, schema: number): readonly string[] {
  return tables(footer, schema, 1).map((field) => {
    const name = textAt(footer, fieldAt(footer, field, 0));
    const type = byteAt(footer, field, 2);
    const body = follow(footer, fieldAt(footer, field, 3));
    const detail = shortAt(footer, body, 0);
    if (name === 'date')
      must(type === TIMESTAMP && detail === MILLISECOND, 'a column date of ms timestamps', 'another type');
    else must(type === FLOAT && detail === DOUBLE, `a column ${name} of 64-bit floats`, 'another type');
    return name;
  });
}

function readMetadata(footer: DataView, schema: number): ReadonlyMap<string, string> {
  const pairs = tables(footer, schema, 2);
  return new Map(
    pairs.map((pair) => [textAt(footer, fieldAt(footer, pair, 0)), textAt(footer, fieldAt(footer, pair, 1))]),
  );
}

function readBatch(
  read: Read,
  size: number,
  footer: DataView,
  block: number,
  names: readonly string[],
): Omit<ArrowLayout, 'metadata'> {
  const offset = longAt(footer, block);
  const headLength = footer.getInt32(block + 8, true);
  const bodyLength = longAt(footer, block + 16);
  must(offset + headLength + bodyLength <= size && headLength > 8, 'a whole Arrow file', 'one that ends early');
  // A message begins with the marker 0xFFFFFFFF and its length.
  const message = view(read(offset + 8, headLength - 8));
  const batch = follow(message, fieldAt(message, message.getUint32(0, true), 2));
  const rows = longAt(message, fieldAt(message, batch, 0));
  must(fieldAt(message, batch, 3) === 0, 'uncompressed columns', 'compressed ones');
  const nodes = vectorAt(message, batch, 1);
  const buffers = vectorAt(message, batch, 2);
  must(nodes.length === names.length && buffers.length === 2 * names.length, 'plain columns', 'nested ones');
  const columns = names.map((name, index) => {
    must(longAt(message, nodes.start + index * BUFFER_BYTES + 8) === 0, `no nulls in ${name}`, 'some');
    // Each column has two buffers: which rows are null, and the numbers.
    const buffer = buffers.start + (2 * index + 1) * BUFFER_BYTES;
    const start = longAt(message, buffer);
    const bytes = longAt(message, buffer + 8);
    must(bytes >= rows * 8 && start + bytes <= bodyLength, 'a whole Arrow file', 'one that ends early');
    return { name, offset: offset + headLength + start };
  });
  return { rows, columns };
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const asText = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Where field `index` of a table lies; 0 where it has its default. */
function fieldAt(data: DataView, table: number, index: number): number {
  const vtable = table - data.getInt32(table, true);
  const slot = 4 + 2 * index;
  if (slot >= data.getUint16(vtable, true)) return 0;
  const offset = data.getUint16(vtable + slot, true);
  return offset === 0 ? 0 : table + offset;
}

/** The table, vector or text that an offset points to. */
function follow(data: DataView, at: number): number {
  must(at > 0, 'a whole Arrow file', 'damaged bytes');
  return at + data.getUint32(at, true);
}

interface Vector {
  readonly start: number;
  readonly length: number;
}

function vectorAt(data: DataView, table: number, index: number): Vector {
  const field = fieldAt(data, table, index);
  if (field === 0) return { start: 0, length: 0 };
  const at = follow(data, field);
  const length = data.getUint32(at, true);
  must(length <= data.byteLength, 'a whole Arrow file', 'damaged bytes');
  return { start: at + 4, length };
}

function tables(data: DataView, table: number, index: number): readonly number[] {
  const { start, length } = vectorAt(data, table, index);
  return Array.from({ length }, (_, each) => follow(data, start + 4 * each));
}

function textAt(data: DataView, field: number): string {
  const at = follow(data, field);
  const bytes = new Uint8Array(data.buffer, data.byteOffset + at + 4, data.getUint32(at, true));
  return Buffer.from(bytes).toString('utf8');
}

/** Lengths and offsets are 64 bit; those of a file we can hold fit in 53. */
function longAt(data: DataView, at: number): number {
  if (at === 0) return 0;
  const value = data.getUint32(at, true) + data.getInt32(at + 4, true) * 2 ** 32;
  must(value >= 0 && value <= Number.MAX_SAFE_INTEGER, 'a whole Arrow file', 'damaged bytes');
  return value;
}

function byteAt(data: DataView, table: number, index: number): number {
  const at = fieldAt(data, table, index);
  return at === 0 ? 0 : data.getUint8(at);
}

function shortAt(data: DataView, table: number, index: number): number {
  const at = fieldAt(data, table, index);
  return at === 0 ? 0 : data.getInt16(at, true);
}
