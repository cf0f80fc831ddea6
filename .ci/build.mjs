// Checks src/, bundles it to dist/ and writes its types there. With --if-stale it does nothing where dist/ was built from
// the sources as they are now.
// Says nothing on stdout: `npm pack --json` and `npm start -- --json` own it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const src = join(root, 'src');
const dist = join(root, 'dist');
const cache = join(root, 'node_modules/.cache/dzentra');
const stamp = join(cache, 'build.stamp');
const incremental = join(cache, 'build.tsbuildinfo');

const filesIn = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [];

/** What a build depends on and what it left: names, sizes and times, so that a lost output is stale too. */
function fingerprint() {
  const hash = createHash('sha256');
  const settings = ['tsconfig.json', 'package-lock.json', '.ci/build.mjs', '.ci/bundle.mjs'];
  for (const file of [...settings.map((name) => join(root, name)), ...filesIn(src), ...filesIn(dist)]) {
    const found = statSync(file, { throwIfNoEntry: false });
    hash.update(`${relative(root, file)} ${found?.size} ${found?.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Neither tool deletes: what a removed or renamed source left in dist/ would be packed and published. */
function removeOrphans(written) {
  const kept = new Set(written);
  for (const output of filesIn(dist)) {
    const source = join(src, relative(dist, output)).replace(/\.d\.ts$/, '');
    const isType = output.endsWith('.d.ts') && (existsSync(`${source}.ts`) || existsSync(`${source}.tsx`));
    if (!isType && !kept.has(output)) rmSync(output);
  }
}

/** Checks the types and writes them as `.d.ts`: the code itself is bundled. */
function compile() {
  const outputs = filesIn(dist).length;
  // An incremental tsc writes only what changed: without its outputs its memory is wrong.
  if (outputs === 0 || !existsSync(stamp)) rmSync(incremental, { force: true });
  rmSync(stamp, { force: true });
  mkdirSync(dirname(incremental), { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) {
    process.stderr.write('build: expected the compiler in node_modules/typescript, found none; run `npm ci`\n');
    return 2;
  }
  const args = [
    tsc,
    '-p',
    join(root, 'tsconfig.json'),
    '--emitDeclarationOnly',
    '--incremental',
    '--tsBuildInfoFile',
    incremental,
  ];
  const run = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  process.stderr.write(`${run.stdout}${run.stderr}`);
  return run.status === 0 ? 0 : 1;
}

const built = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
if (!process.argv.includes('--if-stale') || !built()) {
  process.exitCode = compile();
  if (process.exitCode === 0) {
    const { bundle } = await import('./bundle.mjs');
    removeOrphans(await bundle(root, src, dist));
    writeFileSync(stamp, fingerprint());
  }
}
