import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { debugPorts } from '../../../src/core/boot/debug.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import type { DebugSession } from '../../../src/core/command/ports.ts';
import { isRefusal } from '../../../src/core/command/refusal.ts';
import { scratchFolder } from '../../support/scratch.ts';

const SESSION: DebugSession = {
  v: 1,
  symbol: 'BTC/USDT:USDT',
  balance: '10000',
  stepMs: 60_000,
  feed: null,
  candles: [],
  lines: ['price 100'],
};

const { signal } = new AbortController();

function place() {
  const state = scratchFolder();
  const paths = pathsOf({ XDG_STATE_HOME: state });
  return { paths, ports: debugPorts(paths, { DEBUG_ENABLED: '1' }), folder: join(paths.state, '.debug') };
}

describe('the sandbox on disk', () => {
  it('is one file of its own beside the profiles, for its owner alone', async () => {
    const { paths, ports, folder } = place();
    mkdirSync(join(paths.state, 'demo'), { recursive: true });
    expect(await ports.load()).toBeUndefined();
    await ports.store(SESSION);
    expect(await ports.load()).toEqual(SESSION);
    expect(readdirSync(folder)).toEqual(['sandbox.json']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'sandbox.json')).mode & 0o777).toBe(0o600);
    await ports.store(undefined);
    expect(await ports.load()).toBeUndefined();
    expect(readdirSync(join(paths.state, 'demo'))).toEqual([]);
  });

  it.each(['', '{"v":1', '{"v":2,"lines":[]}', '[]'])('that cannot be read is none: %j', async (text) => {
    const { ports, folder } = place();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'sandbox.json'), text);
    expect(await ports.load()).toBeUndefined();
  });

  it('writes no file over another', async () => {
    const { ports, paths } = place();
    mkdirSync(paths.state, { recursive: true });
    const file = join(paths.state, 'x.json');
    expect(await ports.write(file, 'a')).toBeUndefined();
    expect(await ports.write(file, 'b')).toMatchObject({ ok: false, exit: 2, code: 'NOT_WRITTEN' });
  });

  it('is on with DEBUG_ENABLED=1 alone', () => {
    const { paths } = place();
    expect(['1', '0', '', undefined].map((value) => debugPorts(paths, { DEBUG_ENABLED: value }).isEnabled)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('candles of a sandbox', () => {
  it('are those of the simulated market, the same for a seed', async () => {
    const { ports } = place();
    const [one, same, other] = await Promise.all(
      ['synthetic:7', 'synthetic:7', 'synthetic:8'].map((feed) => ports.candles(feed, 'BTC/USDT:USDT', signal)),
    );
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });

  it('are a snapshot up to now', async () => {
    const { ports } = place();
    const found = await ports.candles('snapshot', 'BTC/USDT:USDT', signal);
    if (isRefusal(found)) throw new Error(found.found);
    expect(found.rows.length).toBeGreaterThan(100);
  });

  it('of a file that is not there are refused', async () => {
    const { ports } = place();
    expect(await ports.candles('replay:/nowhere.csv', 'BTC/USDT:USDT', signal)).toMatchObject({ ok: false, exit: 2 });
  });
});
