import { Box, Text } from 'ink';
import { createElement, memo, type ReactElement } from 'react';

/** A painted line. Equal text is neither measured nor drawn again. */
const Row = memo(function Row({ text }: { readonly text: string }) {
  return createElement(Text, { wrap: 'truncate-end' }, text === '' ? ' ' : text);
});

/** A frame of painted lines, from top to bottom, for tests that read frames through Ink. */
export function Frame({
  lines,
  columns,
}: {
  readonly lines: readonly string[];
  readonly columns: number;
}): ReactElement {
  // biome-ignore lint/correctness/useJsxKeyInIterable: it has one, in its props.
  const rows = lines.map((text, row) => createElement(Row, { key: row, text }));
  return createElement(Box, { flexDirection: 'column', width: columns }, rows);
}
