import { type ContractWorld, streamContract } from '../stream-contract.ts';
import { say } from './small-exchange.ts';
import { openWorld } from './world.ts';

const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT'] as const;
const snapshot = { updateId: 5, bids: [[99, 1] as const], asks: [[101, 1] as const] };

async function contractWorld(market: 'usdm' | 'spot'): Promise<ContractWorld> {
  const world = await openWorld({ market });
  const { exchange, heard, stream, timers } = world;
  const idOf = (symbol: string) => (symbol.split(':')[0] ?? '').replace('/', '');
  let words = 10;
  let last: readonly (readonly [string, object])[] = [];

  async function send(id: string): Promise<void> {
    for (const [stream, data] of last) exchange.push(`${id.toLowerCase()}@${stream}`, data);
    await world.pass(250);
    while (world.asked.length > 0) world.asked.shift()?.answer(snapshot);
    await world.pass(250);
  }

  return {
    stream,
    heard,
    symbols: SYMBOLS,
    channels: market === 'usdm' ? ['quote', 'book', 'trade', 'candle', 'mark'] : ['quote', 'book', 'trade', 'candle'],
    async speak(symbol) {
      const id = idOf(symbol);
      const at = timers.wall();
      const word = ++words;
      last = [
        ['bookTicker', say.quote(id, word, 99, 101, at)],
        // The first diff leads from the snapshot to it.
        ['depth@100ms', say.diff(id, { U: 1, u: word, pu: 1 }, [], [], at)],
        ['aggTrade', say.trade(id, word, 100, at)],
        ['kline_1m', say.candle(id, at - (at % 60_000), 100, word, at)],
        ['markPrice@1s', say.mark(id, 100, at)],
      ];
      await send(id);
    },
    repeat: (symbol) => send(idOf(symbol)),
    async cut() {
      exchange.cut();
      await world.until(() => stream.health().connections === 0, 'the loss');
    },
    pass: world.pass,
    held: () => exchange.connected + timers.waiting,
    end: world.end,
  };
}

streamContract('Binance USDS-M', () => contractWorld('usdm'));
streamContract('Binance spot', () => contractWorld('spot'));
