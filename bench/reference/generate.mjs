// Seeded synthetic 1m OHLCV series (geometric random walk), reproducible bit for bit in any IEEE-754 language:
// xorshift128+-free, libm-free: mulberry32 uniforms, Irwin-Hall(12) as the normal, multiplicative steps.
// Output: <dir>/ohlcv_<N>.bin  struct of arrays, little-endian Float64: ts[N] open[N] high[N] low[N] close[N] volume[N]
//         <dir>/ohlcv_<N>.csv  timestamp,open,high,low,close,volume   (header line; ts in ms; prices 2 dp, volume 3 dp)
import fs from 'node:fs';

const [, , nArg = '525600', dir = '.', seedArg = '42'] = process.argv;
const N = Number(nArg);
let s = Number(seedArg) >>> 0;
const u = () => {
  s = (s + 0x6d2b79f5) | 0;
  let t = Math.imul(s ^ (s >>> 15), 1 | s);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const z = () => {
  let a = 0;
  for (let k = 0; k < 12; k++) a += u();
  return a - 6;
};
const SIG = 0.0008 / 2,
  SUB = 4; // 0.08 %/min total, 4 sub-steps make the intrabar path
const r2 = (x) => Math.round(x * 100) / 100;
const f = new Float64Array(6 * N);
const T0 = 1704067200000; // 2024-01-01T00:00:00Z
let p = 50000;
for (let i = 0; i < N; i++) {
  const o = p;
  let h = p,
    l = p;
  for (let k = 0; k < SUB; k++) {
    p = p * (1 + SIG * z());
    if (p > h) h = p;
    if (p < l) l = p;
  }
  p = r2(p);
  f[i] = T0 + i * 60000;
  f[N + i] = o;
  f[2 * N + i] = Math.max(r2(h), o, p);
  f[3 * N + i] = Math.min(r2(l), o, p);
  f[4 * N + i] = p;
  f[5 * N + i] = Math.round((1 + 99 * u()) * 1000) / 1000;
}
fs.writeFileSync(`${dir}/ohlcv_${N}.bin`, Buffer.from(f.buffer));
const fd = fs.openSync(`${dir}/ohlcv_${N}.csv`, 'w');
let buf = ['timestamp,open,high,low,close,volume\n'];
for (let i = 0; i < N; i++) {
  buf.push(
    `${f[i]},${f[N + i].toFixed(2)},${f[2 * N + i].toFixed(2)},${f[3 * N + i].toFixed(2)},${f[4 * N + i].toFixed(2)},${f[5 * N + i].toFixed(3)}\n`,
  );
  if (buf.length > 10000) {
    fs.writeSync(fd, buf.join(''));
    buf = [];
  }
}
fs.writeSync(fd, buf.join(''));
fs.closeSync(fd);
console.error(
  `N=${N} last close ${f[5 * N - 1]} min ${f.subarray(4 * N, 5 * N).reduce((a, b) => Math.min(a, b))} max ${f.subarray(4 * N, 5 * N).reduce((a, b) => Math.max(a, b))}`,
);
