import type { DoctorPorts, MachineFacts } from '../../../src/core/command/doctor/ports.ts';
import type { KeyPorts } from '../../../src/core/command/keys/ports.ts';
import { refusal } from '../../../src/core/command/refusal.ts';
import type { FoundKey } from '../../../src/core/config/secrets/key.ts';
import type { ExchangeRest, KeyRights } from '../../../src/core/venue/exchange.ts';

export const SECRET = 'sECretVALUE0123456789abcdefgh';
export const API_KEY = 'aPIkeyVALUE0123456789abcdefghij';

export const FOUND: FoundKey = {
  exchange: 'binanceusdm',
  apiKey: API_KEY,
  secret: SECRET,
  from: 'file',
  isSandbox: false,
  addedAt: 1_746_338_400_000,
};

/** A key as it should be. */
export const RIGHTS: KeyRights = {
  canRead: true,
  canTrade: true,
  canWithdraw: false,
  isBoundToIp: true,
  positionMode: 'one-way',
};

/** One key of binanceusdm in a file; what is added and removed is only told. */
export const stubKeys = (changes: Partial<KeyPorts> = {}): KeyPorts => ({
  list: () =>
    Promise.resolve([
      { exchange: 'binanceusdm', from: 'file', key: 'aPIk...ghij', addedAt: 1_746_338_400_000, problem: null },
    ]),
  find: (exchange) => Promise.resolve(exchange === FOUND.exchange ? FOUND : undefined),
  check: () => Promise.resolve(RIGHTS),
  whyNoKeyring: () => Promise.resolve('no service'),
  passphrase: () => Promise.resolve(undefined),
  add: (key, place) => Promise.resolve(`keys/${key.exchange}.${place}`),
  remove: (exchange) => Promise.resolve(exchange === FOUND.exchange ? ['keys/binanceusdm.json'] : []),
  ...changes,
});

/** A machine on which nothing is set up. */
export const BARE: MachineFacts = {
  node: { version: '26.10.0', isFit: true },
  isRoot: false,
  folder: { path: '/state/demo', isThere: false, isOwn: true, mode: 0o700, isWritable: true, weakSystem: null },
  database: { state: 'none' },
  disk: { freeBytes: 50 * 2 ** 30, totalBytes: 100 * 2 ** 30 },
  config: { file: '/config/config.toml', state: 'none' },
  log: { file: '/state/demo/dzentra.log', bytes: null, isPrivate: true },
  whyNoKeyring: 'no service',
  terminal: { isTerminal: false, columns: null, rows: null, colorBits: 1, isUtf8: true },
};

export const noAccount = () => Promise.resolve(refusal(2, 'NO_KEY', 'a key', 'none', 'dzentra keys add binanceusdm'));

/** An exchange that answers as it should. */
export const stubRest = (changes: Partial<ExchangeRest> = {}): ExchangeRest =>
  ({
    exchange: 'binanceusdm',
    title: 'Binance USDS-M',
    abilities: {
      candles: true,
      markCandles: true,
      fundingRates: true,
      leverageTiers: false,
      account: true,
      streams: { quote: true, book: true, trade: true, candle: true, mark: true },
    },
    measureClock: () => Promise.resolve(12),
    health: () => ({ latencyMsP50: 40.4, offsetErrorMs: 20 }),
    keyRights: () => Promise.resolve(RIGHTS),
    close: () => Promise.resolve(),
    ...changes,
  }) as ExchangeRest;

export const stubDoctor = (
  machine: Partial<MachineFacts> = {},
  network: Partial<DoctorPorts['network']> = {},
  exchanges: readonly string[] = [],
): DoctorPorts => ({
  machine: () => Promise.resolve({ ...BARE, ...machine }),
  exchanges: () => Promise.resolve(exchanges),
  network: {
    place: () => Promise.resolve({ host: 'fapi.binance.com', port: 443, isTls: true, isStandIn: false, proxy: null }),
    lookUp: () => Promise.resolve({ ms: 1, what: '203.0.113.7' }),
    connect: () => Promise.resolve({ ms: 2, what: 'TLS' }),
    open: () => Promise.resolve(stubRest()),
    measureClock: (_exchange, rest) => rest.measureClock(),
    ...network,
  },
});
