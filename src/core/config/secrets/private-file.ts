import { constants } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { makeFolder } from '../../platform/folder.ts';
import { type SecretProblem, secretProblem } from './key.ts';

const BYTES_MAX = 65_536;

/** Whom a file may belong to. systemd gives its credentials as root, with a right for the service. */
export type Trust = 'owner' | 'systemd';

/**
 * The text of a file that nobody else can read: mode 0600 or less, ours, in a folder that nobody else writes to, and no link
 * to somewhere outside of it. Undefined where there is none.
 */
export async function readPrivate(
  path: string,
  trust: Trust = 'owner',
  bytesMax = BYTES_MAX,
): Promise<string | undefined | SecretProblem> {
  const real = await realOf(path);
  if (typeof real !== 'string') return real;
  const folder = dirname(real);
  const loose = trust === 'owner' ? looseness(await stat(folder), 0o022, folder, '700') : undefined;
  if (loose !== undefined) return loose;
  try {
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      const wrong = found.isFile()
        ? looseness(found, trust === 'owner' ? 0o077 : 0o007, path, '600', trust)
        : undefined;
      if (wrong !== undefined) return wrong;
      if (!found.isFile() || found.size > bytesMax) return unsafe(path, 'no plain file of its size', `look at ${path}`);
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (problem) {
    return unsafe(path, codeOf(problem) ?? 'it cannot be read', `chmod 600 ${path}`);
  }
}

/** Where the file is; a link may lead about in its folder, and not out of it. */
async function realOf(path: string): Promise<string | undefined | SecretProblem> {
  try {
    const [real, folder] = await Promise.all([realpath(path), realpath(dirname(path))]);
    if (real.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return real;
    return unsafe(
      path,
      'a link out of its folder',
      `put the file itself there: cp --remove-destination ${real} ${path}`,
    );
  } catch (problem) {
    const code = codeOf(problem);
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? undefined
      : unsafe(path, code ?? 'it cannot be read', `look at ${path}`);
  }
}

interface Owned {
  readonly uid: number;
  readonly mode: number;
}

function looseness({ uid, mode }: Owned, others: number, path: string, fit: string, trust: Trust = 'owner') {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  if (uid !== user && !(trust === 'systemd' && uid === 0))
    return unsafe(path, `it belongs to user ${uid}`, `chown ${user} ${path}`);
  if ((mode & others) === 0) return undefined;
  return unsafe(path, `mode ${(mode & 0o777).toString(8)}: others can reach it`, `chmod ${fit} ${path}`);
}

const unsafe = (path: string, found: string, fix: string): SecretProblem =>
  secretProblem('KEY_UNSAFE', `a file that you alone can read: ${path}`, found, fix);

/** Writes a file of mode 0600 in a folder of mode 0700: whole, or not at all. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  makeFolder(folder);
  const beside = join(folder, `.${basename(path)}.${process.pid}`);
  // One of this name is left of a process that died.
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(beside, path);
  } catch (problem) {
    await rm(beside, { force: true });
    throw problem;
  }
}

function codeOf(problem: unknown): string | undefined {
  return problem instanceof Error && 'code' in problem ? String(problem.code) : undefined;
}
