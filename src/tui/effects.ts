import { commandLine, type Line, optionOf } from './core.ts';
import type { Deed, Effect, Event, Result, Shown, Sight } from './model/model.ts';
import type { SessionOptions } from './session.ts';

type Of<Kind extends Effect['do']> = Extract<Effect, { do: Kind }>;

/** Does what `update` asked for; what comes of it is an event again. */
export class Effects {
  readonly #options: SessionOptions;
  readonly #dispatch: (event: Event) => void;
  #aborting = new AbortController();
  #isPreviewing = false;
  #waiting: Of<'preview'> | undefined;

  constructor(options: SessionOptions, dispatch: (event: Event) => void) {
    this.#options = options;
    this.#dispatch = dispatch;
  }

  carryOut(effect: Effect, sight: Sight): void {
    this.#start(effect, sight)?.catch(this.#options.fail);
  }

  /** Ends the commands that are at work. */
  abort(): void {
    this.#aborting.abort('SIGINT');
    this.#aborting = new AbortController();
  }

  #start(effect: Effect, sight: Sight): Promise<void> | undefined {
    const { mouse, leave, ring } = this.#options;
    switch (effect.do) {
      case 'run':
        return this.#run(effect);
      case 'preview':
        return this.#preview(effect, sight);
      case 'send':
        return this.#send(effect, sight);
      case 'check':
        return this.#check(effect);
      case 'hint':
        return this.#hint(effect);
      case 'watch':
        return this.#watch(effect);
      case 'abort':
        this.abort();
        return undefined;
      case 'ring':
        ring();
        return undefined;
      case 'mouse':
        mouse(effect.isOn);
        return undefined;
      case 'leave':
        leave(effect.isEngineToo);
        return undefined;
    }
  }

  async #run({ deed, shown }: Of<'run'>): Promise<void> {
    this.#ran(deed, shown, await this.#options.commands.run(deed.words, this.#aborting.signal));
  }

  #ran(deed: Deed, shown: Shown, result: Result): void {
    const lines = result.lines.flatMap((line) => this.#wrapped(line));
    this.#dispatch({ kind: 'ran', deed, shown, result: { ...result, lines }, at: this.#options.clock.now() });
  }

  /** A sentence that is longer than the terminal is wide takes more lines; rows of tables, which have cells, stay one. */
  #wrapped(line: Line): readonly Line[] {
    const { screens, size, ascii } = this.#options;
    const { columns } = size();
    const [span, ...others] = line.spans;
    if (span === undefined || others.length > 0 || screens.widthOf(span.text) <= columns) return [line];
    return screens.wrap(span.text, columns, ascii).map((text) => ({ spans: [{ ...span, text }] }));
  }

  /** One at a time; of those that come meanwhile only the newest counts, but for the last look before sending. */
  async #preview(effect: Of<'preview'>, sight: Sight): Promise<void> {
    if (this.#isPreviewing) {
      if (this.#waiting?.isReview !== true || effect.isReview) this.#waiting = effect;
      return;
    }
    this.#isPreviewing = true;
    await this.#previewOne(effect, sight);
    this.#isPreviewing = false;
    const next = this.#waiting;
    this.#waiting = undefined;
    if (next !== undefined) await this.#preview(next, sight);
  }

  async #previewOne({ symbol, draft, inputs, isReview }: Of<'preview'>, { say }: Sight): Promise<void> {
    const { client, clock } = this.#options;
    try {
      const preview = await client.preview(symbol, draft);
      this.#dispatch({ kind: 'previewed', inputs, preview, isReview, at: clock.now() });
    } catch (problem) {
      const isAnswered = client.scene().link === 'up' && problem instanceof Error;
      const text = isAnswered ? problem.message : say('noPreview');
      this.#dispatch({ kind: 'failed', text, at: clock.now() });
    }
  }

  async #send({ deed, symbol, draft }: Of<'send'>, { say }: Sight): Promise<void> {
    const { client, who, screens, ascii, size } = this.#options;
    try {
      const answer = await client.ask({ do: 'trade', symbol, draft }, { who, face: 'tui' });
      const painting = { pictures: screens, ascii, columns: () => size().columns };
      const told: Result = answer.ok
        ? { isOk: true, summary: '', lines: [] }
        : await (await commandLine()).refusedResult(painting, answer.refused);
      this.#ran(deed, 'message', told);
    } catch {
      // The link broke, or the engine ended, before it answered: whether it had the order nobody here can say.
      const text = say('noAnswer');
      this.#ran(deed, 'message', { isOk: false, summary: text, lines: [{ spans: [{ text, tone: 'bad' }] }] });
    }
  }

  async #check({ words, inputs }: Of<'check'>): Promise<void> {
    const given = Object.entries(inputs).map(([name, text]) => [name, optionOf(name, text)] as const);
    const options = Object.fromEntries(given.filter(([, option]) => option.length > 0));
    this.#dispatch({ kind: 'checked', inputs, problems: await this.#options.commands.check(words, options) });
  }

  /** Without an answer the preview says that there are no prices. */
  async #watch({ symbol }: Of<'watch'>): Promise<void> {
    await this.#options.client.watch([symbol]).catch(() => undefined);
  }

  async #hint({ text }: Of<'hint'>): Promise<void> {
    this.#dispatch({ kind: 'hinted', text, hints: await this.#options.commands.hints(text) });
  }
}
