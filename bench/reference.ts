import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const HERE = resolve(import.meta.dirname, 'reference');
/** Made once, kept between runs. */
export const CACHE = resolve(import.meta.dirname, '../node_modules/.cache/dzentra/bench');

/** Seconds that the C program takes for a pass over candles in memory (its median); undefined without a compiler. */
export function referenceSeconds(file: string, repetitions: number): number | undefined {
  const program = compiled();
  if (program === undefined) return undefined;
  const told = execFileSync(program, [file, String(repetitions)], { encoding: 'utf8' });
  return (JSON.parse(told) as { med_s: number }).med_s;
}

let program: string | undefined | null = null;

function compiled(): string | undefined {
  if (program !== null) return program;
  mkdirSync(CACHE, { recursive: true });
  const target = join(CACHE, 'reference');
  const args = ['-O3', '-march=native', '-o', target, join(HERE, 'reference.c')];
  program = ['cc', 'gcc', 'clang'].some((cc) => spawnSync(cc, args).status === 0) ? target : undefined;
  return program;
}

/** The seeded candles: CSV, and struct of arrays as `.bin`. The same bits on every machine. */
export function syntheticCandles(count: number): { csv: string; bin: string } {
  mkdirSync(CACHE, { recursive: true });
  const [csv, bin] = [join(CACHE, `ohlcv_${count}.csv`), join(CACHE, `ohlcv_${count}.bin`)];
  if (!existsSync(csv) || !existsSync(bin)) {
    execFileSync(process.execPath, [join(HERE, 'generate.mjs'), String(count), CACHE], { stdio: 'ignore' });
  }
  return { csv, bin };
}

/** Candles on which nothing trades: one price, so that the averages never cross. */
export function quietCandles(count: number): string {
  mkdirSync(CACHE, { recursive: true });
  const bin = join(CACHE, `quiet_${count}.bin`);
  if (existsSync(bin)) return bin;
  const columns = new Float64Array(6 * count);
  for (let i = 0; i < count; i++) columns[i] = 1_704_067_200_000 + i * 60_000;
  for (const [k, value] of [50_000, 50_001, 49_999, 50_000, 1].entries()) {
    columns.fill(value, (k + 1) * count, (k + 2) * count);
  }
  writeFileSync(bin, new Uint8Array(columns.buffer));
  return bin;
}
