import type { Answered, Post } from '../bot/api.ts';
import { type Lane, type Outbound, sendTwiceIfUnsure } from '../bot/outbound.ts';
import type { Clock } from '../clock.ts';
import type { BridgeLog } from '../core.ts';
import type { Buttons, Deed } from './button.ts';
import { htmlOf, type Paper } from './page.ts';

/** A button in the making. */
export interface Knob {
  readonly text: string;
  readonly deed: Deed;
}

/** What a message is to show. The last line, `foot`, tells the instant: it alone is no reason for an edit. */
export interface Drawn {
  readonly lines: readonly string[];
  readonly foot: string;
  readonly knobs: readonly (readonly Knob[])[];
}

export interface MessageOptions {
  readonly chat: number;
  readonly outbound: Outbound;
  readonly buttons: Buttons;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: BridgeLog;
  readonly paper: () => Paper;
  draw(): Drawn | Promise<Drawn>;
  /** It has a number now, or another one. */
  onMoved(): void;
  /** The chat takes nothing: nothing is tried until somebody asks for something. */
  onBlocked(): void;
}

interface Made {
  readonly post: Post;
  readonly print: string;
  bind(message: number): void;
}

/** An edit of which nobody knows whether it was made is made again, after so long. */
const AGAIN_MS = 1_000;
const AGAIN_MS_MAX = 60_000;

/** One message that follows what is drawn: sent once, then edited, made anew where somebody deleted it. */
export class MirrorMessage {
  readonly #of: MessageOptions;
  #number: number | undefined;
  /** What it shows, without its last line. */
  #print = '';
  #isForced = false;
  #isSending = false;
  #isClosed = false;
  #againMs = AGAIN_MS;
  #forgetAgain = (): void => {};

  constructor(options: MessageOptions, message?: number) {
    this.#of = options;
    this.#number = message;
  }

  /** Undefined while it is on its way. */
  get number(): number | undefined {
    return this.#number;
  }

  /** Comes at the bottom: a new message in place of the one before. */
  renew(): void {
    if (this.#isClosed || this.#isSending) return;
    this.#leave();
    this.#guard(this.#send('answer'));
  }

  /** Shows how things stand, if that is something else than before; with `isForced` in any case. */
  touch(lane: Lane, isForced = false): void {
    if (this.#isClosed || this.#number === undefined) return;
    this.#isForced ||= isForced;
    this.#guard(this.#edit(lane, this.#number));
  }

  /** It goes; with a text it stays, without buttons. */
  close(text?: string): void {
    this.abandon();
    this.#leave(text);
  }

  /** Nothing of it is shown any more, and it stays as it is. */
  abandon(): void {
    this.#isClosed = true;
    this.#forgetAgain();
  }

  #leave(text?: string): void {
    const { chat, outbound, buttons } = this.#of;
    const message = this.#number;
    this.#number = undefined;
    if (message === undefined) return;
    buttons.forget(chat, message);
    if (text === undefined) void this.#remove(message);
    else void outbound.edit(chat, 'answer', message, () => ({ html: this.#html(text) }));
  }

  /** After two days a bot may not delete a message: then its buttons go. */
  async #remove(message: number): Promise<void> {
    const { chat, outbound } = this.#of;
    const removed = await outbound.remove(chat, message);
    if (removed?.ok === false && removed.is === 'rejected') {
      await outbound.edit(chat, 'answer', message, () => ({ html: this.#html('-') }));
    }
  }

  async #send(lane: Lane): Promise<void> {
    const { chat, outbound, onMoved } = this.#of;
    this.#isSending = true;
    let made: Made | undefined;
    const write = async (): Promise<Post | undefined> => {
      if (this.#isClosed) return undefined;
      made = await this.#make();
      return made.post;
    };
    const sent = await sendTwiceIfUnsure(outbound, chat, lane, write);
    this.#isSending = false;
    if (sent?.ok !== true || made === undefined) return this.#failed(sent);
    this.#number = sent.value;
    if (this.#isClosed) return this.#leave();
    made.bind(sent.value);
    this.#print = made.print;
    onMoved();
    this.touch('answer');
  }

  async #edit(lane: Lane, message: number): Promise<void> {
    const { chat, outbound } = this.#of;
    let made: Made | undefined;
    const edited = await outbound.edit(chat, lane, message, async () => {
      if (this.#isClosed || this.#number !== message) return undefined;
      made = await this.#make();
      if (made.print === this.#print && !this.#isForced) return undefined;
      this.#isForced = false;
      // Who is quick presses before the answer of this edit is here.
      made.bind(message);
      return made.post;
    });
    if (edited === undefined || made === undefined || this.#number !== message) return;
    if (edited.ok || edited.is === 'same' || edited.is === 'rejected') this.#print = made.print;
    if (edited.ok || edited.is === 'same') {
      this.#againMs = AGAIN_MS;
      return;
    }
    if (edited.is === 'unsure') return this.#again(lane);
    if (edited.is !== 'gone') return this.#failed(edited);
    this.#of.buttons.forget(chat, message);
    this.#number = undefined;
    await this.#send(lane);
  }

  /** Whoever confirmed must not be left with the question: it may show one or the other by now. */
  #again(lane: Lane): void {
    const { clock } = this.#of;
    this.#forgetAgain();
    this.#forgetAgain = clock.after(this.#againMs, () => this.touch(lane, true));
    this.#againMs = Math.min(this.#againMs * 2, AGAIN_MS_MAX);
  }

  /** A screen that cannot be drawn is a bug, and no reason for the others to go. */
  #guard(done: Promise<void>): void {
    done.catch((problem: unknown) => {
      const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
      this.#isSending = false;
      this.#of.log.error('a bug of the bridge: a screen was not drawn', { chat: this.#of.chat, text });
    });
  }

  #failed(failure: Answered<unknown> | undefined): void {
    if (failure === undefined || failure.ok) return;
    const { chat, log, onBlocked } = this.#of;
    if (failure.is === 'blocked') onBlocked();
    if (failure.is === 'rejected') log.warn('a screen was not taken', { chat, why: failure.text });
  }

  async #make(): Promise<Made> {
    const { chat, buttons, draw, paper } = this.#of;
    // What else the same call is about to change is in it, too: one edit, not two.
    await Promise.resolve();
    const { lines, foot, knobs } = await draw();
    const keyboard = buttons.begin(chat);
    const rows = knobs.map((row) => row.map(({ text, deed }) => ({ text, data: keyboard.add(deed) })));
    return {
      post: { html: htmlOf(lines, foot, paper()), keyboard: rows },
      print: JSON.stringify([lines, knobs]),
      bind: keyboard.bind,
    };
  }

  #html(text: string): string {
    const { pictures } = this.#of.paper();
    return pictures.escapeXml(pictures.clean(text, false));
  }
}
