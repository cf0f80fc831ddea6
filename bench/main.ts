import type { Row } from './row.ts';

/** Parts by name: `npm run bench -- engine process` runs some of them. */
const PARTS: Readonly<Record<string, () => Promise<{ run(): Promise<readonly Row[]> }>>> = {
  engine: () => import('./engine.ts'),
  process: () => import('./process.ts'),
  indicators: () => import('./indicators.ts'),
  journal: () => import('./journal.ts'),
  list: () => import('./list.ts'),
  feed: () => import('./feed.ts'),
  stream: () => import('./stream.ts'),
  exchange: () => import('./exchange.ts'),
  clients: () => import('./clients.ts'),
  terminal: () => import('./terminal.ts'),
  bridge: () => import('./bridge.ts'),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  process.stderr.write(`bench: expected ${Object.keys(PARTS).join(', ')}, found ${unknown.join(', ')}\n`);
  process.exit(2);
}

for (const [name, load] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  for (const row of await (await load()).run()) process.stdout.write(`${line(row)}\n`);
}

function line({ name, value, unit, limit = '', isGood, beside = '' }: Row): string {
  const verdict = isGood === undefined ? '' : isGood ? 'ok' : 'OVER';
  const figure = `${value.toLocaleString('en')} ${unit}`;
  return [name.padEnd(44), figure.padStart(22), limit.padStart(12), verdict.padEnd(5), beside].join('  ').trimEnd();
}
