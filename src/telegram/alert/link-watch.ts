import type { Answered } from '../bot/api.ts';
import type { Outbound } from '../bot/outbound.ts';
import type { Clock } from '../clock.ts';
import type { BridgeLog, EngineClient, Pictures, Scene } from '../core.ts';
import { htmlOf, localeOf, type Pen } from './text.ts';

type AlertText = Pick<ReturnType<Pictures['alertText']>, 'title' | 'lines'>;

/** What tells a chat of the engine itself: no alert can, while there is none. */
export interface LinkWatchOptions {
  readonly chat: number;
  readonly client: EngineClient;
  readonly pictures: Pictures;
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly log: BridgeLog;
}

/** Says that the engine does not answer, and that it does again. */
export interface LinkWatch {
  /** The engine's picture changed. */
  changed(): void;
  close(): void;
}

/** A link that is back before is no news: a restart takes two seconds. */
const LOST_MS = 5_000;
/** HIGH is told again after so long; then after twice as long each time, as nobody can acknowledge it. */
const STILL_MS = 900_000;
const STILL_MS_MAX = 14_400_000;
/** Where it is not known whether it arrived it is said again, with a mark. */
const AGAIN_MS = 2_000;
const TRIES_MAX = 5;

/**
 * Watches the link of one chat's bridge. An engine that was there and has not answered for some seconds is told of, in the
 * lane of HIGH alerts, and again while it lasts; when it answers there is one message more, where the first one left.
 * A bridge that begins without an engine says nothing here. An engine of another version is told of, too: no alert of it
 * can be read.
 */
export function createLinkWatch(options: LinkWatchOptions): LinkWatch {
  return new Watch(options);
}

/** One outage. */
interface Outage {
  readonly since: number;
  readonly epoch: number;
  /** The chat was told, or may have been: then it is told of the end as well. */
  isSaid: boolean;
  /** What is being said of it. */
  saying: Promise<void> | undefined;
}

class Watch implements LinkWatch {
  readonly #of: LinkWatchOptions;
  #hasBeenUp = false;
  #outage: Outage | undefined;
  /** The version of an engine whose alerts this bridge cannot read. */
  #foreign = '';
  #cancel = (): void => {};
  readonly #rests = new Set<() => void>();
  #isClosed = false;

  constructor(options: LinkWatchOptions) {
    this.#of = options;
    this.changed();
  }

  changed(): void {
    if (this.#isClosed) return;
    const scene = this.#of.client.scene();
    if (scene.link === 'up') this.#up(scene);
    else if (this.#hasBeenUp && this.#outage === undefined) this.#lost(scene);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
    for (const cancel of this.#rests) cancel();
  }

  #lost({ linkAt, state }: Scene): void {
    const { clock } = this.#of;
    const outage = { since: linkAt ?? clock.now(), epoch: state.epoch, isSaid: false, saying: undefined };
    this.#outage = outage;
    this.#cancel = clock.after(LOST_MS, () => this.#sayLost(outage, STILL_MS));
  }

  #sayLost(outage: Outage, nextMs: number): void {
    const { pictures, clock } = this.#of;
    const isFirst = !outage.isSaid;
    // One that waits for its turn is as new as can be when that comes.
    outage.saying ??= this.#say(outage, ({ scene, locale }) => {
      if (this.#outage !== outage) return undefined;
      const silence = { since: outage.since, forMs: clock.now() - outage.since, isFirst };
      return pictures.engineLostText(scene, silence, locale);
    });
    this.#cancel = clock.after(nextMs, () => this.#sayLost(outage, Math.min(nextMs * 2, STILL_MS_MAX)));
  }

  #up({ state }: Scene): void {
    this.#hasBeenUp = true;
    this.#sayForeign();
    const outage = this.#outage;
    if (outage === undefined) return;
    this.#outage = undefined;
    this.#cancel();
    void this.#sayBack(outage, state.epoch === outage.epoch ? undefined : state.epoch);
  }

  /** Of an engine of another version there is no state, and so no alert. */
  #sayForeign(): void {
    const { client, pictures } = this.#of;
    const { engine = '', own = '' } = client.picture ?? {};
    if (engine === this.#foreign) return;
    this.#foreign = engine;
    if (engine === '') return;
    void this.#say({ since: 0, epoch: 0, isSaid: false, saying: undefined }, ({ locale }) => {
      const say = pictures.words(pictures.telegramAlertWords, locale);
      return { title: say('other'), lines: [say('otherFix', { engine, own })] };
    });
  }

  async #sayBack(outage: Outage, epoch: number | undefined): Promise<void> {
    const { pictures, clock } = this.#of;
    const awayMs = clock.now() - outage.since;
    await outage.saying;
    if (!outage.isSaid) return;
    await this.#say(outage, ({ scene, locale }) => pictures.engineBackText(scene, awayMs, epoch, locale));
  }

  async #say(outage: Outage, write: (pen: Pen) => AlertText | undefined): Promise<void> {
    const { chat, log } = this.#of;
    try {
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const answered = await this.#send(write, tries > 0);
        const isUnsure = answered?.ok === false && answered.is === 'unsure';
        if (answered?.ok === true || isUnsure) outage.isSaid = true;
        else if (answered !== undefined)
          log.warn('what became of the link cannot be said', { chat, why: answered.text });
        if (!isUnsure) break;
        await this.#rest(AGAIN_MS * 2 ** tries);
      }
    } catch (problem) {
      const why = problem instanceof Error ? problem.message : 'unknown';
      log.error('what became of the link could not be written', { chat, why });
    }
    outage.saying = undefined;
  }

  #send(write: (pen: Pen) => AlertText | undefined, isRepeat: boolean): Promise<Answered<number> | undefined> {
    const { outbound, chat, client, pictures } = this.#of;
    return outbound.send(chat, 'urgent', () => {
      if (this.#isClosed) return undefined;
      const scene = client.scene();
      const pen: Pen = { pictures, scene, locale: localeOf(scene) };
      const text = write(pen);
      const mark = isRepeat ? pictures.words(pictures.telegramAlertWords, pen.locale)('repeat') : '';
      return text && { html: htmlOf(pen, text.title, text.lines, mark, false) };
    });
  }

  /** Never ends where the watch is closed meanwhile: no timer is left. */
  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#of.clock.after(ms, () => {
        this.#rests.delete(cancel);
        resolve();
      });
      this.#rests.add(cancel);
    });
  }
}
