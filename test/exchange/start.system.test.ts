import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import { openExchangeHome } from '../support/stand-in.ts';

/** A question may take ten seconds: an end that waits for it comes later than this. */
const END_MS_MAX = 9_000;
/** Tells at the exit whether Node's own fetch was loaded. */
const PROBE = `process.on('exit', () => console.error('fetch', process.moduleLoadList.some((each) => /undici/.test(each))))`;

it.each(['SIGTERM', 'SIGINT'] as const)(
  'an engine whose exchange never answers has asked it with one undici alone, and ends soundly on %s',
  async (signal) => {
    const asked = Promise.withResolvers<void>();
    const server = createServer((request, response) => {
      if (request.url?.startsWith('/sandbox') === true) response.writeHead(404).end();
      else asked.resolve();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const home = openExchangeHome((server.address() as AddressInfo).port, 'night');
    const words = ['engine', 'run', '--json', '--profile', 'night', '--exchange', 'binanceusdm'];
    const probe = ['--import', `data:text/javascript,${encodeURIComponent(PROBE)}`];
    const engine = spawn(process.execPath, [...probe, join(ROOT, 'bin/dzentra.js'), ...words], {
      env: { ...process.env, ...home.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = once(engine, 'exit');
    const said = Promise.all([text(engine.stdout), text(engine.stderr)]);
    await asked.promise;
    const from = performance.now();
    engine.kill(signal);
    const [code] = await exit;
    expect(performance.now() - from).toBeLessThan(END_MS_MAX);
    const [out, err] = await said;
    expect(code).toBe(signal === 'SIGINT' ? 130 : 0);
    expect(JSON.parse(out)).toMatchObject({
      event: 'ended',
      saved: [expect.stringContaining('0 entries'), 'flat', expect.any(String)],
    });
    expect(err).toMatch(/fetch false\n$/);
    expect(home.json('journal verify --profile night')).toMatchObject({ sound: true });
  },
);
