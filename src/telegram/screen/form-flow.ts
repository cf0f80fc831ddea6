import type { Order } from '../act/acts.ts';
import {
  changeOf,
  type Draft,
  type Field,
  type FormState,
  type Preview,
  positionText,
  type SeenDraft,
  symbolOf,
  type Ui,
  type View,
} from '../core.ts';
import { tongueOf } from './around.ts';
import { autoForm, autoOption, autoWords } from './auto-form.ts';
import { blankForm, choiceOf, withInput } from './form.ts';
import { formBlockIn } from './keyboard.ts';
import type { FormName, Inputs } from './place.ts';
import type { ScreensOptions } from './screens.ts';

const SYMBOL = 'symbol';

/** What a form acts on: the screen that it stands on. */
export interface FormHost {
  ui(): Ui;
  setUi(ui: Ui): void;
  /** The screen as it is now. */
  view(): View;
  /** A passing remark, and the screen is drawn. */
  remark(text: string, isGood: boolean): void;
  redraw(): void;
}

/** The form of one message while it is filled in: what was typed, what is wrong with it, and what it stands for. */
export class FormFlow {
  readonly #of: ScreensOptions;
  readonly #host: FormHost;
  readonly #kept = new Map<FormName, Inputs>();
  #seen: SeenDraft | undefined;
  /** The field that waits for a choice or a message, and whose. */
  asking: { readonly field: string; readonly user: number } | undefined;

  constructor(options: ScreensOptions, host: FormHost) {
    this.#of = options;
    this.#host = host;
  }

  get state(): FormState | undefined {
    return this.#host.ui().form;
  }

  /** Opens it with what was typed there before. */
  open(form: FormName, inputs: Inputs = this.#kept.get(form) ?? {}): void {
    const ui = this.#host.ui();
    const symbol = ui.symbol ?? (form === 'draft' ? this.#symbol() : undefined);
    this.asking = undefined;
    this.#seen = undefined;
    this.#host.setUi({ ...ui, symbol, form: blankForm(form, inputs) });
    this.refresh();
  }

  /** Leaves it; what was typed stays for the next time, unless it was sent. */
  leave(isSent = false): void {
    const ui = this.#host.ui();
    if (ui.form !== undefined) this.#kept.set(ui.form.form, isSent ? {} : ui.form.inputs);
    this.asking = undefined;
    this.#host.setUi({ ...ui, form: undefined });
  }

  empty(): void {
    const { state } = this;
    if (state !== undefined) this.#change({ ...blankForm(state.form, {}) });
  }

  ask(field: string, user: number): void {
    const { state } = this;
    if (state === undefined) return;
    this.asking = { field, user };
    this.#set({ ...state, focused: field });
    this.#host.redraw();
  }

  /** Back to all fields. */
  unask(): void {
    const { state } = this;
    this.asking = undefined;
    if (state !== undefined) this.#set({ ...state, focused: '' });
    this.#host.redraw();
  }

  /** A value was chosen or typed. What is none of the choices is asked for again. */
  take(name: string, text: string): void {
    const { state } = this;
    const field = formBlockIn(this.#host.view())?.fields.find((each) => each.name === name);
    const { say } = tongueOf(this.#of);
    if (state === undefined || field === undefined) {
      this.#host.remark(say('gone'), false);
      return;
    }
    const value = this.#valueOf(field, text);
    if (value === undefined) {
      this.#host.remark(field.isOpen === true ? say('noSymbol') : say('chooseIt', { field: field.label }), false);
      return;
    }
    this.asking = undefined;
    if (name === SYMBOL) this.#watch(value);
    this.#change({ ...withInput(state, name, value), focused: '' });
    if (value !== '') this.#host.remark(say('taken', { field: field.label, value }), true);
  }

  /** Asks anew what is wrong with it; a draft, what `review` says of it. An answer to what is no longer typed is dropped. */
  refresh(): void {
    const { state } = this;
    if (state === undefined) return;
    const done = state.form === 'draft' ? this.#review(state) : this.#check(state);
    done.catch((problem: unknown) => {
      this.#of.log.error('a bug of the bridge: a form was not checked', { chat: this.#of.chat, text: `${problem}` });
    });
  }

  /** What it would be sent as, or why it may not be sent. A draft that differs by now from the one on the screen is shown anew. */
  async order(): Promise<Order | string> {
    const { state } = this;
    const { say } = tongueOf(this.#of);
    if (state === undefined) return say('gone');
    if (Object.keys(state.problems).length > 0) return say('notReady');
    if (state.form === 'auto') return this.#start(state);
    if (state.form === 'risk') return this.#orderOf('save', say('riskForm')) ?? say('nothingTyped');
    if (state.preview === null) return say('notReady');
    const why = await this.recheck();
    if (why !== undefined) return why;
    const { type } = state.inputs;
    const label = type === 'stop' ? say('movedStop') : type === 'target' ? say('movedTarget') : say('newOrder');
    return this.#orderOf('send', label) ?? say('notReady');
  }

  /** Why the draft may not be sent as it was shown; undefined where it may. */
  async recheck(): Promise<string | undefined> {
    const { state } = this;
    const { say } = tongueOf(this.#of);
    const before = this.#seen;
    const draft = state === undefined ? undefined : this.#draftOf(state);
    if (state === undefined || draft === undefined) return say('notReady');
    const preview = await this.#preview(draft);
    if (preview === undefined) return say('noPreview');
    if (this.state?.inputs !== state.inputs) return say('draftChanged');
    this.#see(preview);
    if (!preview.ok) return say('refused', preview);
    const seen = before ?? { preview, at: 0, position: this.#position() };
    const at = seen.at;
    const isMove = state.inputs.type === 'stop' || state.inputs.type === 'target';
    const speed = this.#of.client.scene().system?.feed.speed ?? 1;
    // A phone shows a draft for longer than a quote may be old: the engine itself denies an old quote.
    const change = changeOf(seen, { preview, at }, this.#position(), speed, isMove);
    return change === 'priceMoved' ? say('priceMoved') : change === undefined ? undefined : say('draftChanged');
  }

  #start({ inputs }: FormState): Order | string {
    const { say } = tongueOf(this.#of);
    const { client, pictures } = this.#of;
    const ui = this.#host.ui();
    const found = autoForm(client.scene(), ui, blankForm('auto', inputs), pictures, say);
    if (found === undefined) return say('gone');
    const words = autoWords(found.strategy, this.#symbol(), inputs);
    return { label: say('autoForm', { strategy: found.strategy }), words, stakes: 'raises' };
  }

  #orderOf(id: string, label: string): Order | undefined {
    const action = this.#host.view().actions.find((each) => each.id === id);
    if (action?.link.to !== 'command' || action.disabled !== undefined) return undefined;
    return { label, words: action.link.words, stakes: action.stakes };
  }

  async #review(state: FormState): Promise<void> {
    const { say, locale } = tongueOf(this.#of);
    const reading = this.#of.pictures.draftOf(state.inputs, locale);
    if (!reading.ok) {
      this.#set({ ...state, preview: null, problems: reading.problems });
      this.#host.redraw();
      return;
    }
    const preview = await this.#preview(reading.draft);
    if (this.state?.inputs !== state.inputs) return;
    if (preview === undefined) this.#host.remark(say('noPreview'), false);
    else this.#see(preview);
  }

  async #check(state: FormState): Promise<void> {
    const { form, inputs } = state;
    const path = form === 'auto' ? ['auto', 'start'] : ['risk', 'set'];
    const given = Object.entries(inputs).map(([name, text]) => [name, checkedOption(form, name, text)] as const);
    const options = Object.fromEntries(given.filter(([, option]) => option.length > 0));
    const problems = await this.#of.line.check(path, options);
    const now = this.state;
    if (now?.inputs !== inputs) return;
    this.#set({ ...now, problems });
    this.#host.redraw();
  }

  #see(preview: Preview): void {
    const { state } = this;
    if (state === undefined) return;
    this.#seen = { preview, at: this.#of.clock.now(), position: this.#position() };
    this.#set({ ...state, preview });
    this.#host.redraw();
  }

  async #preview(draft: Draft): Promise<Preview | undefined> {
    const symbol = this.#symbol();
    if (symbol === undefined) return undefined;
    return await this.#of.client.preview(symbol, draft).catch(() => undefined);
  }

  #draftOf({ inputs }: FormState): Draft | undefined {
    const reading = this.#of.pictures.draftOf(inputs, tongueOf(this.#of).locale);
    return reading.ok ? reading.draft : undefined;
  }

  #valueOf(field: Field, text: string): string | undefined {
    if (text.trim() === '' || field.choices === undefined) return text;
    return field.isOpen === true ? symbolOf(text, field.choices, this.#symbol()) : choiceOf(field, text);
  }

  /** The symbol becomes the one in view, and its prices are asked for: without them the preview says so. */
  #watch(symbol: string): void {
    const ui = this.#host.ui();
    if (symbol !== '') void this.#of.client.watch([symbol]).catch(() => undefined);
    this.#host.setUi({ ...ui, symbol: symbol === '' ? undefined : symbol, run: undefined });
  }

  #symbol(): string | undefined {
    const ui = this.#host.ui();
    const { client, pictures } = this.#of;
    const focus =
      ui.screen === 'trade' ? pictures.focusOnSymbol(client.scene(), ui) : pictures.focusOf(client.scene(), ui);
    return ui.symbol ?? focus.symbol;
  }

  #position(): string {
    return positionText({ scene: this.#of.client.scene(), symbol: this.#symbol() });
  }

  #change(state: FormState): void {
    this.#seen = undefined;
    this.#set(state);
    this.#host.redraw();
    this.refresh();
  }

  #set(form: FormState): void {
    this.#host.setUi({ ...this.#host.ui(), form });
  }
}

function checkedOption(form: FormName, name: string, text: string): readonly string[] {
  if (form === 'auto') return autoOption(name, text);
  if (text === 'no') return [];
  const flag = name === 'maxLoss' ? 'max-loss' : name;
  return text === 'yes' ? [`--${flag}`] : [`--${flag}=${text}`];
}
