import type { Money, Rate } from '../../base/decimal.ts';
import type { LossRule, StopRule, TargetRule } from '../../domain/settings.ts';
import { STRATEGY_STOP } from '../../risk/defaults.ts';
import { percent, readShare } from '../argv/numbers.ts';
import { decimal, inside, meant } from '../argv/range.ts';
import { accept, type OptionSpec, type Reading, reject, single } from '../argv/spec.ts';

/** A stop at or beyond 100 % would stand at no price; a distance has no sign, the side of the position gives it. */
const DISTANCE = { above: '0', below: '100' };
const TARGET = { above: '0', to: '1000' };

const { distance, distanceMin, distanceMax } = STRATEGY_STOP;
const OWN = `strategy: at least ${percent(distanceMin)} and at most ${percent(distanceMax)}, else ${percent(distance)}`;

/** `1%`, `strategy` or `none`. */
export const stopRule = (about: string): OptionSpec<Exclude<StopRule, { by: 'strategy' }> | 'strategy' | undefined> =>
  single(about, {
    type: 'stop',
    placeholder: 'SHARE|strategy|none',
    bounds: `above 0% and below 100%; ${OWN}`,
    expects:
      "a distance from the entry such as 1%, above 0% and below 100% (the position's side gives the direction), strategy or none",
    example: '1%',
    one(given): Reading<Exclude<StopRule, { by: 'strategy' }> | 'strategy'> {
      if (given === 'strategy') return accept(given);
      if (given === 'none') return accept({ by: 'none' });
      const share = readShare(given, DISTANCE);
      return share.ok ? accept({ by: 'fixed', distance: share.value }) : share;
    },
  });

/** `2%`, `2r` (twice the stop distance) or `none`. */
export const targetRule = (about: string): OptionSpec<TargetRule | undefined> =>
  single(about, {
    type: 'target',
    placeholder: 'SHARE|Nr|none',
    bounds: 'a distance such as 2%, or 2r: twice that of the stop',
    expects:
      'a distance from the entry such as 2%, above 0% and at most 1000%, a multiple of the stop distance such as 2r, or none',
    example: '2%',
    one(given): Reading<TargetRule> {
      if (given === 'none') return accept({ by: 'none' });
      const multiple = /^(.+)r$/i.exec(given)?.[1];
      if (multiple !== undefined) return readMultiple(multiple);
      const share = readShare(given, TARGET);
      return share.ok ? accept({ by: 'fixed', distance: share.value }) : share;
    },
  });

function readMultiple(given: string): Reading<TargetRule> {
  const multiple = decimal(given);
  if (multiple === undefined || !inside(multiple, { above: '0', to: '100' })) return reject('2r');
  return accept({ by: 'multiple', multiple: multiple as Rate });
}

/** `80` (quote asset), `1%` (of equity at the entry) or `none`. */
export const lossRule = (about: string): OptionSpec<LossRule | undefined> =>
  single(about, {
    type: 'loss',
    placeholder: 'AMOUNT|SHARE|none',
    bounds: 'quote asset, or a share of equity',
    expects: 'an amount of the quote asset such as 80, a share of equity such as 1%, above 0 and at most 100%, or none',
    example: '80',
    one(given): Reading<LossRule> {
      if (given === 'none') return accept({ by: 'none' });
      if (/(%|bps|bp)$/i.test(given)) {
        const share = readShare(given, { above: '0', to: '100' });
        return share.ok ? accept({ by: 'equity', fraction: share.value }) : share;
      }
      const amount = decimal(given);
      if (amount === undefined) return reject(meant(given));
      return amount <= 0n ? reject() : accept({ by: 'amount', amount: amount as Money });
    },
  });
