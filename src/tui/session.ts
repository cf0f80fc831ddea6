import {
  type Commands,
  type EngineClient,
  type Line,
  type Pictures,
  type Scene,
  type TuiSay,
  type Ui,
  type View,
  zoneOf,
} from './core.ts';
import { Effects } from './effects.ts';
import { type Frame, frameOf, isTooSmall, pageLines, type Tab, tabAt } from './frame.ts';
import { keyed } from './model/bindings.ts';
import { filtered } from './model/filter.ts';
import { settled } from './model/form.ts';
import { flushInput, type InputEvent, patience, readInput } from './model/input.ts';
import { beginModel, type Event, type Model, type Sight } from './model/model.ts';
import { marked } from './model/place.ts';
import { update, wakeAt } from './model/update.ts';
import { type Clock, Pace } from './pace.ts';

type Drawn =
  | 'layout'
  | 'clean'
  | 'wrap'
  | 'widthOf'
  | 'viewOf'
  | 'focusOf'
  | 'focusOnSymbol'
  | 'bannerAlerts'
  | 'bannerText';

/** What draws screens: the core's own, or a test's. */
export interface Screens extends Pick<Pictures, Drawn> {
  readonly draftOf: (inputs: Readonly<Record<string, string>>) => ReturnType<Pictures['draftOf']>;
  readonly tabs: readonly Tab[];
  readonly say: TuiSay;
  /** A line with the codes of its colours. */
  paint(line: Line): string;
  /** The same in another language or theme, where the settings that every face shares say so. */
  restyled?(style: Style): Screens;
}

/** What the shared settings say of the looks; undefined where they say nothing. */
export interface Style {
  readonly locale: Ui['locale'];
  readonly theme: string | undefined;
}

export interface SessionOptions {
  readonly client: EngineClient;
  readonly commands: Commands;
  readonly screens: Screens;
  readonly ui: Ui;
  readonly local: Ui['zone'];
  readonly who: string;
  readonly ascii: boolean;
  readonly isFlat: boolean;
  /** Asked for by hand: the shared setting does not turn it off. */
  readonly isMouseOn?: boolean | undefined;
  /** The language was named for this face: the shared setting does not change it. */
  readonly isLocaleGiven?: boolean | undefined;
  readonly clock: Clock;
  /** Follows the sandbox for the Debug screen, where that is turned on; answers how to end it. */
  sandbox?(told: (scene: Scene | undefined) => void): () => void;
  size(): { readonly columns: number; readonly rows: number };
  /** Puts painted lines on the terminal. */
  show(lines: readonly string[], columns: number): void;
  mouse(isOn: boolean): void;
  /** The bell. */
  ring(): void;
  /** Stops this process until a shell goes on with it. */
  suspend(): void;
  /** The terminal is to be left; the engine is to end, too, where that was asked for. */
  leave(isEngineToo: boolean): void;
  /** A bug: the terminal is to be left with it. */
  fail(problem: unknown): void;
}

interface Picture {
  readonly scene: Scene;
  readonly ui: Ui;
  readonly view: View;
}

/** Between two frames that data asks for; a key is answered sooner. */
const DATA_FRAME_MS = 200;
const KEY_FRAME_MS = 16;
const WAKE_MS_MIN = 100;
const SECOND_MS = 1_000;
const REPORT_MS = 5_000;
/** Once the size has been the same for that long, all is drawn anew. */
const REDRAW_MS = 150;
const BLANK_MS = 50;
const WHEEL_LINES = 3;

/**
 * A terminal at work: what comes in goes through `update`, what is to be done is done, and the newest picture is painted,
 * at most five times a second for data. A frame that equals the last one is not painted at all.
 */
export class Session {
  readonly #options: SessionOptions;
  readonly #effects: Effects;
  readonly #paints: Pace;
  readonly #escape: Pace;
  readonly #wakes: Pace;
  readonly #redraws: Pace;
  readonly #unsubscribe: () => void;
  readonly #endSandbox: (() => void) | undefined;
  #screens: Screens;
  #style: Style;
  #zone: string | undefined;
  #mouse: string | undefined;
  #alarm: Scene['state']['alarm'];
  #model: Model;
  #sandbox: Scene | undefined;
  #picture: Picture | undefined;
  #frame: Frame | undefined;
  #painted: readonly string[] | undefined;
  #paintedAt = Number.NEGATIVE_INFINITY;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #changedAt: number | undefined;
  #remote: Picture | undefined;
  #isFetching = false;
  #pending = '';
  #skipped = 0;
  #isClosed = false;

  /** Paints the first frame at once. */
  constructor(options: SessionOptions) {
    const { client, clock, ui, screens } = options;
    this.#options = options;
    this.#screens = screens;
    this.#style = { locale: ui.locale, theme: undefined };
    this.#model = { ...beginModel(ui), isMouseOn: options.isMouseOn === true };
    this.#effects = new Effects(options, (event) => this.#dispatch(event));
    this.#paints = new Pace(clock, () => this.#guarded(() => this.#paint()));
    this.#escape = new Pace(clock, () => this.#flush());
    this.#wakes = new Pace(clock, () => this.#wake());
    this.#redraws = new Pace(clock, () => this.#guarded(() => this.redraw()));
    this.#unsubscribe = client.subscribe(({ isLink }) => this.#changed(isLink));
    this.#endSandbox = options.sandbox?.((scene) => {
      // Panic, which is asked for on its screen, too, is of this profile.
      this.#sandbox = scene === undefined ? undefined : { ...scene, profile: client.scene().profile };
      if (this.#model.ui.screen === 'debug') this.#paintSoon(KEY_FRAME_MS);
    });
    this.#guarded(() => this.#paint());
    this.#hear();
    if (this.#model.isMouseOn) options.mouse(true);
  }

  /** What came from the keyboard. */
  input(chunk: string): void {
    this.#escape.cancel();
    const { events, pending } = readInput(this.#pending, chunk);
    this.#pending = pending;
    for (const event of events) this.#receive(event);
    if (this.#pending !== '') this.#escape.at(this.#now() + patience(this.#pending));
  }

  /** The terminal has another size. */
  resize(): void {
    this.#painted = undefined;
    this.#guarded(() => this.#paint());
    this.#redraws.cancel();
    this.#redraws.at(this.#now() + REDRAW_MS);
  }

  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#endSandbox?.();
    this.#effects.abort();
    for (const pace of [this.#paints, this.#escape, this.#wakes, this.#redraws]) pace.cancel();
  }

  #now(): number {
    return this.#options.clock.now();
  }

  #guarded(work: () => void): void {
    if (this.#isClosed) return;
    try {
      work();
    } catch (problem) {
      this.#options.fail(problem);
    }
  }

  #changed(isLink: boolean): void {
    this.#changedAt ??= this.#now();
    // A screen reader would read the whole screen again with each quote.
    if (isLink || !this.#options.isFlat) this.#paintSoon(DATA_FRAME_MS);
    if (isLink) this.#dispatch({ kind: 'tick', at: this.#now() });
    this.#hear();
  }

  /** Alerts that changed are heard whatever is on the screen, or held there. */
  #hear(): void {
    const scene = this.#options.client.scene();
    const { alarm, options, seq: last } = scene.state;
    if (alarm === this.#alarm && this.#model.alarm.seq >= 0) return;
    this.#alarm = alarm;
    const open = this.#screens.bannerAlerts(scene);
    this.#dispatch({ kind: 'heard', open, last, isMute: options?.bell === 'off', at: this.#now() });
  }

  #dispatch(event: Event): void {
    this.#guarded(() => {
      // A look may change the model itself: shared settings are followed there.
      const sight = this.#sight();
      const [next, effects] = update(this.#model, event, sight);
      const isSame = next === this.#model;
      this.#model = next;
      for (const effect of effects) this.#effects.carryOut(effect, this.#sight());
      if (!isSame || effects.length > 0) this.#paintSoon(KEY_FRAME_MS);
    });
  }

  #receive(event: InputEvent): void {
    const at = this.#now();
    if (event.kind === 'key' && event.key.name === 'ctrl-l') this.redraw();
    else if (event.kind === 'key' && event.key.name === 'ctrl-z') this.#options.suspend();
    else if (event.kind === 'key') this.#dispatch({ kind: 'key', key: event.key, at });
    else if (event.kind === 'paste') this.#dispatch({ kind: 'paste', text: event.text, at });
    else if (this.#model.isMouseOn) this.#dispatch(this.#mouseEvent(event));
  }

  #flush(): void {
    const rest = this.#pending;
    this.#pending = '';
    for (const event of flushInput(rest)) this.#receive(event);
  }

  #mouseEvent({ act, x, y }: Extract<InputEvent, { kind: 'mouse' }>): Event {
    const at = this.#now();
    const line = this.#frame?.lines[y];
    const target = line?.targets?.find(({ from, to }) => x >= from && x < to);
    if (act !== 'press') {
      return { kind: 'wheel', block: target?.block, lines: act === 'wheel-up' ? -WHEEL_LINES : WHEEL_LINES, at };
    }
    const isTabs = line !== undefined && y === this.#frame?.tabRow;
    const tab = isTabs ? tabAt(line, x, this.#screens.widthOf) : undefined;
    return { kind: 'click', target, tab, at };
  }

  /** The present picture; the view is made again only where the scene or the user's choices differ. */
  #look(): Picture {
    const shown = this.#model.frozen ?? this.#options.client.scene();
    this.#follow(shown);
    const { ui } = this.#model;
    const scene = (ui.screen === 'debug' ? this.#sandbox : undefined) ?? shown;
    if (this.#picture?.scene !== scene || this.#picture.ui !== ui) {
      const view = filtered(this.#viewOf(scene, ui), ui.filter, this.#screens.say);
      this.#picture = { scene, ui, view: marked(keyed(view), ui) };
    }
    return this.#picture;
  }

  #viewOf(scene: Scene, ui: Ui): View {
    const { picture } = this.#options.client;
    if (picture === undefined) return this.#screens.viewOf(scene, ui);
    if (this.#remote?.scene !== scene || this.#remote.ui !== ui) this.#fetch(scene, ui);
    const isHere = this.#remote?.ui.screen === ui.screen;
    return isHere && this.#remote !== undefined
      ? this.#remote.view
      : waiting(ui, this.#screens.say('otherVersion', picture));
  }

  /** An engine of another version draws the screens itself; one is asked for at a time. */
  #fetch(scene: Scene, ui: Ui): void {
    if (this.#isFetching) return;
    this.#isFetching = true;
    const told = (view: View | undefined): void => {
      this.#isFetching = false;
      if (view === undefined) return;
      this.#remote = { scene, ui, view };
      this.#picture = undefined;
      this.#paintSoon(DATA_FRAME_MS);
    };
    // A link that is lost is told by the scene.
    this.#options.client.view(ui).then(told, () => told(undefined));
  }

  /** What every face shares changes where it was set, in whichever face; what was named for this one stays. */
  #follow({ state }: Scene): void {
    const { language, theme, zone, mouse } = state.options ?? {};
    this.#followStyle(language, theme);
    if (zone !== this.#zone) this.#followZone(zone);
    if (mouse !== this.#mouse) this.#followMouse(mouse);
  }

  #followStyle(language: string | undefined, theme: string | undefined): void {
    const { isLocaleGiven, ui } = this.#options;
    const isSet = isLocaleGiven !== true && (language === 'en' || language === 'ru');
    const locale = isSet ? language : ui.locale;
    if (locale === this.#style.locale && theme === this.#style.theme) return;
    this.#style = { locale, theme };
    this.#screens = this.#options.screens.restyled?.(this.#style) ?? this.#screens;
    this.#model = { ...this.#model, ui: { ...this.#model.ui, locale } };
  }

  #followZone(text: string | undefined): void {
    this.#zone = text;
    const zone = zoneOf(text) ?? this.#options.ui.zone;
    this.#model = { ...this.#model, ui: { ...this.#model.ui, zone } };
  }

  #followMouse(text: string | undefined): void {
    this.#mouse = text;
    const isMouseOn = text === 'on' || this.#options.isMouseOn === true;
    if (isMouseOn === this.#model.isMouseOn) return;
    this.#model = { ...this.#model, isMouseOn };
    this.#options.mouse(isMouseOn);
  }

  #sight(): Sight {
    const { scene, view, ui } = this.#look();
    const { focusOf, focusOnSymbol, say, draftOf } = this.#screens;
    return {
      scene,
      view,
      run: focusOf(scene, ui).run,
      symbol: focusOnSymbol(scene, ui).symbol,
      local: this.#options.local,
      say,
      draftOf,
      pageLines: pageLines(this.#options.size()),
      isTooSmall: isTooSmall({ ...this.#options, ...this.#options.size() }),
    };
  }

  #paintSoon(gapMs: number): void {
    this.#paints.at(Math.max(this.#now(), this.#paintedAt + gapMs));
  }

  #paint(): void {
    const { ascii, isFlat, size, show } = this.#options;
    const { view } = this.#look();
    this.#model = settled(this.#model, view);
    const canvas = { ...size(), ascii, isFlat };
    this.#frame = frameOf(this.#model, this.#sight(), canvas, { ...this.#screens, at: this.#now() });
    const lines = this.#frame.lines.map((line) => this.#screens.paint(line));
    this.#paintedAt = this.#now();
    if (this.#painted !== undefined && areEqual(this.#painted, lines)) this.#skipped += 1;
    else {
      this.#painted = lines;
      show(lines, canvas.columns);
    }
    this.#report();
    this.#sleep();
  }

  /** From an empty terminal: what a resize or another program left there goes. */
  redraw(): void {
    this.#options.show([], this.#options.size().columns);
    this.#painted = undefined;
    this.#paints.cancel();
    this.#paints.at(this.#now() + BLANK_MS);
  }

  #report(): void {
    const lagMs = this.#changedAt === undefined ? 0 : Math.max(0, this.#paintedAt - this.#changedAt);
    this.#changedAt = undefined;
    if (this.#paintedAt - this.#reportedAt < REPORT_MS) return;
    this.#reportedAt = this.#paintedAt;
    this.#options.client.report({ paintedAt: this.#paintedAt, skipped: this.#skipped, lagMs });
  }

  /** Until the model has something to do, or a second that is counted is over. */
  #sleep(): void {
    this.#wakes.cancel();
    const isCounting = this.#options.client.scene().link === 'lost' || this.#model.mode.is === 'armed';
    const second = isCounting ? this.#now() + SECOND_MS : Number.POSITIVE_INFINITY;
    const at = Math.min(second, wakeAt(this.#model) ?? Number.POSITIVE_INFINITY);
    if (Number.isFinite(at)) this.#wakes.at(Math.max(this.#now() + WAKE_MS_MIN, at));
  }

  #wake(): void {
    this.#dispatch({ kind: 'tick', at: this.#now() });
    this.#paintSoon(KEY_FRAME_MS);
  }
}

const areEqual = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((line, i) => line === other[i]);

/** What is shown until the engine has drawn the screen. */
const waiting = (ui: Ui, text: string): View => ({
  screen: ui.screen,
  title: '',
  status: [],
  blocks: [{ kind: 'note', id: 'version', title: '', area: 'wide', rank: 0, tone: 'warn', lines: [text] }],
  actions: [],
  asOf: null,
});
