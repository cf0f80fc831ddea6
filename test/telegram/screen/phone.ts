import { NO_MEMORY } from '../../../src/core/command/telegram/ports.ts';
import { type FixtureName, fixtures, pictures as loadPictures } from '../../../src/core/index.ts';
import type { Acts, Asked, Order, Question, Told } from '../../../src/telegram/act/acts.ts';
import type { Answered, Button, Failure, Photo, Post } from '../../../src/telegram/bot/api.ts';
import type { Outbound, Writing } from '../../../src/telegram/bot/outbound.ts';
import type { BridgeMemory, Change, EngineClient, Preview, Scene } from '../../../src/telegram/core.ts';
import { createButtons } from '../../../src/telegram/screen/buttons.ts';
import { createChatScreens } from '../../../src/telegram/screen/chat-screens.ts';
import type { PressEnd } from '../../../src/telegram/screen/screens.ts';
import { handTimers } from '../../support/hand-timers.ts';

export const CHAT = 77;

export const pictures = await loadPictures();
export const { fixture } = await fixtures();

/** A chat as a person sees it: messages by number, in their order. */
export interface SeenChat extends Outbound {
  readonly posts: Map<number, Post>;
  readonly photos: Photo[];
  /** Edits that were made, by message. */
  readonly edits: number[];
  /** What the next calls of a kind come to. */
  readonly fails: { send?: Failure['is'] | undefined; edit?: Failure['is'] | undefined };
}

export function seenChat(): SeenChat {
  const posts = new Map<number, Post>();
  const edits: number[] = [];
  const photos: Photo[] = [];
  const fails: SeenChat['fails'] = {};
  let next = 100;
  let tail: Promise<unknown> = Promise.resolve();
  const failure = (is: Failure['is']): Failure => ({ ok: false, is, text: is, retryAfterMs: 0 }) as Failure;
  const written = async <C>(write: Writing<C>, done: (content: C) => void) => {
    const content = await write();
    if (content !== undefined) done(content);
    return content;
  };
  return {
    posts,
    edits,
    photos,
    fails,
    async send(_chat, _lane, write) {
      const content = await write();
      if (content === undefined) return undefined;
      if (fails.send !== undefined) return failure(fails.send);
      const message = next++;
      posts.set(message, content);
      return { ok: true, value: message };
    },
    edit(_chat, _lane, message, write) {
      // Two edits of one message are never under way at once.
      const edited = tail.then(async (): Promise<Answered<void> | undefined> => {
        const content = await write();
        if (content === undefined) return undefined;
        if (fails.edit !== undefined) return failure(fails.edit);
        if (!posts.has(message)) return failure('gone');
        posts.set(message, content);
        edits.push(message);
        return { ok: true, value: undefined };
      });
      tail = edited;
      return edited;
    },
    async photo(_chat, _lane, write): Promise<Answered<number> | undefined> {
      const content = await written(write, (photo) => photos.push(photo));
      return content === undefined ? undefined : { ok: true, value: next++ };
    },
    async remove(_chat, message) {
      return posts.delete(message) ? { ok: true, value: undefined } : failure('gone');
    },
    standing: () => ({ waiting: 0, silentUntil: 0, lastOkAt: 0 }),
    reached: () => undefined,
    close: () => undefined,
  };
}

const PREVIEW_OF = (scene: Scene, symbol: string): Preview => {
  const mid = scene.markets.find((market) => market.symbol === symbol)?.mid ?? 60_000;
  const price = BigInt(Math.round(mid)) * 10n ** 18n;
  return {
    ok: true,
    type: 'market',
    sign: 1,
    qty: 10n ** 16n,
    price,
    mid,
    notional: price / 100n,
    margin: price / 200n,
    fee: 10n ** 17n,
    feeOut: 10n ** 17n,
    stopPrice: (price * 99n) / 100n,
    risk: 6n * 10n ** 18n,
    riskShare: 10n ** 15n,
  } as unknown as Preview;
};

export interface StubEngine {
  scene: Scene;
  preview: Preview | undefined;
  readonly asked: Order[];
  readonly confirmed: string[];
  /** In which messages. */
  readonly confirmedIn: number[];
  readonly cancelled: string[];
  /** What an order and its confirmation come to. */
  answer: Told | Question;
  end: Told | Question;
  memory: BridgeMemory;
  picture: EngineClient['picture'];
  /** It draws no screens. */
  isMute: boolean;
  /** An order is not answered before. */
  waits: Promise<void>;
}

export const told = (summary: string, lines: readonly string[] = [], isOk = true): Told => ({
  ...{ is: 'told', isOk, summary },
  lines: lines.map((text) => ({ spans: [{ text, tone: 'plain' }] })),
});

/** A chat with its screens over a scene of the fixtures, on a clock that the test moves. */
export function phoneOn(name: FixtureName | Scene, memory: BridgeMemory = NO_MEMORY, chat = seenChat()) {
  const timers = handTimers();
  const clock = { now: () => timers.wall(), after: timers.after };
  const engine: StubEngine = {
    scene: typeof name === 'string' ? fixture(name) : name,
    preview: undefined,
    asked: [],
    confirmed: [],
    confirmedIn: [],
    cancelled: [],
    answer: told('done'),
    end: told('sent'),
    memory,
    picture: undefined,
    isMute: false,
    waits: Promise.resolve(),
  };
  const client: EngineClient = {
    get picture() {
      return engine.picture;
    },
    scene: () => engine.scene,
    subscribe: () => () => undefined,
    ask: () => Promise.reject(new Error('a screen asks nothing itself')),
    preview: async (symbol) => engine.preview ?? PREVIEW_OF(engine.scene, symbol),
    entries: async () => [],
    watch: async () => undefined,
    view: async (ui) => {
      if (engine.isMute) throw new Error('no answer');
      return pictures.viewOf(engine.scene, ui);
    },
    report: () => undefined,
    close: () => undefined,
  };
  const acts: Acts = {
    async order(order) {
      engine.asked.push(order);
      await engine.waits;
      return engine.answer;
    },
    async confirm(nonce, choice, { message }) {
      engine.confirmed.push(`${nonce} ${choice}`);
      engine.confirmedIn.push(message);
      return engine.end;
    },
    cancel: (nonce) => void engine.cancelled.push(nonce),
    typed: async () => told(''),
  };
  const store = {
    get memory() {
      return engine.memory;
    },
    async change(change: (memory: BridgeMemory) => BridgeMemory) {
      engine.memory = change(engine.memory);
    },
  };
  const quiet = () => undefined;
  const log = { info: quiet, warn: quiet, error: quiet, close: async () => undefined };
  const line = {
    check: async (_words: readonly string[], options: Readonly<Record<string, readonly string[]>>) =>
      Object.fromEntries(
        Object.entries(options).flatMap(([field, option]) =>
          option.join('').includes('nonsense') ? [[field, 'a share such as 1%']] : [],
        ),
      ),
  };
  const buttons = createButtons();
  const chart = async (): Promise<Photo | string> => ({ png: new Uint8Array([1]), caption: 'equity' });
  const screens = createChatScreens({
    ...{ chat: CHAT, client, pictures, line, outbound: chat, buttons, acts, store, clock, log, chart },
  });
  let update = 1;
  const asked = (message: number, user = 7): Asked => ({
    person: { user, chat: CHAT, role: 'operator', name: 'Ann', isGroup: false, pairedAt: 0 },
    message,
    update: update++,
  });
  const settle = () => timers.move(0);
  /** The newest message, or the one of that number. */
  const post = (message = last()): Post => chat.posts.get(message) ?? { html: '' };
  const last = (): number => [...chat.posts.keys()].at(-1) ?? 0;
  const buttonsOf = (message = last()): readonly Button[] => post(message).keyboard?.flat() ?? [];
  return {
    ...{ timers, engine, chat, screens, buttons, asked, settle, post, last, buttonsOf },
    text: (message = last()) => post(message).html,
    labels: (message = last()) => buttonsOf(message).map(({ text }) => text),
    /** Presses the button of that text, else the first whose text begins so. */
    async press(label: string, message = last(), user = 7): Promise<PressEnd> {
      const all = buttonsOf(message);
      const button = all.find(({ text }) => text === label) ?? all.find(({ text }) => text.startsWith(label));
      if (button === undefined) throw new Error(`no button ${label} in ${buttonsOf(message).map(({ text }) => text)}`);
      const deed = buttons.take(CHAT, message, button.data);
      const end =
        deed === 'old' || deed === 'forged'
          ? await screens.pressedOld(asked(message, user), deed)
          : await screens.press(deed, asked(message, user));
      await settle();
      return end;
    },
    async open(...given: Parameters<typeof screens.open>) {
      await screens.open(...given);
      await settle();
      return last();
    },
    async type(text: string, user = 7): Promise<boolean> {
      const isTaken = await screens.typed(text, asked(9_000 + update, user));
      await settle();
      return isTaken;
    },
    async change(change: Partial<Change>) {
      screens.changed({ entries: [], isLink: false, ...change });
      await settle();
    },
  };
}
