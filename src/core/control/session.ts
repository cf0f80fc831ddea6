import { refusalOf } from '../command/refusal.ts';
import type { Answer, Asking } from '../domain/ask.ts';
import type { ClientFrame, Draft, Preview } from '../domain/frame.ts';
import type { JournalQuery } from '../journal/journal.ts';
import type { Ui } from '../view/scene.ts';
import type { View } from '../view/view.ts';
import { ASK, ASKING, DRAFT, hello as HELLO, PAINTING, QUERY, SYMBOLS } from './ask-shape.ts';
import { type Channel, CLOSE, type Ends } from './channel.ts';
import { type Desk, type Place, pageOf } from './desk.ts';
import {
  ERROR,
  errorText,
  type Hello,
  isSameVersion,
  type Message,
  type RequestError,
  readMessage,
  resultText,
  unpackAsk,
  unpackUi,
  type Welcome,
} from './protocol.ts';
import { object, type Shape, text } from './shape.ts';

/** Answers that one client may wait for at a time. */
const WAITING_MAX = 200;
/** Messages that were none before the connection ends. */
const FAULTS_MAX = 3;
/** Characters of a text that says what is wrong. */
const MESSAGE_MAX = 500;

/** Params of a request that are not as they must be. */
class BadParams extends Error {}

type Handler = (params: Readonly<Record<string, unknown>>) => unknown;

/** One connection, seen from the engine. Whatever comes over it, nothing but this connection can suffer. */
export class Session implements Ends, Place {
  readonly #desk: Desk;
  readonly #channel: Channel;
  readonly client: number;
  readonly #since: number;
  #hello: Hello | undefined;
  #isPicture = false;
  #isOpen = true;
  #waiting = 0;
  #faults = 0;
  #painting: { paintedAt: number; skipped: number; lagMs: number } | undefined;
  watched: readonly string[] = [];
  sentBytes = 0;
  isBehind = false;
  slackBytes = 0;

  constructor(desk: Desk, channel: Channel) {
    this.#desk = desk;
    this.#channel = channel;
    this.client = desk.number();
    this.#since = desk.now();
    desk.enter(this);
  }

  get wants(): Place['wants'] {
    if (this.#hello?.follow !== 'all') return 'nothing';
    return this.#isPicture ? 'pictures' : 'entries';
  }

  get hasGreeted(): boolean {
    return this.#hello !== undefined;
  }

  get buffered(): number {
    return this.#channel.waiting;
  }

  get frame(): ClientFrame | undefined {
    if (this.#hello === undefined) return undefined;
    const { paintedAt = null, skipped = 0, lagMs = null } = this.#painting ?? {};
    const { face, role } = this.#hello;
    return {
      client: this.client,
      face,
      role,
      since: this.#since,
      sentBytes: this.sentBytes,
      paintedAt,
      skipped,
      lagMs,
    };
  }

  send(text: string): void {
    if (!this.#isOpen) return;
    this.sentBytes += text.length;
    this.#channel.send(text);
  }

  end(code: number, reason: string): void {
    this.#channel.close(code, reason);
  }

  cut(): void {
    this.#channel.cut();
  }

  closed(): void {
    this.#isOpen = false;
    this.#desk.leave(this);
  }

  /** Whoever asks without reading the answers is dropped, too. */
  receive(source: string): void {
    if (!this.#desk.hasRoom(this)) return;
    const message = readMessage(source);
    if (message === undefined) this.#fault();
    else this.#handle(message);
  }

  /** Said where it can be; who goes on so, or begins so, is put out. */
  #fault(): void {
    this.send(errorText(null, { code: ERROR.parse, message: 'expected a JSON-RPC 2.0 message' }));
    if (++this.#faults >= FAULTS_MAX || this.#hello === undefined) this.end(CLOSE.badText, 'expected JSON-RPC 2.0');
  }

  #handle({ id, method, params = {} }: Message): void {
    if (method === undefined) {
      this.#refuse(id, ERROR.request, 'expected a method');
      return;
    }
    const handler = this.#handlers.get(method);
    if (this.#hello === undefined && method !== 'hello') {
      this.#refuse(id, ERROR.request, 'expected hello first');
      this.end(CLOSE.policy, 'expected hello first');
    } else if (handler === undefined) {
      this.#refuse(id, ERROR.method, `no method ${method.slice(0, 40)}`);
    } else if (typeof params !== 'object' || params === null || Array.isArray(params)) {
      this.#refuse(id, ERROR.params, 'expected params by name');
    } else if (this.#waiting >= WAITING_MAX) {
      this.#refuse(id, ERROR.request, `expected at most ${WAITING_MAX} requests at a time`);
    } else {
      void this.#run(id, handler, params as Readonly<Record<string, unknown>>);
    }
  }

  /** Runs at once where the handler does not wait, so that answers stand in the order of what led to them. */
  async #run(id: number | undefined, handler: Handler, params: Readonly<Record<string, unknown>>): Promise<void> {
    this.#waiting++;
    try {
      const given = handler(params);
      const result = given instanceof Promise ? await given : given;
      if (id !== undefined) this.send(resultText(id, result ?? null));
    } catch (problem) {
      const isTheirs = problem instanceof BadParams;
      if (!isTheirs) this.#desk.failed(problem);
      const message = problem instanceof Error ? problem.message : String(problem);
      this.#refuse(id, isTheirs ? ERROR.params : ERROR.internal, message.slice(0, MESSAGE_MAX), toldOf(problem));
    } finally {
      this.#waiting--;
    }
  }

  #refuse(id: number | undefined, code: number, message: string, data?: RequestError['data']): void {
    this.send(errorText(id ?? null, { code, message, data }));
  }

  readonly #handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['hello', (params) => this.#greet(params)],
    ['ask', (params) => this.#ask(params)],
    ['preview', (params) => this.#preview(params)],
    ['entries', ({ query }) => this.#entries(query)],
    ['watch', ({ symbols }) => this.#watch(symbols)],
    ['view', (params) => this.#view(params)],
    ['report', ({ painting }) => this.#report(painting)],
    ['snapshot', () => this.#desk.tellWhole(this, true)],
    ['shutdown', () => this.#shutdown()],
  ]);

  /** The first scene goes out before the answer: when that is there, the client is ready. */
  #greet(params: unknown): Welcome {
    if (this.#hello !== undefined) throw new BadParams('hello was said before');
    const given = checked<Hello>(params, HELLO, 'hello');
    const { build, version, profile, pid } = this.#desk;
    this.#isPicture = !isSameVersion(given, version);
    this.#hello = given;
    this.#desk.greeted(this);
    if (!this.#isPicture) this.#desk.tellFirst(this, given);
    return { ...version, mode: this.#isPicture ? 'picture' : 'replica', build, pid, profile };
  }

  /** The role comes first, then the version, then the shape: a reader learns nothing of what it may not do. */
  async #ask(params: Readonly<Record<string, unknown>>): Promise<unknown> {
    const refused = this.#refusedAsk(params.ask);
    if (refused !== undefined) return refused;
    const asking = checked<Asking>(params.asking, ASKING, 'asking');
    const ask = unpackAsk(checked(params.ask, ASK, 'ask'));
    return await this.#desk.host.ask(ask, asking);
  }

  /** What this client may not do, whatever the engine would say. */
  #refusedAsk(ask: unknown): Answer | undefined {
    if (this.#hello?.role !== 'operate') return ROLE_READ;
    return this.#isPicture && !isRescue(ask) ? versionDiffers(this.#hello, this.#desk.build) : undefined;
  }

  #preview({ symbol, draft }: Readonly<Record<string, unknown>>): Preview {
    const given = checked<Draft>(draft, DRAFT, 'draft');
    return this.#desk.host.preview(checked<string>(symbol, text(64), 'symbol'), given);
  }

  #entries(query: unknown): unknown {
    return pageOf(this.#desk.host, checked<JournalQuery>(query, QUERY, 'query'));
  }

  #watch(symbols: unknown): Promise<void> {
    this.watched = checked<readonly string[]>(symbols, SYMBOLS, 'symbols');
    return this.#desk.watch();
  }

  /** The text of a view: a client of another version need not know its shape, and nothing in it is exact. */
  async #view({ ui, preview }: Readonly<Record<string, unknown>>): Promise<string> {
    let read: Ui;
    try {
      read = unpackUi(checked<string>(ui, text(100_000), 'ui'), (preview ?? null) as Preview | null);
    } catch (problem) {
      throw new BadParams(problem instanceof Error ? problem.message : 'ui: expected JSON text');
    }
    const view: View = await this.#desk.view(read);
    return JSON.stringify(view);
  }

  #report(painting: unknown): void {
    this.#painting = checked(painting, PAINTING, 'painting');
  }

  /** Also for pictures: an engine must be ended to be updated. */
  #shutdown(): unknown {
    if (this.#hello?.role !== 'operate') throw new BadParams('expected the role operate, found read');
    this.#desk.shutdown();
    return this.#desk.pid;
  }
}

/** What is known in three words, as a command in a process of its own would say it. */
function toldOf(problem: unknown): RequestError['data'] {
  const told = refusalOf(problem);
  if (told === undefined) return undefined;
  const short = (text: string): string => text.slice(0, MESSAGE_MAX);
  return { code: told.code, expected: short(told.expected), found: short(told.found), fix: short(told.fix) };
}

/** The value as what its shape says it is. @throws {BadParams} with the path of the first thing that is wrong. */
function checked<T>(value: unknown, shape: Shape, path: string): T {
  const problem = shape(value, path);
  if (problem !== undefined) throw new BadParams(problem);
  return value as T;
}

const RESCUES: ReadonlySet<unknown> = new Set(['panic', 'close_position']);
const anything: Shape = () => undefined;
const RESCUE = object<{ do: string; command: unknown }>({ do: text(16), command: anything });

/** What even a face of another version may do. */
function isRescue(ask: unknown): boolean {
  if (RESCUE(ask, 'ask') !== undefined) return false;
  const { command } = ask as { readonly command?: { readonly name?: unknown } | null };
  return RESCUES.has(command?.name);
}

const ROLE_READ: Answer = {
  ok: false,
  refused: {
    code: 'ROLE_READ',
    expected: 'a client with the role operate',
    found: 'role read',
    fix: 'attach with the role operate to send commands',
  },
};

const versionDiffers = (hello: Hello, build: string): Answer => ({
  ok: false,
  refused: {
    code: 'VERSION_DIFFERS',
    expected: `a face of the engine's version ${build}; another one may only panic and close_position`,
    found: `version ${hello.build}`,
    fix: 'dzentra engine restart, or use the version that the engine runs',
  },
});
