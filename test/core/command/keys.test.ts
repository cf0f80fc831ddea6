import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/core/command/command.ts';
import { keysAdd } from '../../../src/core/command/keys/add.ts';
import { tabbed } from '../../../src/core/command/layout.ts';
import { exitOf, type Outcome } from '../../../src/core/command/outcome.ts';
import { refusal } from '../../../src/core/command/refusal.ts';
import type { KeyRights } from '../../../src/core/venue/exchange.ts';
import { API_KEY, FOUND, RIGHTS, SECRET, stubKeys } from './keys-stub.ts';
import { runLine, stubPorts } from './stub-ports.ts';

type Keys = ReturnType<typeof stubKeys>;

/** Ports that keep what is added. */
function keeping(changes: Partial<Keys> = {}) {
  const kept: { place: string; passphrase: string | undefined; key: Parameters<Keys['add']>[0] }[] = [];
  const keys = stubKeys({
    list: () => Promise.resolve([]),
    add(key, place, passphrase) {
      kept.push({ key, place, passphrase });
      return Promise.resolve(`keys/${key.exchange}.json`);
    },
    ...changes,
  });
  return { ports: stubPorts({ keys }), kept };
}

const input = (text: string | undefined): Partial<Context> => ({ readInput: () => Promise.resolve(text) });
const answers = (...given: (string | undefined)[]): Partial<Context> & { questions: string[] } => {
  const questions: string[] = [];
  return {
    questions,
    askSecret(question) {
      questions.push(question);
      return Promise.resolve(given[questions.length - 1]);
    },
  };
};

const dataOf = (outcome: Outcome): Record<string, unknown> =>
  ('data' in outcome ? outcome.data : undefined) as Record<string, unknown>;
const allOf = (outcome: Outcome): string =>
  JSON.stringify(outcome) + ('blocks' in outcome ? outcome.blocks.flatMap((block) => tabbed(block)).join('\n') : '');

const LINES = `${API_KEY}\n${SECRET}\n`;
const STDIN = 'keys add binanceusdm --stdin';

describe('keys add', () => {
  it('asks for key and secret unseen, checks them and keeps them', async () => {
    const { ports, kept } = keeping();
    const face = answers(API_KEY, ` ${SECRET} `);
    const { outcome } = await runLine('keys add binanceusdm --in file', ports, face);
    expect(face.questions).toEqual(['binanceusdm API key (not shown):', 'binanceusdm API secret (not shown):']);
    expect(kept).toEqual([
      {
        key: { exchange: 'binanceusdm', apiKey: API_KEY, secret: SECRET, passphrase: undefined },
        place: 'file',
        passphrase: undefined,
      },
    ]);
    expect(dataOf(outcome)).toEqual({
      schema: 'dzentra.keys.add/1',
      exchange: 'binanceusdm',
      key: 'aPIk...ghij',
      in: 'file',
      place: 'keys/binanceusdm.json',
      isChecked: true,
      rights: RIGHTS,
      warnings: [],
    });
    const { fields } = keysAdd;
    expect(fields.map(([path]) => path).filter((path) => !path.includes('.'))).toEqual(Object.keys(dataOf(outcome)));
  });

  it('prints no secret and no whole key, whatever comes of it', async () => {
    const lines = [
      keeping(),
      keeping({ check: () => Promise.resolve({ ...RIGHTS, canWithdraw: true }) }),
      keeping({ list: stubKeys().list }),
    ];
    for (const { ports } of lines) {
      const said = allOf((await runLine(STDIN, ports, input(LINES))).outcome);
      expect(said).not.toContain(API_KEY);
      expect(said).not.toContain(SECRET);
    }
  });

  it('reads two lines of standard input, three where the venue has a passphrase, and whole private keys', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIC\n-----END PRIVATE KEY-----';
    const { ports, kept } = keeping();
    await runLine(STDIN, ports, input(`\r\n${API_KEY}\r\n${SECRET}`));
    await runLine('keys add okx --stdin', ports, input(`${LINES}phrase\n`));
    await runLine(STDIN, ports, input(`${API_KEY}\n${pem}\n`));
    expect(kept.map(({ key }) => [key.secret, key.passphrase])).toEqual([
      [SECRET, undefined],
      [SECRET, 'phrase'],
      [pem, undefined],
    ]);
  });

  it.each([
    [STDIN, input(API_KEY), 'BAD_KEY_TEXT', 'two lines'],
    [STDIN, input(''), 'BAD_KEY_TEXT', 'two lines'],
    ['keys add okx --stdin', input(LINES), 'BAD_KEY_TEXT', 'three lines'],
    [STDIN, input(`${API_KEY}\nwith a space`), 'BAD_KEY_TEXT', 'the secret'],
    [STDIN, input(undefined), 'NO_INPUT', 'two lines'],
    ['keys add binanceusdm', {}, 'NO_TERMINAL', 'a terminal'],
    ['keys add binanceusdm', answers(API_KEY, undefined), 'BAD_KEY_TEXT', 'the secret'],
    ['keys add Binance', {}, 'BAD_OPTION', 'such as binanceusdm'],
  ])('%s is refused with %s', async (line, face, code, expected) => {
    const { ports, kept } = keeping();
    const { outcome } = await runLine(line, ports, face);
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusal: { code, exit: 2, expected: expect.stringContaining(expected) },
    });
    expect(kept).toEqual([]);
  });

  it.each<[string, Partial<KeyRights>]>([
    ['KEY_WITHDRAWS', { canWithdraw: true }],
    ['KEY_WITHDRAWS', { canWithdraw: true, canRead: null }],
    ['KEY_CANNOT_READ', { canRead: false }],
  ])('%s: a key with %o is not kept', async (code, rights) => {
    const { ports, kept } = keeping({ check: () => Promise.resolve({ ...RIGHTS, ...rights }) });
    const { outcome } = await runLine(STDIN, ports, input(LINES));
    expect(outcome).toMatchObject({ refusal: { code, exit: 3 } });
    expect(kept).toEqual([]);
  });

  it.each(['BAD_KEY', 'KEY_MISFIT', 'NOT_SUPPORTED'])(
    'a key that the exchange refuses with %s is not kept',
    async (code) => {
      const { ports, kept } = keeping({ check: () => Promise.resolve(refusal(4, code, 'a', 'b', 'c')) });
      expect((await runLine(STDIN, ports, input(LINES))).outcome).toMatchObject({ refusal: { code } });
      expect(kept).toEqual([]);
    },
  );

  it.each(['NO_NETWORK', 'TIMED_OUT', 'VENUE_DOWN', 'BAD_ANSWER'])(
    'is kept and told to be unchecked on %s',
    async (code) => {
      const { ports, kept } = keeping({ check: () => Promise.resolve(refusal(4, code, 'a', 'no way', 'c')) });
      const { outcome } = await runLine(STDIN, ports, input(LINES));
      expect(dataOf(outcome)).toMatchObject({
        isChecked: false,
        rights: null,
        warnings: ['not checked: no way; later: dzentra keys check binanceusdm'],
      });
      expect(kept).toHaveLength(1);
    },
  );

  it.each<[Partial<KeyRights>, RegExp]>([
    [{ isBoundToIp: false }, /works from any address/],
    [{ canWithdraw: null }, /does not say whether/],
    [{ canTrade: false }, /cannot trade/],
    [{ positionMode: 'hedge' }, /hedge mode/],
  ])('warns of %o', async (rights, warning) => {
    const { ports } = keeping({ check: () => Promise.resolve({ ...RIGHTS, ...rights }) });
    const { outcome } = await runLine(STDIN, ports, input(LINES));
    expect(dataOf(outcome).warnings).toEqual([expect.stringMatching(warning)]);
    expect(outcome).toMatchObject({ notes: [expect.stringMatching(warning)] });
  });

  it('takes the keyring where there is one, else seals where a passphrase can be had, else a plain file', async () => {
    const ring = keeping({ whyNoKeyring: () => Promise.resolve(undefined) });
    await runLine(STDIN, ring.ports, input(LINES));
    const sealed = keeping({ passphrase: () => Promise.resolve('of systemd') });
    await runLine(STDIN, sealed.ports, input(LINES));
    const asked = keeping();
    await runLine('keys add binanceusdm', asked.ports, answers(API_KEY, SECRET, 'long enough', 'long enough'));
    const plain = keeping();
    await runLine(STDIN, plain.ports, input(LINES));
    expect([ring, sealed, asked, plain].map(({ kept }) => [kept[0]?.place, kept[0]?.passphrase])).toEqual([
      ['keyring', undefined],
      ['encrypted', 'of systemd'],
      ['encrypted', 'long enough'],
      ['file', undefined],
    ]);
  });

  it.each([
    [['short'], 'BAD_PASSPHRASE'],
    [['long enough', 'another one'], 'BAD_PASSPHRASE'],
    [[undefined], 'BAD_PASSPHRASE'],
  ])('keeps nothing with the passphrases %o', async (given, code) => {
    const { ports, kept } = keeping();
    const { outcome } = await runLine('keys add binanceusdm --in encrypted', ports, answers(API_KEY, SECRET, ...given));
    expect(outcome).toMatchObject({ refusal: { code, exit: 2 } });
    expect(kept).toEqual([]);
  });

  it('does not seal where nobody gives a passphrase', async () => {
    const { ports } = keeping();
    expect((await runLine(`${STDIN} --in encrypted`, ports, input(LINES))).outcome).toMatchObject({
      refusal: { code: 'NO_PASSPHRASE' },
    });
  });

  it('keeps nothing that a signal ended', async () => {
    const { ports, kept } = keeping();
    const { outcome } = await runLine(STDIN, ports, { ...input(LINES), signal: AbortSignal.abort('SIGINT') });
    expect(outcome).toEqual({ kind: 'interrupted', saved: ['no key was kept'] });
    expect(kept).toEqual([]);
  });

  it('replaces no key', async () => {
    const { ports } = keeping({ list: stubKeys().list });
    const { outcome } = await runLine(STDIN, ports, input(LINES));
    expect(outcome).toMatchObject({
      refusal: { code: 'KEY_EXISTS', fix: 'dzentra keys remove binanceusdm, then again' },
    });
    const [label] = await stubKeys().list();
    if (label === undefined) throw new Error('expected a key');
    const given = keeping({ list: () => Promise.resolve([{ ...label, from: 'systemd' }]) });
    expect((await runLine(STDIN, given.ports, input(LINES))).outcome).toMatchObject({
      refusal: { code: 'KEY_EXISTS', fix: 'take LoadCredential= out of its unit, then again' },
    });
  });
});

describe('keys', () => {
  it('check asks what the key may do, and refuses one that withdraws', async () => {
    expect(dataOf((await runLine('keys check binanceusdm')).outcome)).toMatchObject({
      key: 'aPIk...ghij',
      from: 'file',
      rights: RIGHTS,
    });
    const untold = stubKeys({ check: () => Promise.resolve({ ...RIGHTS, canRead: null, canWithdraw: null }) });
    const { outcome: unsure } = await runLine('keys check binanceusdm', stubPorts({ keys: untold }));
    const facts = unsure.kind === 'done' && unsure.blocks[0]?.kind === 'facts' ? unsure.blocks[0].facts : [];
    const values = new Map(facts.map(({ name, cell }) => [name, cell.value]));
    expect([values.get('rights.canRead'), values.get('rights.canWithdraw')]).toEqual(['?', '?']);
    const keys = stubKeys({ check: () => Promise.resolve({ ...RIGHTS, canWithdraw: true }) });
    const { outcome } = await runLine('keys check binanceusdm', stubPorts({ keys }));
    expect([exitOf(outcome), (outcome as { refusal: { code: string } }).refusal.code]).toEqual([3, 'KEY_WITHDRAWS']);
    expect((await runLine('keys check bybit')).outcome).toMatchObject({
      refusal: { code: 'NO_KEY', fix: 'dzentra keys add bybit' },
    });
  });

  it('check asks for the passphrase of a sealed key', async () => {
    const keys = stubKeys({
      find: async (_exchange, ask) => ((await ask?.('Passphrase:')) === 'right' ? FOUND : undefined),
    });
    expect((await runLine('keys check binanceusdm', stubPorts({ keys }), answers('right'))).outcome.kind).toBe('done');
  });

  it('list tells where each is and why one cannot be used', async () => {
    const problem = { code: 'KEY_UNSAFE', expected: 'a', found: 'mode 644', fix: 'chmod 600 x' } as const;
    const list = () => Promise.resolve([{ exchange: 'okx', from: 'file', key: null, addedAt: null, problem } as const]);
    const { outcome } = await runLine('keys list', stubPorts({ keys: stubKeys({ list }) }));
    expect('blocks' in outcome ? outcome.blocks.flatMap((block) => tabbed(block)) : []).toEqual([
      'okx\tfile\t\t\tmode 644: chmod 600 x',
    ]);
  });

  it('remove says what it cannot take away', async () => {
    expect((await runLine('keys remove bybit')).outcome).toMatchObject({ refusal: { code: 'NO_KEY', found: 'none' } });
    const list = () =>
      Promise.resolve([{ exchange: 'bybit', from: 'systemd', key: 'x', addedAt: null, problem: null } as const]);
    const { outcome } = await runLine('keys remove bybit', stubPorts({ keys: stubKeys({ list }) }));
    expect(outcome).toMatchObject({
      refusal: { found: 'one of systemd', fix: expect.stringContaining('LoadCredential=') },
    });
  });
});
