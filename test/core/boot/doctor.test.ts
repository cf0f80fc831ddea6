import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctorPorts } from '../../../src/core/boot/doctor.ts';
import { pathsOf, profileFolder } from '../../../src/core/boot/paths.ts';
import { openJournal } from '../../../src/core/journal/sqlite.ts';
import { scratchFolder } from '../../support/scratch.ts';

function home(config?: string, more: Record<string, string> = {}) {
  const folder = scratchFolder();
  const env = {
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_STATE_HOME: join(folder, 'state'),
    DZENTRA_KEYRING: 'off',
    ...more,
  };
  const paths = pathsOf(env);
  if (config !== undefined) {
    mkdirSync(paths.config, { recursive: true });
    writeFileSync(join(paths.config, 'config.toml'), config);
  }
  return { folder, paths, doctor: doctorPorts(paths, env) };
}

describe('the facts of a machine', () => {
  it('are nothing on a bare one, and looking makes nothing', async () => {
    const { doctor, folder } = home();
    expect(await doctor.machine('demo')).toMatchObject({
      node: { version: process.versions.node, isFit: true },
      folder: { isThere: false },
      database: { state: 'none' },
      config: { state: 'none' },
      log: { bytes: null },
      whyNoKeyring: 'DZENTRA_KEYRING=off',
      disk: { freeBytes: expect.any(Number) },
    });
    expect(await doctor.exchanges()).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('tell a journal that opens, one that is held, and one that is no journal', async () => {
    const { doctor, paths } = home();
    const folder = profileFolder(paths, 'demo');
    const journal = openJournal(folder, { profile: 'demo', build: '1', clock: () => 0 });
    expect((await doctor.machine('demo')).database).toEqual({ state: 'held', by: `process ${process.pid}` });
    journal.close();
    expect((await doctor.machine('demo')).database).toEqual({ state: 'open', lastSeq: 0, missing: undefined });
    writeFileSync(join(folder, 'journal.db'), 'no database at all, but long enough to be looked at'.repeat(50));
    expect((await doctor.machine('demo')).database).toMatchObject({ state: 'bad' });
  });

  it('tell a folder that others can reach, and a configuration that is wrong', async () => {
    const { doctor, paths } = home('[run]\nleverge = 2\n');
    const folder = profileFolder(paths, 'demo');
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    const facts = await doctor.machine('demo');
    expect(facts.folder).toMatchObject({ isThere: true, isOwn: true, mode: 0o755, isWritable: true });
    expect(facts.config).toMatchObject({ code: 'BAD_CONFIG', fix: 'did you mean leverage?' });
    expect(existsSync(join(folder, 'journal.db'))).toBe(false);
  });
});

describe('where the doctor looks for an exchange', () => {
  it('is as the file and the environment say, without a password', async () => {
    const source =
      '[exchanges.binanceusdm]\nendpoint = "http://[::1]:9800"\n[exchanges.bybit]\nproxy = "http://me:hunter22@10.0.0.1:3128"\n';
    const { doctor } = home(source, { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'kraken.com' });
    const placeOf = (exchange: string) => doctor.network.place(exchange);
    expect(await doctor.exchanges()).toEqual(['binanceusdm', 'bybit']);
    expect(await placeOf('binanceusdm')).toEqual({
      host: '[::1]',
      port: 9800,
      isTls: false,
      isStandIn: true,
      proxy: null,
    });
    expect(await placeOf('bybit')).toEqual({
      host: '10.0.0.1',
      port: 3128,
      isTls: false,
      isStandIn: false,
      proxy: 'http://***@10.0.0.1:3128',
    });
    expect(await placeOf('okx')).toMatchObject({ host: 'p', port: 1, proxy: 'http://p:1' });
    expect(await placeOf('kraken')).toEqual({
      host: 'api.kraken.com',
      port: 443,
      isTls: true,
      isStandIn: false,
      proxy: null,
    });
    expect(await placeOf('someother')).toMatchObject({ proxy: 'http://p:1' });
  });

  it('is no exchange by a proxy that is none', async () => {
    const { doctor } = home(undefined, { HTTPS_PROXY: 'socks5://me:hunter22@p:1' });
    const answer = await doctor.network.open('binanceusdm');
    expect(answer).toMatchObject({ code: 'BAD_PROXY', found: '"socks5://***@p:1"' });
  });
});
