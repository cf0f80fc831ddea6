import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A frame carries a checksum, so that a flipped bit is seen. Level 3 takes about 3 ms a MB. */
const PARAMS = {
  [constants.ZSTD_c_compressionLevel]: 3,
  [constants.ZSTD_c_checksumFlag]: 1,
};

export const compressFrame = (text: string): Buffer => zstdCompressSync(text, { params: PARAMS });

/** @throws where the frame's checksum does not hold. */
export const decompressFrame = (frame: Uint8Array): string => zstdDecompressSync(frame).toString('utf8');

const MAGIC = 0xfd2fb528;
const MAGIC_BYTES = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/**
 * The length of the Zstandard frame at `offset`, from its block headers alone (RFC 8878, 3.1.1), or undefined where the
 * bytes end before the frame does or are no frame.
 */
export function frameLength(bytes: Buffer, offset: number): number | undefined {
  if (offset + 6 > bytes.length || bytes.readUInt32LE(offset) !== MAGIC) return undefined;
  const descriptor = bytes.readUInt8(offset + 4);
  const hasChecksum = (descriptor & 0b100) !== 0;
  let at = offset + 5 + headerLength(descriptor);
  while (at + 3 <= bytes.length) {
    const block = bytes.readUIntLE(at, 3);
    const isRepeat = ((block >> 1) & 0b11) === 1;
    at += 3 + (isRepeat ? 1 : block >> 3);
    if ((block & 1) === 0) continue;
    const end = at + (hasChecksum ? 4 : 0);
    return end <= bytes.length ? end - offset : undefined;
  }
  return undefined;
}

/** Window descriptor, dictionary id and content size, as the frame's descriptor byte tells. */
function headerLength(descriptor: number): number {
  const isSingleSegment = (descriptor & 0b10_0000) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 0b11] ?? 0;
  const size = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (isSingleSegment ? 0 : 1) + dictionary + size;
}

/** Whether another frame begins after `offset`: then what stands there is damaged, not cut off. */
export const hasFrameAfter = (bytes: Buffer, offset: number): boolean => bytes.indexOf(MAGIC_BYTES, offset + 1) >= 0;
