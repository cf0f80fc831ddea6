import { expect } from 'vitest';
import { BUILD } from '../../src/core/boot/build.ts';
import { boot } from '../../src/core/boot.ts';
import { dzentra } from '../cli/pretend.ts';
import type { Home } from './profile.ts';
import { until } from './stand-in.ts';

/** An entry as `journal list --json` gives it. */
export interface Told {
  readonly seq: number;
  readonly run: number;
  readonly kind: string;
  readonly at: number;
  // biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
  readonly body: any;
}

/**
 * What its command line says of an engine on an exchange. It runs in this process, over the same ports: what a process of its
 * own says is a second old when it comes, or several on a busy machine, and prices change four times a second.
 */
export interface Watched {
  /** Runs a line with `--json` and reads what it printed. */
  // biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
  json(line: string): Promise<any>;
  /** The last entry: what is told from here on is told by `since`. */
  lastSeq(): Promise<number>;
  since(seq: number, ...kinds: readonly string[]): Promise<readonly Told[]>;
  /** `ok`, or the code of what keeps the strategy's next entry back. */
  next(): Promise<string>;
  /** `ok`, or the code that an order by hand would be denied with. */
  byHand(symbol: string): Promise<string>;
  // biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
  exchange(): Promise<any>;
  // biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
  market(symbol: string): Promise<any>;
  /** Waits until the strategy's next entry is said to be this. */
  untilNext(code: string, seconds?: number): Promise<void>;
  untilByHand(symbol: string, code: string): Promise<void>;
  /** Ends the engine; its journal is sound, and its tapes play the same again. */
  endSound(): void;
}

export function watchEngine(home: Home, profile: string): Watched {
  const run = async (line: string): Promise<string> => {
    const env = { ...process.env, ...home.env } as Readonly<Record<string, string>>;
    const ports = await boot({ env, version: BUILD });
    const { out, err } = await dzentra(`${line} --profile ${profile} --json`, { ports, env });
    return out === '' ? err : out;
  };
  const json = async (line: string) => JSON.parse(await run(line));
  const list = (seq: number): Promise<{ readonly entries: readonly Told[] }> =>
    json(`journal list --from-seq ${seq + 1} --limit 100000`);
  const next = async (): Promise<string> => {
    const [each] = (await json('auto status')).runs;
    if (each === undefined || each.next === null) return 'none';
    return each.next.ok ? 'ok' : each.next.code;
  };
  const byHand = async (symbol: string): Promise<string> => {
    const { code, preview } = await json(`trade buy --symbol ${symbol} --qty 0.1 --sl 2000 --dry-run`);
    return preview?.ok === true ? 'ok' : (code ?? preview?.code);
  };
  return {
    json,
    lastSeq: async () => (await json('journal list --limit 1')).lastSeq,
    since: async (seq, ...kinds) =>
      (await list(seq)).entries.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)),
    next,
    byHand,
    exchange: async () => (await json('system')).system.exchange,
    market: async (symbol) => (await json(`market ${symbol}`)).market,
    untilNext: async (code, seconds) =>
      void (await until(`the next entry to be ${code}`, next, (seen) => seen === code, seconds)),
    untilByHand: async (symbol, code) =>
      void (await until(
        `an order by hand to be ${code}`,
        () => byHand(symbol),
        (seen) => seen === code,
      )),
    endSound() {
      expect(home.dzentra(`engine stop --profile ${profile}`)).toMatchObject({ code: 0 });
      expect(home.json(`journal verify --profile ${profile}`)).toMatchObject({ sound: true });
      expect(home.json(`replay --profile ${profile}`)).toMatchObject({ same: true });
    },
  };
}
