import { accept, type OptionSpec, type Reading, reject, single } from './spec.ts';

/** What instruments are made of (`domain/instrument-table.ts`): data under another name could never be traded on. */
const SYMBOL = /^([A-Z0-9]{1,20})\/([A-Z0-9]{2,10})(?::([A-Z0-9]{1,20}))?$/;
/** Quote assets by which an exchange's own name is taken apart; longer ones first. */
const QUOTES = ['FDUSD', 'USDT', 'USDC', 'TUSD', 'BUSD', 'USD', 'EUR', 'BTC', 'ETH'];

/** `BTC/USDT` is spot, `BTC/USDT:USDT` a linear perpetual. */
export function kindOfSymbol(symbol: string): 'spot' | 'perpetual' {
  return symbol.includes(':') ? 'perpetual' : 'spot';
}

/** Base and quote of an exchange's own name: `BTCUSDT` -> `BTC/USDT`. */
export function takenApart(name: string): string | undefined {
  const upper = name.toUpperCase().replace(/[-_]/g, '');
  const quote = QUOTES.find((each) => upper.endsWith(each) && upper.length > each.length + 1);
  return quote === undefined ? undefined : `${upper.slice(0, -quote.length)}/${quote}`;
}

/** Reads a unified symbol and refuses an inverse contract; an exchange's own name is shown as the two it may mean. */
export function readSymbol(given: string): Reading<string> {
  const match = SYMBOL.exec(given);
  if (match === null) return reject(suggested(given));
  const [, base, quote, settle] = match;
  if (settle === undefined || settle === quote) return accept(given);
  return reject(
    `${base}/${quote}:${quote}`,
    'a linear contract, which settles in its quote asset (inverse ones are not traded)',
  );
}

function suggested(given: string): string | undefined {
  const upper = given.toUpperCase();
  if (SYMBOL.test(upper)) return upper;
  const spot = /^[A-Za-z0-9_-]{4,24}$/.test(given) ? takenApart(given) : undefined;
  return spot === undefined
    ? undefined
    : `${spot}:${spot.slice(spot.indexOf('/') + 1)} for the perpetual or ${spot} for spot`;
}

/** A symbol in its unified form. */
export const symbol = (about: string): OptionSpec<string | undefined> =>
  single(about, {
    type: 'symbol',
    placeholder: 'SYMBOL',
    expects: 'a symbol such as BTC/USDT:USDT (perpetual) or BTC/USDT (spot)',
    example: 'BTC/USDT:USDT',
    one: readSymbol,
  });

/**
 * The symbol that a candle file's name tells, the way exchanges and archives name their files:
 * `binance-usdm-BTCUSDT-1m-202505.csv.gz` -> `BTC/USDT:USDT`, `...-spot-ETHUSDT-...` -> `ETH/USDT`. Undefined without one.
 */
export function symbolOfFile(path: string): string | undefined {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const word = name.split(/[-_.]/).find((part) => /^[A-Z0-9]{5,20}$/.test(part) && takenApart(part) !== undefined);
  const spot = word === undefined ? undefined : takenApart(word);
  if (spot === undefined) return undefined;
  return /spot/i.test(name) ? spot : `${spot}:${spot.slice(spot.indexOf('/') + 1)}`;
}
