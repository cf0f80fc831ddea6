const ESCAPE = '\u001b[';
const PASTE_ON = `${ESCAPE}?2004h`;
const PASTE_OFF = `${ESCAPE}?2004l`;
const MOUSE_ON = `${ESCAPE}?1000h${ESCAPE}?1006h`;
const MOUSE_OFF = `${ESCAPE}?1006l${ESCAPE}?1000l`;

/** Keyboard and mouse of a terminal while it is ours. */
export interface Keyboard {
  mouse(isOn: boolean): void;
  /** Leaves them to a shell for a while. */
  pause(): void;
  /** Takes them again, whatever the shell made of them. */
  resume(): void;
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
  stdin.setEncoding('utf8');
  stdin.on('data', listen);
  stdin.resume();
  stdin.ref?.();
  take();
  process.on('exit', restore);
  return {
    mouse(isOn) {
      isMouseOn = isOn;
      stdout.write(isOn ? MOUSE_ON : MOUSE_OFF);
    },
    pause: giveBack,
    resume() {
      // The terminal may be cooked while Node remembers it as raw.
      stdin.setRawMode?.(false);
      take();
    },
    restore,
  };

  function take(): void {
    stdin.setRawMode?.(true);
    stdout.write(PASTE_ON + (isMouseOn ? MOUSE_ON : ''));
  }

  function giveBack(): void {
    stdout.write((isMouseOn ? MOUSE_OFF : '') + PASTE_OFF);
    stdin.setRawMode?.(false);
  }

  function restore(): void {
    if (!isOurs) return;
    isOurs = false;
    process.off('exit', restore);
    stdin.off('data', listen);
    giveBack();
    stdin.pause();
    stdin.unref?.();
  }
}
