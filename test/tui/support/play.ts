import type { Scene, Ui } from '../../../src/core/view/scene.ts';
import { keyed } from '../../../src/tui/model/bindings.ts';
import { settled } from '../../../src/tui/model/form.ts';
import { beginModel, type Effect, type Event, type Model, type Sight } from '../../../src/tui/model/model.ts';
import { marked } from '../../../src/tui/model/place.ts';
import { update } from '../../../src/tui/model/update.ts';
import { scene as sceneOf, screens } from './stub.ts';

/** Between two keys of a person, unless a test says otherwise. */
const GAP_MS = 800;
/** A key that is held: when its first repetition comes, and the next ones. */
const REPEAT_AFTER_MS = 660;
const REPEAT_MS = 33;

/** The model under keys, without a terminal: what it became, and what it asked for. */
export interface Play {
  model: Model;
  readonly effects: Effect[];
  at: number;
  scene: Scene;
  sight(): Sight;
  send(event: Event): void;
  /** Keys by name, one after the other. */
  press(...names: readonly string[]): Play;
  /** Keys that come in one piece. */
  burst(...names: readonly string[]): Play;
  /** A key that is held down until it came that often. */
  hold(name: string, times: number): Play;
  text(text: string): Play;
  wait(ms: number): Play;
  /** Kinds of effects so far. */
  did(): string[];
  lastRun(): readonly string[] | undefined;
}

export function play(given: { scene?: Scene; ui?: Partial<Ui>; isTooSmall?: boolean } = {}): Play {
  const shown = screens();
  const ui: Ui = {
    screen: 'auto',
    locale: 'en',
    zone: { name: 'UTC', offsetMinutes: 0 },
    filter: '',
    picked: {},
    scrolled: {},
    ...given.ui,
  };
  const one: Play = {
    model: beginModel(ui),
    effects: [],
    at: 1_000_000,
    scene: given.scene ?? sceneOf(),
    sight() {
      const scene = one.model.frozen ?? one.scene;
      return {
        scene,
        view: marked(keyed(shown.viewOf(scene, one.model.ui)), one.model.ui),
        run: shown.focusOf(scene, one.model.ui).run,
        symbol: shown.focusOnSymbol(scene, one.model.ui).symbol,
        local: { name: 'UTC+3', offsetMinutes: 180 },
        say: shown.say,
        draftOf: shown.draftOf,
        pageLines: 20,
        isTooSmall: given.isTooSmall === true,
      };
    },
    send(event) {
      const [model, effects] = update(one.model, event, one.sight());
      one.effects.push(...effects);
      one.model = settled(model, shown.viewOf(one.scene, model.ui));
    },
    press(...names) {
      for (const name of names) {
        one.at += GAP_MS;
        one.send({ kind: 'key', key: { name, isBurst: false }, at: one.at });
      }
      return one;
    },
    burst(...names) {
      one.at += GAP_MS;
      for (const name of names) one.send({ kind: 'key', key: { name, isBurst: true }, at: one.at });
      return one;
    },
    hold(name, times) {
      one.press(name);
      for (let i = 1; i < times; i++) {
        one.at += i === 1 ? REPEAT_AFTER_MS : REPEAT_MS;
        one.send({ kind: 'key', key: { name, isBurst: false }, at: one.at });
      }
      return one;
    },
    text: (text) => one.press(...Array.from(text)),
    wait(ms) {
      one.at += ms;
      one.send({ kind: 'tick', at: one.at });
      return one;
    },
    did: () => one.effects.map((effect) => effect.do),
    lastRun() {
      const last = one.effects.findLast((effect) => effect.do === 'run');
      return last?.do === 'run' ? last.deed.words : undefined;
    },
  };
  return one;
}
