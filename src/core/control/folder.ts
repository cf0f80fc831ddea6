import { chmodSync, lstatSync } from 'node:fs';
import { makeFolder } from '../platform/folder.ts';
import { ControlError } from './control-error.ts';

/** Bytes of a socket's path: the smallest bound of the systems that we run on (macOS). */
export const SOCKET_PATH_MAX = 103;

export const isTooLong = (path: string): boolean => Buffer.byteLength(path) > SOCKET_PATH_MAX;

/**
 * Makes the folder of a socket, 0700. One that is there must be ours, and no link: in a shared folder another user could
 * have made it first, to listen in our place.
 * @throws {ControlError} `UNSAFE_FOLDER`
 */
export function makeSocketFolder(folder: string): void {
  makeFolder(folder);
  if ((modeOfOwn(folder) & 0o077) !== 0) chmodSync(folder, 0o700);
}

/**
 * What a client looks at before it trusts a socket: the folder is ours, and nobody else may change what is in it.
 * @throws {ControlError} `UNSAFE_FOLDER`
 */
export function checkSocketFolder(folder: string): void {
  const mode = modeOfOwn(folder);
  if ((mode & 0o022) !== 0) throw unsafe(folder, `mode ${(mode & 0o777).toString(8)}: others may write to it`);
}

function modeOfOwn(folder: string): number {
  if (process.platform === 'win32') return 0o700;
  const { uid, mode } = lstatSync(folder);
  const user = process.geteuid?.();
  if ((mode & 0o170000) !== 0o040000) throw unsafe(folder, 'no folder, or a link to one');
  if (user !== undefined && uid !== user) throw unsafe(folder, `a folder of user ${uid}`);
  return mode;
}

const unsafe = (folder: string, found: string): ControlError =>
  new ControlError('UNSAFE_FOLDER', {
    expected: `a folder of your own at ${folder}`,
    found,
    fix: 'Remove it, or set XDG_RUNTIME_DIR to a folder that only you can write to.',
  });
