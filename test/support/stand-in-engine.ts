import { expect } from 'vitest';
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

/** What its faces say of an engine on an exchange. */
export interface Watched {
  /** The last entry: what is told from here on is told by `since`. */
  lastSeq(): number;
  since(seq: number, ...kinds: readonly string[]): readonly Told[];
  /** `ok`, or the code of what keeps the strategy's next entry back. */
  next(): string;
  /** `ok`, or the code that an order by hand would be denied with. */
  byHand(symbol: string): string;
  // biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
  exchange(): any;
  // biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
  market(symbol: string): any;
  /** Waits until the strategy's next entry is said to be this. */
  untilNext(code: string, seconds?: number): Promise<void>;
  untilByHand(symbol: string, code: string, seconds?: number): Promise<void>;
  /** Ends the engine; its journal is sound, and its tapes play the same again. */
  endSound(): void;
}

export function watchEngine(home: Home, profile: string): Watched {
  const json = (line: string) => home.json(`${line} --profile ${profile}`);
  const list = (seq: number): { readonly lastSeq: number; readonly entries: readonly Told[] } =>
    json(`journal list --from-seq ${seq + 1} --limit 100000`);
  const next = (): string => {
    const [run] = json('auto status').runs;
    if (run === undefined || run.next === null) return 'none';
    return run.next.ok ? 'ok' : run.next.code;
  };
  const byHand = (symbol: string): string => {
    const line = `trade buy --symbol ${symbol} --qty 0.1 --sl 2000 --dry-run --json --profile ${profile}`;
    const { out, err } = home.dzentra(line);
    const { code, preview } = JSON.parse(out === '' ? err : out);
    return preview?.ok === true ? 'ok' : (code ?? preview?.code);
  };
  return {
    lastSeq: () => json('journal list --limit 1').lastSeq,
    since: (seq, ...kinds) => list(seq).entries.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)),
    next,
    byHand,
    exchange: () => json('system').system.exchange,
    market: (symbol) => json(`market ${symbol}`).market,
    untilNext: async (code, seconds = 20) =>
      void (await until(`the next entry to be ${code}`, next, (seen) => seen === code, seconds)),
    untilByHand: async (symbol, code, seconds = 20) =>
      void (await until(
        `an order by hand to be ${code}`,
        () => byHand(symbol),
        (seen) => seen === code,
        seconds,
      )),
    endSound() {
      expect(home.dzentra(`engine stop --profile ${profile}`)).toMatchObject({ code: 0 });
      expect(json('journal verify')).toMatchObject({ sound: true });
      expect(json('replay')).toMatchObject({ same: true });
    },
  };
}
