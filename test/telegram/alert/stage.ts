import { setImmediate as turn } from 'node:timers/promises';
import type { AlertBody, AlertDelivery } from '../../../src/core/domain/alert.ts';
import type { Answer } from '../../../src/core/domain/ask.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import { emptyState, type State } from '../../../src/core/domain/state.ts';
import { evolve } from '../../../src/core/engine/evolve.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import * as pictures from '../../../src/core/view/door.ts';
import { createAlertSink } from '../../../src/telegram/alert/alert-sink.ts';
import type { AlertSink } from '../../../src/telegram/alert/sink.ts';
import type { Answered, BotApi, Post } from '../../../src/telegram/bot/api.ts';
import type { Outbound } from '../../../src/telegram/bot/outbound.ts';
import { createOutbound } from '../../../src/telegram/bot/queue.ts';
import type { Clock } from '../../../src/telegram/clock.ts';
import {
  alerts,
  type BridgeLog,
  type BridgeMemory,
  type BridgeStore,
  type EngineClient,
} from '../../../src/telegram/core.ts';
import { type HandTimers, handTimers } from '../../support/hand-timers.ts';

export const CHAT = 7;
export const SINK = `telegram:${CHAT}`;
/** A sink loads it at its beginning: no test waits for a disk. */
await alerts();

const AT = Date.UTC(2026, 0, 5, 12);
const HOUR_MS = 3_600_000;

/** An engine as its journal tells it, with the alerts that a test gives it. */
export class StubEngine {
  readonly state: State = emptyState();
  readonly delivered: AlertDelivery[] = [];
  readonly answers = new Map<string, Answer>();
  readonly asked: string[] = [];
  link: 'up' | 'lost' = 'up';
  linkAt = AT;
  now = AT;
  #made = 0;

  write(kind: AnyEntry['kind'], body: object): AnyEntry {
    this.now += 1;
    const entry = { seq: this.state.seq + 1, at: this.now, kind, run: 0, account: '', cause: 0, body } as unknown;
    evolve(this.state, entry as AnyEntry);
    return entry as AnyEntry;
  }

  raise(priority: AlertBody['priority'], rule: string, more: Partial<AlertBody> = {}): number {
    this.#made += 1;
    const alert = more.alert ?? this.#made;
    const own = { alert, nth: 1, rule, priority, key: `${rule}:${alert}`, symbol: '', of: this.state.seq };
    const rest = { expiresAt: this.now + HOUR_MS, isSilent: priority === 'LOW', isHeld: false, facts: {} };
    this.write('alert_raised', { ...own, ...rest, ...more });
    return alert;
  }

  /** Once an id. */
  ask(command: { readonly name: string }, id: string | undefined): Answer {
    const known = id === undefined ? undefined : this.answers.get(id);
    if (known !== undefined) return known;
    const answer = this.#carryOut(command);
    if (id !== undefined) this.answers.set(id, answer);
    return answer;
  }

  /** Open alerts: how often the chat took each. */
  open(): readonly number[] {
    return (this.state.alarm?.open ?? []).map(({ delivered }) => delivered[SINK] ?? 0);
  }

  #carryOut({ name, ...body }: { readonly name: string }): Answer {
    this.asked.push(name);
    if (name === 'deliver_alert') {
      const given = body as unknown as AlertDelivery;
      if (!this.state.alarm?.open.some(({ alert }) => alert === given.alert)) {
        return { ok: false, refused: { code: 'ALERT_UNKNOWN', expected: '', found: '', fix: '' } };
      }
      this.delivered.push(given);
      this.write('alert_delivered', body);
    } else if (name === 'set_option') this.write('option_set', body);
    return { ok: true, entries: [], isRepeated: false, run: 0 };
  }
}

/** What a chat got, in order: `high one`, `high one (repeat?)`. */
export interface Arrived {
  readonly title: string;
  readonly post: Post;
  readonly message: number;
}

export type Script = (post: Post, nth: number) => Answered<number> | undefined;

/** All that outlives a bridge: engine, Telegram, disk, time. */
export class World {
  readonly engine = new StubEngine();
  readonly hand: HandTimers = handTimers(AT);
  readonly arrived: Arrived[] = [];
  readonly logged: string[] = [];
  disk: BridgeMemory = { v: 1, bot: null, nextUpdate: 0, people: [], screens: [], sending: [] };
  /** What Telegram answers to the nth send; undefined: it takes the message. */
  script: Script = () => undefined;
  /** What an ask does: `deaf` is done and not answered. */
  asks: 'well' | 'broken' | 'deaf' = 'well';
  /** An instant in a bridge at which something outside is about to happen, or has: false ends it there. */
  step: (what: string) => boolean = () => true;
  sends = 0;

  get titles(): readonly string[] {
    return this.arrived.map(({ title }) => title);
  }

  /** Takes a message as Telegram does. */
  take(post: Post): number {
    const message = 100 + this.arrived.length;
    const title = (post.html.split('\n')[0] ?? '').replace(/<\/?b>/g, '').replace('  paper main', '');
    this.arrived.push({ title, post, message });
    return message;
  }
}

/** One process of the bridge; what is left of it after its death does nothing any more. */
export interface Process {
  readonly sink: AlertSink;
  readonly outbound: Outbound;
  readonly client: EngineClient;
  readonly blocked: string[];
  /** The engine's picture changed, and everything that follows has happened. */
  change(): Promise<void>;
  readonly isDead: () => boolean;
}

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export function bridge(world: World): Process {
  const { hand } = world;
  let isDead = false;
  const goes = (what: string): boolean => {
    if (!isDead && !world.step(what)) isDead = true;
    return !isDead;
  };
  const clock: Clock = {
    now: hand.wall,
    after: (ms, call) =>
      hand.after(ms, () => {
        if (!isDead) call();
      }),
  };
  const api = stubApi(world, goes);
  const outbound = createOutbound(api, clock);
  const client = stubClient(world, goes);
  const blocked: string[] = [];
  const sink = createAlertSink({
    ...{ chat: CHAT, client, pictures, outbound, clock, log: stubLog(world), store: stubStore(world, goes) },
    onBlocked: ({ text }) => blocked.push(text),
  });
  const change = async (): Promise<void> => {
    sink.changed();
    for (let i = 0; i < 4; i++) await hand.move(0);
  };
  return { sink, outbound, client, blocked, change, isDead: () => isDead };
}

function stubApi(world: World, goes: (what: string) => boolean): BotApi {
  const send = async (_chat: number, post: Post): Promise<Answered<number>> => {
    if (!goes('send')) return await never();
    const answered = world.script(post, ++world.sends);
    const isTaken = answered === undefined || (!answered.ok && answered.is === 'unsure' && answered.text === 'taken');
    const message = isTaken ? world.take(post) : 0;
    if (!goes('sent')) return await never();
    return answered ?? { ok: true, value: message };
  };
  return { send } as unknown as BotApi;
}

function stubClient(world: World, goes: (what: string) => boolean): EngineClient {
  const { engine } = world;
  const empty = fixture('no-engine');
  const ask: EngineClient['ask'] = async (ask, { id }) => {
    if (!goes('ask')) return await never();
    if (world.asks === 'broken' || engine.link !== 'up') throw new Error('the link broke');
    const answer = engine.ask(ask.do === 'command' ? ask.command : { name: ask.do }, id);
    if (!goes('asked')) return await never();
    if (world.asks === 'deaf') throw new Error('the link broke');
    return answer;
  };
  const scene = () => ({
    ...empty,
    ...{ link: engine.link, linkAt: engine.linkAt, mode: 'PAPER' as const, profile: 'main' },
    ...{ state: structuredClone(engine.state), now: engine.now },
  });
  return { ask, scene } as unknown as EngineClient;
}

function stubStore(world: World, goes: (what: string) => boolean): Pick<BridgeStore, 'memory' | 'change'> {
  let memory = world.disk;
  return {
    get memory() {
      return memory;
    },
    async change(change) {
      memory = change(memory);
      const written = memory;
      await turn();
      if (!goes('write')) return await never();
      world.disk = written;
      if (!goes('written')) return await never();
    },
  };
}

export function stubLog({ logged }: Pick<World, 'logged'>): BridgeLog {
  const say = (level: string) => (text: string) => {
    logged.push(`${level} ${text}`);
  };
  return { info: say('info'), warn: say('warn'), error: say('error'), close: async () => undefined };
}
