import type { ShownChat, ShownMessage } from '../support/bot-api-chat.ts';

/** An alert as the journal has it. */
export interface Raised {
  readonly alert: number;
  readonly nth: number;
  readonly rule: string;
  readonly priority: string;
  /** The entry that it is about: its text ends with that. */
  readonly of: number;
  readonly isHeld: boolean;
  readonly facts: { readonly sink?: string };
}

export interface Delivered {
  readonly alert: number;
  readonly nth: number;
  readonly sink: string;
  readonly ref: string;
  readonly isRepeat: boolean;
}

export interface Received {
  readonly id: string;
  readonly who: string;
  readonly command: string;
}

/** Entries of a journal, as `journal list --json` tells them. */
export interface Written<Body> {
  readonly seq: number;
  readonly kind: string;
  readonly body: Body;
}

/** An alert that stands in a message of its own. */
export interface Arrival {
  readonly message: ShownMessage;
  /** As `nameOf` names it. */
  readonly name: string;
}

/** How the titles of HIGH alerts begin that a stream of stops and a panic make. */
export const TITLES: Readonly<Record<string, string>> = { stop_hit: 'STOPPED', halted: 'HALTED:' };

/** First word of the title, the entry that it is about, and how often it was told: one of these is one alert. */
export const nameOf = (title: string, { of, nth }: Pick<Raised, 'of' | 'nth'>): string => `${title} #${of}.${nth}`;

const STAMP = /\n#(\d+) {2}\d\d:\d\d:\d\d UTC$/;
const AGAIN = /\(told (\d+) times\)/;

/** The alerts of a chat that came one by one, as they came: removed messages, too. */
export function arrivalsIn(chat: ShownChat): readonly Arrival[] {
  return chat.all.flatMap((message) => {
    const { text = '' } = message.versions[0] ?? {};
    const of = message.sender === chat.bot ? STAMP.exec(text)?.[1] : undefined;
    if (of === undefined) return [];
    const nth = Number(AGAIN.exec(text)?.[1] ?? 1);
    return [{ message, name: nameOf(text.split(' ')[0] ?? '', { of: Number(of), nth }) }];
  });
}

/** Whether it says that it may be a repeat. */
export const isMarked = ({ versions: [first] }: ShownMessage): boolean =>
  first?.text.split('\n')[0]?.endsWith(' (repeat?)') === true;
