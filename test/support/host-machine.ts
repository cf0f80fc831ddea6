import { onTestFinished } from 'vitest';
import { type OpenedHost, openHost } from '../../src/core/boot/host.ts';
import type { Paths } from '../../src/core/boot/paths.ts';
import { replay } from '../../src/core/boot/replay.ts';
import type { EngineOptions } from '../../src/core/command/engine.ts';
import type { Answer, Ask } from '../../src/core/domain/ask.ts';
import type { Ceilings } from '../../src/core/risk/defaults.ts';
import { pathsIn } from './engine-modes.ts';
import { scratchFolder } from './scratch.ts';

export const BTC = 'BTC/USDT:USDT';
export const ETH = 'ETH/USDT:USDT';
export const SOL = 'SOL/USDT:USDT';
export const WHO = { who: 'test', face: 'cli' } as const;

/** A machine whose clock goes only as far as an engine waits. */
export function machine(paths: Paths = pathsIn(scratchFolder())) {
  let clock = 0;
  let endsAt = 0;
  let stopping = new AbortController();
  const rests: number[] = [];
  const surroundings = {
    isDebugEnabled: false,
    clock: () => clock,
    wait(ms: number) {
      rests.push(ms);
      clock = Math.min(clock + ms, endsAt);
      if (clock >= endsAt) stopping.abort();
      return Promise.resolve();
    },
  };
  return {
    paths,
    rests,
    async open(options: EngineOptions, ceilings?: Ceilings): Promise<OpenedHost> {
      const opened = await openHost({ logLevel: 'silent', ...options }, paths, surroundings, ceilings);
      if ('exit' in opened) throw new Error(`${opened.code}: ${opened.expected}, ${opened.found}`);
      if ('saved' in opened) throw new Error(`expected an engine, found an end: ${opened.saved.join(', ')}`);
      onTestFinished(() => opened.close());
      return opened;
    },
    try: (options: EngineOptions) => openHost({ logLevel: 'silent', ...options }, paths, surroundings),
    /** Lets the engine run for so much wall time, then stops it. */
    run(opened: OpenedHost, ms: number) {
      endsAt = clock + ms;
      stopping = new AbortController();
      return opened.run(stopping.signal);
    },
  };
}

export const startOf = (symbol: string, more: object = {}): Ask => ({
  do: 'start',
  start: { strategy: 'ema-cross', params: { fast: '2', slow: '5' }, symbol, seed: 1, observe: false, ...more },
});
export const marketOf = (symbol: string, sign: 1 | -1): Ask => ({
  do: 'trade',
  symbol,
  draft: { type: 'market', sign, size: { by: 'settings' } },
});

export function done(answer: Answer): Extract<Answer, { ok: true }> {
  if (!answer.ok) throw new Error(`${answer.refused.code}: ${answer.refused.expected}, found ${answer.refused.found}`);
  return answer;
}

export async function replayed(paths: Paths, profile: string) {
  const hooks = { signal: new AbortController().signal, progress: () => {} };
  return replay({ where: { in: 'profile', profile } }, hooks, paths);
}
