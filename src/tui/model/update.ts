import { answer, heard, passed } from './alarm.ts';
import { type Act, actOf, BINDINGS, OWN_ID, RISK_KEYS } from './bindings.ts';
import { actByKey, confirmAgreed, confirmArmed, isPanicArmed } from './confirm.ts';
import { latin } from './cyrillic.ts';
import { canFilter } from './filter.ts';
import { checked, confirmForm, openForm, pasteField, previewed, refreshed, typeForm } from './form.ts';
import { held, isHeld, keyAfter } from './held.ts';
import type { Key } from './input.ts';
import { edit, emptyLine, insert, lineOf } from './line.ts';
import { browse, type Deed, type Event, type Model, remark, type Sight, type Step } from './model.ts';
import { hinted, openPalette, typed, typePalette } from './palette.ts';
import {
  focusOf,
  goLast,
  goTo,
  goUp,
  isUnmarked,
  linkAt,
  movePane,
  moveRow,
  moveRun,
  moveTimeframe,
  pick,
  turnWheel,
} from './place.ts';

/** How often a draft on the screen is held against the market. */
const PREVIEW_MS = 500;

/** What an event makes of the model, and what is to be done about it. It reads no clock and does nothing itself. */
export function update(model: Model, event: Event, sight: Sight): Step {
  switch (event.kind) {
    case 'key':
      return pressOnce(model, event.key, sight, event.at);
    case 'paste':
      return sight.isTooSmall ? [model, []] : paste(model, event.text, sight);
    case 'click':
      return click(model, event, sight);
    case 'wheel':
      return [wheel(model, event, sight), []];
    case 'tick':
      return tick(model, sight, event.at);
    case 'heard':
      return heard(model, event);
    case 'previewed':
      return previewed(model, event, sight);
    case 'checked':
      return [checked(model, event.inputs, event.problems), []];
    case 'failed':
      return [failed(model, event.text, event.at), []];
    case 'hinted':
      return [hinted(model, event.text, event.hints), []];
    case 'ran':
      return [ran(model, event, sight), []];
  }
}

/** A key that is not held. */
function pressOnce(model: Model, key: Key, sight: Sight, at: number): Step {
  if (isHeld(model, key, at)) return [held(model, key, sight, at), []];
  const [next, effects] = (sight.isTooSmall ? pressBlind : press)(model, key, sight, at);
  return [{ ...next, lastKey: keyAfter(key, at, effects) }, effects];
}

/** What a key means depends on what is being typed or waits for an answer. */
function press(model: Model, key: Key, sight: Sight, at: number): Step {
  switch (model.mode.is) {
    case 'browse':
      return command(model, key, sight, at);
    case 'filter':
      return [typeFilter(model, key), []];
    case 'palette':
      return typePalette(model, key);
    case 'armed':
      return confirmArmed(model, key, sight, at);
    case 'agree':
      return confirmAgreed(model, key, sight, at);
    case 'form':
      return typeForm(model, key, sight, at);
    case 'confirm':
      return confirmForm(model, key, sight, at);
    case 'result':
      // Nobody who wants out closes a panel first.
      if (key.name === '!') return actByKey({ ...model, mode: browse }, sight, '!', at);
      return [readResult(model, key, sight), []];
    case 'ending':
      return endEngine(model, key, sight, at);
  }
}

/** Where nothing of the screen is seen, nothing is done but leaving and panic, whose question is drawn there. */
function pressBlind(model: Model, key: Key, sight: Sight, at: number): Step {
  if (isPanicArmed(model)) return confirmArmed(model, key, sight, at);
  const name = latin(key.name);
  if (name === '!') return actByKey({ ...model, mode: browse }, sight, name, at);
  return BINDINGS[name]?.act === 'leave' ? perform(model, BINDINGS[name], name, sight, at) : [model, []];
}

/** A single key, in whichever layout. */
function command(model: Model, key: Key, sight: Sight, at: number): Step {
  const name = latin(key.name);
  const start = name === 'enter' ? sight.view.actions.find((action) => action.key === 'Enter') : undefined;
  if (start !== undefined) return actByKey(model, sight, 'Enter', at);
  return perform(model, actOf(name), name, sight, at);
}

function perform(model: Model, act: Act, name: string, sight: Sight, at: number): Step {
  const { say } = sight;
  switch (act.act) {
    case 'screen':
      return [goTo(model, act.screen, pickedFor(name, sight)), []];
    case 'move':
      return [moveRow(model, sight, act.by, act.sign), []];
    case 'pane':
      return [movePane(model, sight, act.sign), []];
    case 'run':
      return [moveRun(model, sight, act.sign, at), []];
    case 'timeframe':
      return [moveTimeframe(model, sight, act.sign, at), []];
    case 'up':
      return model.busy > 0 ? [model, [{ do: 'abort' }]] : [goUp(model), []];
    case 'last':
      return [goLast(model), []];
    case 'open':
      return open(model, sight, at);
    case 'filter':
      if (!canFilter(sight.view)) return [noAction(model, '/', sight, at), []];
      return [{ ...model, mode: { is: 'filter', line: lineOf(model.ui.filter) } }, []];
    case 'palette':
      return openPalette(model);
    case 'why':
      return why(model, sight, at);
    case 'answer':
      return answer(model, sight, at);
    case 'freeze':
      return [freeze(model, sight, at), []];
    case 'mouse':
      return turnMouse(model, sight, at);
    case 'zone':
      return [turnZone(model, sight), []];
    case 'leave':
      return [model, [{ do: 'leave', isEngineToo: false }]];
    case 'end':
      return [{ ...model, mode: { is: 'ending', presses: 1, line: emptyLine }, message: undefined }, []];
    case 'action':
      if (RISK_KEYS.includes(name) || sight.view.actions.some((action) => action.key === name)) {
        return actByKey(model, sight, name, at);
      }
      return [remark(model, say('unboundKey'), at), []];
  }
}

/** What is marked here goes along where this screen says so of the key. */
function pickedFor(name: string, { view }: Sight): Readonly<Record<string, string>> | undefined {
  const link = view.actions.find(({ key }) => key === name)?.link;
  return link?.to === 'screen' ? link.pick : undefined;
}

/** Enter: the form that is here, or where the picked row leads. Commands are put into the palette, to be read first. */
function open(model: Model, sight: Sight, at: number): Step {
  const pane = sight.view.blocks.find(({ id }) => id === focusOf(sight.view, model.focus));
  if (pane?.kind === 'form') return openForm(model, sight, model.ui.screen === 'trade' ? 't' : formKey(model));
  const link = linkAt(model, sight);
  if (link === undefined) {
    return [
      isUnmarked(model, sight) ? remark(model, sight.say('markFirst'), at) : noAction(model, 'Enter', sight, at),
      [],
    ];
  }
  if (link.to === 'screen') {
    return sight.scene.mode === 'DEBUG'
      ? [noAction(model, 'Enter', sight, at), []]
      : [goTo(model, link.screen, link.pick), []];
  }
  return openPalette(model, link.words.join(' '));
}

const noAction = (model: Model, key: string, { say }: Sight, at: number): Model =>
  remark(model, say('noAction', { key }), at, 'warn');

const formKey = ({ ui }: Model): string => (ui.screen === 'strategies' || ui.screen === 'auto' ? 'a' : 'e');

/** The chain behind the picked entry, or behind the last of the run. */
function why(model: Model, sight: Sight, at: number): Step {
  // The sandbox has numbers of its own, which are other entries in the engine's journal.
  if (sight.scene.mode === 'DEBUG') return [noAction(model, 'w', sight, at), []];
  const action = sight.view.actions.flatMap(({ key, link }) => (key === 'w' && link.to === 'screen' ? [link] : []))[0];
  const link = linkAt(model, sight);
  const picked = link?.to === 'screen' ? link.pick?.seq : undefined;
  const last = sight.scene.entries.findLast(({ run }) => sight.run === undefined || run === sight.run.run);
  const seq = model.ui.seq ?? picked ?? action?.pick?.seq ?? last?.seq;
  if (seq === undefined) return [remark(model, sight.say('noEntry'), at), []];
  const deed = { label: sight.say('why'), words: ['why', String(seq)] };
  return [{ ...model, busy: model.busy + 1 }, [{ do: 'run', deed, shown: 'panel' }]];
}

function freeze(model: Model, sight: Sight, at: number): Model {
  const { scene } = sight;
  // Held, it would stand on the screens of the engine, whose keys would act on its numbers.
  if (scene.mode === 'DEBUG') return noAction(model, 'z', sight, at);
  return { ...model, frozen: model.frozen === undefined ? scene : undefined };
}

function turnMouse(model: Model, { say }: Sight, at: number): Step {
  const isMouseOn = !model.isMouseOn;
  const told = remark({ ...model, isMouseOn }, say(isMouseOn ? 'mouseOn' : 'mouseOff'), at);
  return [told, [{ do: 'mouse', isOn: isMouseOn }]];
}

function turnZone(model: Model, { local }: Sight): Model {
  const zone = model.ui.zone.name === 'UTC' ? local : { name: 'UTC', offsetMinutes: 0 };
  return { ...model, ui: { ...model.ui, zone } };
}

/** The filter works while it is typed; Enter keeps it, Esc takes it away. */
function typeFilter(model: Model, key: Key): Model {
  const { mode, ui } = model;
  if (mode.is !== 'filter') return model;
  if (key.name === 'enter') return { ...model, mode: browse };
  if (key.name === 'esc' || key.name === 'ctrl-c' || (key.name === 'backspace' && mode.line.text === '')) {
    return { ...model, mode: browse, ui: { ...ui, filter: '' } };
  }
  const line = edit(mode.line, key.name);
  return line === undefined ? model : { ...model, mode: { is: 'filter', line }, ui: { ...ui, filter: line.text } };
}

/** Pasted text goes into what is being typed, and nowhere else. */
function paste(model: Model, text: string, sight: Sight): Step {
  const { mode } = model;
  switch (mode.is) {
    case 'filter': {
      const line = insert(mode.line, text);
      return [{ ...model, mode: { is: 'filter', line }, ui: { ...model.ui, filter: line.text } }, []];
    }
    case 'palette':
      return typed(model, mode, insert(mode.line, text));
    case 'form':
      return pasteField(model, text, sight);
    default:
      // A word that guards risk is typed by hand.
      return [model, []];
  }
}

function click(model: Model, { target, tab, at }: Extract<Event, { kind: 'click' }>, sight: Sight): Step {
  if (model.mode.is !== 'browse') return [model, []];
  const act = tab === undefined ? undefined : BINDINGS[tab];
  if (act?.act === 'screen') return perform(model, act, tab ?? '', sight, at);
  if (target === undefined) return [model, []];
  if (target.key === undefined) return [{ ...model, focus: target.block }, []];
  if (target.block === 'actions') return clickAction(model, target.key, sight, at);
  const isPicked = model.ui.picked[target.block] === target.key && model.focus === target.block;
  const picked = pick(model, target.block, target.key);
  return isPicked ? open(picked, sight, at) : [picked, []];
}

/** An action of the key line is its key; those of risk still ask for a second one, on the keyboard. */
function clickAction(model: Model, id: string, sight: Sight, at: number): Step {
  const key = id.startsWith(OWN_ID) ? id.slice(OWN_ID.length) : sight.view.actions.find((each) => each.id === id)?.key;
  if (key === undefined) return [model, []];
  // Of two keys that lead on and back (`[ ]`) the one that leads on.
  const name = key.split(' ').at(-1) ?? key;
  return command(model, { name: name.length > 1 ? name.toLowerCase() : name, isBurst: false }, sight, at);
}

function wheel(model: Model, { block, lines }: Extract<Event, { kind: 'wheel' }>, sight: Sight): Model {
  if (model.mode.is === 'result') return scrollResult(model, lines, sight);
  return model.mode.is === 'browse' ? turnWheel(model, sight, block, lines) : model;
}

function readResult(model: Model, key: Key, sight: Sight): Model {
  const { mode } = model;
  if (mode.is !== 'result') return model;
  const name = latin(key.name);
  const act = BINDINGS[name];
  if (act?.act !== 'move') return name.length > 1 || name === 'q' ? { ...model, mode: browse } : model;
  const step = act.by === 'line' ? 1 : act.by === 'page' ? sight.pageLines : mode.lines.length;
  return scrollResult(model, step * act.sign, sight);
}

function scrollResult(model: Model, lines: number, { pageLines }: Sight): Model {
  const { mode } = model;
  if (mode.is !== 'result') return model;
  const last = Math.max(0, mode.lines.length - pageLines);
  return { ...model, mode: { ...mode, top: Math.max(0, Math.min(last, mode.top + lines)) } };
}

/** `Q` twice, then the word: the engine ends, and the terminal with it. */
function endEngine(model: Model, key: Key, { say }: Sight, at: number): Step {
  const { mode } = model;
  if (mode.is !== 'ending') return [model, []];
  const stopped: Step = [remark({ ...model, mode: browse }, say('nothingDone'), at), []];
  if (key.name === 'esc' || key.name === 'ctrl-c') return stopped;
  if (mode.presses === 1) {
    if (latin(key.name) !== 'Q') return stopped;
    return [key.isBurst ? model : { ...model, mode: { ...mode, presses: 2 } }, []];
  }
  if (key.name !== 'enter') {
    const line = edit(mode.line, key.name);
    return [line === undefined ? model : { ...model, mode: { ...mode, line } }, []];
  }
  if (mode.line.text.trim() !== 'stop') return [remark(model, say('typeIt', { word: 'stop' }), at, 'warn'), []];
  return [{ ...model, mode: browse }, [{ do: 'leave', isEngineToo: true }]];
}

/** Time passes: remarks go, what was armed is disarmed, a draft is held against the market. */
function tick(model: Model, sight: Sight, at: number): Step {
  const { mode, message } = model;
  let next = passed(message !== undefined && at >= message.until ? { ...model, message: undefined } : model, at);
  if (mode.is === 'armed' && at >= mode.until) next = remark({ ...next, mode: browse }, sight.say('nothingDone'), at);
  const isDraft = model.ui.form?.form === 'draft' && (mode.is === 'form' || (mode.is === 'confirm' && !mode.isAsked));
  if (!isDraft || at - (model.seen?.at ?? 0) < PREVIEW_MS || sight.scene.link !== 'up') return [next, []];
  const [fresh, effects] = refreshed(next, sight);
  return [fresh, effects];
}

/** What was asked of the engine has no answer: what was typed stays, and may be sent again. */
function failed(model: Model, text: string, at: number): Model {
  const { mode } = model;
  const free = mode.is === 'confirm' ? { ...model, mode: { ...mode, isAsked: false } } : model;
  return remark(free, text, at, 'bad');
}

/** When `tick` has something to do next; undefined while nothing waits. */
export function wakeAt(model: Model): number | undefined {
  const { mode, message, ui, seen, alarm } = model;
  const instants: number[] = [];
  if (message !== undefined) instants.push(message.until);
  if (mode.is === 'armed') instants.push(mode.until);
  if (alarm.passing !== undefined) instants.push(alarm.passing.until);
  if (ui.form?.form === 'draft' && seen !== undefined && (mode.is === 'form' || mode.is === 'confirm')) {
    instants.push(seen.at + PREVIEW_MS);
  }
  return instants.length === 0 ? undefined : Math.min(...instants);
}

/** Whether a deed was a form that was filled in. */
const isOfForm = ({ words: [noun, verb] }: Deed): boolean =>
  (noun === 'risk' && verb === 'set') || (noun === 'auto' && verb === 'start');

/** What was saved is no longer something that was typed. */
function emptied(model: Model): Model {
  const { form } = model.ui;
  if (form === undefined || form.form === 'draft' || model.mode.is !== 'browse') return model;
  return { ...model, ui: { ...model.ui, form: undefined }, kept: { ...model.kept, [form.form]: {} } };
}

/** What these answer is not on the Debug screen, which shows what came of all other commands of the sandbox. */
const TELLING: readonly (string | undefined)[] = [undefined, 'state', 'watch', 'save'];

const isInSight = ({ words: [noun, verb, ...others] }: Deed, { ui }: Model): boolean =>
  ui.screen === 'debug' && noun === 'debug' && !TELLING.includes(verb) && !others.some((word) => word.startsWith('--'));

/** What ends with what happened last is read from its end; help is not. */
const isLog = ({ words: [noun, verb, ...others] }: Deed): boolean =>
  noun === 'journal' && (verb === 'list' || verb === 'tail') && !others.includes('--help') && !others.includes('-h');

/** What a command came to: a remark where it went well and was short, else a panel that stays until it was read. */
function ran(model: Model, event: Extract<Event, { kind: 'ran' }>, sight: Sight): Model {
  const { say } = sight;
  const { deed, result, shown, at } = event;
  const told: Model = { ...model, busy: Math.max(0, model.busy - 1) };
  if (result.isOk && (shown === 'message' || isInSight(deed, told) || result.lines.length === 0)) {
    const text = [say('done', { what: deed.label }), result.summary].filter((part) => part !== '').join('  ');
    return remark(isOfForm(deed) ? emptied(told) : told, text, at, 'good');
  }
  // What is being typed is never covered by an answer that comes late.
  if (told.mode.is !== 'browse' && told.mode.is !== 'result') {
    return remark(told, result.summary, at, result.isOk ? 'good' : 'bad');
  }
  const { lines } = result;
  const read: Model = { ...told, message: undefined, mode: { is: 'result', title: deed.label, lines, top: 0 } };
  return isLog(deed) ? scrollResult(read, lines.length, sight) : read;
}
