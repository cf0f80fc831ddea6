// The published package.json is the checkout's without its Node binaries: 150 MB that a user has no use for.
// `trim` takes them out before `npm pack`, `restore` puts the checkout's own text back after it, byte for byte.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const manifest = join(root, 'package.json');
const kept = join(root, 'node_modules/.cache/dzentra/package.json.kept');

/** The text of package.json as it is published. */
function published(text) {
  const { optionalDependencies: _, ...rest } = JSON.parse(text);
  return `${JSON.stringify(rest, null, 2)}\n`;
}

function restore() {
  if (!existsSync(kept)) return;
  if (readFileSync(manifest, 'utf8') === published(readFileSync(kept, 'utf8'))) renameSync(kept, manifest);
  else {
    rmSync(kept);
    process.stderr.write('manifest: package.json was edited while it was trimmed; check its optionalDependencies\n');
  }
}

function trim() {
  restore(); // An earlier pack that was killed left its copy.
  const text = readFileSync(manifest, 'utf8');
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, text);
  writeFileSync(manifest, published(text));
}

const step = { trim, restore }[process.argv[2] ?? ''];
if (step === undefined) {
  process.stderr.write(`manifest: expected trim or restore, found ${process.argv[2] ?? 'nothing'}\n`);
  process.exit(2);
}
step();
