import type { Log } from '../config/logging.ts';
import { type FoundKey, shortKey } from '../config/secrets/key.ts';
import type { VenueAccountFrame } from '../domain/frame.ts';
import { type ExchangeRest, isVenueProblem, type Timers, type VenueProblem } from '../venue/exchange.ts';

/** The real account behind a key, as it was told last; null before the first answer. */
export interface AccountWatch {
  readonly last: () => VenueAccountFrame | null;
  end(): void;
}

const EVERY_MS = 30_000;
/** A key that the venue refuses is tried so often: asking on and on would look like an attack. */
const REFUSED_MS = 300_000;
const REFUSED: ReadonlySet<VenueProblem['problem']> = new Set(['BAD_KEY', 'KEY_LACKS_RIGHT', 'NOT_SUPPORTED']);

/** Asks for the account now and then, and not while the venue wants silence. A problem is logged when it begins. */
export function watchAccount(
  rest: Pick<ExchangeRest, 'exchange' | 'account'>,
  key: Pick<FoundKey, 'apiKey'>,
  timers: Timers,
  log: Pick<Log, 'warn'>,
): AccountWatch {
  let last: VenueAccountFrame | null = null;
  let said: VenueProblem['problem'] | undefined;
  let isEnded = false;
  let giveUp = (): void => {};
  const ask = async (): Promise<void> => {
    const account = await rest.account();
    if (isEnded) return;
    let waitMs = EVERY_MS;
    if (isVenueProblem(account)) {
      const { problem, found, fix, silentUntil = 0 } = account;
      if (problem !== said) log.warn('the account was not told', { problem, found });
      said = problem;
      last ??= untold(rest.exchange, key, timers.wall(), `${found}; ${fix}`);
      waitMs = Math.max(REFUSED.has(problem) ? REFUSED_MS : EVERY_MS, silentUntil - timers.wall());
    } else {
      said = undefined;
      last = account;
    }
    giveUp = timers.after(waitMs, () => void ask());
  };
  void ask();
  return {
    last: () => last,
    end() {
      isEnded = true;
      giveUp();
    },
  };
}

/** An account that could not be asked yet: it says why. */
const untold = (
  exchange: string,
  { apiKey }: Pick<FoundKey, 'apiKey'>,
  at: number,
  why: string,
): VenueAccountFrame => ({
  exchange,
  key: shortKey(apiKey),
  at,
  positionMode: null,
  balances: [],
  positions: [],
  orders: [],
  flows: [],
  missing: [why],
});
