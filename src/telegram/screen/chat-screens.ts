import type { Asked, Question, Told } from '../act/acts.ts';
import type { Change, Scene, ScreenId } from '../core.ts';
import { AnswerMessage, type Origin, tellAll } from './answer.ts';
import { soon, tongueOf } from './around.ts';
import type { Deed } from './button.ts';
import { LiveScreen } from './live-screen.ts';
import { going, homeOf, keptOf, keyOf, type Pick, type Place, placeFrom, placeOf } from './place.ts';
import type { ChatScreens, PressEnd, ScreensOptions } from './screens.ts';

const LIVE_MAX = 4;
const ANSWERS_MAX = 20;
/** How often figures are looked at where no entry tells of anything. */
const HELD_MS = 10_000;
const IDLE_MS = 60_000;

/** The live screens of one chat. */
export const createChatScreens = (options: ScreensOptions): ChatScreens => new MirroredChat(options);

class MirroredChat implements ChatScreens {
  readonly #of: ScreensOptions;
  readonly #lives: LiveScreen[] = [];
  readonly #answers: AnswerMessage[] = [];
  #tickedAt: number;
  #forgetTick = (): void => {};
  #tickAt = Number.POSITIVE_INFINITY;
  #kept = '[]';
  /** The chat takes nothing: nothing is sent by itself. */
  #isBlocked = false;
  #isClosed = false;

  constructor(options: ScreensOptions) {
    this.#of = options;
    this.#tickedAt = options.clock.now();
  }

  async restore(): Promise<void> {
    const { store, chat, pictures } = this.#of;
    for (const { chat: own, message, ui, askedAt } of store.memory.screens) {
      const place = own === chat ? placeFrom(ui, pictures) : undefined;
      if (place === undefined || this.#at(keyOf(place)) !== undefined) continue;
      const live = this.#live(place, message);
      live.usedAt = askedAt;
      live.touch('screen', true);
    }
    this.#arm();
  }

  async open(screen: ScreenId, pick?: Pick): Promise<void> {
    const { pictures, client } = this.#of;
    const { isDebugEnabled, mode } = client.scene();
    if (screen === 'debug' && !isDebugEnabled && mode !== 'DEBUG') return await this.home();
    this.#open(pick === undefined ? placeOf(pictures, screen) : going(placeOf(pictures, screen), screen, pick), pick);
  }

  async home(): Promise<void> {
    this.#open(homeOf(this.#of.pictures));
  }

  async press(deed: Deed, asked: Asked): Promise<PressEnd> {
    this.#woken();
    const live = this.#lives.find(({ message }) => message.number === asked.message);
    if (live !== undefined) return await live.press(deed, asked);
    const answer = this.#answers.find(({ message }) => message.number === asked.message);
    return answer === undefined ? await this.#pressElsewhere(deed, asked) : await answer.press(deed, asked);
  }

  async pressedOld(asked: Asked, is: 'old' | 'forged'): Promise<PressEnd> {
    const { say } = tongueOf(this.#of);
    const shown = [...this.#lives, ...this.#answers].find(({ message }) => message.number === asked.message);
    this.#woken();
    shown?.message.touch('answer', true);
    if (is === 'forged') return { text: say('forged') };
    // Nothing else says it: the message stays as it is, with its buttons.
    return shown === undefined ? { text: say('over'), isAlert: true } : { text: say('old') };
  }

  async typed(text: string, asked: Asked): Promise<boolean> {
    this.#woken();
    if (text.startsWith('/')) return false;
    const waiting = this.#lives.filter(({ form }) => form.asking?.user === asked.person.user);
    const last = waiting.toSorted((a, b) => b.usedAt - a.usedAt)[0];
    return last?.typed(text, asked) ?? false;
  }

  async tell(said: Told | Question, asked?: Asked): Promise<void> {
    this.#answer(said, { user: asked?.person.user });
  }

  #answer(said: Told | Question, origin: Origin): void {
    this.#woken();
    if (said.is === 'told') {
      tellAll(this.#of, said);
      return;
    }
    this.#answers.push(new AnswerMessage(this.#of, said, origin));
    if (this.#answers.length > ANSWERS_MAX) this.#answers.shift()?.close();
  }

  changed({ entries, isLink }: Change): void {
    if (this.#isClosed || this.#isBlocked) return;
    const scene = this.#of.client.scene();
    for (const live of this.#lives) {
      if (isLink || entries.some(({ run }) => isConcerned(live, run, scene, this.#of))) live.hear();
    }
    this.#arm();
  }

  close(): void {
    this.#isClosed = true;
    this.#forgetTick();
    for (const live of this.#lives) live.abandon();
    for (const answer of this.#answers) answer.close();
  }

  /** A screen that is there already comes down with all that was picked in it. */
  #open(place: Place, pick?: Pick): void {
    if (this.#isClosed) return;
    this.#woken();
    const known = this.#at(keyOf(place));
    const live = known ?? this.#live(place);
    live.usedAt = this.#of.clock.now();
    live.renew(pick);
    this.#arm();
  }

  #live(place: Place, message?: number): LiveScreen {
    const host = {
      onPlace: (live: LiveScreen) => this.#placed(live),
      onBlocked: () => this.#blocked(),
      tell: (said: Told | Question, asked: Asked) => this.#answer(said, originOf(asked)),
    };
    const live = new LiveScreen(this.#of, host, place, message);
    this.#lives.push(live);
    if (this.#lives.length > LIVE_MAX) this.#closeOldest(live);
    return live;
  }

  #closeOldest(but: LiveScreen): void {
    const [oldest] = this.#lives.filter((live) => live !== but).toSorted((a, b) => a.usedAt - b.usedAt);
    if (oldest === undefined) return;
    this.#lives.splice(this.#lives.indexOf(oldest), 1);
    const { place } = oldest;
    oldest.close(tongueOf(this.#of).say('closed', { screen: keyOf(place) }));
  }

  /** Each screen once: whoever went where another message is takes its place. */
  #placed(live: LiveScreen): void {
    const key = keyOf(live.place);
    const other = this.#lives.find((each) => each !== live && keyOf(each.place) === key);
    if (other !== undefined) {
      this.#lives.splice(this.#lives.indexOf(other), 1);
      other.close();
    }
    this.#keep();
    this.#arm();
  }

  #at(key: string): LiveScreen | undefined {
    return this.#lives.find(({ place }) => keyOf(place) === key);
  }

  /** A button of a message that is no screen: an alert that leads to one, or offers to do something. */
  async #pressElsewhere(deed: Deed, asked: Asked): Promise<PressEnd> {
    const { acts } = this.#of;
    if (deed.is === 'screen') return await this.open(deed.screen, deed.pick).then(() => ({}));
    if (deed.is !== 'do') return { text: tongueOf(this.#of).say('over'), isAlert: true };
    const { link, label, stakes } = deed;
    if (link.to === 'screen') return await this.open(link.screen, link.pick).then(() => ({}));
    const told = acts
      .order({ label, words: link.words, stakes }, asked)
      .then((said) => this.#answer(said, originOf(asked)));
    return await soon(
      this.#of,
      told.then(() => ({})),
    );
  }

  #woken(): void {
    this.#isBlocked = false;
    this.#arm();
  }

  #blocked(): void {
    this.#isBlocked = true;
    this.#forgetTick();
    this.#tickAt = Number.POSITIVE_INFINITY;
  }

  /** The next look: soon after the last one where a position is open or a form is, else later. */
  #arm(): void {
    const { clock, client } = this.#of;
    if (this.#isClosed || this.#isBlocked || this.#lives.length === 0) return;
    const isHeld = client.scene().state.runs.some(({ position }) => position !== undefined);
    const isHasty = isHeld || this.#lives.some(({ form }) => form.state !== undefined);
    const at = this.#tickedAt + (isHasty ? HELD_MS : IDLE_MS);
    if (at === this.#tickAt) return;
    this.#forgetTick();
    this.#tickAt = at;
    this.#forgetTick = clock.after(Math.max(0, at - clock.now()), () => this.#tick());
  }

  #tick(): void {
    this.#tickedAt = this.#of.clock.now();
    this.#tickAt = Number.POSITIVE_INFINITY;
    for (const live of this.#lives) live.tick();
    this.#arm();
  }

  /** What is shown, over a restart. */
  #keep(): void {
    const { chat, store, log } = this.#of;
    const mine = this.#lives.flatMap(({ message, place, usedAt }) =>
      message.number === undefined ? [] : [{ chat, message: message.number, ui: keptOf(place), askedAt: usedAt }],
    );
    const text = JSON.stringify(mine.map(({ askedAt: _, ...each }) => each));
    if (text === this.#kept) return;
    this.#kept = text;
    const changed = store.change((memory) => ({
      ...memory,
      screens: [...memory.screens.filter((each) => each.chat !== chat), ...mine],
    }));
    changed.catch((problem: unknown) => log.error('the screens were not kept', { chat, text: `${problem}` }));
  }
}

const originOf = ({ person, message }: Asked): Origin => ({ user: person.user, message });

/** Screens of one run, and those on which nothing of the journal stands. */
const OF_RUN: ReadonlySet<string> = new Set(['auto', 'risk', 'settings', 'trade', 'market']);
const STILL: ReadonlySet<string> = new Set(['home', 'help', 'strategies']);

/** Whether an entry of a run (0: of an account) may change what a message shows. */
function isConcerned({ place }: LiveScreen, run: number, scene: Scene, { pictures }: ScreensOptions): boolean {
  const key = keyOf(place);
  if (STILL.has(key)) return false;
  if (!OF_RUN.has(key) || run === 0) return true;
  return run === pictures.focusOf(scene, place.ui).run?.run;
}
