// Starts the program on a Node that is new enough. Loads nothing that `dzentra --version` does not need.
const main = '../dist/cli/main.js';
const { env } = process;
/** By then what a start needs is compiled. */
const STARTED_MS = 3_000;

delete env.DZENTRA_NODE_TRIED; // dzentra.js has done its part; what we spawn begins anew.
// React is a third slower in development, and chalk looks at FORCE_COLOR only: both read these when first imported.
env.NODE_ENV ||= 'production';
if (env.NO_COLOR) env.FORCE_COLOR = '0';
const cache = compileCache();
if (cache !== undefined) keepCompiled(require('node:module'), cache);

import(main).catch((error) => {
  if (require('node:fs').existsSync(require('node:path').join(__dirname, main))) throw error;
  process.stderr.write(`dzentra: expected the compiled program in dist/, found none\n  ${remedy()}\n`);
  process.exitCode = 2;
});

/**
 * Node writes at an orderly exit what it has compiled. An engine or a terminal that is killed has none: what lives long
 * writes once, when it has started.
 */
function keepCompiled({ enableCompileCache, flushCompileCache }, folder) {
  enableCompileCache(folder);
  setTimeout(() => flushCompileCache(), STARTED_MS).unref();
}

/**
 * The user's own folder: in the shared temporary one, Node's default, others could put code in our place. It is made here:
 * where that cannot be done Node might try for ever (HOME=/proc/x).
 */
function compileCache() {
  const path = require('node:path');
  const own =
    process.platform === 'win32' ? env.LOCALAPPDATA : env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  if (!own || !path.isAbsolute(own)) return undefined;
  const product = path.join(own, 'dzentra');
  const cache = path.join(product, 'compiled');
  return [path.dirname(own), own, product, cache].every(isThere) ? cache : undefined;
}

function isThere(folder) {
  const { mkdirSync, existsSync } = require('node:fs');
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch {
    return existsSync(folder);
  }
}

function remedy() {
  const isCheckout = require('node:fs').existsSync(require('node:path').join(__dirname, '..', 'src'));
  return isCheckout ? 'in a checkout: npm run build' : 'the package is incomplete: install it again';
}
