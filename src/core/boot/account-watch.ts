import type { Log } from '../config/logging.ts';
import { type FoundKey, type SecretProblem, shortKey } from '../config/secrets/key.ts';
import type { VenueAccountFrame } from '../domain/frame.ts';
import { type ExchangeRest, isVenueProblem, type Timers, type VenueProblem } from '../venue/exchange.ts';
import { remedyOf } from './exchange-rest.ts';

/** The real account behind a key, as it was told last; null before the first answer. */
export interface AccountWatch {
  readonly last: () => VenueAccountFrame | null;
  end(): void;
}

const EVERY_MS = 30_000;
/** A key that the venue refuses is tried so often: asking on and on would look like an attack. */
const REFUSED_MS = 300_000;
const REFUSED: ReadonlySet<VenueProblem['problem']> = new Set(['BAD_KEY', 'KEY_LACKS_RIGHT', 'NOT_SUPPORTED']);
const ANEW = 'the engine reads keys as it starts: dzentra engine restart';

/** Asks for the account now and then, and not while the venue wants silence. A problem is logged when it begins. */
export function watchAccount(
  rest: Pick<ExchangeRest, 'exchange' | 'account'>,
  key: Pick<FoundKey, 'apiKey'>,
  timers: Timers,
  log: Pick<Log, 'warn'>,
): AccountWatch {
  let last: VenueAccountFrame | null = null;
  let isEnded = false;
  let giveUp = (): void => {};
  const ask = async (): Promise<void> => {
    const account = await rest.account();
    if (isEnded) return;
    let waitMs = EVERY_MS;
    if (isVenueProblem(account)) {
      const { problem, found, silentUntil = 0 } = account;
      const said = last?.error;
      if (problem !== said?.code) log.warn('the account was not told', { problem, found });
      const since = problem === said?.code ? said.since : timers.wall();
      last = {
        ...(last ?? untold(rest.exchange, shortKey(key.apiKey))),
        error: { code: problem, since, found, fix: fixOf(account) },
      };
      waitMs = Math.max(REFUSED.has(problem) ? REFUSED_MS : EVERY_MS, silentUntil - timers.wall());
    } else last = account;
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

function fixOf(no: VenueProblem): string {
  const isOfKey = no.problem === 'BAD_KEY' || no.problem === 'KEY_LACKS_RIGHT';
  return isOfKey ? `${remedyOf(no)}; it is tried again every five minutes; ${ANEW}` : remedyOf(no);
}

/** The account behind a key that cannot be used: nobody is asked. */
export function lockedAccount(
  exchange: string,
  { code, expected, found, fix }: SecretProblem,
  since: number,
): VenueAccountFrame {
  const error = { code, since, found: `expected ${expected}, found ${found}`, fix: `${fix}; ${ANEW}` };
  return { ...untold(exchange, null), error };
}

/** An account of which nothing was told. */
const untold = (exchange: string, key: string | null): Omit<VenueAccountFrame, 'error'> => ({
  exchange,
  key,
  at: null,
  positionMode: null,
  balances: [],
  positions: [],
  orders: [],
  flows: [],
  missing: [],
  partial: ['balances', 'positions', 'orders', 'flows'],
});
