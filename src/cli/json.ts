/** Rows of a long list that are told at once. */
const ROWS = 256;

/**
 * A value as one line of JSON, whole or in pieces: a list of many rows that is a property of an object is told part by part.
 * As one text it would take three times its size, all of it fresh memory.
 */
export function* jsonLine(value: unknown): Generator<string> {
  if (!isPlain(value)) {
    yield `${JSON.stringify(value)}\n`;
    return;
  }
  let text = '';
  for (const [key, each] of Object.entries(value)) {
    const name = `${text === '' ? '{' : ','}${JSON.stringify(key)}:`;
    if (!Array.isArray(each) || each.length <= ROWS) {
      const told = JSON.stringify(each) as string | undefined;
      if (told !== undefined) text += name + told;
      continue;
    }
    text += `${name}[`;
    for (let from = 0; from < each.length; from += ROWS) {
      const rows = JSON.stringify(each.slice(from, from + ROWS)).slice(1, -1);
      yield from === 0 ? text + rows : `,${rows}`;
    }
    text = ']';
  }
  yield `${text === '' ? '{' : text}}\n`;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
