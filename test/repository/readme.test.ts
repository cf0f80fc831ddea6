import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { takeFace } from '../../src/core/command/argv/face.ts';
import { parseLine } from '../../src/core/command/argv/parse.ts';
import { COMMANDS } from '../../src/core/command/registry.ts';
import { KIT } from '../../src/core/strategy/kit.ts';
import { candlesToCsv, waves } from '../support/candles.ts';
import { ROOT, readText } from '../support/checkout.ts';
import { copyFromCheckout, scratchFolder, writeFiles } from '../support/scratch.ts';

const README = readText('README.md');

/** The code block whose first line names a file. */
function example(file: string): string {
  const at = README.indexOf(`\`\`\`ts\n// ${file}\n`);
  if (at < 0) throw new Error(`expected an example that begins with "// ${file}" in the README, found none`);
  return README.slice(at + 6, README.indexOf('\n```', at));
}

function dzentra(folder: string, args: readonly string[]): string {
  const env = { ...process.env, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
  return execFileSync(process.execPath, [join(ROOT, 'bin/dzentra.js'), ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
}

test('a strategy of the user: the example of the README trades', () => {
  const folder = scratchFolder();
  writeFiles(folder, { 'mine.mts': example('mine.mts'), 'candles.csv': candlesToCsv(waves(4_000)) });
  const args = ['backtest', '--strategy', './mine.mts', '--data', 'candles.csv', '--symbol', 'BTC/USDT:USDT', '--json'];
  const report = JSON.parse(dzentra(folder, args)) as { run: { strategy: string }; summary: { trades: number } };
  expect(report.run.strategy).toBe('dip');
  expect(report.summary.trades).toBeGreaterThan(3);
});

test('what the kit hands to a strategy is all told', () => {
  const untold = Object.keys(KIT).filter((name) => !README.includes(`kit.${name}(`));
  expect(untold).toEqual([]);
});

test('a strategy of the product: one file and one registry line compile and trade', async () => {
  const folder = scratchFolder();
  copyFromCheckout(folder, ['src/core/strategy', 'src/core/base', 'src/core/domain', 'tsconfig.json']);
  const [added = '', line = ''] = example('src/core/strategy/registry.ts').split('\n').slice(1);
  const registry = readText('src/core/strategy/registry.ts');
  const list = /^export const STRATEGIES.*$/m.exec(registry)?.[0] ?? '';
  writeFiles(folder, {
    'src/core/strategy/breakout.ts': example('src/core/strategy/breakout.ts'),
    'src/core/strategy/registry.ts': `${added}\n${registry.replace(list, line)}`,
    'package.json': '{"type":"module"}',
  });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', folder, '--noEmit', '--types', ''], { encoding: 'utf8' });
  const { strategyOf } = (await import(pathToFileURL(join(folder, 'src/core/strategy/registry.ts')).href)) as {
    strategyOf(name: string): { ok: boolean };
  };
  expect(strategyOf('breakout').ok).toBe(true);
  writeFiles(folder, { 'candles.csv': candlesToCsv(waves(2_000)) });
  const wrapped = `import { breakout } from ${JSON.stringify(join(folder, 'src/core/strategy/breakout.ts'))};\nexport default () => breakout;\n`;
  writeFiles(folder, { 'run.mts': wrapped });
  const args = ['backtest', '--strategy', './run.mts', '--data', 'candles.csv', '--symbol', 'BTC/USDT:USDT', '--json'];
  const report = JSON.parse(dzentra(folder, args)) as { summary: { trades: number } };
  expect(report.summary.trades).toBeGreaterThan(3);
});

test('every command line of the README reads, its options, too', async () => {
  const lines = README.split('\n').filter((line) => /^(\w+=\S+ )?npx dzentra /.test(line));
  expect(lines.length).toBeGreaterThan(30);
  for (const line of lines) {
    const [given = ''] = line.slice(line.indexOf('dzentra ') + 8).split(/\s+[#>]/);
    const taken = takeFace(given.split(' '));
    const read = 'ok' in taken ? taken : await parseLine(taken.rest, COMMANDS);
    expect(read, line).toMatchObject({ kind: 'command' });
  }
});
