// Writes the program to dist/ in pieces that are loaded together: one file per module costs a start 40 to 70 ms.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { rolldown } from 'rolldown';

/** Loaded by name: what package.json and bin/ name, and (`child.ts`) programs that the program starts. */
const ENTRIES = ['cli/main', 'core/index', 'testing/index'];
const OWN_PROGRAM = /[\\/]child\.ts$/;

/**
 * Modules whose dependencies go with them into one piece, unless a group before it has them: what `--help` loads, what every
 * command loads beside it, what most of them do, and what runs a strategy. All else is split by who needs it, so that no
 * command loads what only another one uses. A piece of its own costs a start 0.2 ms: the small ones lie together.
 */
const GROUPS = [
  { name: 'help', files: ['core/index.ts', 'core/boot.ts', ...core('command/manual', 'overview')] },
  { name: 'command', files: ['cli/start.ts', 'cli/process.ts', ...core('command', 'door')] },
  {
    name: 'base',
    files: [
      ...core('domain', 'entry', 'run', 'state', 'instrument', 'alert', 'quote'),
      ...core('command/argv', 'range', 'symbol', 'numbers', 'spec', 'times'),
      ...core('risk', 'exits', 'margin', 'words'),
      ...core('market', 'data-error'),
      ...core('boot', 'build'),
    ],
  },
  { name: 'fold', files: core('engine', 'evolve') },
  { name: 'run', files: core('command/run', 'fields', 'request', 'settings', 'costs') },
  { name: 'strategy', files: core('boot', 'strategies') },
  { name: 'data', files: [...core('market', 'store', 'build-rows', 'aggregate'), ...core('boot', 'feed', 'run')] },
  { name: 'alert', files: core('alert', 'registry') },
  { name: 'engine', files: [...core('engine', 'engine'), ...core('venue/simulated', 'simulated')] },
  { name: 'summary', files: core('analytics', 'summary', 'curve') },
];

function core(folder, ...names) {
  return names.map((name) => `core/${folder}/${name}.ts`);
}

/**
 * Packages that become part of dist/: a start needs a tenth of each, and as they are they are a hundred files and more.
 * They are development dependencies, and their licences go with the program. All others stay packages of their own.
 */
const BUNDLED = ['smol-toml', 'undici', 'zod'];
const LICENCES = 'licences.txt';

/** Bundles `src` into `dist`; answers the files that it wrote, as absolute paths. */
export async function bundle(root, src, dist) {
  const programs = readdirSync(src, { recursive: true })
    .filter((file) => OWN_PROGRAM.test(file))
    .map((file) => file.replaceAll(sep, '/').replace(/\.ts$/, ''));
  const entries = [...ENTRIES, ...programs].filter((entry) => existsSync(join(src, `${entry}.ts`)));
  const build = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, join(src, `${entry}.ts`)])),
    cwd: root,
    platform: 'node',
    tsconfig: join(root, 'tsconfig.json'),
    external: (id) => !id.startsWith('.') && !isAbsolute(id) && !BUNDLED.includes(id.split('/')[0]),
    preserveEntrySignatures: 'exports-only',
    plugins: [placeOfModules(src)],
    onLog: (_level, log) => told(log),
  });
  const groups = GROUPS.map(({ name, files }, i) => {
    const modules = new Set(files.map((file) => join(src, file)));
    return { name, priority: GROUPS.length - i, test: (id) => modules.has(id) };
  });
  const { output } = await build.write({
    dir: dist,
    format: 'es',
    comments: false,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunk/[name].js',
    codeSplitting: { groups },
  });
  await build.close();
  for (const { fileName, code } of output) checkPlace(fileName, code);
  const written = output.map(({ fileName }) => join(dist, fileName));
  const notice = noticeOf(output.flatMap(({ moduleIds = [] }) => moduleIds));
  if (notice === '') return written;
  writeFileSync(join(dist, LICENCES), notice);
  return [...written, join(dist, LICENCES)];
}

/** The licences of the packages that modules are from, each in its own words. */
function noticeOf(modules) {
  const folders = modules.map((id) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0]);
  return [...new Set(folders)]
    .filter((folder) => folder !== undefined)
    .sort((one, other) => (one < other ? -1 : 1))
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return `${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n`;
    })
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** A module that is also loaded at once need not be lazy: that is no fault. Anything else that is said is one. */
function told(log) {
  if (log.code !== 'INEFFECTIVE_DYNAMIC_IMPORT') throw new Error(log.message);
}

/** A module looks for its files from where it would lie by itself: all output lies one folder deep in dist/. */
function placeOfModules(src) {
  return {
    name: 'place-of-modules',
    transform(code, id) {
      if (!code.includes('import.meta.url')) return;
      const place = relative(dirname(src), id)
        .replaceAll(sep, '/')
        .replace(/^src/, '..')
        .replace(/\.tsx?$/, '.js');
      return { code: code.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`) };
    },
  };
}

function checkPlace(fileName, code) {
  if (fileName.split('/').length === 2 || code?.includes('import.meta.url') !== true) return;
  throw new Error(`expected no import.meta.url in ${fileName}, which is not one folder deep, found one`);
}
