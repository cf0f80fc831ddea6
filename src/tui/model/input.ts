/**
 * A key as the program names it: a printable character as it is, or `enter esc tab shift-tab backspace delete up down left
 * right home end pageup pagedown`, or `ctrl-c`. What the program has no name for never becomes an event.
 */
export interface Key {
  readonly name: string;
  /** It came with others in one piece, as pasted text does where the terminal has no bracketed paste. */
  readonly isBurst: boolean;
}

/** What a terminal sends. Mouse positions count from 0 at the top left. */
export type InputEvent =
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'paste'; readonly text: string }
  | {
      readonly kind: 'mouse';
      readonly act: 'press' | 'wheel-up' | 'wheel-down';
      readonly x: number;
      readonly y: number;
    };

/** The events of a piece of input, and what may be the beginning of more. */
export interface Reading {
  readonly events: readonly InputEvent[];
  readonly pending: string;
}

const ESCAPE = '\u001b';
const PASTE_BEGIN = `${ESCAPE}[200~`;
const MOUSE_BEGIN = `${ESCAPE}[<`;
const PASTE_END = `${ESCAPE}[201~`;
/** Nobody types more; the rest of a paste is dropped. */
const PASTE_MAX = 4_096;
/** What begins a string that a terminal sends of itself: DCS, SOS, OSC, PM, APC (ECMA-48, 8.3). */
const STRINGS = 'PX]^_';
/** A sequence that is longer than any that terminals send is junk. */
const SEQUENCE_MAX = 32;
/** After a lone escape that long, it was the Esc key. */
const ESCAPE_MS = 30;
/** After the beginning of a key that long, it was another one: Alt-[ and Alt-O begin as arrows do, and end there. */
const KEY_MS = 300;
/** A paste or a report of the mouse that has begun comes to its end over the slowest line: its rest must not be keys. */
const UNFINISHED_MS = 10_000;

const NAMED: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  '[H': 'home',
  '[F': 'end',
  '[Z': 'shift-tab',
  '[1~': 'home',
  '[3~': 'delete',
  '[4~': 'end',
  '[5~': 'pageup',
  '[6~': 'pagedown',
  '[7~': 'home',
  '[8~': 'end',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  OH: 'home',
  OF: 'end',
  OM: 'enter',
};

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
};

/**
 * Reads a piece of terminal input after what was pending. Whatever is no known key, paste or mouse report is dropped: no
 * control character comes through.
 */
export function readInput(pending: string, chunk: string): Reading {
  const text = cutOff(pending, chunk) + chunk;
  const events: InputEvent[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] !== ESCAPE) {
      const glyph = String.fromCodePoint(text.codePointAt(at) ?? 0);
      const name = keyName(glyph);
      if (name !== undefined) events.push(keyEvent(name));
      at += glyph.length;
      continue;
    }
    const taken = takeSequence(text, at, events);
    if (taken === 'pending') return { events: withBursts(events), pending: bounded(text.slice(at)) };
    at = taken;
  }
  return { events: withBursts(events), pending: '' };
}

/** The first of it came so much earlier that it was taken for a key. Nobody types the rest in one piece. */
const cutOff = (pending: string, chunk: string): string =>
  (pending === '' && [ESCAPE, `${ESCAPE}[`].find((cut) => chunk.startsWith(PASTE_BEGIN.slice(cut.length)))) || pending;

/** The beginning and the end of what waits: more than a paste can hold is not kept. */
function bounded(pending: string): string {
  const max = PASTE_BEGIN.length + PASTE_MAX;
  return pending.length <= max ? pending : pending.slice(0, max) + pending.slice(max).slice(-PASTE_END.length);
}

/** How long to wait for the rest of what is pending, ms. */
export function patience(pending: string): number {
  if (pending === ESCAPE) return ESCAPE_MS;
  const isLong = [PASTE_BEGIN.slice(0, 3), MOUSE_BEGIN].some((begin) => pending.startsWith(begin));
  return isLong ? UNFINISHED_MS : KEY_MS;
}

/** What was pending when nothing followed: a lone escape is the Esc key. Half a sequence or a paste is no keys at all. */
export const flushInput = (pending: string): readonly InputEvent[] => (pending === ESCAPE ? [keyEvent('esc')] : []);

const keyEvent = (name: string): InputEvent => ({ kind: 'key', key: { name, isBurst: false } });

function keyName(glyph: string): string | undefined {
  const named = CONTROLS[glyph];
  if (named !== undefined) return named;
  const code = glyph.codePointAt(0) ?? 0;
  if (code > 0 && code < 27) return `ctrl-${String.fromCharCode(code + 96)}`;
  return isPrintable(code) ? glyph : undefined;
}

const isPrintable = (code: number): boolean =>
  code >= 32 && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code < 0xe000);

/** Takes the sequence that begins at `at`; answers where the text goes on. */
function takeSequence(text: string, at: number, events: InputEvent[]): number | 'pending' {
  if (text.startsWith(PASTE_BEGIN, at)) return takePaste(text, at, events);
  const kind = text[at + 1];
  if (kind === undefined) return 'pending';
  if (kind === ESCAPE) {
    events.push(keyEvent('esc'));
    return at + 1;
  }
  if (STRINGS.includes(kind)) return at + 2;
  if (kind !== '[' && kind !== 'O') {
    // No key here is held with Alt: it was Esc, and the next key came before anybody looked.
    events.push(keyEvent('esc'));
    return at + 1;
  }
  let end = at + 2;
  while (end < text.length && isParameter(text.charCodeAt(end))) end += 1;
  if (end - at > SEQUENCE_MAX) return end;
  if (end >= text.length) return 'pending';
  const event = sequenceEvent(text.slice(at + 1, end + 1));
  if (event !== undefined) events.push(event);
  return isFinal(text.charCodeAt(end)) ? end + 1 : end;
}

const isParameter = (code: number): boolean => code >= 0x20 && code <= 0x3f;
const isFinal = (code: number): boolean => code >= 0x40 && code <= 0x7e;

function takePaste(text: string, at: number, events: InputEvent[]): number | 'pending' {
  const end = text.indexOf(PASTE_END, at);
  if (end === -1) return 'pending';
  events.push({ kind: 'paste', text: harmless(text.slice(at + PASTE_BEGIN.length, end)) });
  return end + PASTE_END.length;
}

function sequenceEvent(sequence: string): InputEvent | undefined {
  const mouse = /^\[<(\d{1,3});(\d{1,5});(\d{1,5})M$/.exec(sequence);
  if (mouse !== null) return mouseEvent(Number(mouse[1]), Number(mouse[2]) - 1, Number(mouse[3]) - 1);
  const name = NAMED[sequence] ?? NAMED[sequence.replace(/^\[1;\d([A-H])$/, '[$1')];
  return name === undefined ? undefined : keyEvent(name);
}

function mouseEvent(button: number, x: number, y: number): InputEvent | undefined {
  if (button === 0) return { kind: 'mouse', act: 'press', x, y };
  if (button === 64) return { kind: 'mouse', act: 'wheel-up', x, y };
  if (button === 65) return { kind: 'mouse', act: 'wheel-down', x, y };
  return undefined;
}

function withBursts(events: readonly InputEvent[]): readonly InputEvent[] {
  const keys = events.filter((event) => event.kind === 'key').length;
  if (keys < 2) return events;
  return events.map((event) =>
    event.kind === 'key' ? { kind: 'key', key: { name: event.key.name, isBurst: true } } : event,
  );
}

const BELL = '\u0007';
/** CSI sequences, OSC strings to their end, and two-character escapes (ECMA-48). */
const SEQUENCES = new RegExp(`${ESCAPE}(?:\\[[ -?]*[@-~]?|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)?|.)?`, 'gs');

/** Text from outside: sequences and control characters go, line ends become blanks. */
export function harmless(text: string): string {
  const bare = text.slice(0, PASTE_MAX).replace(SEQUENCES, '').replace(/\s+/g, ' ');
  let clean = '';
  for (const glyph of bare) if (isPrintable(glyph.codePointAt(0) ?? 0)) clean += glyph;
  return clean;
}
