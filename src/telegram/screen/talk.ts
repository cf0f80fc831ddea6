import type { Asked, Order, Question, Told } from '../act/acts.ts';
import { soon, tongueOf } from './around.ts';
import type { Sight } from './draw.ts';
import type { FormFlow } from './form-flow.ts';
import { capital } from './keyboard.ts';
import { type Overlay, toldLines } from './overlay.ts';
import type { PressEnd, ScreensOptions } from './screens.ts';

const STATUS_MS = 2_500;
const BUSY_MS = 400;
/** Characters of what the wait of a button ends with. */
const END_CHARS_MAX = 200;

/** The message that is talked in. */
export interface TalkHost {
  readonly form: FormFlow;
  /** Its number; undefined while it is on its way. */
  number(): number | undefined;
  /** Something else stands in it: from the top, and drawn. */
  onOverlay(): void;
  redraw(): void;
  /** An answer for which there is no message any more. */
  tell(said: Told | Question, asked: Asked): void;
}

/** What is asked for in one message, what is asked back, and what was said of it. */
export class Talk {
  readonly #of: ScreensOptions;
  readonly #host: TalkHost;
  #overlay: Overlay | undefined;
  #status: Sight['status'];
  readonly #forget = { status: (): void => {}, overlay: (): void => {} };

  constructor(options: ScreensOptions, host: TalkHost) {
    this.#of = options;
    this.#host = host;
  }

  get overlay(): Overlay | undefined {
    return this.#overlay;
  }

  get status(): Sight['status'] {
    return this.#status;
  }

  /** A passing remark. */
  remark(text: string, isGood: boolean): void {
    this.#forget.status();
    this.#status = { text, isGood };
    this.#forget.status = this.#of.clock.after(STATUS_MS, () => {
      this.#status = undefined;
      this.#host.redraw();
    });
    this.#host.redraw();
  }

  async order(order: Order, asked: Asked, isForm: boolean): Promise<PressEnd> {
    this.drop();
    this.#busy();
    const answer = this.#of.acts.order(order, asked);
    return await soon(
      this.#of,
      answer.then((said) => this.#answered(said, order, asked, isForm)),
    );
  }

  /** One press: whoever presses again presses an old button. */
  async confirm(nonce: string, choice: number, asked: Asked): Promise<PressEnd> {
    const overlay = this.#overlay;
    const { say } = tongueOf(this.#of);
    if (overlay?.is !== 'question' || overlay.said.nonce !== nonce) return { text: say('old') };
    this.#set(undefined);
    this.#busy();
    return await soon(this.#of, this.#carryOut(overlay, nonce, choice, asked));
  }

  async #carryOut(overlay: Extract<Overlay, { is: 'question' }>, nonce: string, choice: number, asked: Asked) {
    const { acts } = this.#of;
    const why = overlay.isForm && this.#host.form.state?.form === 'draft' ? await this.#host.form.recheck() : undefined;
    if (why !== undefined) {
      acts.cancel(nonce, asked);
      this.remark(why, false);
      return { text: why, isAlert: true };
    }
    return this.#answered(await acts.confirm(nonce, choice, asked), overlay.order, asked, overlay.isForm);
  }

  /** A question waits here; what went well passes by; what did not, or is to be read, stays until it was. */
  #answered(said: Told | Question, order: Order | undefined, asked: Asked, isForm: boolean): PressEnd {
    this.#idle();
    const tongue = tongueOf(this.#of);
    if (this.#host.number() !== asked.message) {
      this.#host.tell(said, asked);
      return {};
    }
    if (said.is === 'question') {
      this.#ask(said, order, asked, isForm);
      return {};
    }
    const label = capital(order?.label ?? '');
    if (said.isOk && isForm) this.#host.form.leave(true);
    if (said.isOk && (order?.stakes !== 'none' || said.lines.length < 2)) {
      this.remark(said.summary === '' ? label : said.summary, true);
      return { text: said.summary.slice(0, END_CHARS_MAX) };
    }
    // What is being filled in is not covered by an answer to something else.
    if (!isForm && this.#host.form.asking !== undefined) this.remark(said.summary, said.isOk);
    else this.#set({ is: 'told', title: label, lines: toldLines(said, tongue) });
    this.#host.redraw();
    return said.isOk ? {} : { text: said.summary.slice(0, END_CHARS_MAX) };
  }

  #ask(said: Question, order: Order | undefined, asked: Asked, isForm: boolean): void {
    const now = this.#of.clock.now();
    this.#set({ is: 'question', said, order, asked, isForm });
    this.#forget.overlay = this.#of.clock.after(Math.max(0, said.until - now), () => {
      this.drop();
      this.remark(tongueOf(this.#of).say('confirmOver'), false);
    });
    this.#host.redraw();
  }

  /** What takes long says so; an answer that is there at once is one edit. */
  #busy(): void {
    this.#idle();
    this.#forget.status = this.#of.clock.after(BUSY_MS, () => {
      this.#status = { text: tongueOf(this.#of).say('checking'), isGood: true };
      this.#host.redraw();
    });
  }

  #idle(): void {
    this.#forget.status();
    this.#status = undefined;
  }

  /** A question that waits is taken back; what was told is read. */
  drop(): void {
    const overlay = this.#overlay;
    if (overlay?.is === 'question') this.#of.acts.cancel(overlay.said.nonce, overlay.asked);
    this.#set(undefined);
  }

  /** Nothing comes any more. */
  still(): void {
    this.drop();
    this.#forget.status();
  }

  #set(overlay: Overlay | undefined): void {
    if (overlay === this.#overlay) return;
    this.#forget.overlay();
    this.#forget.overlay = () => {};
    this.#overlay = overlay;
    this.#host.onOverlay();
  }
}
