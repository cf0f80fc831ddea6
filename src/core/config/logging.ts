import type { Logger } from 'pino';
import { type LogFields, PlainFields } from './logging-fields.ts';
import type { LogSink } from './logging-file.ts';
import { type Repeated, Repeats } from './logging-repeats.ts';
import type { Redactor } from './redact.ts';

/** From everything to nothing. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Writes JSON lines: `{"level":"warn","at":1700000000000,"message":"...", ...fields}`, `at` in ms.
 * Put what tells two warnings apart into the message: warnings and errors of one message within a window are one line and
 * a count (`repeated`, `firstAt`, `lastAt`). The level is that of the whole log, whichever `with` it is changed on.
 */
export interface Log {
  level: LogLevel;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log with more fields on every line. */
  with(fields: LogFields): Log;
  /** Writes all counts and closes the sink. */
  close(): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly sink: LogSink;
  /** The process's one redactor: every line passes it last. */
  readonly redactor: Redactor;
  /** The instant in ms, never going back. */
  readonly now: () => number;
  /** On every line, such as the profile and the process. */
  readonly fields?: LogFields;
  /** How long equal warnings count as one storm. */
  readonly repeatWindowMs?: number;
  /** Calls back after a time; the default does not keep the process alive for it. */
  readonly wake?: (delayMs: number, run: () => void) => void;
}

/** Opens a log. pino is loaded here and not before: a command that logs nothing does not pay for it. */
export async function openLog(options: LogOptions): Promise<Log> {
  const { pino } = await import('pino');
  const lines = new Lines(options, (write) =>
    pino(
      {
        level: options.level,
        base: null,
        messageKey: 'message',
        timestamp: () => `,"at":${options.now()}`,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write },
    ),
  );
  return logWith(lines, options.fields ?? {});
}

function logWith(lines: Lines, base: LogFields): Log {
  return {
    get level() {
      return lines.writer.level as LogLevel;
    },
    set level(level) {
      lines.writer.level = level;
    },
    debug: (message, fields) => lines.write('debug', message, base, fields),
    info: (message, fields) => lines.write('info', message, base, fields),
    warn: (message, fields) => lines.writeOnce('warn', message, base, fields),
    error: (message, fields) => lines.writeOnce('error', message, base, fields),
    with: (fields) => logWith(lines, { ...base, ...fields }),
    close: () => lines.close(),
  };
}

type Speaking = Exclude<LogLevel, 'silent'>;
interface About {
  readonly level: Speaking;
  readonly message: string;
  readonly base: LogFields;
}

const WINDOW_MS = 10_000;
const LINE_MAX = 64 * 1024;

/** What all `with` of one log share: the writer, the storms and the sink. */
class Lines {
  readonly writer: Logger;
  readonly #options: LogOptions;
  readonly #fields: PlainFields;
  readonly #repeats: Repeats<About>;
  #isWakePlanned = false;
  #lost = 0;

  constructor(options: LogOptions, createWriter: (write: (line: string) => void) => Logger) {
    this.#options = options;
    this.#fields = new PlainFields(options.redactor.redact);
    this.#repeats = new Repeats(options.repeatWindowMs ?? WINDOW_MS);
    this.writer = createWriter((line) => this.#deliver(line));
  }

  write(level: Speaking, message: string, base: LogFields, fields: LogFields = {}): void {
    if (this.writer.isLevelEnabled(level)) this.writer[level](this.#fields.of({ ...base, ...fields }), message);
  }

  /** `write`, or a count where the same was said a moment ago. */
  writeOnce(level: Speaking, message: string, base: LogFields, fields: LogFields = {}): void {
    if (!this.writer.isLevelEnabled(level)) return;
    this.#sweep();
    const key = `${level} ${message} ${kindOfError(fields)}`;
    if (this.#repeats.admit(key, this.#options.now(), { level, message, base }))
      this.write(level, message, base, fields);
    else this.#planWake();
  }

  close(): void {
    for (const repeated of this.#repeats.drain()) this.#count(repeated);
    this.#options.sink.close();
  }

  #sweep(): void {
    for (const repeated of this.#repeats.ended(this.#options.now())) this.#count(repeated);
  }

  #count({ about, times, firstAt, lastAt }: Repeated<About>): void {
    this.write(about.level, about.message, about.base, { repeated: times, firstAt, lastAt });
  }

  /** A storm that ends in silence still gets its count. */
  #planWake(): void {
    const dueAt = this.#repeats.dueAt();
    if (this.#isWakePlanned || dueAt === undefined) return;
    this.#isWakePlanned = true;
    const { now, wake = wakeLater } = this.#options;
    wake(dueAt - now(), () => {
      this.#isWakePlanned = false;
      this.#sweep();
      this.#planWake();
    });
  }

  #deliver(line: string): void {
    const { redactor, sink } = this.#options;
    const safe = redactor.redact(line);
    if (!sink.write(safe.length > LINE_MAX ? shortened(safe) : safe)) this.#lost++;
    else if (this.#lost > 0) {
      const lost = this.#lost;
      this.#lost = 0;
      this.writer.error({ lost }, 'log lines were lost: the disk or the pipe did not take them');
    }
  }
}

function wakeLater(delayMs: number, run: () => void): void {
  setTimeout(run, delayMs).unref();
}

/** What tells one failure from another under the same message, without the numbers and ids that change each time. */
function kindOfError(fields: LogFields): string {
  const error = Object.values(fields).find((value) => value instanceof Error);
  if (error === undefined) return '';
  return `${error.name} ${error.message.slice(0, 200).replace(/[0-9a-f]{8,}|\d+/gi, '#')}`;
}

/** A line too long for any reader keeps its head and its beginning: still JSON, and it says that it was cut. */
function shortened(line: string): string {
  const head = /^\{"level":"\w+","at":\d+/.exec(line)?.[0] ?? '{"level":"error"';
  const rest = JSON.stringify({
    message: 'a log line was too long',
    cut: line.length,
    start: line.slice(0, LINE_MAX / 4),
  });
  return `${head},${rest.slice(1)}\n`;
}
