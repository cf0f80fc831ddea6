import { describe, expect, test } from 'vitest';
import { price, qty, text } from '../../../../src/core/base/decimal.ts';
import type { Answer, Ask } from '../../../../src/core/domain/ask.ts';
import type { AnyEntry } from '../../../../src/core/domain/entry.ts';
import type { CandleRow } from '../../../../src/core/domain/frame.ts';
import { compare } from '../../../../src/core/journal/compare.ts';
import { retellExchange } from '../../../../src/core/lab/host/retell-exchange.ts';
import type { Opened } from '../../../../src/core/market/feed.ts';
import { Present } from '../../../../src/core/market/live/present.ts';
import { STRATEGIES } from '../../../../src/core/strategy/registry.ts';
import { createTapedVenue, type TapedInput } from '../../../../src/core/venue/taped.ts';
import { refold } from '../../../support/engine-play.ts';
import { handTimers } from '../../../support/hand-timers.ts';
import {
  BEGIN_AT,
  BTC,
  closeOf,
  createLiveScript,
  type ExchangeHost,
  exchangeHost,
  type LiveScript,
  MINUTE_MS,
  quoteOf,
} from '../../../support/live-script.ts';

/** The ask and a basis point of slippage, up to a tick; the stop with half the spread and slippage below it. */
const FILL = '50005.2';
const STOP = '49492.5';

const ETH = 'ETH/USDT:USDT';
const asking = { who: 'test', face: 'cli' } as const;
const rowsTo = (count: number, priceOf: (i: number) => number = () => 50_000): CandleRow[] =>
  Array.from({ length: count }, (_, i): CandleRow => {
    const at = BEGIN_AT - (count - i) * MINUTE_MS;
    return [at, priceOf(i), priceOf(i), priceOf(i), priceOf(i), 1];
  });
const START: Ask = {
  do: 'start',
  start: { strategy: 'ema-cross', params: { fast: '2', slow: '5' }, symbol: BTC, seed: 1, observe: true },
};
const buyDraft = {
  type: 'market',
  sign: 1,
  size: { by: 'qty', qty: qty('0.01') },
  stopPrice: price('49500'),
} as const;
const buy = (stopPrice: string): Ask => ({
  do: 'trade',
  symbol: BTC,
  draft: { type: 'market', sign: 1, size: { by: 'qty', qty: qty('0.01') }, stopPrice: price(stopPrice) },
});

/** Ticks of a quote every half a second, so that what was asked reaches the venue and comes back. */
const ticks = (script: LiveScript, count: number, bid: number) => (): void => {
  for (let i = 0; i < count; i++) {
    script.now += 500;
    script.push(quoteOf(bid));
  }
};

const oneOf = (each: ExchangeHost, kind: AnyEntry['kind']): AnyEntry | undefined =>
  each.journal.all.findLast((entry) => entry.kind === kind);

/** The tape tells the same entries again. */
async function expectRetold(each: ExchangeHost): Promise<void> {
  const recorded = each.journal.all;
  const made: AnyEntry[] = [];
  const aside = each.tape.filter(({ input }) => input.kind === 'report' || input.kind === 'command');
  const told = await retellExchange({
    timeframeMs: MINUTE_MS,
    build: 'test',
    speed: 1,
    beginsAt: recorded[0]?.at ?? 0,
    state: refold([]),
    before: [],
    inputs: each.tape,
    venue: (core) => createTapedVenue(aside as TapedInput[], core),
    definitionOf: (name) => STRATEGIES.find((strategy) => strategy.name === name),
    append: (entry) => made.push(entry),
    toSeq: recorded.length,
    toAt: recorded.at(-1)?.at ?? 0,
    turn: () => Promise.resolve(false),
  });
  expect(told.isWhole).toBe(true);
  expect(compare(recorded, made)).toBeUndefined();
  expect(made.length).toBe(recorded.length);
}

async function held(script: LiveScript, each: ExchangeHost): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const tick = ticks(script, 1, 50_000);
  await each.play(
    async () => {
      await each.host.ask(START, asking);
    },
    tick,
    tick,
    async () => {
      answers.push(await each.host.ask(buy('49500'), asking));
    },
    tick,
    tick,
    tick,
    tick,
  );
  return answers;
}

describe('a paper engine on an exchange', () => {
  test('warms up on the past that it asked for, and fills an order by hand at the ask of the stream', async () => {
    const script = createLiveScript(rowsTo(200));
    const each = exchangeHost(script);
    const answers = await held(script, each);
    expect(answers).toMatchObject([{ ok: true }]);
    expect(each.kinds()).toContain('warmed_up');
    const filled = oneOf(each, 'order_filled');
    expect(filled?.kind === 'order_filled' && [text(filled.body.price), filled.body.model]).toEqual([FILL, 'T1']);
    expect(oneOf(each, 'stop_placed')).toBeDefined();
    expect(each.host.scene()).toMatchObject({ feed: 'binanceusdm' });
  });

  test('the tape alone tells every entry again', async () => {
    const script = createLiveScript(rowsTo(200));
    const each = exchangeHost(script);
    await held(script, each);
    const tick = ticks(script, 1, 49_400);
    await each.play(tick, tick, tick, tick);
    expect(oneOf(each, 'position_closed')).toBeDefined();
    await expectRetold(each);
  });

  test('what nobody wants any more is let go, the one that was wanted longest ago first, and the tape tells as much', async () => {
    const script = createLiveScript(rowsTo(200, (i) => 50_000 + (i % 7)));
    Object.assign(script.feed, { serves: () => true });
    const each = exchangeHost(script);
    const bases = ['ETH', 'SOL', 'XRP', 'BNB', 'ADA', 'AVAX', 'LINK', 'DOGE', 'LTC'];
    const [oldest = '', ...others] = bases.map((base) => `${base}/USDT:USDT`);
    const pass = (): void => {
      script.now += 1_000;
    };
    const looked = [oldest, ...others].flatMap((symbol) => [() => each.host.watch([symbol]), pass, pass]);
    await each.play(
      ticks(script, 1, 50_000),
      ...looked,
      () => each.host.watch([BTC]),
      ...Array.from({ length: 12 }, () => pass),
    );
    // The first was shown before anybody looked at anything.
    expect(script.closed).toEqual([BTC, oldest]);

    const before = each.tape.length;
    await each.play(
      () => script.push(quoteOf(50_000, 50_000.1, { symbol: oldest } as never)),
      pass,
      () => each.host.watch([oldest]),
      pass,
      () => each.host.ask({ ...START, start: { ...START.start, symbol: oldest } } as Ask, asking),
      pass,
    );
    const since = each.tape
      .slice(before)
      .flatMap(({ input }) => ('symbol' in input && input.symbol === oldest ? [input.kind] : []));
    // Somebody looks at it, then a run begins, which wants more of the past.
    expect(since).toEqual(['history', 'left', 'history']);
    const days = script.asked
      .filter((text) => text.startsWith(oldest))
      .map((text) => Math.round((script.now - Number(text.split(' ')[1])) / (1_440 * MINUTE_MS)));
    expect(days).toEqual([5, 5, 30]);
    expect(oneOf(each, 'warmed_up')?.body).toMatchObject({ bars: 200 });
    await expectRetold(each);
  });

  test('an alert on a symbol that was let go goes by no price from before it was set', async () => {
    const script = createLiveScript(rowsTo(200));
    Object.assign(script.feed, { serves: () => true });
    const each = exchangeHost(script);
    const bases = ['ETH', 'SOL', 'XRP', 'BNB', 'ADA', 'AVAX', 'LINK', 'DOGE', 'LTC', 'DOT'];
    const [first = '', ...others] = bases.map((base) => `${base}/USDT:USDT`);
    const pass = (): void => {
      script.now += 1_000;
    };
    const quoted = (bid: number) => (): void => script.push({ ...quoteOf(bid), symbol: first } as never);
    await each.play(
      ticks(script, 1, 50_000),
      () => each.host.watch([first]),
      quoted(51_200),
      pass,
      ...others.flatMap((symbol) => [() => each.host.watch([symbol]), pass, pass]),
      ...Array.from({ length: 6 }, () => pass),
    );
    expect(script.closed).toContain(first);
    // It was at 51,000 while the engine ran and nobody wanted it, and is not there any more.
    const meanwhile = rowsTo(10, (i) => (i === 4 ? 51_000 : 50_000)).map(
      ([openAt, ...rest]): CandleRow => [openAt + 10 * MINUTE_MS, ...rest],
    );
    script.opened = { rows: [...rowsTo(200), ...meanwhile], funding: [] };
    script.now = Math.max(script.now, BEGIN_AT + 10 * MINUTE_MS);
    const answers: Answer[] = [];
    const alert = { name: 'add_alert', symbol: first, side: 'above', price: price('50500') } as const;
    await each.play(
      async () => {
        answers.push(await each.host.ask({ do: 'command', command: alert }, asking));
      },
      pass,
      quoted(50_000),
      pass,
    );
    expect(answers).toMatchObject([{ ok: true }]);
    expect(oneOf(each, 'price_crossed')).toBeUndefined();
    await each.play(quoted(50_600), pass);
    expect(oneOf(each, 'price_crossed')?.body).toMatchObject({ seen: 50_600.05 });
    await expectRetold(each);
  });

  test('what closed while it was away is matched first: the stop fills at its price, not at the one that is met now', async () => {
    const script = createLiveScript(rowsTo(200));
    const first = exchangeHost(script);
    await held(script, first);
    const survived = first.journal.all;
    const awayAt = Math.floor(script.now / MINUTE_MS) * MINUTE_MS;
    const away: CandleRow[] = [0, 1, 2].map((i) => [
      awayAt + i * MINUTE_MS,
      50_000,
      50_100,
      i === 1 ? 49_000 : 50_000,
      i === 2 ? 51_500 : 50_000,
      1,
    ]);
    const next = createLiveScript([...rowsTo(200), ...away]);
    next.now = awayAt + 3 * MINUTE_MS + 5_000;
    // The clock is measured, and the stream gives, while the past is still on its way.
    next.push({ kind: 'clock', offsetMs: 20 }, quoteOf(51_500));
    const second = exchangeHost(next, survived);
    await second.play(ticks(next, 1, 51_500));
    const closed = oneOf(second, 'position_closed');
    expect(closed?.kind === 'position_closed' && [closed.body.reason, text(closed.body.exitPrice)]).toEqual([
      'stop_loss',
      STOP,
    ]);
    expect(closed?.at).toBe(awayAt + 2 * MINUTE_MS);
  });

  test('what happened on several symbols while it was away is told in the order in which it happened', async () => {
    const both = (script: LiveScript): LiveScript =>
      Object.assign(script, { feed: { ...script.feed, serves: (symbol: string) => symbol === BTC || symbol === ETH } });
    const script = both(createLiveScript(rowsTo(200)));
    const first = exchangeHost(script);
    const tick = (): void => {
      script.now += 500;
      script.push(quoteOf(50_000), quoteOf(50_000, 50_000.1, { symbol: ETH }));
    };
    const enter = (symbol: string) => async () => {
      await first.host.ask({ ...buy('49500'), symbol } as Ask, asking);
    };
    await first.play(tick, enter(BTC), tick, tick, tick, enter(ETH), tick, tick, tick);
    const awayAt = Math.floor(script.now / MINUTE_MS) * MINUTE_MS;
    const away = (lowIn: number): CandleRow[] =>
      [0, 1, 2, 3].map((i) => [awayAt + i * MINUTE_MS, 50_000, 50_000, i === lowIn ? 49_000 : 50_000, 50_000, 1]);
    const next = both(createLiveScript());
    next.now = awayAt + 4 * MINUTE_MS + 5_000;
    const lows = new Map([
      [BTC, 3],
      [ETH, 1],
    ]);
    next.feed.open = (symbol) =>
      Promise.resolve({ rows: [...rowsTo(200), ...away(lows.get(symbol) ?? 0)], funding: [] });
    const second = exchangeHost(next, first.journal.all);
    await second.play(() => {});
    const closed = second.journal.all.flatMap((entry) => (entry.kind === 'position_closed' ? [entry] : []));
    const [btc, eth] = [BTC, ETH].map(
      (symbol) => second.host.scene().state.runs.find((run) => run.symbol === symbol)?.run,
    );
    expect(closed.map(({ run, at }) => [run, (at - awayAt) / MINUTE_MS])).toEqual([
      [eth, 2],
      [btc, 4],
    ]);
  });

  test('time stands still, and a start waits, until the past of every symbol that is held has come', async () => {
    const script = createLiveScript(rowsTo(200));
    const first = exchangeHost(script);
    await held(script, first);
    const next = createLiveScript(rowsTo(200));
    next.now = script.now + 10_000;
    next.push({ kind: 'clock', offsetMs: 20 });
    const come = Promise.withResolvers<Opened>();
    const { open } = next.feed;
    Object.assign(next.feed, {
      serves: () => true,
      open: (symbol: string, from: number) => (symbol === BTC ? come.promise : open(symbol, from)),
    });
    const second = exchangeHost(next, first.journal.all);
    const nowOf = (): number => second.host.scene().now ?? 0;
    const stoodAt = nowOf();
    let isAnswered = false;
    const seen: unknown[] = [];
    await second.play(
      () => {
        const asked = second.host.ask({ ...START, start: { ...START.start, symbol: ETH } }, asking);
        void asked.then((answer) => {
          isAnswered = answer.ok;
        });
      },
      () => seen.push(isAnswered, nowOf() - stoodAt),
      () => come.resolve({ rows: rowsTo(200), funding: [] }),
      () => {},
      () => {},
      () => seen.push(isAnswered, nowOf() >= next.now),
    );
    expect(seen).toEqual([false, 0, true, true]);
  });

  test('an order by hand that waited for a price for more than five seconds is denied as stale', async () => {
    const script = createLiveScript(rowsTo(200));
    const each = exchangeHost(script);
    const tick = ticks(script, 1, 50_000);
    await each.play(
      async () => {
        await each.host.ask(START, asking);
      },
      tick,
      async () => {
        await each.host.ask(buy('49500'), asking);
      },
      () => {
        script.now += 6_000;
        script.push(quoteOf(65_000));
      },
    );
    const denied = oneOf(each, 'order_denied');
    expect(denied?.kind === 'order_denied' && denied.body.code).toBe('QUOTE_STALE');
    expect(oneOf(each, 'order_intended')).toBeUndefined();
  });

  test.each([
    ['while it runs', false],
    ['while it is not running', true],
  ])('a clock that is set back %s keeps no exit from being filled', async (_when, isRestarted) => {
    const timers = handTimers(BEGIN_AT);
    const script = createLiveScript(rowsTo(200));
    const hostOf = (survived: readonly AnyEntry[]): ExchangeHost => {
      const present = new Present({ timers });
      const feed = { ...script.feed, now: (since?: number) => present.now(since) };
      return exchangeHost({ ...script, feed }, survived);
    };
    const tick = (bid: number) => () => {
      timers.pass(500);
      script.push(quoteOf(bid));
    };
    const first = hostOf([]);
    const order = async () => void (await first.host.ask(buy('49500'), asking));
    await first.play(tick(50_000), order, tick(50_000), tick(50_000), tick(50_000));
    expect(first.kinds()).toContain('position_opened');
    timers.jump({ wall: -50_000, mono: 0 });
    const each = isRestarted ? hostOf(first.journal.all) : first;
    const exit = async () => {
      await each.host.ask({ do: 'command', command: { name: 'close_position', run: 1 } }, asking);
    };
    await each.play(tick(50_000), exit, tick(50_000), tick(50_000), tick(50_000));
    expect(each.kinds()).toContain('position_closed');
  });

  test('what an order would be is told as of now: an old quote is an old quote', async () => {
    const script = createLiveScript(rowsTo(200));
    const each = exchangeHost(script);
    await held(script, each);
    await each.play(() => {
      script.now += 4_000;
    });
    const draft = { type: 'market', sign: -1, size: { by: 'qty', qty: qty('0.01') }, noStop: true } as const;
    expect(each.host.preview(BTC, draft)).toMatchObject({ ok: false, code: 'QUOTE_STALE' });
  });

  test('tells what became of the feed and of the clock, each once', async () => {
    const script = createLiveScript(rowsTo(200));
    const each = exchangeHost(script);
    await held(script, each);
    const from = each.journal.lastSeq + 1;
    await each.play(() => {
      script.push(
        { kind: 'feed', symbol: BTC, state: 'lost', source: 'stream', why: 'cut' },
        { kind: 'feed', symbol: BTC, state: 'switched', source: 'rest', why: 'cut' },
        { kind: 'clock', offsetMs: 20 },
        { kind: 'clock', offsetMs: null },
        { kind: 'clock', offsetMs: null },
        { kind: 'clock', offsetMs: 20 },
      );
    });
    const facts = each.kinds(from).filter((kind) => kind !== 'alert_raised');
    expect(facts).toEqual(['feed_lost', 'feed_switched', 'clock_stepped', 'clock_stepped']);
  });

  test('a symbol that the venue halted is not traded, and keeps its new filters', async () => {
    const script = createLiveScript(rowsTo(200));
    const each = exchangeHost(script);
    await held(script, each);
    const instrument = script.feed.instrument(BTC);
    if (instrument === undefined) throw new Error('an instrument');
    const tick = ticks(script, 1, 50_000);
    await each.play(
      () => {
        const changed = { ...instrument, step: qty('0.1') };
        script.push({ kind: 'instrument', symbol: BTC, instrument: changed, status: 'halted' });
      },
      async () => {
        await each.host.ask(
          { do: 'start', start: { strategy: 'ema-cross', params: {}, symbol: BTC, seed: 2, observe: false } },
          asking,
        );
      },
      tick,
    );
    const [run] = each.host.scene().state.runs;
    expect(run?.marketStatus).toBe('halted');
    expect(text(run?.instrument.step ?? 0n)).toBe('0.1');
  });

  test('a symbol that it does not list is refused with the ones that look alike', async () => {
    const script = createLiveScript(rowsTo(10));
    const each = exchangeHost(script);
    let answer: Answer | undefined;
    await each.play(async () => {
      answer = await each.host.ask({ ...START, start: { ...START.start, symbol: 'BTC/USD' } }, asking);
    });
    expect(answer).toMatchObject({ ok: false, refused: { code: 'UNKNOWN_SYMBOL', fix: `did you mean ${BTC}?` } });
  });

  test('whoever looks at a symbol waits for its first quote, so that an order by hand has a price', async () => {
    const script = createLiveScript(rowsTo(10));
    const each = exchangeHost(script);
    let isThere = false;
    let watching: Promise<void> | undefined;
    await each.play(
      () => {
        watching = each.host.watch([BTC]).then(() => {
          isThere = true;
        });
      },
      () => expect(isThere).toBe(false),
      ticks(script, 1, 50_000),
      () => {},
      () => watching,
    );
    expect(isThere).toBe(true);
    expect(each.host.preview(BTC, buyDraft)).toMatchObject({ ok: true });
  });

  test('a symbol whose past cannot be had is refused as the venue says it', async () => {
    const script = createLiveScript();
    script.opened = { code: 'NO_NETWORK', expected: 'candles', found: 'no answer', fix: 'look at the network' };
    const each = exchangeHost(script);
    let answer: Answer | undefined;
    await each.play(async () => {
      answer = await each.host.ask(START, asking);
    });
    expect(answer).toMatchObject({ ok: false, refused: { code: 'NO_NETWORK' } });
    expect(each.kinds()).toEqual(['epoch_started']);
  });

  test('a hole of the stream warms indicators up and raises no signal', async () => {
    const script = createLiveScript(rowsTo(200));
    const each = exchangeHost(script);
    await held(script, each);
    const from = each.journal.lastSeq + 1;
    const rows: CandleRow[] = [0, 1, 2].map((i) => [
      BEGIN_AT + i * MINUTE_MS,
      50_000 + 100 * i,
      50_000 + 100 * i,
      50_000 + 100 * i,
      50_000 + 100 * i,
      1,
    ]);
    await each.play(() => {
      script.now = BEGIN_AT + 3 * MINUTE_MS + 1_000;
      script.push({ kind: 'history', symbol: BTC, timeframeMs: MINUTE_MS, rows });
    });
    expect(each.kinds(from).filter((kind) => kind.startsWith('signal'))).toEqual([]);
    await each.play(() => {
      script.now += MINUTE_MS;
      script.push(closeOf(BEGIN_AT + 3 * MINUTE_MS, 51_000));
    });
    expect(each.kinds(from).filter((kind) => kind.startsWith('signal'))).not.toEqual([]);
  });
});
