/** `off` is what is not set up: nothing is wrong with it. */
export type Verdict = 'ok' | 'warn' | 'bad' | 'off';

/** One line of the doctor: what was looked at, what was found, what to do. */
export interface Check {
  /** For scripts: `clock`, `key`. */
  readonly name: string;
  /** The exchange that it is about; null for the machine. */
  readonly exchange: string | null;
  readonly verdict: Verdict;
  readonly found: string;
  /** What to do; null where there is nothing. */
  readonly fix: string | null;
}

type Make = (found: string, fix?: string) => Check;

/** Checks of one name, by verdict. */
export function checksOf(name: string, exchange: string | null = null): Readonly<Record<Verdict, Make>> {
  const make =
    (verdict: Verdict): Make =>
    (found, fix) => ({ name, exchange, verdict, found, fix: fix ?? null });
  return { ok: make('ok'), warn: make('warn'), bad: make('bad'), off: make('off') };
}
