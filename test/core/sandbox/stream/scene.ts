import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createAccount } from '../../../../src/core/sandbox/account/create.ts';
import { createListenKeys } from '../../../../src/core/sandbox/account/listen-keys.ts';
import { createFaults } from '../../../../src/core/sandbox/faults.ts';
import { openCandles } from '../../../../src/core/sandbox/source/candles.ts';
import { attachStreams, type Streams } from '../../../../src/core/sandbox/stream/attach.ts';
import type { World } from '../../../../src/core/sandbox/world.ts';
import { type HandTimers, handTimers } from '../../../support/hand-timers.ts';
import { waveSeries } from '../../../support/sandbox-candles.ts';
import { openPeer, type Peer } from '../../../support/sandbox-peer.ts';

const START_AT = Date.UTC(2025, 4, 5);

/** The streams of one market on a real socket, with a clock that is moved by hand. */
export interface Scene {
  readonly world: World & { readonly faults: ReturnType<typeof createFaults> };
  readonly clock: HandTimers;
  readonly streams: Streams;
  readonly server: Server;
  readonly url: string;
  connect(path: string): Promise<Peer>;
  /** Lets time pass and plays what is due, in small steps as the server does. */
  pass(ms: number): void;
}

export async function scene(kind: 'usdm' | 'spot' = 'usdm'): Promise<Scene> {
  const clock = handTimers(START_AT + 30 * 60_000);
  const suffix = kind === 'usdm' ? ':USDT' : '';
  const series = [
    waveSeries(`BTC/USDT${suffix}`, { base: 60_000, startAt: START_AT, rows: 3_000 }),
    waveSeries(`ETH/USDT${suffix}`, { base: 3_000, startAt: START_AT, rows: 3_000 }),
  ];
  const market = openCandles({ kind, series, clock, at: 'recorded', from: START_AT + 30 * 60_000 });
  const faults = createFaults(clock);
  const world = {
    market,
    faults,
    clock,
    account: createAccount(kind, () => market.now()),
    openedAt: clock.wall(),
    listenKeys: createListenKeys(clock),
  };
  const server = createServer();
  const streams = attachStreams(server, world);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(async () => {
    await streams.close();
    world.listenKeys.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    world,
    clock,
    streams,
    server,
    url,
    connect: (path) => openPeer(`${url}${path}`),
    pass(ms) {
      for (let left = ms; left > 0; left -= 250) {
        clock.pass(Math.min(250, left));
        market.play();
      }
    },
  };
}

/** The data of a frame, wrapped or not. */
export const dataOf = (text: string): Record<string, unknown> => {
  const json = JSON.parse(text);
  return json.data ?? json;
};
