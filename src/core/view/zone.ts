import type { Ui } from './scene.ts';

const ZONE = /^([+-])(\d\d):(\d\d)$/;

/** The zone that shared settings name: `UTC`, or `+03:00`. Undefined for another text. */
export function zoneOf(text: string | undefined): Ui['zone'] | undefined {
  if (text === 'UTC') return { name: 'UTC', offsetMinutes: 0 };
  const [, sign, hours = '0', minutes = '0'] = ZONE.exec(text ?? '') ?? [];
  if (sign === undefined) return undefined;
  const size = Number(hours) * 60 + Number(minutes);
  const name = `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`;
  return { name, offsetMinutes: sign === '-' ? -size : size };
}
