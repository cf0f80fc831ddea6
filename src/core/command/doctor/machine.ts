import { isRefusal } from '../refusal.ts';
import { type Check, checksOf } from './check.ts';
import type { DatabaseFacts, FolderFacts, MachineFacts, TerminalFacts } from './ports.ts';

const MIB = 2 ** 20;
const FREE_BAD = 200 * MIB;
const FREE_WARN = 2_048 * MIB;

/** The checks of the machine and of the folders of a profile. */
export function machineChecks(facts: MachineFacts, profile: string): readonly Check[] {
  return [
    nodeCheck(facts),
    userCheck(facts),
    configCheck(facts),
    folderCheck(facts.folder),
    databaseCheck(facts.database, profile),
    diskCheck(facts),
    logCheck(facts),
    terminalCheck(facts.terminal),
    keyringCheck(facts),
  ];
}

function nodeCheck({ node }: MachineFacts): Check {
  const { ok, bad } = checksOf('node');
  if (node.isFit) return ok(`Node.js ${node.version}`);
  return bad(`Node.js ${node.version}`, 'install 24.15 or newer in line 24, or 26 and up: nvm install 26');
}

function userCheck({ isRoot }: MachineFacts): Check {
  const { ok, warn } = checksOf('user');
  return isRoot ? warn('user 0, who may do everything', 'run it as a user of its own') : ok('a plain user');
}

function configCheck({ config }: MachineFacts): Check {
  const { ok, off, bad } = checksOf('config');
  if (isRefusal(config)) return bad(`${config.found}; expected ${config.expected}`, config.fix);
  return config.state === 'sound' ? ok(config.file) : off('no file: the defaults hold', 'dzentra config init');
}

function folderCheck({ path, isThere, isOwn, mode, isWritable, weakSystem }: FolderFacts): Check {
  const { ok, off, warn, bad } = checksOf('folder');
  if (!isThere) return off(`${path} is not there yet`, 'dzentra engine start makes it');
  if (!isOwn) return bad(`${path} belongs to another user`, `chown it, or set XDG_STATE_HOME`);
  if ((mode & 0o077) !== 0)
    return bad(`${path} has mode ${mode.toString(8)}: others can reach it`, `chmod 700 ${path}`);
  if (!isWritable)
    return bad(`${path} cannot be written`, 'give yourself the right, or look whether the disk is read-only');
  if (weakSystem === null) return ok(path);
  const found = `${path} is on ${weakSystem}`;
  return weakSystem === 'tmpfs'
    ? warn(`${found}: the journal is gone at the next start of the machine`, 'set XDG_STATE_HOME to a folder on a disk')
    : bad(`${found}: locks of a journal do not hold there`, 'set XDG_STATE_HOME to a folder on a disk of this machine');
}

function databaseCheck(database: DatabaseFacts, profile: string): Check {
  const { ok, off, warn, bad } = checksOf('database');
  switch (database.state) {
    case 'none':
      return off(`no journal of profile ${profile}`, `dzentra engine start --profile ${profile}`);
    case 'held':
      return ok(`in use by ${database.by}`);
    case 'bad':
      return bad(database.found, database.fix);
    case 'open': {
      const { lastSeq, missing } = database;
      if (missing === undefined) return ok(`opens, last entry #${lastSeq}; dzentra journal verify reads all of it`);
      const found = `it ends at #${lastSeq}, expected ${missing}`;
      return warn(found, 'look at orders and positions at the venue: the engine starts halted');
    }
  }
}

function diskCheck({ disk }: MachineFacts): Check {
  const { ok, off, warn, bad } = checksOf('disk');
  if (disk === null) return off('not told');
  const text = `${gib(disk.freeBytes)} free of ${gib(disk.totalBytes)}`;
  if (disk.freeBytes < FREE_BAD) return bad(text, 'make room: the journal ends the engine when it cannot be written');
  return disk.freeBytes < FREE_WARN ? warn(text, 'make room, or: dzentra journal prune') : ok(text);
}

const gib = (bytes: number): string =>
  bytes < 1_024 * MIB ? `${Math.floor(bytes / MIB)} MiB` : `${(bytes / MIB / 1_024).toFixed(1)} GiB`;

function logCheck({ log: { file, bytes, isPrivate } }: MachineFacts): Check {
  const { ok, off, warn } = checksOf('log');
  if (bytes === null) return off('no log yet', 'dzentra engine start');
  return isPrivate
    ? ok(`${file}, ${Math.ceil(bytes / 1_024)} KiB`)
    : warn(`others can read ${file}`, `chmod 600 ${file}`);
}

function terminalCheck({ isTerminal, columns, rows, colorBits, isUtf8 }: TerminalFacts): Check {
  const { ok, off, warn } = checksOf('terminal');
  if (!isTerminal) return off('no terminal here', 'ask from the one that you will use');
  const colors = colorBits === 1 ? 'no colours' : colorBits === 24 ? 'all colours' : `${2 ** colorBits} colours`;
  const text = `${columns ?? '?'}x${rows ?? '?'}, ${colors}, ${isUtf8 ? 'UTF-8' : 'not UTF-8'}`;
  if ((columns ?? 80) < 80 || (rows ?? 24) < 24) return warn(text, 'make it 80x24 or larger');
  return isUtf8 ? ok(text) : warn(text, 'set LANG to a UTF-8 locale such as C.UTF-8, or ascii = true');
}

function keyringCheck({ whyNoKeyring }: MachineFacts): Check {
  const { ok, off } = checksOf('keyring');
  if (whyNoKeyring === null) return ok('there');
  return off(`none: ${whyNoKeyring}`, 'keys can be kept sealed by a passphrase, or in a private file');
}
