import { describe, expect, test } from 'vitest';
import { type Money, money, price, qty, rate } from '../../../../src/core/base/decimal.ts';
import type { Preview } from '../../../../src/core/domain/frame.ts';
import type { Run } from '../../../../src/core/domain/run.ts';
import { DAY_MS } from '../../../../src/core/domain/time.ts';
import { createDebug, type Debug } from '../../../../src/core/lab/debug.ts';
import { type Scene, UTC } from '../../../../src/core/view/scene.ts';
import { blockOf, cellsOf, sceneOf, show, told } from './debug-scene.ts';

/** 10 BTC at 100: stop 99, target 102, 2x. A risk of 10, no costs but those that are asked for. */
function open(side: 'long' | 'short', debug = createDebug()): Debug {
  debug.price(100);
  debug[side]();
  debug.price(100);
  return debug;
}

describe('an open position', () => {
  test('a long in profit: net in money and R, exits with their distances', () => {
    const view = show(sceneOf(open('long'), { mark: 101 }), 'auto');
    expect(told(view, 'position', 'side')).toMatch(/^LONG 10 BTC /);
    expect(told(view, 'position', 'net')).toBe('+10.00 +1.00 R');
    expect(told(view, 'position', 'mark')).toBe('101.0 +1.00 %');
    expect(told(view, 'position', 'SL')).toBe('99.0 -1.98 % WORKING, simulated');
    expect(told(view, 'position', 'TP')).toBe('102.0 +0.99 % resting');
    expect(told(view, 'position', 'netAtStop')).toBe('-10.00');
    expect(told(view, 'position', 'ML')).toBe('');
    expect(told(view, 'dies', 'toStop')).toBe('-20.00 (0.20 % of equity)');
  });

  test('a short in loss: the way against it is negative, the liquidation above', () => {
    const view = show(sceneOf(open('short'), { mark: 100.5 }), 'auto');
    expect(told(view, 'position', 'net')).toBe('-5.00 -0.50 R');
    expect(told(view, 'position', 'mark')).toBe('100.5 -0.50 %');
    expect(told(view, 'position', 'SL')).toContain('101.0 +0.50 %');
    expect(told(view, 'position', 'liquidation')).toMatch(/^149\.\d \+\d+\.\d %$/);
    expect(cellsOf(view, 'position', 'net')[0]).toMatchObject({ value: '-5', tone: 'bad' });
  });

  test('net is what a close would leave: the touch, the exit fee and the entry fee', () => {
    const debug = open('long', createDebug({ costs: { takerRate: rate('0.001') } }));
    const view = show(sceneOf(debug, { mark: 101, bid: 100.9, ask: 101.1 }), 'auto');
    // 10 x (100.9 - 100) - 1 paid - 1.009 to pay.
    expect(told(view, 'position', 'net')).toContain('+6.99');
    expect(cellsOf(view, 'position', 'net')[0]?.value).toBe('6.991');
    expect(told(view, 'position', 'gross')).toBe('+10.00');
    expect(told(view, 'position', 'costs')).toBe('-3.01');
  });

  test('a lost stop is said, and the loss is no longer that to the stop', () => {
    const debug = open('long');
    const scene = sceneOf(debug, { mark: 100 });
    const [run] = scene.state.runs;
    if (run?.position === undefined) throw new Error('open');
    const bare = { ...run, orders: [], position: { ...run.position, protection: 'lost' as const } };
    const view = show({ ...scene, state: { ...scene.state, runs: [bare] } }, 'auto');
    expect(told(view, 'position', 'SL')).toContain('LOST');
    expect(told(view, 'position', 'netAtStop')).toBe('');
    expect(told(view, 'dies', 'rests')).toBe('NO stop');
    expect(told(view, 'dies', 'toLiquidation')).toContain('-500.00');
    expect(view.status.find(({ name }) => name === 'problems')?.cells[0]).toMatchObject({ value: 1, text: '!1' });
  });

  test('a maximum loss nearer than the stop rests as the stop; one beyond it needs the engine', () => {
    const near = open('long', createDebug({ risk: { loss: { by: 'amount', amount: money('5') } } }));
    expect(told(show(sceneOf(near), 'auto'), 'position', 'ML')).toBe('-5.00 USDT rests as the stop');
    const far = open('long', createDebug({ risk: { loss: { by: 'amount', amount: money('50') } } }));
    expect(told(show(sceneOf(far), 'auto'), 'position', 'ML')).toBe('-50.00 USDT beyond SL, engine only');
    expect(told(show(sceneOf(far), 'auto'), 'dies', 'engineOnly')).toContain('ML');
  });

  test('an unknown price is ?, never 0', () => {
    const scene = sceneOf(open('long'), { mark: null });
    const view = show({ ...scene, accounts: [] }, 'auto');
    expect(told(view, 'position', 'net')).toBe('? ?');
    expect(told(view, 'position', 'mark')).toBe('? ?');
    expect(told(view, 'budget', 'reserved')).toBe('?');
  });

  test('a run that is off keeps its position, and says so', () => {
    const scene = sceneOf(open('long'));
    const runs = scene.state.runs.map((run) => ({ ...run, state: 'OFF' as const }));
    const view = show({ ...scene, state: { ...scene.state, runs } }, 'auto');
    expect(told(view, 'signal', 'state')).toBe('OFF, position kept');
    expect(told(view, 'signal', 'decision')).toBe('OFF: no entries; SL, TP and ML stay alive');
    expect(view.status.find(({ name }) => name === 'state')?.cells[0]?.value).toBe('OFF_POSITION_KEPT');
    expect(view.actions.find(({ id }) => id === 'close')?.disabled).toBeUndefined();
  });
});

const PLANNED: Preview = {
  ok: true,
  sign: 1,
  type: 'market',
  qty: qty('10'),
  price: price('100'),
  notional: money('1000'),
  margin: money('500'),
  fee: money('0.5'),
  feeOut: money('0.49'),
  risk: money('10.99'),
  riskShare: 0.0011,
  stopPrice: price('99'),
  targetPrice: price('102'),
  quoteAt: 0,
  mid: 100,
};

describe('a flat run', () => {
  test('the next entry: size, margin, exits and risk, and no number of a position', () => {
    const debug = createDebug();
    debug.price(100);
    const view = show(sceneOf(debug, { next: PLANNED, frame: { side: 1 } }), 'auto');
    expect(told(view, 'position', 'side')).toBe('LONG 10 BTC');
    expect(told(view, 'position', 'margin')).toBe('500.00 2x');
    expect(told(view, 'position', 'SL')).toBe('99.0 -1.00 %');
    expect(told(view, 'position', 'risk')).toBe('10.99 0.11 %');
    expect(told(view, 'position', 'net')).toBe('');
    expect(told(view, 'dies', 'flat')).toBe('nothing is open and nothing rests');
    expect(told(view, 'budget', 'heat')).toBe('');
  });

  test('blocked: the code, plain words with the numbers, and the cure', () => {
    const debug = createDebug();
    debug.price(100);
    debug.blockMargin();
    const denied = debug.entries().findLast((entry) => entry.kind === 'order_denied');
    if (denied?.kind !== 'order_denied') throw new Error('denied');
    const next = { ok: false, sign: 1, ...denied.body } as const;
    const view = show(sceneOf(debug, { next }), 'auto');
    expect(told(view, 'position', 'blockedBy')).toBe('LONG blocked by MARGIN_INSUFFICIENT');
    expect(told(view, 'position', 'why')).toMatch(/^there is not enough free margin \([\d,.]+ USDT > 10,000 USDT\)$/);
    expect(told(view, 'why', 'lastDenial')).toContain('MARGIN_INSUFFICIENT');
    const russian = show(sceneOf(debug, { next }), 'auto', 'ru');
    expect(told(russian, 'position', 'why')).toMatch(/^не хватает свободной маржи \([\d,.]+ USDT > 10,000 USDT\)$/);
  });

  test('what was denied or done on another day is told with its day', () => {
    const debug = createDebug();
    debug.price(100);
    debug.blockMargin();
    const scene = sceneOf(debug);
    const clocks = (seen: Scene): (string | undefined)[] => {
      const view = show(seen, 'auto');
      const journal = blockOf(view, 'journal');
      const line = journal?.kind === 'log' ? journal.lines[0]?.cells[0]?.text : undefined;
      return [cellsOf(view, 'why', 'lastDenial')[0]?.text, line];
    };
    for (const clock of clocks(scene)) expect(clock).toMatch(/^\d\d:\d\d:\d\d$/);
    for (const clock of clocks({ ...scene, now: debug.now + DAY_MS })) expect(clock).toMatch(/^\d\d-\d\d \d\d:\d\d$/);
  });

  test('halted: why, and that only a human lifts it', () => {
    const debug = open('long');
    debug.panic();
    debug.price(100);
    const view = show(sceneOf(debug), 'auto');
    expect(told(view, 'signal', 'decision')).toBe('HALTED: panic');
    expect(view.status.find(({ name }) => name === 'safety')?.cells[0]).toMatchObject({ value: 'HALTED', tone: 'bad' });
    expect(view.actions.find(({ key }) => key === 'r')).toMatchObject({
      id: 'resume-account',
      link: { to: 'command', words: ['resume', '--account', 'debug'] },
    });
  });

  test.each([
    ['OBSERVING', 'OBSERVING: signals only, no orders'],
    ['PAUSED', 'PAUSED: no entries, exits go on'],
    ['OFF', 'OFF: no entries'],
  ] as const)('%s says what that means', (state, said) => {
    const scene = sceneOf(createDebug());
    const runs = scene.state.runs.map((run) => ({ ...run, state }));
    expect(told(show({ ...scene, state: { ...scene.state, runs } }, 'auto'), 'signal', 'decision')).toBe(said);
  });
});

describe('decisions', () => {
  test('a cooldown is told with its end', () => {
    const debug = open('long', createDebug({ risk: { limits: { stopCooldownMs: 300_000 } } }));
    debug.hitStop();
    const view = show(sceneOf(debug), 'auto');
    expect(told(view, 'signal', 'decision')).toMatch(/^rests after a stop until 00:\d\d:\d\d$/);
    expect(told(view, 'budget', 'cooldown')).toMatch(/^00:\d\d:\d\d$/);
  });

  test('a READY signal that was denied says why in plain words', () => {
    const debug = createDebug({ risk: { limits: { entriesDayMax: 0 } } });
    debug.price(100);
    debug.signal(1);
    debug.price(100);
    debug.price(100);
    const view = show(sceneOf(debug, { frame: { side: 1 } }), 'auto');
    expect(told(view, 'signal', 'decision')).toBe('BUY denied: the entries of the day are used up');
    expect(told(view, 'why', 'lastDenial')).toMatch(/ENTRIES_DAY the entries of the day are used up \(0 \/ 0\)$/);
  });

  test('a signal against the position is told apart from one that agrees', () => {
    const debug = open('long');
    const decision = (side: -1 | 0 | 1): string =>
      told(show(sceneOf(debug, { frame: { side } }), 'auto'), 'signal', 'decision');
    expect(decision(1)).toBe('holds: the signal agrees');
    expect(decision(0)).toBe('holds: HOLD closes nothing');
    expect(decision(-1)).toBe('holds: SELL against it is not READY yet');
  });

  test('a run by hand has no signal, and is not flattened by stopping it', () => {
    const scene = sceneOf(open('long'));
    const runs = scene.state.runs.map((run) => ({ ...run, strategy: 'manual' }));
    const view = show({ ...scene, state: { ...scene.state, runs } }, 'auto');
    expect(blockOf(view, 'position')?.title).toBe('POSITION  BTC/USDT:USDT  run 1  by hand');
    expect(told(view, 'signal', 'signal')).toBe('');
    expect(told(view, 'position', 'exit')).toBe('SL or TP');
    expect(view.actions.find(({ id }) => id === 'flatten')?.disabled).toBe('this run is traded by hand');
    expect(view.actions.find(({ id }) => id === 'close')?.disabled).toBeUndefined();
  });
});

test('live names the venue at which orders rest', () => {
  const view = show(sceneOf(open('long'), { scene: { mode: 'LIVE', feed: 'binanceusdm' } }), 'auto');
  const block = blockOf(view, 'dies');
  const rests = block?.kind === 'facts' ? block.lines.flat().find(({ name }) => name === 'rests') : undefined;
  expect(rests?.label).toBe('at binanceusdm rest');
  expect(told(view, 'dies', 'rests')).toBe('SL 99.0 TP 102.0');
  expect(told(view, 'dies', 'paper')).toBe('');
});

describe('the signal', () => {
  const votes = [
    { name: 'ema', vote: 1, weight: 1 },
    { name: 'di', vote: 1, weight: 1 },
    { name: 'htf', vote: -1, weight: 1 },
    { name: 'volume', vote: 0, weight: 1 },
  ];

  test('a side tells votes, real duration and confidence', () => {
    const debug = createDebug();
    debug.price(100);
    debug.signal(1);
    debug.price(100);
    debug.step(7_200_000);
    const scene = sceneOf(debug, { frame: { side: 1, votes, streak: 3 } });
    const view = show(scene, 'auto');
    expect(told(view, 'signal', 'signal')).toBe('BUY 2/4');
    expect(told(view, 'signal', 'since')).toMatch(/^00:0\d:00 2h0\dm$/);
    expect(told(view, 'signal', 'votes')).toBe('ema+ di+ htf- volume\u00b7');
    expect(told(view, 'signal', 'confidence')).toBe('0.67 normal');
    expect(told(view, 'signal', 'ready')).toBe('READY after 2 closes');
  });

  test('HOLD hides confidence', () => {
    const debug = createDebug();
    debug.price(100);
    const view = show(sceneOf(debug, { frame: { side: 0, votes } }), 'auto');
    expect(told(view, 'signal', 'signal')).toBe('HOLD');
    expect(told(view, 'signal', 'confidence')).toBe('');
  });

  test('a signal that stood before the start is not said to have been acted upon', () => {
    const debug = createDebug();
    debug.price(100);
    const scene = sceneOf(debug, { frame: { side: -1, votes, streak: 5 } });
    const signal = (startedAt: number) => {
      const runs = scene.state.runs.map((run) => ({ ...run, signal: { ...run.signal, side: -1 as const, startedAt } }));
      return told(show({ ...scene, state: { ...scene.state, runs } }, 'auto'), 'signal', 'decision');
    };
    const { startedAt = 0 } = scene.state.runs[0] ?? {};
    expect(signal(startedAt - 60_000)).toBe('SELL stood before the start; waits for the next signal');
    expect(signal(startedAt + 60_000)).toBe('SELL was acted upon; waits for the next signal');
  });

  test('a candidate says how many closes are missing', () => {
    const debug = createDebug();
    debug.price(100);
    const view = show(sceneOf(debug, { frame: { side: -1, votes, streak: 1 } }), 'auto');
    expect(told(view, 'signal', 'decision')).toBe('SELL waits for 1 more close');
    expect(told(view, 'signal', 'ready')).toBe('1 of 2 closes to READY');
  });
});

describe('what is missing', () => {
  test('stale: the quote with its age over the screen, the number with its own', () => {
    const view = show(sceneOf(open('long'), { quoteAgeMs: 12_000, market: { mark: null } }), 'auto');
    expect(blockOf(view, 'stale')).toMatchObject({ kind: 'note', tone: 'warn' });
    expect(told(view, 'position', 'mark')).toContain('~12s');
    expect(view.status.find(({ name }) => name === 'quote')?.cells[0]).toMatchObject({ value: 12_000, tone: 'warn' });
  });

  test('no engine: said first, nothing can be asked of it, and nothing is said of what nobody knows', () => {
    const scene = sceneOf(createDebug(), { scene: { link: 'none', now: null, accounts: [], runs: [], markets: [] } });
    const view = show({ ...scene, state: { ...scene.state, accounts: [], runs: [] }, entries: [] }, 'auto');
    expect(view.blocks[0]?.id).toBe('no-engine');
    expect(view.actions[0]).toMatchObject({ key: 'Enter', link: { words: ['engine', 'start'] } });
    const asking = view.actions.filter(({ id, link }) => id !== 'start-engine' && link.to === 'command');
    expect(asking.filter(({ disabled }) => disabled === undefined)).toEqual([]);
    const barred = view.actions.flatMap(({ disabled }) => disabled ?? []);
    expect(new Set(barred)).toEqual(new Set(['no engine runs']));
    expect(view.status.find(({ name }) => name === 'problems')?.cells).toMatchObject([{ value: null, text: '!?' }]);
  });

  test('a lost engine: the last picture stays, and says so', () => {
    const view = show(sceneOf(open('long'), { mark: 101, scene: { link: 'lost' } }), 'auto');
    expect(view.blocks[0]?.id).toBe('lost-engine');
    expect(told(view, 'position', 'net')).toBe('+10.00 +1.00 R');
    expect(view.status.find(({ name }) => name === 'engine')?.cells[0]?.value).toBe('lost');
  });

  test.each(['none', 'lost'] as const)('an engine that is %s: its log can be looked into', (link) => {
    const { actions } = show(sceneOf(open('long'), { scene: { link } }), 'system');
    const free = actions.filter(({ disabled }) => disabled === undefined).map(({ id }) => id);
    expect(free).toContain('logs');
  });
});

test('the heat of a run follows its stop', () => {
  const scene = sceneOf(open('long'));
  const [run] = scene.state.runs;
  if (run?.position === undefined) throw new Error('open');
  const heatAt = (stop: string): string | undefined => {
    const moved = { ...run, position: { ...run.position, stopPrice: price(stop) } } as typeof run;
    const block = blockOf(show({ ...scene, state: { ...scene.state, runs: [moved] } }, 'auto'), 'runs');
    if (block?.kind !== 'table') return undefined;
    return block.rows[0]?.cells[block.columns.findIndex(({ name }) => name === 'heat')]?.text;
  };
  expect([heatAt('99'), heatAt('98'), heatAt('100')]).toEqual(['0.10 %', '0.20 %', '0.00 %']);
});

test('the days of the runs add up to the day of their account', () => {
  const costs = { takerRate: rate('0.001'), slippage: rate('0.001') };
  const scene = sceneOf(open('long', createDebug({ costs })), { mark: 101 });
  const [run] = scene.state.runs;
  const [account] = scene.accounts;
  if (run?.position === undefined || account === undefined) throw new Error('open');
  const since = run.position.openedAt;
  const eth = { ...run, run: 2, position: { ...run.position, openedAt: since + DAY_MS } };
  const days = (runs: Run[], now: number, dayPnl: Money, of = 'day'): (string | undefined)[] => {
    const accounts = [{ ...account, dayPnl }];
    const block = blockOf(show({ ...scene, now, accounts, state: { ...scene.state, runs } }, 'auto'), 'runs');
    if (block?.kind !== 'table') return [];
    const column = block.columns.findIndex(({ name }) => name === of);
    return block.rows.map(({ cells }) => cells[column]?.text);
  };
  const sameDay = days([run], scene.now ?? 0, account.dayPnl);
  expect(told(show(scene, 'auto'), 'budget', 'day')).toContain(sameDay[0]);
  // What a position made before midnight belongs to that day.
  const made = Number(sameDay[0]);
  const carried = days([run, eth], since + DAY_MS + 60_000, money('3'));
  expect(carried).toEqual([expect.any(String), sameDay[0]]);
  expect(Number(carried[0]) + made).toBeCloseTo(3, 6);
  const two = { ...eth, position: run.position };
  const third = { ...eth, run: 3 };
  const shared = (of: string) => days([run, two, third], since + DAY_MS + 60_000, money('3'), of);
  expect(shared('day')).toEqual(['?', '?', sameDay[0]]);
  const together = carried[0];
  expect(shared('note')).toEqual([`day with #2: ${together}`, `day with #1: ${together}`, '']);
});

test('the only position is named where another run is in view', () => {
  const scene = sceneOf(open('long'));
  const [run] = scene.state.runs;
  if (run === undefined) throw new Error('open');
  const eth = { ...run, run: 2, symbol: 'ETH/USDT:USDT', position: undefined, orders: [] };
  const both = { ...scene, state: { ...scene.state, runs: [run, eth] } };
  const label = (inView: number): string | undefined => {
    const block = blockOf(show(both, 'auto', 'en', { run: inView }), 'dies');
    return block?.kind === 'facts' ? block.lines.flat().find(({ name }) => name === 'rests')?.label : undefined;
  };
  expect([label(1), label(2)]).toEqual(['a venue keeps', 'BTC']);
});

test('times are in the chosen zone, which is named', () => {
  const zone = { name: '+03:00', offsetMinutes: 180 };
  const scene = sceneOf(createDebug());
  const clock = (ui: typeof zone | typeof UTC): readonly string[] =>
    show(scene, 'auto', 'en', { zone: ui })
      .status.find(({ name }) => name === 'clock')
      ?.cells.map(({ text }) => text) ?? [];
  expect(clock(UTC)).toEqual(['00:00:00', 'UTC']);
  expect(clock(zone)).toEqual(['03:00:00', '+03:00']);
});

test.each([
  ['OFF', 'auto start --strategy script --symbol BTC/USDT:USDT --timeframe 1m', undefined],
  ['OBSERVING', 'auto start --strategy script --symbol BTC/USDT:USDT', undefined],
  ['RUNNING', 'auto start --strategy script --symbol BTC/USDT:USDT', 'it is running'],
] as const)('a run that is %s is started by %s', (state, line, bar) => {
  const scene = sceneOf(createDebug());
  const runs = scene.state.runs.map((run) => ({ ...run, state }));
  const view = show({ ...scene, state: { ...scene.state, runs } }, 'auto');
  const start = view.actions.find(({ id }) => id === 'start');
  expect(start?.link.to === 'command' ? start.link.words.join(' ') : '').toBe(line);
  expect(start?.disabled).toBe(bar);
});

test('actions name commands of this run, and what raises risk is told from what lowers it', () => {
  const view = show(sceneOf(open('long')), 'auto');
  const byId = Object.fromEntries(view.actions.map((action) => [action.id, action]));
  expect(byId.stop).toMatchObject({
    key: 's',
    stakes: 'lowers',
    link: { words: ['auto', 'stop', '--run', '1', '--keep'] },
  });
  expect(byId.flatten).toMatchObject({
    key: 'X',
    stakes: 'lowers',
    link: { words: ['auto', 'stop', '--run', '1', '--flatten'] },
  });
  expect(byId.close).toMatchObject({ key: 'c', stakes: 'lowers', link: { words: ['trade', 'close', '--run', '1'] } });
  expect(byId.flip).toMatchObject({ key: 'f', stakes: 'raises', link: { words: ['trade', 'flip', '--run', '1'] } });
  expect(byId.panic).toMatchObject({ key: '!', stakes: 'lowers' });
  expect(byId.resume?.disabled).toBe('it is not paused');
  expect(byId.start?.disabled).toBe('it is running');
  const keys = view.actions.map(({ key }) => key).filter((key) => key !== undefined);
  expect(new Set(keys).size).toBe(keys.length);
});
