import { inflateSync } from 'node:zlib';

/** A picture of 8 bits a channel with red, green, blue and opacity: what the renderer writes. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb` of a pixel. */
  at(x: number, y: number): string;
}

/** Reads a PNG, or throws: https://www.w3.org/TR/png/ (chunks, and the five filters of a row). */
export function rasterOf(png: Uint8Array): Raster {
  const bytes = Buffer.from(png);
  if (bytes.toString('latin1', 1, 4) !== 'PNG') throw new Error('no PNG');
  const packed: Buffer[] = [];
  let header: Buffer | undefined;
  let isEnded = false;
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    if (kind === 'IHDR') header = data;
    if (kind === 'IDAT') packed.push(data);
    isEnded ||= kind === 'IEND';
  }
  if (header === undefined || !isEnded || header[8] !== 8 || header[9] !== 6) throw new Error('another kind of PNG');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const pixels = unfiltered(inflateSync(Buffer.concat(packed)), 4 * width, height);
  return {
    width,
    height,
    at: (x, y) => `#${Buffer.from(pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)).toString('hex')}`,
  };
}

/** Each row begins with the number of the filter that its bytes went through; a pixel has four bytes. */
function unfiltered(rows: Uint8Array, stride: number, height: number): Uint8Array {
  const pixels = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)] ?? 0;
    for (let i = 0; i < stride; i++) {
      const at = y * stride + i;
      const left = i >= 4 ? (pixels[at - 4] ?? 0) : 0;
      const up = y > 0 ? (pixels[at - stride] ?? 0) : 0;
      const corner = i >= 4 && y > 0 ? (pixels[at - stride - 4] ?? 0) : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      pixels[at] = (rows[y * (stride + 1) + 1 + i] ?? 0) + guess;
    }
  }
  return pixels;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** How often each colour occurs within a rectangle. */
export function coloursIn(
  raster: Raster,
  [left, top, right, bottom]: readonly [number, number, number, number] = [0, 0, raster.width, raster.height],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) counts.set(raster.at(x, y), (counts.get(raster.at(x, y)) ?? 0) + 1);
  }
  return counts;
}
