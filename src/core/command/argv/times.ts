import { TIMEFRAMES } from '../../domain/candle.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import { nearest } from '../../strategy/nearest.ts';
import { expectation, type Range, rangeText } from './range.ts';
import { accept, type OptionSpec, reject, single } from './spec.ts';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/i;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };

/** A duration with its unit (`150ms`, `5s`, `5m`, `1h`, `1d`, or 0) as whole milliseconds; bounds are such texts too. */
export function duration(about: string, range: Range, example: string): OptionSpec<number | undefined> {
  const lowest = toMs(range.from ?? '0') ?? 0;
  const highest = toMs(range.to ?? '365d') ?? 0;
  const isInside = (ms: number | undefined): ms is number =>
    ms !== undefined && Number.isInteger(ms) && ms >= lowest && ms <= highest;
  return single(about, {
    type: 'duration',
    placeholder: 'TIME',
    expects: expectation('a duration', example, range),
    bounds: rangeText(range),
    example,
    one(given) {
      const ms = toMs(given);
      if (isInside(ms)) return accept(ms);
      const named = ms === undefined ? ['ms', 's', 'm'].map((unit) => `${given}${unit}`) : [];
      const meant = named.filter((each) => isInside(toMs(each)));
      return reject(meant.length === 0 ? undefined : meant.join(', ').replace(/, (\w+)$/, ' or $1'));
    },
  });
}

function toMs(given: string): number | undefined {
  if (given === '0') return 0;
  const match = DURATION.exec(given);
  if (match === null) return undefined;
  return Number(match[1]) * (UNITS[(match[2] as string).toLowerCase()] as number);
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?Z?)?$/;

/** An instant in UTC: `2025-05-04`, `2025-05-04T12:30`, with or without seconds and Z, or milliseconds. */
export function instant(about: string): OptionSpec<number | undefined> {
  return single(about, {
    type: 'instant',
    placeholder: 'DATE',
    expects: 'an instant in UTC such as 2025-05-04 or 2025-05-04T12:30',
    example: '2025-05-04',
    one(given) {
      if (/^\d{12,13}$/.test(given)) return accept(Number(given));
      const match = DATE.exec(given);
      if (match === null) return reject();
      const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
        .slice(1)
        .map((part) => Number(part ?? 0));
      const at = Date.UTC(year, month - 1, day, hour, minute, second);
      // A date that does not exist (31 April) comes back as another one.
      const back = new Date(at).toISOString().slice(0, 19);
      const wanted = `${match[1]}-${match[2]}-${match[3]}T${match[4] ?? '00'}:${match[5] ?? '00'}:${match[6] ?? '00'}`;
      return back === wanted ? accept(at) : reject(undefined, 'a day that exists');
    },
  });
}

/** The name of a time frame that exchanges know. */
export function timeframe(about: string): OptionSpec<string | undefined> {
  const names = Object.keys(TIMEFRAMES);
  return single(about, {
    type: 'timeframe',
    placeholder: 'TIMEFRAME',
    expects: `one of ${names.join(', ')}`,
    bounds: names.join(' '),
    example: '15m',
    one: (given) => (Object.hasOwn(TIMEFRAMES, given) ? accept(given) : reject(nearestFrame(given, names))),
  });
}

/** The time frame that is nearest in length, where a length is given; else in spelling. */
function nearestFrame(given: string, names: readonly string[]): string | undefined {
  const ms = toMs(given);
  if (ms === undefined || ms === 0) return nearest(given, names);
  const apart = (name: string): number => {
    const other = TIMEFRAMES[name] ?? 0;
    return Math.max(other / ms, ms / other);
  };
  return names.toSorted((a, b) => apart(a) - apart(b))[0];
}
