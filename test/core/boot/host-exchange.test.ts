import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openExchange } from '../../../src/core/boot/host-exchange.ts';
import { keyPorts } from '../../../src/core/boot/keys.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import { openLog } from '../../../src/core/config/logging.ts';
import { processRedactor } from '../../../src/core/config/redact.ts';
import { serveSandbox } from '../../../src/core/sandbox/server.ts';
import { shiftedClock, stubMarket } from '../../support/sandbox-market.ts';
import { scratchFolder } from '../../support/scratch.ts';

const EXCHANGE = 'binanceusdm';

it('an engine on the stand-in keeps a real key to itself and goes on without it', async () => {
  const clock = shiftedClock(Date.now());
  const sandbox = await serveSandbox({ usdm: stubMarket('usdm', clock), clock });
  onTestFinished(() => sandbox.close());
  const folder = scratchFolder();
  const env = { XDG_CONFIG_HOME: folder, XDG_STATE_HOME: join(folder, 'state'), DZENTRA_KEYRING: 'off' };
  const paths = pathsOf(env);
  mkdirSync(paths.config, { recursive: true });
  writeFileSync(join(paths.config, 'config.toml'), `[exchanges.${EXCHANGE}]\nendpoint = "${sandbox.usdm?.base}"\n`);
  const apiKey = 'aRealKeyOfSomebody1234567890';
  await keyPorts(paths, env).add({ exchange: EXCHANGE, apiKey, secret: 'aRealSecret123' }, 'file', undefined);
  const said: string[] = [];
  const sink = { write: (line: string) => said.push(line) > 0, close: () => {} };
  const log = await openLog({ level: 'info', sink, redactor: processRedactor, now: () => 0 });
  const opened = await openExchange(EXCHANGE, { paths, env, log, held: undefined });
  if ('exit' in opened) throw new Error(`${opened.code}: ${opened.found}`);
  expect(opened.feed.serves('BTC/USDT:USDT')).toBe(true);
  expect(opened.account()).toBeNull();
  expect(said.join('')).toContain('the key cannot be used');
  expect(said.join('')).not.toContain(apiKey);
  await opened.close();
  log.close();
});
