import type { Link, ScreenId } from '../core.ts';

/** What a button stands for. Only a short id goes to Telegram and comes back. */
export type Deed =
  | { readonly is: 'go'; readonly to: 'home' | 'back' | 'refresh' | 'run' | 'more' }
  | { readonly is: 'screen'; readonly screen: ScreenId; readonly pick?: Readonly<Record<string, string>> | undefined }
  /** An action of a view, with what it does to risk, or a row that opens something. */
  | { readonly is: 'do'; readonly label: string; readonly link: Link; readonly stakes: 'none' | 'lowers' | 'raises' }
  /** A field of a form is to be filled, or a value of it was chosen. */
  | { readonly is: 'field'; readonly field: string }
  | { readonly is: 'choice'; readonly field: string; readonly value: string }
  | { readonly is: 'form'; readonly does: 'send' | 'leave' | 'reset' | 'again' }
  /** The answer to a confirmation; which of its choices. */
  | { readonly is: 'confirm'; readonly nonce: string; readonly choice: number }
  | { readonly is: 'cancel'; readonly nonce: string }
  /** `of`: the entry that the alert is about, for no other journal has both. */
  | { readonly is: 'acknowledge'; readonly alert: number; readonly of: number }
  | { readonly is: 'chart'; readonly chart: 'equity' | 'drawdown' | 'candles' };

/** The deeds behind the buttons of messages. A message has those of its last two keyboards; after a restart it has none. */
export interface Buttons {
  /** A keyboard in the making: `data` of each deed; `bind` once the message is known. */
  begin(chat: number): { add(deed: Deed): string; bind(message: number): void };
  /** The deed of a pressed button; `old` where its message has another keyboard now, `forged` where it never was. */
  take(chat: number, message: number, data: string): Deed | 'old' | 'forged';
  forget(chat: number, message: number): void;
}
