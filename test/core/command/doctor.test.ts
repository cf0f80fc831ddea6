import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/core/command/doctor/check.ts';
import type { DoctorNetwork, MachineFacts } from '../../../src/core/command/doctor/ports.ts';
import type { KeyPorts } from '../../../src/core/command/keys/ports.ts';
import { layout, tabbed } from '../../../src/core/command/layout.ts';
import { exitOf, type Outcome } from '../../../src/core/command/outcome.ts';
import { refusal } from '../../../src/core/command/refusal.ts';
import type { ExchangeRest, VenueProblem, VenueProblemCode } from '../../../src/core/venue/exchange.ts';
import { API_KEY, BARE, RIGHTS, SECRET, stubDoctor, stubKeys, stubRest } from './keys-stub.ts';
import { stubEngine } from './stub-engine.ts';
import { runLine, stubPorts } from './stub-ports.ts';

const problem = (code: VenueProblemCode, found = 'nothing'): VenueProblem => ({
  problem: code,
  expected: 'an answer',
  found,
  fix: 'wait',
});
const checksOf = (outcome: Outcome): readonly Check[] =>
  'data' in outcome ? (outcome.data as { checks: readonly Check[] }).checks : [];

interface Given {
  readonly machine?: Partial<MachineFacts>;
  readonly network?: Partial<DoctorNetwork>;
  readonly keys?: Partial<KeyPorts>;
  readonly exchanges?: readonly string[];
}

async function examined({ machine, network, keys, exchanges = ['binanceusdm'] }: Given, line = 'doctor') {
  const engine = stubEngine({ isStopped: true }).ports;
  const ports = stubPorts({ doctor: stubDoctor(machine, network, exchanges), keys: stubKeys(keys), engine });
  const { outcome } = await runLine(line, ports);
  return { outcome, checks: checksOf(outcome) };
}

const named = (checks: readonly Check[], name: string): Check => {
  const found = checks.find((each) => each.name === name);
  if (found === undefined)
    throw new Error(`expected a check ${name}, found ${checks.map((each) => each.name).join(', ')}`);
  return found;
};

const restOf = (changes: Partial<ExchangeRest>): Partial<DoctorNetwork> => ({
  open: () => Promise.resolve(stubRest(changes)),
});

describe('the doctor on a bare machine', () => {
  it('finds nothing bad: what is not set up is off, with what to do', async () => {
    const { outcome, checks } = await examined({ exchanges: [] });
    expect(exitOf(outcome)).toBe(0);
    expect(checks.map(({ name, verdict }) => `${name} ${verdict}`)).toEqual([
      'node ok',
      'user ok',
      'config off',
      'folder off',
      'database off',
      'disk ok',
      'log off',
      'terminal off',
      'keyring off',
      'engine off',
      'bridge off',
      'network off',
    ]);
    expect(checks.filter(({ verdict, fix }) => verdict === 'off' && fix === null)).toEqual([]);
  });

  it('is drawn for a person with what to do beneath each line', async () => {
    const ports = stubPorts({ doctor: stubDoctor(), engine: stubEngine({ isStopped: true }).ports });
    const { outcome } = await runLine('doctor', ports, { isPiped: false });
    const [block] = 'blocks' in outcome ? outcome.blocks : [];
    if (block === undefined || block.kind !== 'facts') throw new Error('expected facts');
    const lines = (await layout(block, { columns: 60, ascii: false })).map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    );
    expect(lines.slice(0, 4)).toEqual([
      'ok    node      Node.js 26.10.0',
      'ok    user      a plain user',
      'off   config    no file: the defaults hold',
      expect.stringMatching(/^ +to do: dzentra config init$/),
    ]);
    expect(lines.every((line) => line.length <= 60)).toBe(true);
  });
});

describe('the machine', () => {
  const folder = { ...BARE.folder, isThere: true };
  it.each<[string, string, Partial<MachineFacts>, RegExp]>([
    ['node', 'bad', { node: { version: '24.3.0', isFit: false } }, /nvm install 26/],
    ['user', 'warn', { isRoot: true }, /a user of its own/],
    ['folder', 'ok', { folder }, /^$/],
    ['folder', 'bad', { folder: { ...folder, isOwn: false } }, /chown/],
    ['folder', 'bad', { folder: { ...folder, mode: 0o755 } }, /chmod 700 \/state\/demo/],
    ['folder', 'bad', { folder: { ...folder, isWritable: false } }, /read-only/],
    ['folder', 'warn', { folder: { ...folder, weakSystem: 'tmpfs' } }, /XDG_STATE_HOME/],
    ['folder', 'bad', { folder: { ...folder, weakSystem: 'nfs' } }, /XDG_STATE_HOME/],
    ['database', 'ok', { database: { state: 'open', lastSeq: 7, missing: undefined } }, /^$/],
    [
      'database',
      'warn',
      { database: { state: 'open', lastSeq: 7, missing: 'entries up to the mark, 9' } },
      /starts halted/,
    ],
    ['database', 'ok', { database: { state: 'held', by: 'process 7' } }, /^$/],
    ['database', 'bad', { database: { state: 'bad', found: 'damaged', fix: 'restore it' } }, /restore it/],
    ['disk', 'warn', { disk: { freeBytes: 2 ** 30, totalBytes: 2 ** 40 } }, /make room/],
    ['disk', 'bad', { disk: { freeBytes: 2 ** 20, totalBytes: 2 ** 40 } }, /make room/],
    ['config', 'bad', { config: refusal(2, 'BAD_CONFIG', 'a key', '"x" in c:3', 'did you mean y?') }, /did you mean y/],
    ['log', 'warn', { log: { file: 'l', bytes: 1, isPrivate: false } }, /chmod 600/],
    [
      'terminal',
      'warn',
      { terminal: { isTerminal: true, columns: 60, rows: 24, colorBits: 8, isUtf8: true } },
      /80x24/,
    ],
    [
      'terminal',
      'warn',
      { terminal: { isTerminal: true, columns: 80, rows: 24, colorBits: 8, isUtf8: false } },
      /UTF-8/,
    ],
    ['keyring', 'ok', { whyNoKeyring: null }, /^$/],
  ])('%s is %s with %j', async (name, verdict, machine, fix) => {
    const { outcome, checks } = await examined({ machine, exchanges: [] });
    expect(named(checks, name)).toMatchObject({ verdict });
    expect(named(checks, name).fix ?? '').toMatch(fix);
    expect(exitOf(outcome)).toBe(verdict === 'bad' ? 1 : 0);
  });

  it('has an engine that runs, is silent, or is of another version', async () => {
    const engineOf = async (status: object): Promise<Check> => {
      const engine = stubEngine().ports;
      const full = {
        ...engine,
        status: () => Promise.resolve({ profile: 'demo', ...status } as Awaited<ReturnType<typeof engine.status>>),
      };
      const { outcome } = await runLine('doctor', stubPorts({ engine: full }));
      return named(checksOf(outcome), 'engine');
    };
    const system = (version: string) => ({ state: 'running', pid: 7, scene: { system: { version } } });
    expect(await engineOf(system('0.1.0'))).toMatchObject({ verdict: 'ok' });
    expect(await engineOf(system('0.0.9'))).toMatchObject({ verdict: 'warn', fix: 'dzentra engine restart' });
    expect(await engineOf({ state: 'silent', pid: 7 })).toMatchObject({
      verdict: 'bad',
      fix: expect.stringContaining('kill 7'),
    });
  });
});

describe('an exchange', () => {
  it('that is well has a network, a clock, a key and a mode', async () => {
    const { outcome, checks } = await examined({});
    expect(exitOf(outcome)).toBe(0);
    expect(
      checks.filter(({ exchange }) => exchange !== null).map(({ name, verdict, found }) => [name, verdict, found]),
    ).toEqual([
      ['network', 'ok', 'Binance USDS-M answers in 40 ms, direct'],
      [
        'gives',
        'ok',
        'a stream of bid and ask, of the book, of trades, of candles, of the mark, candles of the past, candles of the mark, funding rates, an account; not leverage tiers',
      ],
      ['clock', 'ok', '12 ms behind the venue, give or take 20 ms'],
      ['key', 'ok', 'aPIk...ghij (file): reads, trades'],
      ['mode', 'ok', 'one-way'],
    ]);
  });

  it('whose prices can only be polled is told, with what follows', async () => {
    const streams = { quote: false, book: false, trade: false, candle: false, mark: false };
    const { abilities } = stubRest();
    const { checks } = await examined({ network: restOf({ abilities: { ...abilities, streams } }) });
    expect(checks.find(({ name }) => name === 'gives')).toMatchObject({
      verdict: 'warn',
      fix: expect.stringContaining('tradesPolled'),
    });
  });

  it.each([
    [12, 20, 'ok'],
    [-400, 20, 'warn'],
    [1_500, 20, 'bad'],
    [-3_000, 20, 'bad'],
    [1_500, 700, 'warn'],
  ])('whose clock differs by %i ms, give or take %i, is %s', async (offset, error, verdict) => {
    const rest = restOf({
      measureClock: () => Promise.resolve(offset),
      health: () => ({ latencyMsP50: 40, offsetErrorMs: error }) as ReturnType<ExchangeRest['health']>,
    });
    expect(named((await examined({ network: rest })).checks, 'clock')).toMatchObject({ verdict });
  });

  const way = (changes: Partial<DoctorNetwork>) =>
    examined({ network: changes, keys: { list: () => Promise.resolve([]) } });

  it.each<[string, Partial<DoctorNetwork>, RegExp, RegExp]>([
    [
      'no name',
      { lookUp: () => Promise.resolve({ why: 'ENOTFOUND' }) },
      /no address of fapi.binance.com: ENOTFOUND/,
      /name server/,
    ],
    [
      'no way',
      { connect: () => Promise.resolve({ why: 'ECONNREFUSED' }) },
      /no connection to fapi.binance.com:443/,
      /firewall/,
    ],
    [
      'a strange certificate',
      { connect: () => Promise.resolve({ why: 'ERR_TLS_CERT_ALTNAME_INVALID' }) },
      /ALTNAME/,
      /captive portal/,
    ],
    [
      'a captive portal',
      restOf({ measureClock: () => Promise.resolve(problem('BAD_ANSWER', 'HTML')) }),
      /none of binanceusdm: HTML/,
      /captive portal/,
    ],
    [
      'a ban',
      restOf({ measureClock: () => Promise.resolve(problem('BANNED', 'until 12:00')) }),
      /BANNED: until 12:00/,
      /wait/,
    ],
    [
      'no such exchange',
      { open: () => Promise.resolve(refusal(2, 'NOT_SUPPORTED', 'a name', '"x"', 'use y')) },
      /NOT_SUPPORTED/,
      /use y/,
    ],
  ])('with %s is bad, and its key is not asked for', async (_name, network, found, fix) => {
    const { outcome, checks } = await way(network);
    expect(exitOf(outcome)).toBe(1);
    expect(named(checks, 'network')).toMatchObject({
      verdict: 'bad',
      found: expect.stringMatching(found),
      fix: expect.stringMatching(fix),
    });
    expect(checks.map(({ name }) => name)).not.toContain('clock');
  });

  it('behind a proxy is told with it, and its own name is not looked up', async () => {
    const place = { host: 'proxy', port: 3128, isTls: false, isStandIn: false, proxy: 'http://***@proxy:3128' };
    const network = { place: () => Promise.resolve(place), connect: () => Promise.resolve({ why: 'ECONNREFUSED' }) };
    expect(named((await way(network)).checks, 'network').found).toBe(
      'no connection to the proxy http://***@proxy:3128: ECONNREFUSED',
    );
    expect(named((await way({ place: network.place })).checks, 'network').found).toContain(
      'by proxy http://***@proxy:3128',
    );
  });

  const keyed = async (rights: object) =>
    (await examined({ network: restOf({ keyRights: () => Promise.resolve({ ...RIGHTS, ...rights }) }) })).checks;

  it.each([
    ['key', 'bad', { canWithdraw: true }, /cannot withdraw|without it/],
    ['key', 'bad', { canRead: false }, /right to read/],
    ['key', 'warn', { isBoundToIp: false }, /bind it/],
    ['key', 'ok', { canTrade: false }, /^$/],
    ['mode', 'bad', { positionMode: 'hedge' }, /one-way/],
  ])('%s is %s with %o', async (name, verdict, rights, fix) => {
    const check = named(await keyed(rights), name);
    expect(check).toMatchObject({ verdict });
    expect(check.fix ?? '').toMatch(fix);
  });

  it.each<[string, 'bad' | 'warn' | 'off', Given]>([
    ['that it does not know', 'bad', { network: restOf({ keyRights: () => Promise.resolve(problem('BAD_KEY')) }) }],
    ['that is not there', 'off', { keys: { find: () => Promise.resolve(undefined) } }],
    [
      'whose file others read',
      'bad',
      { keys: { find: () => Promise.resolve(refusal(2, 'KEY_UNSAFE', 'a', 'b', 'chmod 600')) } },
    ],
    [
      'whose passphrase nobody gives',
      'warn',
      { keys: { find: () => Promise.resolve(refusal(2, 'NO_PASSPHRASE', 'a', 'b', 'c')) } },
    ],
  ])('with a key %s: %s', async (_name, verdict, given) => {
    expect(named((await examined(given)).checks, 'key')).toMatchObject({ verdict });
  });

  it('is one of those that were named, each once', async () => {
    const { checks } = await examined({}, 'doctor --exchange bybit --exchange okx --exchange okx');
    expect(checks.filter(({ name }) => name === 'clock').map(({ exchange }) => exchange)).toEqual(['bybit', 'okx']);
  });

  it('that does not answer is not waited for after a signal', async () => {
    const stop = new AbortController();
    const connect = () => {
      stop.abort('SIGINT');
      return new Promise<never>(() => undefined);
    };
    const ports = stubPorts({
      doctor: stubDoctor({}, { connect }, ['binanceusdm']),
      engine: stubEngine({ isStopped: true }).ports,
    });
    const { outcome } = await runLine('doctor', ports, { signal: stop.signal });
    expect(outcome).toEqual({ kind: 'interrupted', saved: [] });
  });

  it('is closed again', async () => {
    let open = 0;
    await examined({
      network: {
        open() {
          open++;
          return Promise.resolve(stubRest({ close: () => Promise.resolve(void open--) }));
        },
      },
    });
    expect(open).toBe(0);
  });
});

describe('what the doctor says', () => {
  it('holds no secret, as lines and as data', async () => {
    const { outcome } = await examined({});
    const said =
      JSON.stringify(outcome) + ('blocks' in outcome ? outcome.blocks.flatMap((block) => tabbed(block)).join() : '');
    expect(said).toContain('aPIk...ghij');
    expect(said).not.toContain(API_KEY);
    expect(said).not.toContain(SECRET);
  });
});
