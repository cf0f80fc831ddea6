/** Dots that become characters: braille cells of 2 x 4 dots, or ASCII cells of 1 x 3. */
export interface Canvas {
  /** Size in dots. */
  readonly dotsWide: number;
  readonly dotsHigh: number;
  /** Sets a dot; 0, 0 is top left. Outside is passed over. */
  set(x: number, y: number): void;
  /** One text a row of cells, without blanks at the end. */
  rows(): string[];
}

interface Cell {
  readonly wide: number;
  readonly high: number;
  /** Bit of each dot of a cell, row by row. */
  readonly bits: readonly number[];
  glyph(bits: number): string;
}

const BRAILLE: Cell = {
  wide: 2,
  high: 4,
  bits: [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80],
  glyph: (bits) => (bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits)),
};

/** One dot: high, middle or low in its cell; more than one: a steep piece. */
const ASCII_GLYPHS = [' ', "'", '-', '|', '.', '|', '|', '|'];
const ASCII: Cell = { wide: 1, high: 3, bits: [1, 2, 4], glyph: (bits) => ASCII_GLYPHS[bits] ?? '|' };

/** A canvas of `columns` x `lines` characters. */
export function createCanvas(columns: number, lines: number, ascii: boolean): Canvas {
  const cell = ascii ? ASCII : BRAILLE;
  const cells = new Uint8Array(columns * lines);
  const dotsWide = columns * cell.wide;
  const dotsHigh = lines * cell.high;
  return {
    dotsWide,
    dotsHigh,
    set(x, y) {
      if (x < 0 || y < 0 || x >= dotsWide || y >= dotsHigh) return;
      const at = Math.floor(y / cell.high) * columns + Math.floor(x / cell.wide);
      cells[at] = (cells[at] ?? 0) | (cell.bits[(y % cell.high) * cell.wide + (x % cell.wide)] ?? 0);
    },
    rows() {
      return Array.from({ length: lines }, (_, line) => {
        let row = '';
        for (let i = 0; i < columns; i++) row += cell.glyph(cells[line * columns + i] ?? 0);
        return row.trimEnd();
      });
    },
  };
}

/** A straight line of dots. Source: J. E. Bresenham, Algorithm for computer control of a digital plotter (1965). */
export function drawLine(canvas: Canvas, fromX: number, fromY: number, toX: number, toY: number): void {
  const wide = Math.abs(toX - fromX);
  const high = -Math.abs(toY - fromY);
  const stepX = fromX < toX ? 1 : -1;
  const stepY = fromY < toY ? 1 : -1;
  let x = fromX;
  let y = fromY;
  let error = wide + high;
  for (;;) {
    canvas.set(x, y);
    if (x === toX && y === toY) return;
    const twice = 2 * error;
    if (twice >= high) {
      error += high;
      x += stepX;
    }
    if (twice <= wide) {
      error += wide;
      y += stepY;
    }
  }
}
