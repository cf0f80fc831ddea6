import type { Ask, Asking } from '../../../src/core/domain/ask.ts';
import { type FixtureName, fixture } from '../../../src/core/lab/fixture/fixture.ts';
import type { Acts, Asked, Question, Told } from '../../../src/telegram/act/acts.ts';
import { type ActsOptions, createActs } from '../../../src/telegram/act/desk.ts';
import {
  type BridgePerson,
  commandLine,
  type FaceLine,
  type Ports,
  pictures,
  type Scene,
} from '../../../src/telegram/core.ts';
import { type StubClient, stubClient } from '../../tui/support/stub.ts';

export type Said = Awaited<ReturnType<Acts['typed']>>;

export const ann: BridgePerson = { user: 42, chat: 42, role: 'operator', name: 'Ann', isGroup: false, pairedAt: 1 };
export const bob: BridgePerson = { ...ann, user: 43, chat: 43, name: 'Bob' };
export const viewer: BridgePerson = { ...ann, role: 'viewer' };

/** Acts over the real command line and an engine that writes down what it is asked, and by whom. */
export interface Stage {
  readonly acts: Acts;
  readonly client: StubClient;
  readonly asked: { readonly ask: Ask; readonly asking: Asking }[];
  now: number;
  /** Telegram numbers updates. */
  at(message: number, update: number, person?: BridgePerson): Asked;
  /** Another bridge over the same engine. */
  again(more?: Partial<ActsOptions>): Acts;
}

export async function stage(name: FixtureName, more: Partial<ActsOptions> = {}): Promise<Stage> {
  const drawing = await pictures();
  const client = stubClient(fixture(name));
  const asked: Stage['asked'] = [];
  client.ask = async (ask, asking) => {
    asked.push({ ask, asking });
    client.set(settled(client.scene(), ask));
    // What nothing here brings to rest is refused: nobody waits for it.
    if (ask.do === 'command' && ['panic', 'flip_position'].includes(ask.command.name)) {
      return { ok: false, refused: { code: 'NOT_NOW', expected: 'more', found: 'less', fix: 'wait' } };
    }
    return { ok: true, entries: [], isRepeated: false, run: 1 };
  };
  const around = { client, profile: 'demo', version: '1.0.0', pictures: drawing, ascii: false, columns: () => 38 };
  const boot = async () =>
    ({ engine: { profile: (given?: string) => given ?? 'demo' }, debug: { isEnabled: false } }) as unknown as Ports;
  const line: FaceLine = await (await commandLine()).createFaceLine({ ...around, face: 'telegram', boot });
  const self = {
    now: 1_000_000,
    client,
    asked,
    at: (message: number, update: number, person = ann): Asked => ({ message, update, person }),
    again: (other: Partial<ActsOptions> = {}) => createActs({ ...options, ...more, ...other }),
  };
  const log = { info: () => undefined, error: () => undefined };
  const clock = { now: () => self.now, after: () => () => undefined };
  const options: ActsOptions = { client, line, pictures: drawing, clock, raisesRisk: false, log, profile: 'demo' };
  return Object.assign(self, { acts: self.again() });
}

/** A close leaves the run flat, a pause pauses it: enough for a command to come to rest. */
function settled(scene: Scene, ask: Ask): Scene {
  if (ask.do !== 'command' || !('run' in ask.command)) return scene;
  const { name, run: number } = ask.command;
  const isClosed = name === 'close_position' || (name === 'stop_run' && ask.command.position === 'flatten');
  const runs = scene.state.runs.map((run) => {
    if (run.run !== number) return run;
    return {
      ...run,
      ...(isClosed ? { position: undefined } : {}),
      ...(name === 'pause_run' ? { state: 'PAUSED' as const } : {}),
    };
  });
  return { ...scene, state: { ...scene.state, runs } };
}

export const textOf = ({ lines }: Pick<Told, 'lines'>): string =>
  lines.map(({ spans }) => spans.map(({ text }) => text).join('')).join('\n');

export function question(said: Said): Question {
  if (said.is !== 'question')
    throw new Error(`expected a question, found ${said.is === 'told' ? textOf(said) : said.is}`);
  return said;
}

export function told(said: Said): Told {
  if (said.is !== 'told') throw new Error(`expected an answer, found ${said.is}`);
  return said;
}
