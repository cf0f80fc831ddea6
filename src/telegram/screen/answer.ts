import type { Asked, Question, Told } from '../act/acts.ts';
import { sendTwiceIfUnsure } from '../bot/outbound.ts';
import { soon, tongueOf } from './around.ts';
import type { Deed } from './button.ts';
import { type Drawn, MirrorMessage } from './message.ts';
import { questionKnobs, questionLines, toldLines } from './overlay.ts';
import { clockOf, pagesOfLines } from './page.ts';
import type { PressEnd, ScreensOptions } from './screens.ts';

/** Posts that one answer may take; what is longer is for a terminal. */
const POSTS_MAX = 4;

/** An answer to what was typed: a post for each page of it. */
export function tellAll(options: ScreensOptions, said: Told): void {
  const { chat, outbound, pictures } = options;
  const tongue = tongueOf(options);
  const pages = pagesOfLines(toldLines(said, tongue), tongue);
  const more = pages.slice(POSTS_MAX).reduce((sum, page) => sum + page.length, 0);
  pages.slice(0, POSTS_MAX).forEach((page, index) => {
    const cut = more > 0 && index === POSTS_MAX - 1 ? [tongue.say('cut', { count: more })] : [];
    const html = `<pre>${[...page, ...cut].map(pictures.escapeXml).join('\n')}</pre>`;
    void sendTwiceIfUnsure(outbound, chat, 'answer', () => ({ html }));
  });
}

/** Whose a question is, and the message that it was asked in where it is bound to that; what is not known is not held against. */
export interface Origin {
  readonly user?: number | undefined;
  readonly message?: number | undefined;
}

/** A question as a message of its own; it becomes its answer. */
export class AnswerMessage {
  readonly message: MirrorMessage;
  readonly #of: ScreensOptions;
  #said: Told | Question;
  readonly #origin: Origin;
  #note = '';
  #forget: () => void;

  constructor(options: ScreensOptions, said: Question, origin: Origin = {}) {
    this.#origin = origin;
    const { chat, outbound, buttons, log, clock } = options;
    const now = clock.now();
    this.#of = options;
    this.#said = said;
    this.#forget = clock.after(Math.max(0, said.until - now), () => this.#end('confirmOver'));
    const made = { chat, outbound, buttons, clock, log, paper: () => tongueOf(options), draw: () => this.#draw() };
    this.message = new MirrorMessage({ ...made, onMoved: () => {}, onBlocked: () => {} });
    this.message.renew();
  }

  /** Nothing is asked here any more. */
  get isOver(): boolean {
    return this.#said.is === 'told' || this.#note !== '';
  }

  async press(deed: Deed, asked: Asked): Promise<PressEnd> {
    const said = this.#said;
    const { say } = tongueOf(this.#of);
    if (said.is !== 'question' || this.isOver) return { text: say('old') };
    const { user = asked.person.user } = this.#origin;
    if (user !== asked.person.user) return { text: say('onlyOwn'), isAlert: true };
    if (deed.is === 'cancel') {
      this.#of.acts.cancel(said.nonce, this.#bound(asked));
      this.#end('cancelled');
      return {};
    }
    if (deed.is !== 'confirm' || deed.nonce !== said.nonce) return { text: say('old') };
    this.#end('checking');
    return await soon(this.#of, this.#confirm(said, deed.choice, asked));
  }

  close(): void {
    this.#forget();
    this.message.abandon();
  }

  async #confirm({ nonce }: Question, choice: number, asked: Asked): Promise<PressEnd> {
    const said = await this.#of.acts.confirm(nonce, choice, this.#bound(asked));
    this.#said = said;
    this.#note = '';
    if (said.is === 'question') {
      const now = this.#of.clock.now();
      this.#forget = this.#of.clock.after(Math.max(0, said.until - now), () => this.#end('confirmOver'));
    }
    this.message.touch('answer');
    return said.is === 'told' ? { text: said.summary.slice(0, 200) } : {};
  }

  #bound = (asked: Asked): Asked => ({ ...asked, message: this.#origin.message ?? asked.message });

  #end(note: 'confirmOver' | 'checking' | 'cancelled'): void {
    this.#forget();
    this.#note = tongueOf(this.#of).say(note);
    this.message.touch('answer');
  }

  #draw(): Drawn {
    const tongue = tongueOf(this.#of);
    const { say, zone } = tongue;
    const clock = clockOf(this.#of.client.scene().now, zone.offsetMinutes);
    const foot = say('asOf', { clock, zone: zone.name });
    const said = this.#said;
    if (said.is === 'told') return { lines: toldLines(said, tongue), foot, knobs: [] };
    const lines = questionLines(said, tongue);
    if (this.#note !== '') return { lines: [...lines, `! ${this.#note}`], foot, knobs: [] };
    return { lines, foot, knobs: questionKnobs(said, say) };
  }
}
