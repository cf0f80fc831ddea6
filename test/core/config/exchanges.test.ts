import { describe, expect, it } from 'vitest';
import { endpointOf, isLoopback, isProxy, shownProxy } from '../../../src/core/config/exchanges.ts';
import { isProblem, readConfig } from '../../../src/core/config/read.ts';
import { resolve } from '../../../src/core/config/resolve.ts';
import { isSecretName } from '../../../src/core/config/secret-name.ts';
import { nearest } from '../../../src/core/strategy/nearest.ts';

const PROXY = 'http://me:hunter22@10.0.0.1:3128';
const SOURCE = [
  '[exchanges.binanceusdm]',
  'endpoint = "http://127.0.0.1:9800/"',
  '[exchanges.bybit]',
  `proxy = "${PROXY}"`,
].join('\n');

async function configOf(source: string, env: Record<string, string> = {}) {
  const read = await readConfig(source, nearest);
  if (isProblem(read)) throw new Error(JSON.stringify(read));
  const config = resolve({ file: 'config.toml', read, env, flags: {} });
  if ('expected' in config) throw new Error(JSON.stringify(config));
  return config;
}

describe('exchanges of the file', () => {
  it('have an endpoint and a proxy, each shown with its line and without a password', async () => {
    const { exchanges, settings } = await configOf(SOURCE);
    expect(exchanges).toEqual({
      binanceusdm: { endpoint: 'http://127.0.0.1:9800/', proxy: undefined },
      bybit: { endpoint: undefined, proxy: PROXY },
    });
    expect(settings.filter(({ key }) => key.startsWith('exchanges.'))).toMatchObject([
      { key: 'exchanges.binanceusdm.endpoint', origin: { from: 'file', line: 2 } },
      { key: 'exchanges.bybit.proxy', text: 'http://***@10.0.0.1:3128', origin: { from: 'file', line: 4 } },
    ]);
  });

  it('cannot be led elsewhere by a variable', async () => {
    const env = { DZENTRA_ENDPOINT: 'http://127.0.0.1:1', DZENTRA_EXCHANGES_BYBIT_ENDPOINT: 'http://127.0.0.1:1' };
    expect(endpointOf(await configOf(SOURCE, env), env, 'bybit')).toEqual({ proxy: PROXY });
  });

  it.each([
    ['http://127.0.0.1:9800', true],
    ['http://localhost:80', true],
    ['http://[::1]:9800', true],
    ['https://127.0.0.1:9800', false],
    ['http://127.0.0.1', false],
    ['http://127.0.0.1:0', false],
    ['http://127.0.0.1:70000', false],
    ['http://127.0.0.1.example.com:80', false],
    ['http://127.0.0.1:80@example.com:80', false],
    ['http://user@127.0.0.1:80', false],
    ['http://localhost:80/fapi', false],
    ['http://10.0.0.1:9800', false],
    ['https://fapi.binance.com', false],
  ])('endpoint %s: %s', async (endpoint, isFit) => {
    expect(isLoopback(endpoint)).toBe(isFit);
    const read = await readConfig(`[exchanges.binanceusdm]\nendpoint = "${endpoint}"`, nearest);
    expect(isProblem(read)).toBe(!isFit);
    if (!isFit)
      expect(read).toMatchObject({ line: 2, expected: expect.stringContaining('real keys and live trading') });
  });

  it.each([
    [
      '[exchanges.binanceusdm]\nprxy = "x"',
      { line: 2, expected: 'a key of [exchanges.binanceusdm]', fix: 'did you mean proxy?' },
    ],
    ['[exchanges.binanceusdm]\nendpont = "x"', { line: 2, fix: 'did you mean endpoint?' }],
    ['[exchange.binanceusdm]\nproxy = "x"', { line: 1, fix: 'did you mean exchanges?' }],
    [
      '[exchanges.Binance]\nproxy = "http://a:1"',
      { line: 1, expected: expect.stringContaining('such as binanceusdm') },
    ],
    ['[exchanges.okx]\nproxy = 5', { line: 2, expected: expect.stringContaining('exchanges.okx.proxy') }],
  ])('%j is told with its line', async (source, problem) => {
    expect(await readConfig(source, nearest)).toMatchObject(problem);
  });

  it('a bad proxy is told without its password', async () => {
    const read = await readConfig('[exchanges.okx]\nproxy = "socks5://me:hunter22@host:1"', nearest);
    expect(read).toMatchObject({ line: 2, found: '"socks5://***@host:1"' });
    expect(JSON.stringify(read)).not.toContain('hunter22');
    expect([isProxy(PROXY), isProxy('http://h:3128/'), isProxy('http://h'), isProxy('https://h:1')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(shownProxy('http://a:b@c@host:1')).toBe('http://***@host:1');
  });
});

describe('a secret in the file', () => {
  it.each([
    ['[exchanges.binanceusdm]\napiKey = "CANARYvalue"', 2, 'dzentra keys add binanceusdm'],
    ['theme = "dark"\nsecret = "CANARYvalue"', 2, 'dzentra keys add EXCHANGE'],
    ['[params.own]\napi_token = "CANARYvalue"', 2, 'dzentra keys add EXCHANGE'],
    ['[run]\nrisk = { passphrase = "CANARYvalue" }', 2, 'dzentra keys add EXCHANGE'],
  ])('%j is refused, and its value is told nowhere', async (source, line, fix) => {
    const read = await readConfig(source, nearest);
    expect(read).toMatchObject({ line, expected: 'no secret in this file', fix: expect.stringContaining(fix) });
    expect(JSON.stringify(read)).not.toContain('CANARYvalue');
  });

  it('is known by its name', () => {
    const names = [
      'apiKey',
      'api_secret',
      'API-KEY',
      'token',
      'botToken',
      'passphrase',
      'secretKey',
      'privateKey',
      'key',
    ];
    expect(names.filter((name) => !isSecretName(name))).toEqual([]);
    const others = ['keyLevels', 'monkey', 'fast', 'secretary', 'passes', 'stop-cooldown', 'tokenize'];
    expect(others.filter(isSecretName)).toEqual([]);
  });
});

describe('where an exchange is reached', () => {
  const none = { exchanges: {} };
  it.each([
    ['nothing told', {}, {}],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://p:1' }, { proxy: 'http://p:1' }],
    ['https_proxy', { https_proxy: 'http://p:1' }, { proxy: 'http://p:1' }],
    ['HTTP_PROXY', { HTTP_PROXY: 'http://p:1' }, { proxy: 'http://p:1' }],
    ['the first of them', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' }, { proxy: 'http://p:1' }],
    ['no scheme and no port', { HTTPS_PROXY: 'p' }, { proxy: 'http://p:80' }],
    ['an empty one', { HTTPS_PROXY: '' }, {}],
    ['NO_PROXY of all', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, {}],
    ['NO_PROXY of the host', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'x.com, fapi.binance.com' }, {}],
    ['NO_PROXY of the domain', { HTTPS_PROXY: 'http://p:1', no_proxy: '.binance.com' }, {}],
    ['NO_PROXY of others', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'nance.com,localhost' }, { proxy: 'http://p:1' }],
  ])('%s', (_name, env, reach) => {
    expect(endpointOf(none, env, 'binanceusdm')).toEqual(reach);
  });

  it('the file stands before the environment, and loopback has no proxy', async () => {
    const config = await configOf(SOURCE);
    const env = { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' };
    expect(endpointOf(config, env, 'bybit')).toEqual({ proxy: PROXY });
    expect(endpointOf(config, { HTTPS_PROXY: 'http://p:1' }, 'binanceusdm')).toEqual({ base: 'http://127.0.0.1:9800' });
  });
});
