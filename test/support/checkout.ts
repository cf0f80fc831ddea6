import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The root of this checkout. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Text of a file of the checkout. */
export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/**
 * Files of the checkout as git sees them: tracked, or new and not ignored; those deleted but not yet committed are left
 * out. Undefined where there is no repository, such as in an unpacked archive.
 */
export function gitFiles(...folders: string[]): string[] | undefined {
  if (!existsSync(join(ROOT, '.git'))) return undefined;
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...folders];
  const names = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 26 }).split('\0');
  return names.filter((name) => name !== '' && existsSync(join(ROOT, name))).sort();
}

/** All files below a folder of the checkout, as paths from its root with `/`. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(ROOT.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
