import type { Asked, Question, Told } from '../act/acts.ts';
import type { Lane } from '../bot/outbound.ts';
import type { ChartName, Ui, View } from '../core.ts';
import { soon, tongueOf } from './around.ts';
import type { Deed } from './button.ts';
import { draw, type Picture, viewOf } from './draw.ts';
import { FormFlow } from './form-flow.ts';
import { MirrorMessage } from './message.ts';
import { formIn, formOf, going, homeOf, keptOf, type Pick, type Place, placeOf } from './place.ts';
import type { PressEnd, ScreensOptions } from './screens.ts';
import { Talk } from './talk.ts';

/** Entries may come many a second; a chat takes an edit a second at most, of all its messages. */
const HEARD_MS = 3_000;
const TRAIL_MAX = 20;

/** What a live screen tells the chat that it is in. */
export interface LiveHost {
  /** It shows another place, or has another message. */
  onPlace(live: LiveScreen): void;
  onBlocked(): void;
  /** An answer for which there is no message any more. */
  tell(said: Told | Question, asked: Asked): void;
}

/** One message that mirrors a screen, and all that a person does in it. What changes is on its way when a call returns. */
export class LiveScreen {
  readonly message: MirrorMessage;
  readonly form: FormFlow;
  readonly talk: Talk;
  /** When somebody did something here last. */
  usedAt: number;
  readonly #of: ScreensOptions;
  readonly #host: LiveHost;
  #place: Place;
  #trail: Place[] = [];
  #page = 0;
  #pages = 1;
  #heardAt = 0;
  #forgetHeard: (() => void) | undefined;

  constructor(options: ScreensOptions, host: LiveHost, place: Place, message?: number) {
    const { chat, outbound, buttons, log, clock } = options;
    this.#of = options;
    this.#host = host;
    this.#place = place;
    this.usedAt = clock.now();
    this.form = new FormFlow(options, {
      ui: () => this.#place.ui,
      setUi: (ui: Ui) => {
        this.#place = { ...this.#place, ui };
      },
      view: () => this.#view(),
      remark: (text, isGood) => this.talk.remark(text, isGood),
      redraw: () => this.touch('answer'),
    });
    this.talk = new Talk(options, {
      form: this.form,
      number: () => this.message.number,
      onOverlay: () => {
        this.#page = 0;
      },
      redraw: () => this.touch('answer'),
      tell: (said, asked) => host.tell(said, asked),
    });
    const made = { chat, outbound, buttons, clock, log, paper: () => tongueOf(options), draw: () => this.#draw() };
    const heard = { onMoved: () => host.onPlace(this), onBlocked: () => host.onBlocked() };
    this.message = new MirrorMessage({ ...made, ...heard }, message);
  }

  get place(): Place {
    return this.#place;
  }

  touch(lane: Lane, isForced = false): void {
    this.message.touch(lane, isForced);
  }

  /** An entry tells of something: at once, or where that was done just now, soon. */
  hear(): void {
    const { clock } = this.#of;
    const waitMs = this.#heardAt + HEARD_MS - clock.now();
    if (waitMs <= 0) {
      this.#heardAt = clock.now();
      this.touch('screen');
    } else
      this.#forgetHeard ??= clock.after(waitMs, () => {
        this.#forgetHeard = undefined;
        this.hear();
      });
  }

  /** Time passed: figures of a form are asked for again, and the screen is drawn. A question stays as it was put. */
  tick(): void {
    if (this.talk.overlay === undefined && this.form.state?.form === 'draft') this.form.refresh();
    this.touch('screen');
  }

  /** At the bottom, as it is; a question in the message before is over. */
  renew(pick?: Pick): void {
    this.talk.drop();
    if (pick !== undefined) this.#go(going(this.#place, this.#place.ui.screen, pick));
    this.message.renew();
  }

  /** It is no live screen any more: its message goes, or stays with a text. */
  close(text?: string): void {
    this.#still();
    this.message.close(text);
  }

  /** The process ends: the message stays as it is. */
  abandon(): void {
    this.#still();
    this.message.abandon();
  }

  async press(deed: Deed, asked: Asked): Promise<PressEnd> {
    const overlay = this.talk.overlay;
    const { say } = tongueOf(this.#of);
    this.usedAt = this.#of.clock.now();
    if (overlay?.is === 'question' && overlay.asked.person.user !== asked.person.user)
      return { text: say('onlyOwn'), isAlert: true };
    switch (deed.is) {
      case 'go':
        return this.#look(deed.to);
      case 'screen':
        return this.goTo(going(this.#place, deed.screen, deed.pick), deed.pick);
      case 'do':
        if (deed.link.to === 'screen')
          return this.goTo(going(this.#place, deed.link.screen, deed.link.pick), deed.link.pick);
        return await this.talk.order({ label: deed.label, words: deed.link.words, stakes: deed.stakes }, asked, false);
      case 'field':
        this.form.ask(deed.field, asked.person.user);
        return {};
      case 'choice':
        this.form.take(deed.field, deed.value);
        return {};
      case 'form':
        return await this.#form(deed.does, asked);
      case 'confirm':
        return await this.talk.confirm(deed.nonce, deed.choice, asked);
      case 'cancel':
        this.talk.drop();
        this.touch('answer');
        return {};
      case 'chart':
        return await soon(this.#of, this.#chart(deed.chart));
      case 'acknowledge':
        return {};
    }
  }

  /** A message of a person whose field waits for one: it is taken, and goes from the chat. */
  typed(text: string, asked: Asked): boolean {
    const { asking } = this.form;
    if (asking?.user !== asked.person.user || this.talk.overlay !== undefined) return false;
    this.usedAt = this.#of.clock.now();
    void this.#of.outbound.remove(this.#of.chat, asked.message);
    this.form.take(asking.field, text);
    return true;
  }

  /** Another place in the same message; Back leads here. */
  goTo(place: Place, pick: Pick = {}): PressEnd {
    this.talk.drop();
    this.form.leave();
    const isSame = JSON.stringify(keptOf(place)) === JSON.stringify(keptOf(this.#place));
    if (!isSame) this.#trail = [...this.#trail, this.#place].slice(-TRAIL_MAX);
    this.#go(place, pick);
    return {};
  }

  #go(place: Place, pick: Pick = {}): void {
    this.#place = place;
    this.#page = 0;
    const opens = formIn(place.ui.screen, pick);
    if (opens !== undefined && this.#of.client.picture === undefined) this.form.open(opens.form, opens.inputs);
    this.#host.onPlace(this);
    this.touch('answer');
  }

  #look(to: Extract<Deed, { is: 'go' }>['to']): PressEnd {
    const { pictures } = this.#of;
    switch (to) {
      case 'home':
        return this.#place.isHome ? this.#look('refresh') : this.goTo(homeOf(pictures));
      case 'back':
        return this.#back();
      case 'refresh':
        this.talk.drop();
        this.touch('answer', true);
        return {};
      case 'run':
        return this.#nextRun();
      case 'more':
        this.#page = (this.#page + 1) % this.#pages;
        this.touch('answer');
        return {};
    }
  }

  /** Out of the form, else to where one came from. */
  #back(): PressEnd {
    const { pictures } = this.#of;
    if (this.form.state !== undefined) {
      this.#opened(() => this.form.leave());
      return {};
    }
    const before = this.#trail.at(-1) ?? (this.#place.isHome ? placeOf(pictures, 'auto') : homeOf(pictures));
    this.talk.drop();
    this.form.leave();
    this.#trail = this.#trail.slice(0, -1);
    this.#go(before);
    return {};
  }

  #nextRun(): PressEnd {
    const { client, pictures } = this.#of;
    const scene = client.scene();
    const { runs } = scene.state;
    const at = runs.findIndex(({ run }) => run === pictures.focusOf(scene, this.#place.ui).run?.run);
    const next = runs[(at + 1) % runs.length];
    this.talk.drop();
    if (next !== undefined) this.#go(going(this.#place, this.#place.ui.screen, { run: `${next.run}` }));
    return {};
  }

  async #form(does: Extract<Deed, { is: 'form' }>['does'], asked: Asked): Promise<PressEnd> {
    const { say } = tongueOf(this.#of);
    const form = formOf(this.#place.ui.screen);
    if (this.#of.client.picture !== undefined)
      return { text: say('otherVersion', this.#of.client.picture), isAlert: true };
    if (does === 'again' && this.form.state !== undefined) this.form.unask();
    else if (does === 'again' && form !== undefined) this.#opened(() => this.form.open(form));
    else if (does === 'leave') this.#opened(() => this.form.leave());
    else if (does === 'reset') this.form.empty();
    else if (does === 'send') return await soon(this.#of, this.#send(asked));
    return {};
  }

  #opened(change: () => void): void {
    this.#page = 0;
    change();
    this.touch('answer');
  }

  /** What was filled in is asked of the engine, or told why not. */
  async #send(asked: Asked): Promise<PressEnd> {
    const { say } = tongueOf(this.#of);
    if (this.#of.client.scene().link !== 'up') return this.#refuse(say('needsUp'));
    const order = await this.form.order();
    return typeof order === 'string' ? this.#refuse(order) : await this.talk.order(order, asked, true);
  }

  #refuse(text: string): PressEnd {
    this.talk.remark(text, false);
    return {};
  }

  async #chart(which: ChartName): Promise<PressEnd> {
    const { chart, outbound, chat } = this.#of;
    const { locale, zone } = tongueOf(this.#of);
    const photo = await chart({ ...this.#place.ui, locale, zone }, which);
    if (typeof photo === 'string') return this.#refuse(photo);
    void outbound.photo(chat, 'answer', () => photo);
    return {};
  }

  #still(): void {
    this.talk.still();
    this.#forgetHeard?.();
  }

  #view(): View {
    return viewOf(this.#of, tongueOf(this.#of), this.#place);
  }

  async #draw(): Promise<Picture> {
    const tongue = tongueOf(this.#of);
    const field = this.form.asking?.field;
    const sight = { place: this.#place, page: this.#page, overlay: this.talk.overlay, status: this.talk.status, field };
    const picture = await draw(this.#of, tongue, sight);
    this.#pages = picture.pages;
    return picture;
  }
}
