const ESCAPE = '\u001b[';
const PASTE_ON = `${ESCAPE}?2004h`;
const PASTE_OFF = `${ESCAPE}?2004l`;
const MOUSE_ON = `${ESCAPE}?1000h${ESCAPE}?1006h`;
const MOUSE_OFF = `${ESCAPE}?1006l${ESCAPE}?1000l`;

/** Keyboard and mouse of a terminal while it is ours. */
export interface Keyboard {
  mouse(isOn: boolean): void;
  /** Gives them back: the line editor of the shell gets a terminal as it left it. Twice is once. */
  restore(): void;
}

export interface KeyboardOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  input(chunk: string): void;
}

/** Takes the keyboard: each key at once, pastes marked as such, the mouse off until it is asked for. */
export function takeKeyboard({ stdin, stdout, input }: KeyboardOptions): Keyboard {
  let isOurs = true;
  let isMouseOn = false;
  const listen = (chunk: string | Buffer): void => input(chunk.toString());
  stdin.setRawMode?.(true);
  stdin.setEncoding('utf8');
  stdin.on('data', listen);
  stdin.resume();
  stdin.ref?.();
  stdout.write(PASTE_ON);
  process.on('exit', restore);
  return {
    mouse(isOn) {
      isMouseOn = isOn;
      stdout.write(isOn ? MOUSE_ON : MOUSE_OFF);
    },
    restore,
  };

  function restore(): void {
    if (!isOurs) return;
    isOurs = false;
    process.off('exit', restore);
    stdout.write((isMouseOn ? MOUSE_OFF : '') + PASTE_OFF);
    stdin.off('data', listen);
    stdin.setRawMode?.(false);
    stdin.pause();
    stdin.unref?.();
  }
}
