import type { Deed } from '../screen/button.ts';

/** Bytes of a button's data as Telegram takes it. */
const DATA_BYTES_MAX = 64;

/**
 * What a button of an alert stands for, in the button itself: an alert may be acknowledged hours later, when the process that
 * sent it is gone. Undefined where it does not fit.
 */
export function lastingData(deed: Deed): string | undefined {
  const data = textOf(deed);
  return data === undefined || Buffer.byteLength(data) > DATA_BYTES_MAX ? undefined : data;
}

function textOf(deed: Deed): string | undefined {
  if (deed.is === 'acknowledge') return `ack:${deed.alert}:${deed.of}`;
  if (deed.is !== 'screen') return undefined;
  const [pick] = Object.entries(deed.pick ?? {});
  return pick === undefined ? `see:${deed.screen}` : `see:${deed.screen}:${pick.join('=')}`;
}

/** Undoes `lastingData`; undefined for any other data. */
export function lastingDeed(data: string): Deed | undefined {
  const [, alert, of] = /^ack:([1-9]\d{0,8}):(\d{1,15})$/.exec(data) ?? [];
  if (alert !== undefined) return { is: 'acknowledge', alert: Number(alert), of: Number(of) };
  const [, screen, key, value] = /^see:(auto|market|journal)(?::(run|symbol|seq)=(.+))?$/.exec(data) ?? [];
  if (screen === undefined) return undefined;
  const pick = key === undefined || value === undefined ? undefined : { [key]: value };
  return { is: 'screen', screen: screen as 'auto' | 'market' | 'journal', pick };
}
