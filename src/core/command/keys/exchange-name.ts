import { EXCHANGE_NAME, KNOWN_EXCHANGES } from '../../config/exchanges.ts';
import { nearest } from '../../strategy/nearest.ts';
import { accept, type OptionSpec, reject, single } from '../argv/spec.ts';

/** The name of an exchange at ccxt. Whether there is one of that name is for the adapter to say. */
export const exchangeName = (about: string): OptionSpec<string | undefined> =>
  single(about, {
    type: 'exchange',
    placeholder: 'EXCHANGE',
    expects: 'the name of an exchange such as binanceusdm',
    example: 'binanceusdm',
    one: (given) => (EXCHANGE_NAME.test(given) ? accept(given) : reject(nearest(given, KNOWN_EXCHANGES))),
  });
