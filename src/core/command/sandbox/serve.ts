import { type Money, text } from '../../base/decimal.ts';
import { int, money, number } from '../argv/numbers.ts';
import { choice, on, path, withDefault, words } from '../argv/spec.ts';
import { readSymbol } from '../argv/symbol.ts';
import { instant } from '../argv/times.ts';
import { defineCommand } from '../command.ts';
import { done, plain, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { PORT, texts } from './options.ts';
import type { Served } from './ports.ts';

const SCHEMA = 'dzentra.sandbox.serve/1';

export const sandboxServe = defineCommand({
  about: [
    'A stand-in exchange on this machine alone: it answers REST and WebSocket as Binance USDS-M and spot do, takes no orders, and has an account that can be read with keys that begin with "sandbox" (sandbox-read, secret sandbox-secret). It plays a computed market, candles of a file, or recorded frames.',
    'A fault is kind:key=value,... such as delay:path=/fapi/v1/klines,ms=2000 or silence:stream=@depth,forMs=10000. A script has a line of JSON for each, by ms since the start: {"atMs":5000,"fault":{"kind":"cut","count":1}} or {"atMs":9000,"clear":"cut"}.',
  ],
  args: {
    files: words('Candle files (CSV, CSV.gz) or recorded frames (.frames.gz), one symbol in each.', 'FILE', 'x.csv'),
  },
  options: {
    market: withDefault(choice('What is served.', ['usdm', 'spot', 'both']), 'both'),
    port: withDefault(
      int('Port of USDS-M; spot has the next one. 0: any that is free.', { from: '0', to: '65534' }, PORT),
      PORT,
    ),
    source: texts('What is played: synthetic, synthetic:SEED or a FILE; may be repeated.', {
      type: 'source',
      placeholder: 'SOURCE',
      expects: 'synthetic, synthetic:SEED, or the path of a file',
      example: 'synthetic:7',
    }),
    symbol: {
      ...texts('Symbol of a file or of the computed market; may be repeated.', {
        type: 'symbol',
        placeholder: 'SYMBOL',
        expects: 'a symbol such as BTC/USDT:USDT or BTC/USDT',
        example: 'BTC/USDT:USDT',
      }),
      read(given: readonly string[]) {
        const readings = given.map(readSymbol);
        return readings.find((one) => !one.ok) ?? { ok: true as const, value: given };
      },
    },
    funding: texts('Funding rates of candles (CSV), named after their symbol; may be repeated.', {
      type: 'path',
      placeholder: 'FILE',
      expects: 'the path of a CSV or CSV.gz file of funding rates',
      example: 'BTCUSDT-funding.csv',
    }),
    speed: withDefault(number('Market seconds in one second.', { above: '0', to: '100000' }, '60'), '1'),
    at: withDefault(choice('Whether the past is played as now or with its own instants.', ['now', 'recorded']), 'now'),
    from: instant('Where candles begin to be played, by their own time; before it is history.'),
    loop: on('Begin anew at the end of a file; else the market falls silent.'),
    fault: texts('A fault from the start; may be repeated.', {
      type: 'fault',
      placeholder: 'FAULT',
      expects: 'a fault such as delay:ms=500 or silence:stream=@depth',
      example: 'delay:ms=500',
    }),
    script: path('Faults by time, a line of JSON for each.', 'FILE'),
    balance: withDefault(money('What the account holds.', { from: '0' }, '10000'), '10000'),
  },
  examples: [
    'dzentra sandbox serve',
    'dzentra sandbox serve --market usdm --source synthetic:7 --symbol BTC/USDT:USDT --speed 60',
    'dzentra sandbox serve btcusdt.frames.gz --loop --fault gap:stream=@depth,every=500',
  ],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', `${SCHEMA}; one object for each market that is served, one when it ended`],
    ['event', 'code', 'ready or ended'],
    ['market', 'code|null', 'usdm or spot; with ready'],
    ['port', 'number|null', 'its port; with ready'],
    ['base', 'text|null', 'where its API begins; with ready'],
    ['plays', 'text|null', 'what is played; with ready'],
    ['symbols', 'array', "symbols by the venue's names; with ready"],
  ],
  async run(context, { args, options }) {
    const { source, symbol, fault, balance, script, ...plain } = options;
    const ports = await context.boot();
    const served = await ports.sandbox.serve(
      {
        ...plain,
        sources: [...args.files, ...source],
        symbols: symbol,
        faults: fault,
        script,
        balance: text(balance as Money),
      },
      {
        signal: context.signal,
        onReady: (markets) => {
          for (const market of markets) context.row(rowOf(market));
        },
        onProblem: (problem) => context.row(problemRow(problem)),
      },
    );
    if (isRefusal(served)) return refused(served);
    const data = { schema: SCHEMA, event: 'ended', market: null, port: null, base: null, plays: null, symbols: [] };
    if (context.signal.reason === 'SIGINT') return { kind: 'interrupted', saved: [], data };
    return done(data, []);
  },
});

const problemRow = (problem: string) => ({
  cells: [plain('problem', 'warn'), plain(problem, 'warn')],
  data: { schema: SCHEMA, event: 'problem', problem },
});

/** How a market is reached, and how dzentra and ccxt are pointed at it. */
function rowOf({ market, port, base, plays, symbols }: Served) {
  const name = market === 'usdm' ? 'binanceusdm' : 'binance';
  const pointing =
    `dzentra: [exchanges.${name}] endpoint = "${base}" in the configuration; ` +
    `ccxt: replace scheme and host of ${name}.urls.api by ${base}${market === 'spot' ? `, ws by ${base.replace('http', 'ws')}/stream.spot/ws` : ''}`;
  return {
    cells: [
      plain(market),
      { value: base, text: base, tone: 'good' as const },
      plain(`plays ${plays}: ${symbols.join(' ')}`),
      plain(pointing, 'muted'),
    ],
    data: { schema: SCHEMA, event: 'ready', market, port, base, plays, symbols },
  };
}
