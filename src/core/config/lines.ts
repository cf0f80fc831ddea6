/** The line of a key in a TOML text, 1 for the first; that of its table where the key stands in one line with others. */
export function lineOfKey(source: string, path: readonly string[]): number | undefined {
  let table: readonly string[] = [];
  let near: number | undefined;
  for (const [i, raw] of source.split('\n').entries()) {
    const line = raw.trim();
    const header = /^\[\[?([^\]]+)\]\]?\s*(#.*)?$/.exec(line)?.[1];
    if (header !== undefined) {
      table = keysOf(header);
      if (startsWith(path, table) || (near === undefined && startsWith(table, path))) near = i + 1;
      continue;
    }
    const key = /^((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(
      line,
    )?.[1];
    if (key === undefined) continue;
    const full = [...table, ...keysOf(key)];
    if (full.length === path.length && startsWith(path, full)) return i + 1;
    if (startsWith(path, full)) near = i + 1;
  }
  return near;
}

const startsWith = (path: readonly string[], head: readonly string[]): boolean =>
  head.length <= path.length && head.every((word, i) => word === path[i]);

const keysOf = (dotted: string): string[] =>
  (dotted.match(/"[^"]*"|'[^']*'|[^.\s]+/g) ?? []).map((word) => word.replace(/^["']|["']$/g, ''));
