import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel, ExchangeStream } from '../../../src/core/venue/exchange.ts';
import type { Heard } from './heard.ts';

/** A stream and the venue that it listens to. */
export interface ContractWorld {
  readonly stream: ExchangeStream;
  readonly heard: Heard;
  /** Two symbols that the venue has. */
  readonly symbols: readonly [string, string];
  /** Channels that the stream has of them. */
  readonly channels: readonly Channel[];
  /** The venue says something new on every channel of a symbol, where it is asked for; comes back when it was heard. */
  speak(symbol: string): Promise<void>;
  /** The venue says again what it said last. */
  repeat(symbol: string): Promise<void>;
  /** The venue ends all connections. */
  cut(): Promise<void>;
  pass(ms: number): Promise<void>;
  /** Sockets that the venue holds, and timers that the stream holds. */
  held(): number;
  end(): Promise<void>;
}

const SOON_MS = 3_000;

/** What holds of every stream of an exchange, whoever made it. */
export function streamContract(name: string, create: () => Promise<ContractWorld>): void {
  describe(`an exchange stream: ${name}`, () => {
    let world: ContractWorld;

    beforeEach(async () => {
      world = await create();
    });
    afterEach(() => world.end());

    const states = (symbol: string) =>
      world.stream
        .health()
        .channels.filter((channel) => channel.symbol === symbol)
        .map(({ channel, state }) => `${channel} ${state}`)
        .sort();
    const all = (state: string) => world.channels.map((channel) => `${channel} ${state}`).sort();
    const ticks = () => {
      const { quotes, books, trades, candles, marks } = world.heard;
      return [...quotes, ...books, ...trades, ...candles, ...marks];
    };

    test('holds nothing before a symbol is open, and nothing after its end', async () => {
      const [first] = world.symbols;
      expect(world.held()).toBe(0);
      world.stream.open(first);
      await world.pass(SOON_MS);
      expect(world.held()).toBeGreaterThan(0);
      await world.stream.end();
      await world.pass(SOON_MS);
      expect(world.held()).toBe(0);
      expect(world.stream.health().state).toBe('down');
      world.stream.open(first);
      await world.stream.end();
      expect(world.held()).toBe(0);
    });

    test('gives every channel of an open symbol, each live once', async () => {
      const [first] = world.symbols;
      world.stream.open(first);
      world.stream.open(first);
      await world.pass(SOON_MS);
      expect(states(first)).toEqual(all('opening'));
      await world.speak(first);
      await world.speak(first);
      expect(states(first)).toEqual(all('live'));
      expect(world.heard.said().sort()).toEqual(all('live'));
      expect(new Set(ticks().map(({ symbol }) => symbol))).toEqual(new Set([first]));
      const { channels, state } = world.stream.health();
      expect(state).toBe('up');
      for (const { lastAt, messages } of channels) expect([lastAt > 0, messages > 0]).toEqual([true, true]);
    });

    test('gives nothing of a symbol that is not open, or no more', async () => {
      const [first, second] = world.symbols;
      world.stream.open(first);
      world.stream.open(second);
      await world.pass(SOON_MS);
      world.stream.close(first);
      await world.pass(SOON_MS);
      await world.speak(first);
      await world.speak(second);
      expect(new Set(ticks().map(({ symbol }) => symbol))).toEqual(new Set([second]));
      expect(states(first)).toEqual([]);
    });

    test('gives what was said once, in rising order', async () => {
      const [first] = world.symbols;
      world.stream.open(first);
      await world.pass(SOON_MS);
      for (let time = 0; time < 3; time += 1) await world.speak(first);
      const before = ticks().length;
      await world.repeat(first);
      expect(ticks()).toHaveLength(before);
      const { trades, quotes } = world.heard;
      for (const ids of [trades.map(({ id }) => id), quotes.map(({ updateId }) => updateId)]) {
        expect(ids).toHaveLength(3);
        expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
      }
    });

    test('says once that a connection is lost, and comes back by itself', async () => {
      const [first] = world.symbols;
      world.stream.open(first);
      await world.pass(SOON_MS);
      await world.speak(first);
      world.heard.changes.length = 0;
      await world.cut();
      expect(world.heard.said().sort()).toEqual(all('lost'));
      expect(world.stream.health()).toMatchObject({ connections: 0, lastError: { text: expect.any(String) } });
      await world.pass(SOON_MS);
      await world.speak(first);
      expect(states(first)).toEqual(all('live'));
      expect(world.stream.health().reconnects).toBeGreaterThan(0);
      for (const channel of world.channels) {
        expect(world.heard.said(channel).filter((word) => word.endsWith('live'))).toHaveLength(1);
      }
    });
  });
}
