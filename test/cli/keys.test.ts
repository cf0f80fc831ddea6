import { describe, expect, it } from 'vitest';
import { processRedactor } from '../../src/core/config/redact.ts';
import { stubKeys } from '../core/command/keys-stub.ts';
import { stubPorts } from '../core/command/stub-ports.ts';
import { dzentra } from './pretend.ts';

const KEY = 'cliKEY0123456789abcdef';
const SECRET = 'cliSECRET0123456789abc';
const empty = () => Promise.resolve([]);

describe('keys on the command line', () => {
  it('are asked for on stderr, in the language of the person', async () => {
    const ports = stubPorts({ keys: stubKeys({ list: empty }) });
    const said = await dzentra('keys add binanceusdm --in file --language ru', { ports, secrets: [KEY, SECRET] });
    expect(said.code).toBe(0);
    expect(said.err).toContain('Ключ API для binanceusdm (не показывается): ');
    expect(said.err).toContain('Секрет API для binanceusdm (не показывается): ');
    expect(said.out + said.err).not.toContain(KEY);
  });

  it('come from standard input without a terminal, and nobody is asked with --json', async () => {
    const ports = stubPorts({ keys: stubKeys({ list: empty }) });
    const line = 'keys add binanceusdm --in file --json';
    const { code, out } = await dzentra(`${line} --stdin`, { ports, input: `${KEY}\n${SECRET}\n` });
    expect([code, JSON.parse(out).key]).toEqual([0, 'cliK...cdef']);
    const unasked = await dzentra(line, { ports, secrets: [KEY, SECRET] });
    expect([unasked.code, JSON.parse(unasked.err).code]).toEqual([2, 'NO_TERMINAL']);
  });

  it('that were loaded are in nothing that is printed: data, notes and errors', async () => {
    processRedactor.register(SECRET);
    const find = () =>
      Promise.reject(Object.assign(new Error(), { expected: 'a', found: `signed with ${SECRET}`, fix: 'wait' }));
    const check = () =>
      Promise.resolve({
        ...leak,
        canRead: true,
        canTrade: true,
        canWithdraw: null,
        isBoundToIp: null,
        positionMode: null,
      });
    const leak = { [SECRET]: SECRET };
    const failing = await dzentra('keys check binanceusdm', { ports: stubPorts({ keys: stubKeys({ find }) }) });
    expect(failing.err).toContain('signed with [redacted]');
    const shown = await dzentra('keys check binanceusdm --json', { ports: stubPorts({ keys: stubKeys({ check }) }) });
    expect(shown.out).toContain('[redacted]');
    expect(shown.out + shown.err + failing.out + failing.err).not.toContain(SECRET);
  });
});

describe('the exit code of the doctor', () => {
  it('is 0 where nothing is bad', async () => {
    const { code, out } = await dzentra('doctor --json');
    expect([code, JSON.parse(out).sound]).toEqual([0, true]);
  });
});
