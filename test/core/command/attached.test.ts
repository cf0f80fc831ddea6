import { describe, expect, it } from 'vitest';
import { rate } from '../../../src/core/base/decimal.ts';
import { restOfEntry } from '../../../src/core/command/attached/follow.ts';
import { exitOf, type Outcome } from '../../../src/core/command/outcome.ts';
import { portfolio } from '../../../src/core/command/portfolio.ts';
import { refusal } from '../../../src/core/command/refusal.ts';
import { system as systemCommand } from '../../../src/core/command/system.ts';
import { type AnyEntry, decode, encode } from '../../../src/core/domain/entry.ts';
import type { VenueAccountFrame } from '../../../src/core/domain/frame.ts';
import { MANUAL } from '../../../src/core/domain/run.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { CEILINGS } from '../../../src/core/risk/defaults.ts';
import type { Scene } from '../../../src/core/view/scene.ts';
import { runInView } from '../../../src/core/view/select.ts';
import { stubConfigPorts, stubEngine } from './stub-engine.ts';
import { runLine, stubPorts } from './stub-ports.ts';

const dataOf = (outcome: Outcome): Record<string, unknown> =>
  ('data' in outcome ? outcome.data : undefined) as Record<string, unknown>;
const refusalOf = (outcome: Outcome) => (outcome.kind === 'refused' ? outcome.refusal : undefined);

/** An engine with a long of 60,000 and its stop at 59,400. */
function holding(options: Parameters<typeof stubEngine>[0] = {}) {
  const engine = stubEngine(options);
  engine.act((debug) => debug.long());
  engine.act((debug) => debug.price(60_000));
  return { engine, ports: stubPorts({ engine: engine.ports }) };
}

/** Starts the hand's run beside that of the strategy, on its symbol. */
function startHand(engine: ReturnType<typeof stubEngine>) {
  const run = engine.debug.state().runs[0];
  if (run === undefined) throw new Error('expected a run');
  const { account, symbol, strategyVersion, timeframeMs, seed, instrument } = run;
  const hand = { account, symbol, strategy: MANUAL, strategyVersion, timeframeMs, seed, instrument, params: {} };
  const start = { name: 'start_run', ...hand, higherMs: 0, riskSettings: run.risk, observe: false } as const;
  engine.act((debug) => debug.command(start));
  return run;
}

describe('without an engine', () => {
  it.each(['auto status', 'trade close', 'panic', 'positions', 'auto start --dry-run'])('%s: exit 5', async (line) => {
    const ports = stubPorts({ engine: stubEngine({ isStopped: true }).ports });
    const { outcome } = await runLine(line, ports);
    expect(exitOf(outcome)).toBe(5);
    expect(refusalOf(outcome)).toMatchObject({ code: 'NO_ENGINE', fix: 'dzentra engine start' });
  });

  it('auto start starts one and says so', async () => {
    const engine = stubEngine({ isStopped: true });
    const { outcome } = await runLine('auto start --speed 600 --feed synthetic:7', stubPorts({ engine: engine.ports }));
    expect(outcome).toMatchObject({
      kind: 'done',
      notes: ['the engine of profile demo was started (pid 4711); it goes on when this terminal is closed'],
      data: { engine: { isNew: true, pid: 4711 }, outcome: 'running' },
    });
    expect(engine.started).toEqual([{ profile: 'demo', feed: 'synthetic:7', speed: 600, logLevel: undefined }]);
    expect(engine.asked[0]?.ask).toMatchObject({ do: 'start', start: { strategy: 'trend', symbol: 'BTC/USDT:USDT' } });
  });
});

describe('an order by hand', () => {
  it('waits until the position is open and tells what led there', async () => {
    const engine = stubEngine();
    const { outcome } = await runLine('trade buy --qty 0.01', stubPorts({ engine: engine.ports }));
    expect(dataOf(outcome)).toMatchObject({
      outcome: 'opened',
      position: { side: 'long', qty: '0.01', entryPrice: '60000', protection: 'working' },
    });
    const kinds = (dataOf(outcome).entries as { kind: string }[]).map((entry) => entry.kind);
    expect(kinds.slice(0, 5)).toEqual([
      'command_received',
      'entry_asked',
      'order_intended',
      'order_filled',
      'position_opened',
    ]);
  });

  it('that is denied is exit 3 with the three words', async () => {
    const { outcome } = await runLine('trade buy --qty 90', stubPorts());
    expect(refusalOf(outcome)).toMatchObject({ exit: 3, expected: expect.any(String), fix: expect.any(String) });
  });

  it('on a position that was opened meanwhile does not wait for one that never comes', () => {
    const { entries } = stubEngine().debug;
    const dropped = { ...entries()[0], kind: 'signal_dropped', body: { side: 1, reason: 'in_position' } } as AnyEntry;
    expect(restOfEntry([dropped], {} as Scene)).toMatchObject({ refusal: { exit: 3, code: 'POSITION_OPEN' } });
  });

  it('that does not come to rest in time is exit 6', async () => {
    const ports = stubPorts({ engine: stubEngine({ isStill: true }).ports });
    const { outcome } = await runLine('trade buy --wait 100ms', ports);
    expect(exitOf(outcome)).toBe(6);
  });

  it('goes on where Ctrl-C ends the waiting, with 130', async () => {
    const ports = stubPorts({ engine: stubEngine({ isStill: true }).ports });
    const { outcome } = await runLine('trade buy', ports, { signal: AbortSignal.abort('SIGINT') });
    expect(exitOf(outcome)).toBe(130);
    expect(outcome).toMatchObject({ saved: [expect.stringContaining('the engine goes on with it')] });
  });

  it('happens once where it has an --id', async () => {
    const engine = stubEngine();
    const ports = stubPorts({ engine: engine.ports });
    await runLine('trade buy --qty 0.01 --id one', ports);
    const { outcome } = await runLine('trade buy --qty 0.01 --id one', ports);
    expect(dataOf(outcome)).toMatchObject({ outcome: 'opened', repeated: true });
    expect(engine.debug.entries().filter((entry) => entry.kind === 'position_opened')).toHaveLength(1);
    expect(engine.debug.entries().filter((entry) => entry.kind === 'position_increased')).toHaveLength(0);
  });

  it.each(['trade close', 'trade close --qty 0.01', 'auto stop --flatten', 'auto stop --keep', 'auto pause'])(
    '%s happens once where it has an --id, and is answered where it cannot be done any more',
    async (line) => {
      const { ports } = holding();
      const first = dataOf((await runLine(`${line} --id one`, ports)).outcome);
      const again = dataOf((await runLine(`${line} --id one`, ports)).outcome);
      expect(first).toMatchObject({ repeated: false, run: 1 });
      expect(again).toMatchObject({ repeated: true, run: 1, outcome: first.outcome });
      expect((again.entries as unknown[])[0]).toEqual((first.entries as unknown[])[0]);
    },
  );

  it('under an --id is known by its words, however they are ordered, and not by how long somebody waits', async () => {
    const engine = stubEngine();
    const ports = stubPorts({ engine: engine.ports });
    await runLine('trade buy --id one --sl 1% --qty 0.01', ports);
    await runLine('trade buy --qty=0.01 --wait 2s --sl 1% --id one --profile demo', ports);
    expect(engine.asked.map(({ asking }) => asking.line)).toEqual(Array(2).fill('trade buy --qty=0.01 --sl=1%'));
  });

  it('with --dry-run sends nothing', async () => {
    const engine = stubEngine();
    const { outcome } = await runLine('trade buy --qty 0.01 --dry-run', stubPorts({ engine: engine.ports }));
    expect(dataOf(outcome)).toMatchObject({ outcome: 'dry_run', preview: { ok: true, qty: '0.016', side: 'buy' } });
    expect(engine.asked).toEqual([]);
  });

  it.each(['trade close', 'panic', 'settings set theme light', 'alert add BTC/USDT:USDT above 90000'])(
    '%s with --dry-run shows what it would come to, and says that it did not',
    async (line) => {
      const { engine, ports } = holding();
      const before = engine.debug.entries().length;
      const { outcome } = await runLine(`${line} --dry-run`, ports);
      expect(outcome).toMatchObject({ kind: 'done', data: { outcome: 'dry_run' }, notes: ['nothing was done'] });
      expect(engine.debug.entries()).toHaveLength(before);
    },
  );

  it('as a draft that would be denied is exit 3', async () => {
    const { outcome } = await runLine('trade draft sell --limit 62000', stubPorts());
    expect(refusalOf(outcome)).toMatchObject({ exit: 3, code: 'MARGIN_SHORT' });
  });

  it.each([
    ['trade buy --sl 1% --tp 2%', { stopPrice: '59400', targetPrice: '61200' }],
    ['trade sell --sl 1% --tp 2%', { stopPrice: '60600', targetPrice: '58800' }],
    ['trade buy --limit 50000 --sl 1%', { limit: '50000', stopPrice: '49500' }],
    ['trade buy --sl 59000.5', { stopPrice: '59000.5' }],
  ])('%s: a distance becomes a price, also of a symbol that nobody watched before', async (line, prices) => {
    const engine = stubEngine({ isUnwatched: true });
    await runLine(line, stubPorts({ engine: engine.ports }));
    const [first] = engine.asked;
    const draft = first?.ask.do === 'trade' ? first.ask.draft : undefined;
    const texts = Object.fromEntries(
      Object.entries(draft ?? {}).map(([name, value]) => [name, typeof value === 'bigint' ? textOf(value) : value]),
    );
    expect(texts).toMatchObject(prices);
  });

  it.each([
    ['trade buy --qty 1 --notional 5', 2, 'OPTIONS_CONFLICT'],
    ['trade buy --post-only', 2, 'OPTIONS_CONFLICT'],
    ['trade buy --no-stop --sl 1%', 2, 'OPTIONS_CONFLICT'],
    ['trade buy --sl 61000', 3, 'STOP_WRONG_SIDE'],
    ['trade sell --tp 61000', 3, 'TARGET_WRONG_SIDE'],
  ])('%s: %i %s', async (line, exit, code) => {
    expect(refusalOf((await runLine(line, stubPorts())).outcome)).toMatchObject({ exit, code });
  });

  it('on a live account takes the symbol as a word, where it raises risk', async () => {
    const { ports } = holding({ mode: 'LIVE' });
    expect(refusalOf((await runLine('trade buy --qty 0.01', ports)).outcome)).toMatchObject({
      exit: 2,
      code: 'CONFIRM_MISSING',
      fix: '--confirm BTC/USDT:USDT',
    });
    expect(exitOf((await runLine('trade flip --confirm BTC/USDT:USDT', ports)).outcome)).toBe(0);
    expect(exitOf((await runLine('trade close', ports)).outcome)).toBe(0);
    expect(exitOf((await runLine('auto pause', ports)).outcome)).toBe(0);
    expect(refusalOf((await runLine('auto resume', ports)).outcome)?.code).toBe('CONFIRM_MISSING');
    expect(exitOf((await runLine('auto resume --confirm BTC/USDT:USDT', ports)).outcome)).toBe(0);
  });
});

describe('stopping a run that holds a position', () => {
  it('needs a word from a script: exit 3', async () => {
    const { engine, ports } = holding();
    const { outcome } = await runLine('auto stop', ports);
    expect(refusalOf(outcome)).toMatchObject({ exit: 3, code: 'POSITION_OPEN', expected: '--keep or --flatten' });
    expect(engine.asked).toEqual([]);
  });

  it.each([
    ['keep', 'stopped', true],
    ['flatten', 'closed', false],
  ])('asks a person: %s', async (answer, code, isOpen) => {
    const { engine, ports } = holding();
    const { outcome } = await runLine('auto stop', ports, { choose: () => Promise.resolve(answer) });
    expect(dataOf(outcome).outcome).toBe(code);
    expect(engine.debug.state().runs[0]?.position !== undefined).toBe(isOpen);
    expect(engine.debug.state().runs[0]?.state).toBe('OFF');
  });

  it('is not done where the person says nothing of it', async () => {
    const { engine, ports } = holding();
    const { outcome } = await runLine('auto stop', ports, { choose: () => Promise.resolve(undefined) });
    expect(exitOf(outcome)).toBe(1);
    expect(engine.debug.state().runs[0]?.state).toBe('RUNNING');
  });
});

describe('which run', () => {
  it('is never one of a hand that has nothing, where a strategy runs: an order that was denied leaves such a one', async () => {
    const { engine, ports } = holding();
    const { symbol } = startHand(engine);
    expect(runInView({ state: engine.debug.state() }, { symbol })?.run).toBe(1);
    for (const line of ['risk set --risk 0.4%', 'auto pause', 'trade close', 'risk set --risk 0.4%']) {
      expect(dataOf((await runLine(line, ports)).outcome)).toMatchObject({ run: 1 });
    }
    expect(runInView({ state: engine.debug.state() }, {})?.run).toBe(1);
    await runLine('auto stop', ports);
    expect(dataOf((await runLine('risk set --risk 0.4%', ports)).outcome)).toMatchObject({ run: 2 });
  });

  it('is that of the strategy for pause as for stop, whatever the hand holds', async () => {
    const { engine, ports } = holding();
    startHand(engine);
    engine.act((debug) => debug.command({ name: 'hand_over', run: 1, to: 2 }));
    expect(engine.debug.state().runs[1]?.position).toBeDefined();
    for (const line of ['auto pause', 'auto resume', 'auto stop']) {
      expect(dataOf((await runLine(line, ports)).outcome)).toMatchObject({ run: 1 });
    }
    const { outcome } = await runLine('auto pause --run 2', ports);
    expect(refusalOf(outcome)).toMatchObject({
      exit: 3,
      code: 'RUN_UNFIT',
      expected: 'a run of a strategy that trades',
    });
  });

  it('is asked for where there are two', async () => {
    const { engine, ports } = holding();
    const run = engine.debug.state().runs[0];
    if (run === undefined) throw new Error('expected a run');
    const { account, symbol, strategy, strategyVersion, timeframeMs, seed, instrument } = run;
    const same = { account, symbol, strategy, strategyVersion, timeframeMs, seed, instrument, params: {}, higherMs: 0 };
    engine.act((debug) => debug.command({ name: 'start_run', ...same, riskSettings: run.risk, observe: true }));
    const { outcome } = await runLine('auto stop --keep', ports);
    expect(refusalOf(outcome)).toMatchObject({ exit: 2, code: 'RUN_AMBIGUOUS', fix: '--run 1' });
    expect(exitOf((await runLine('auto stop --run 2', ports)).outcome)).toBe(0);
    expect(exitOf((await runLine('auto stop --keep', ports)).outcome)).toBe(0);
  });

  it.each(['trade close', 'auto stop --flatten', 'auto status'])(
    'of another symbol than was said: %s',
    async (line) => {
      const { engine, ports } = holding();
      const { outcome } = await runLine(`${line} --run 1 --symbol ETH/USDT:USDT`, ports);
      expect(refusalOf(outcome)).toMatchObject({ exit: 3, code: 'RUN_UNFIT', expected: 'a run on ETH/USDT:USDT' });
      expect(engine.asked).toEqual([]);
    },
  );

  it.each(['auto pause', 'auto status', 'risk show', 'orders'])('that is not there is exit 3: %s', async (line) => {
    const { outcome } = await runLine(`${line} --run 7`, stubPorts());
    expect(refusalOf(outcome)).toMatchObject({ exit: 3, code: 'RUN_UNKNOWN', expected: 'a run from 1 to 1' });
  });

  it.each([
    ['positions --symbol ETH/USDT:USDT', ['table']],
    ['positions --symbol BTC/USDT:USDT', ['facts']],
    ['orders --run 1', ['facts', 'facts']],
    ['auto status --symbol ETH/USDT:USDT', ['table']],
    ['auto status --symbol BTC/USDT:USDT', ['view']],
    ['orders', ['view']],
  ])('or which symbol a terminal shows alone, too: %s', async (line, kinds) => {
    const { outcome } = await runLine(line, holding().ports, { isPiped: false });
    expect(outcome.kind === 'done' ? outcome.blocks.map(({ kind }) => kind) : outcome).toEqual(kinds);
  });
});

describe('settings', () => {
  it('of the next entry leave the working stop alone; --now moves it, and widening needs a word', async () => {
    const { engine, ports } = holding();
    expect(dataOf((await runLine('auto set --sl 2%', ports)).outcome).outcome).toBe('set');
    expect(engine.debug.state().runs[0]?.orders.find((order) => order.role === 'stop')?.trigger).toBe(
      59_400n * 10n ** 18n,
    );
    expect(refusalOf((await runLine('auto set --sl 2% --now', ports)).outcome)).toMatchObject({
      exit: 3,
      code: 'STOP_WIDENS',
      found: '59400 to 58800, further away',
    });
    expect(exitOf((await runLine('auto set --sl 2% --now --yes', ports)).outcome)).toBe(0);
    const triggers = engine.debug
      .state()
      .runs[0]?.orders.filter((order) => order.role === 'stop' && order.status === 'working');
    expect(triggers?.map((order) => order.trigger)).toEqual([58_800n * 10n ** 18n]);
  });

  it('another strategy is a stop and a start, refused while the position is open', async () => {
    const { engine, ports } = holding();
    expect(refusalOf((await runLine('auto set --strategy trend', ports)).outcome)).toMatchObject({
      exit: 3,
      code: 'POSITION_OPEN',
    });
    await runLine('trade close', ports);
    const { outcome } = await runLine('auto set --strategy trend --param fast=12 --id x', ports);
    expect(dataOf(outcome).outcome).toBe('restarted');
    expect(engine.asked.slice(-2)).toMatchObject([
      { ask: { command: { name: 'stop_run', position: 'keep' } }, asking: { id: 'x:stop' } },
      { ask: { do: 'start', start: { strategy: 'trend', params: { fast: '12' } } }, asking: { id: 'x' } },
    ]);
  });

  it("another symbol keeps the time frame and is tried with its lease; one of its own is the run's still", async () => {
    const engine = stubEngine();
    const ports = stubPorts({ engine: engine.ports });
    await runLine('auto set --to-symbol ETH/USDT:USDT --dry-run', ports);
    await runLine('auto set --strategy trend --dry-run', ports);
    expect(engine.asked).toMatchObject([
      { ask: { start: { symbol: 'ETH/USDT:USDT', timeframe: '1m', observe: false } }, asking: { isDryRun: true } },
      { ask: { start: { symbol: 'BTC/USDT:USDT', timeframe: undefined, observe: true } }, asking: { isDryRun: true } },
    ]);
    expect(engine.debug.state().runs[0]?.state).toBe('RUNNING');
  });

  it.each([
    ['auto set --param fast=12 --risk 0.4%', 'OPTION_MISSING'],
    ['auto set --to-symbol ETH/USDT:USDT --param fast=12', 'OPTION_MISSING'],
    ['auto set --strategy trend --now', 'OPTIONS_CONFLICT'],
  ])('are not left aside: %s', async (line, code) => {
    const engine = stubEngine();
    const { outcome } = await runLine(line, stubPorts({ engine: engine.ports }));
    expect(refusalOf(outcome)).toMatchObject({ exit: 2, code });
    expect(engine.asked).toEqual([]);
  });

  it('another strategy is refused for a run that is paused: it would trade', async () => {
    const engine = stubEngine();
    engine.act((debug) => debug.pause());
    const { outcome } = await runLine('auto set --strategy trend', stubPorts({ engine: engine.ports }));
    expect(refusalOf(outcome)).toMatchObject({ exit: 3, code: 'RUN_UNFIT' });
    expect(engine.asked).toEqual([]);
  });

  it('another strategy that is refused stops nothing', async () => {
    const bad = { code: 'BAD_PARAM', expected: '--param fast: 1 to 5000', found: '99999', fix: 'lower it' };
    const engine = stubEngine({ refuses: (ask) => (ask.do === 'start' ? bad : undefined) });
    const ports = stubPorts({ engine: engine.ports });
    const { outcome } = await runLine('auto set --strategy ema-cross --param fast=99999', ports);
    expect(refusalOf(outcome)).toMatchObject({ ...bad, exit: 2 });
    expect(engine.asked.map(({ ask }) => ask.do)).toEqual(['start']);
  });

  it('stay below the ceilings of the file: what is asked for above is refused, what stood there comes down', async () => {
    const engine = stubEngine();
    const config = stubConfigPorts({ ceilings: { ...CEILINGS, leverage: rate('3'), risk: rate('0.004') } });
    const ports = stubPorts({ engine: engine.ports, config });
    expect(refusalOf((await runLine('risk set --leverage 4', ports)).outcome)).toMatchObject({
      exit: 2,
      code: 'LEVERAGE_ABOVE_MAX',
      fix: '--leverage 3',
    });
    expect(refusalOf((await runLine('risk set --risk 0.5%', ports)).outcome)?.code).toBe('RISK_ABOVE_CEILING');
    await runLine('risk reset', ports);
    expect(engine.debug.state().runs[0]?.risk).toMatchObject({
      sizing: { by: 'risk', risk: rate('0.004') },
      limits: { leverageMax: rate('3'), riskMax: rate('0.004') },
    });
  });

  it.each([
    ['settings set language fr', 'dzentra settings set language en'],
    ['settings set theme drak', 'dzentra settings set theme dark'],
    ['settings set zone Moscow', 'dzentra settings set zone +03:00'],
    ['auto set', 'dzentra help auto set'],
  ])('%s: exit 2', async (line, fix) => {
    expect(refusalOf((await runLine(line, stubPorts())).outcome)).toMatchObject({ exit: 2, fix });
  });
});

describe('auto start', () => {
  it('means the path of a strategy from where the user stands: the engine stands elsewhere', async () => {
    const engine = stubEngine({ isStopped: true });
    await runLine('auto start --strategy ./mine.mts', stubPorts({ engine: engine.ports }));
    expect(engine.asked[0]?.ask).toMatchObject({ start: { strategy: '/stands/mine.mts' } });
    const { engine: other, ports } = holding();
    await runLine('trade close', ports);
    await runLine('auto set --strategy ./mine.mts', ports);
    expect(other.asked.at(-1)?.ask).toMatchObject({ start: { strategy: '/stands/mine.mts' } });
  });

  it.each([
    ['--strategy trnd', 'NO_FILE'],
    ['--param emaFast=x', 'BAD_PARAM'],
    ['--param emaFats=9', 'BAD_PARAM'],
  ])('with a slip in %s starts no engine', async (slip, code) => {
    const engine = stubEngine({ isStopped: true });
    const { outcome } = await runLine(`auto start ${slip}`, stubPorts({ engine: engine.ports }));
    expect(refusalOf(outcome)).toMatchObject({ exit: 2, code });
    expect(engine.started).toEqual([]);
  });

  it('takes what the file says, and flags over it', async () => {
    const engine = stubEngine();
    const config = stubConfigPorts({
      run: { strategy: 'ema-cross', risk: '0.25%', sl: '2%', leverage: '3' },
      params: { 'ema-cross': { fast: '9', slow: '21' } },
    });
    await runLine('auto start --leverage 4 --param fast=12', stubPorts({ engine: engine.ports, config }));
    expect(engine.asked[0]?.ask).toMatchObject({
      start: {
        strategy: 'ema-cross',
        params: { fast: '12', slow: '21' },
        risk: { sizing: { risk: rate('0.0025') }, leverage: rate('4'), stop: { distance: rate('0.02') } },
      },
    });
  });

  it('names the place of a value in the file that does not read', async () => {
    const config = stubConfigPorts({ run: { risk: 'half' } });
    expect(refusalOf((await runLine('auto start', stubPorts({ config }))).outcome)).toMatchObject({
      exit: 2,
      code: 'BAD_CONFIG',
      found: '"half" (/home/me/.config/dzentra/config.toml)',
    });
  });

  it('on a run that is there switches between trading and observing', async () => {
    const engine = stubEngine();
    const config = stubConfigPorts({ run: { strategy: 'script' } });
    const ports = stubPorts({ engine: engine.ports, config });
    expect(dataOf((await runLine('auto start --observe', ports)).outcome).outcome).toBe('observing');
    expect(engine.debug.state().runs[0]?.state).toBe('OBSERVING');
    expect(dataOf((await runLine('auto start', ports)).outcome).outcome).toBe('running');
    expect(engine.debug.state().runs).toHaveLength(1);
  });

  it('on a run that trades already changes nothing, and refuses to change its settings', async () => {
    const engine = stubEngine();
    const ports = stubPorts({ engine: engine.ports, config: stubConfigPorts({ run: { strategy: 'script' } }) });
    expect(dataOf((await runLine('auto start', ports)).outcome)).toMatchObject({ outcome: 'running', run: 1 });
    expect(refusalOf((await runLine('auto start --risk 1%', ports)).outcome)).toMatchObject({
      exit: 3,
      code: 'RUN_EXISTS',
    });
    expect(engine.asked).toEqual([]);
  });

  it.each(['--balance 77', '--fee 1%', '--slippage 5bps --latency 1s'])(
    'refuses %s where the account is open with others',
    async (flags) => {
      const engine = stubEngine();
      const { outcome } = await runLine(`auto start ${flags}`, stubPorts({ engine: engine.ports }));
      expect(refusalOf(outcome)).toMatchObject({ exit: 3, code: 'ACCOUNT_EXISTS' });
      expect(engine.asked).toEqual([]);
    },
  );

  it('takes the balance and the costs that the account has', async () => {
    const engine = stubEngine();
    const line = 'auto start --balance 10000 --fee 0 --slippage 0';
    expect(exitOf((await runLine(line, stubPorts({ engine: engine.ports }))).outcome)).toBe(0);
  });

  it.each(['', ' --dry-run'])('on another exchange than the engine is on starts nothing%s', async (dry) => {
    const misfit = refusal(3, 'CLOCK_DIFFERS', 'synthetic', 'binanceusdm', 'leave it out');
    const engine = stubEngine({ misfit });
    const line = `auto start --exchange binanceusdm${dry}`;
    expect(refusalOf((await runLine(line, stubPorts({ engine: engine.ports }))).outcome)).toEqual(misfit);
    expect(engine.asked).toEqual([]);
  });

  it('on an engine that is not on the feed of the configuration says so', async () => {
    const engine = stubEngine();
    const misfit = ({ feed }: { readonly feed?: string | undefined }) =>
      Promise.resolve(
        feed === 'binanceusdm' ? refusal(3, 'CLOCK_DIFFERS', 'synthetic', feed, 'leave it out') : undefined,
      );
    const ports = stubPorts({
      engine: { ...engine.ports, misfit },
      config: stubConfigPorts({ run: { feed: 'binanceusdm' } }),
    });
    const { outcome } = await runLine('auto start', ports);
    const note = '/home/me/.config/dzentra/config.toml names binanceusdm; the engine runs on script';
    expect(outcome).toMatchObject({ kind: 'done', notes: [note] });
  });

  it.each(['auto start', 'engine start'])(
    'on an engine that runs says how it is had otherwise: %s',
    async (command) => {
      const { outcome } = await runLine(
        `${command} --speed 600 --log debug`,
        stubPorts({ engine: stubEngine().ports }),
      );
      const restart = 'dzentra engine restart --profile demo';
      expect(outcome).toMatchObject({
        kind: 'done',
        notes: [
          `the engine runs already; for another speed: ${restart} --speed 600`,
          `the engine runs already; for another level of its log: ${restart} --log debug`,
        ],
      });
    },
  );

  it.each(['--tick 0.5', '--print all'])('refuses what only a run in this process hears: %s', async (flag) => {
    const { outcome } = await runLine(`auto start ${flag}`, stubPorts());
    expect(refusalOf(outcome)).toMatchObject({
      exit: 2,
      code: 'OPTIONS_CONFLICT',
      fix: expect.stringContaining('add --foreground'),
    });
  });
});

describe('auto show', () => {
  it('marks what differs from the file', async () => {
    const config = stubConfigPorts({ run: { leverage: '3' } });
    const { outcome } = await runLine('auto show', stubPorts({ config }));
    const settings = dataOf(outcome).settings as { setting: string }[];
    expect(settings.find(({ setting }) => setting === 'leverage')).toEqual({
      setting: 'leverage',
      run: '2',
      file: '3',
      differs: true,
    });
  });
});

describe('panic', () => {
  it('waits until the account is flat and stays halted until resume', async () => {
    const { engine, ports } = holding();
    expect(dataOf((await runLine('panic', ports)).outcome).outcome).toBe('flat');
    expect(engine.debug.state().runs[0]?.position).toBeUndefined();
    expect(engine.debug.state().accounts[0]?.safety).toBe('HALTED');
    expect(exitOf((await runLine('resume', ports)).outcome)).toBe(0);
    expect(engine.debug.state().accounts[0]?.safety).toBe('ACTIVE');
  });
});

describe('an alert', () => {
  it('that was raised is listed until it is acknowledged', async () => {
    const engine = stubEngine();
    const ports = stubPorts({ engine: engine.ports });
    const listed = async () => dataOf((await runLine('alert list', ports)).outcome);
    await runLine('alert add BTC/USDT:USDT above 60100', ports);
    expect((await listed()).alerts).toMatchObject([{ alert: 1, state: 'waiting', price: '60100' }]);
    await runLine('alert test', ports);
    expect((await listed()).open).toMatchObject([{ alert: 1, rule: 'test', priority: 'MEDIUM', silent: false }]);
    const told = (await runLine('alert list', ports)).outcome;
    const [raised] = 'blocks' in told ? told.blocks : [];
    const at = raised?.kind === 'table' ? raised.rows[0]?.[3] : undefined;
    expect(at?.value).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(refusalOf((await runLine('alert ack 7', ports)).outcome)?.code).toBe('NO_SUCH_ALERT');
    expect(refusalOf((await runLine('alert ack soon', ports)).outcome)?.code).toBe('BAD_OPTION');
    expect(exitOf((await runLine('alert ack 1', ports)).outcome)).toBe(0);
    expect((await listed()).open).toEqual([]);
    expect(refusalOf((await runLine('alert ack all', ports)).outcome)?.code).toBe('NO_SUCH_ALERT');
  });

  it('is as loud as the settings say', async () => {
    const engine = stubEngine();
    const ports = stubPorts({ engine: engine.ports });
    expect(exitOf((await runLine('settings set alert.position_opened silent', ports)).outcome)).toBe(0);
    const noted = async (line: string) => (await runLine(line, ports)).outcome;
    expect(await noted('settings set quiet 22:00-07:00')).toMatchObject({
      kind: 'done',
      notes: [expect.stringContaining('zone, UTC;')],
    });
    await runLine('settings set zone +03:00', ports);
    expect(await noted('settings set quiet 22:00-07:00')).toMatchObject({
      notes: [expect.stringContaining('zone, +03:00;')],
    });
    expect(await noted('settings set quiet off')).toMatchObject({ notes: [] });
    await noted('settings set quiet 22:00-07:00');
    expect(refusalOf((await runLine('settings set quiet at-night', ports)).outcome)?.code).toBe('BAD_OPTION');
    const { rules, quiet } = dataOf((await runLine('alert rules', ports)).outcome);
    expect(quiet).toBe('22:00-07:00');
    expect(rules).toContainEqual({ rule: 'position_opened', priority: 'MEDIUM', loudness: 'silent', set: true });
    expect(rules).toContainEqual({ rule: 'stop_lost', priority: 'HIGH', loudness: 'on', set: false });
  });
});

describe('a link that breaks', () => {
  it('is exit 5, and an --id makes it safe to ask again', async () => {
    const engine = stubEngine();
    engine.lose();
    const { outcome } = await runLine('trade buy --id one', stubPorts({ engine: engine.ports }));
    expect(refusalOf(outcome)).toMatchObject({
      exit: 5,
      code: 'ENGINE_LOST',
      fix: expect.stringContaining('--id one'),
    });
  });

  it('after the engine took the command is exit 5 as well, once the wait is over', async () => {
    const engine = stubEngine({ isStill: true, scene: { link: 'lost' } });
    const { outcome } = await runLine('trade buy --wait 100ms', stubPorts({ engine: engine.ports }));
    expect(refusalOf(outcome)).toMatchObject({
      exit: 5,
      code: 'ENGINE_LOST',
      found: expect.stringMatching(/command #\d+ was accepted, then a link that broke/),
      fix: expect.stringContaining('journal tail'),
    });
  });
});

describe('an exchange', () => {
  const told = fixture('venue-account');

  it('portfolio: the real account stands apart, as its venue wrote it', async () => {
    // As it comes through the control channel.
    const venueAccount = decode<VenueAccountFrame>(encode(told.venueAccount));
    const { ports } = holding({ scene: { venueAccount } });
    const data = dataOf((await runLine('portfolio', ports)).outcome);
    expect(data.venueAccount).toMatchObject({
      exchange: 'binanceusdm',
      balances: [{ total: '2514.83071200' }, { asset: 'BNB', free: null }],
      positions: [
        { qty: '0.02', liquidation: '48112.4' },
        { liquidation: null, leverage: null },
      ],
      orders: [{ trigger: '58900', price: null }, { filled: '0.1' }],
      flows: [{ amount: '-0.11976346' }, {}, { symbol: null }],
    });
    expect(data.accounts).toHaveLength(1);
    const documented = new Set(portfolio.fields.map(([path]) => path));
    expect(pathsOf(data.venueAccount, 'venueAccount').filter((path) => !documented.has(path))).toEqual([]);
  });

  it('portfolio --exchange: an empty list is none only where all of it was told', async () => {
    const [stop] = told.venueAccount?.orders ?? [];
    if (told.venueAccount == null || stop === undefined) throw new Error('expected a real account in the state');
    const orders = [{ ...stop, qty: null, closesPosition: true }];
    const account = { ...told.venueAccount, orders, positions: [], flows: [], partial: ['positions'] as const };
    const { outcome } = await runLine(
      'portfolio --exchange binanceusdm',
      stubPorts({ account: () => Promise.resolve(account) }),
    );
    const tables = outcome.kind === 'done' ? outcome.blocks.filter((block) => block.kind === 'table') : [];
    expect(tables.map(({ rows, empty }) => (rows.length === 0 ? empty : rows.length))).toEqual([
      2,
      '? not all of it was told',
      1,
      'no funding or fee',
    ]);
    const cells = tables[2]?.rows[0]?.map(({ text }) => text);
    expect(cells?.slice(2)).toEqual(['sell', 'stop_market', 'whole position', '', '58900.0']);
  });

  it('portfolio: null where no key was given', async () => {
    expect(dataOf((await runLine('portfolio', holding().ports)).outcome).venueAccount).toBeNull();
  });

  it('system: what to look at now, in English codes', async () => {
    const { system, now } = fixture('exchange-banned');
    const { outcome } = await runLine('system', stubPorts({ engine: stubEngine({ scene: { system, now } }).ports }));
    expect(dataOf(outcome)).toMatchObject({
      system: { exchange: { state: 'banned', offsetMs: -1_240, weightMax: 2_400 } },
      problems: [{ code: 'banned', text: expect.stringContaining('4m05s') }, { code: 'clock' }, { code: 'weight' }],
    });
    const documented = new Set(systemCommand.fields.map(([path]) => path));
    const told = dataOf(outcome).system as { exchange: object };
    const names = [...Object.keys(told), ...Object.keys(told.exchange).map((name) => `exchange.${name}`)];
    expect(names.filter((name) => !documented.has(`system.${name}`))).toEqual([]);
  });

  it('market: its own time, status and interval of funding', async () => {
    const { markets } = told;
    const { outcome } = await runLine(
      'market BTC/USDT:USDT',
      stubPorts({ engine: stubEngine({ scene: { markets } }).ports }),
    );
    expect(dataOf(outcome).market).toMatchObject({
      venueAt: expect.any(Number),
      status: 'trading',
      fundingMs: 28_800_000,
    });
  });
});

describe('a market that is not named', () => {
  it('is the one that is traded, whatever else is looked at', async () => {
    const [btc] = fixture('venue-account').markets;
    if (btc === undefined) throw new Error('expected a market');
    const markets = [{ ...btc, symbol: 'ETH/USDT:USDT' }, btc];
    const { outcome } = await runLine('market', stubPorts({ engine: stubEngine({ scene: { markets } }).ports }));
    expect(dataOf(outcome).market).toMatchObject({ symbol: 'BTC/USDT:USDT' });
  });

  it('is asked for where there are two, in words that can be typed', async () => {
    const { engine, ports } = holding();
    const run = engine.debug.state().runs[0];
    if (run === undefined) throw new Error('expected a run');
    const { account, strategyVersion, timeframeMs, seed, instrument, risk: riskSettings } = run;
    const hand = {
      account,
      strategy: MANUAL,
      strategyVersion,
      timeframeMs,
      seed,
      instrument,
      params: {},
      riskSettings,
    };
    const start = { name: 'start_run', ...hand, symbol: 'ETH/USDT:USDT', higherMs: 0, observe: false } as const;
    engine.act((debug) => debug.command(start));
    const found = 'BTC/USDT:USDT, ETH/USDT:USDT';
    const { outcome } = await runLine('market', ports);
    expect(refusalOf(outcome)).toMatchObject({ exit: 2, found, fix: 'dzentra market BTC/USDT:USDT' });
    const bought = await runLine('trade buy --qty 0.01', ports);
    expect(refusalOf(bought.outcome)).toMatchObject({ exit: 2, found, fix: '--symbol BTC/USDT:USDT' });
  });
});

/** `positions[].qty`: every name in a value, as schemas tell it. */
function pathsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => pathsOf(each, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path.endsWith('[]') ? path.slice(0, -2) : path];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, `${path}.${name}`));
}

describe('--watch', () => {
  it('prints a line a change in a pipe and ends with 130', async () => {
    const { engine, ports } = holding();
    const stop = new AbortController();
    const running = runLine('positions --watch', ports, { signal: stop.signal });
    await new Promise(setImmediate);
    engine.act((debug) => debug.step());
    await new Promise(setImmediate);
    engine.act((debug) => debug.close());
    engine.act((debug) => debug.price(60_000));
    await new Promise(setImmediate);
    stop.abort('SIGINT');
    const { outcome, rows } = await running;
    expect(exitOf(outcome)).toBe(130);
    const open = rows.map((row) => (row.data as { positions: unknown[] }).positions.length);
    expect([open[0], open.at(-1)]).toEqual([1, 1]);
  });
});

const textOf = (value: bigint): string => {
  const whole = value / 10n ** 18n;
  const part = (value % 10n ** 18n).toString().padStart(18, '0').replace(/0+$/, '');
  return part === '' ? `${whole}` : `${whole}.${part}`;
};
