/** A character cell in pixels; arms of boxes meet in its middle. `rise` is from its top to the base line of a text. */
export const CELL = { width: 8.4, height: 18, font: 14, rise: 13.4 } as const;
const { width: WIDTH, height: HEIGHT } = CELL;
const THIN = 1.2;
const THICK = 3.6;

/** Two digits after the point are beyond what is seen. */
export const px = (value: number): string => String(Math.round(value * 100) / 100);

/** A filled rectangle as a piece of a path. */
const box = (left: number, top: number, width: number, height: number): string =>
  `M${px(left)} ${px(top)}h${px(width)}v${px(height)}h${px(-width)}z`;

/** Weight of the arms up, down, left, right of a box-drawing character: 1 light, 2 heavy. */
const ARMS: Readonly<Record<string, string>> = {
  '\u2500': '0011',
  '\u2502': '1100',
  '\u250c': '0101',
  '\u2510': '0110',
  '\u2514': '1001',
  '\u2518': '1010',
  '\u251c': '1101',
  '\u2524': '1110',
  '\u252c': '0111',
  '\u2534': '1011',
  '\u253c': '1111',
  '\u2503': '2200',
  '\u2574': '0010',
  '\u2575': '1000',
  '\u2576': '0001',
  '\u2577': '0100',
  '\u2579': '2000',
  '\u257b': '0200',
  '\u257d': '1200',
  '\u257f': '2100',
};

/** Blocks in the left half of a cell: where they begin and how high they are, in cells. */
const LEFT_HALVES: Readonly<Record<string, readonly [number, number]>> = {
  '\u258c': [0, 1],
  '\u2596': [0.5, 0.5],
  '\u2598': [0, 0.5],
};

/** Dots of a braille cell by bit, as column and row. */
const DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;

/**
 * A box-drawing, block or braille character as a path in the cell whose corner is `left`, `top` (pixels): fonts leave gaps
 * between them, shapes do not. Undefined for any other text.
 */
export function boxPath(glyph: string, left: number, top: number): string | undefined {
  const arms = ARMS[glyph];
  if (arms !== undefined) return armsPath(arms, left, top);
  if (glyph === '\u2504')
    return [0, 1, 2]
      .map((at) => box(left + (at + 0.2) * (WIDTH / 3), top + (HEIGHT - THIN) / 2, WIDTH / 5, THIN))
      .join('');
  const part = LEFT_HALVES[glyph];
  if (part !== undefined) return box(left, top + part[0] * HEIGHT, WIDTH / 2, part[1] * HEIGHT);
  const code = glyph.codePointAt(0) ?? 0;
  if (glyph.length === 1 && code >= 0x2581 && code <= 0x2588) {
    const high = ((code - 0x2580) / 8) * HEIGHT;
    return box(left, top + HEIGHT - high, WIDTH, high);
  }
  if (glyph.length === 1 && code >= 0x2800 && code <= 0x28ff) return braillePath(code - 0x2800, left, top);
  return undefined;
}

function armsPath(arms: string, left: number, top: number): string {
  const [up = 0, down = 0, west = 0, east = 0] = Array.from(arms, (weight) =>
    weight === '2' ? THICK : weight === '1' ? THIN : 0,
  );
  const [x, y] = [left + WIDTH / 2, top + HEIGHT / 2];
  const half = Math.max(west, east) / 2;
  return [
    up > 0 ? box(x - up / 2, top, up, HEIGHT / 2 + half) : '',
    down > 0 ? box(x - down / 2, y - half, down, HEIGHT / 2 + half) : '',
    west > 0 ? box(left, y - west / 2, WIDTH / 2, west) : '',
    east > 0 ? box(x, y - east / 2, WIDTH / 2, east) : '',
  ].join('');
}

function braillePath(bits: number, left: number, top: number): string {
  let path = '';
  DOTS.forEach(([column, row], bit) => {
    if (((bits >> bit) & 1) === 1)
      path += box(left + (column + 0.5) * (WIDTH / 2) - 1, top + (row + 0.5) * (HEIGHT / 4) - 1, 2, 2);
  });
  return path;
}
