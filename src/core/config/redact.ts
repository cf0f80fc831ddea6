/**
 * The one redactor of all sinks: logs, journal, socket, Telegram and crash output pass their text through `redact`.
 * It knows secrets in two ways: by their exact value, registered when they are read, and by the shapes in which exchanges,
 * HTTP clients and bots leak them (a name and a separator, a bot token, a private key).
 */
export interface Redactor {
  /** Text without its secrets. JSON stays JSON; text without secrets comes back unchanged. */
  redact(text: string): string;
  /** Text without the secrets that are known by their value; what merely looks like one stays. For output of commands. */
  hide(text: string): string;
  /** Makes a secret known by its value, also where it is percent-encoded, JSON-escaped or in base64. */
  register(secret: string): void;
}

export const REDACTED = '[redacted]';

/** A value this short, or of digits only, is hidden as a whole word: it would eat other text and numbers. */
const LENGTH_SHORT = 6;

/** Names whose value is secret. `s?` at most may follow, so `tokenCount` is none. */
const NAMES =
  'api[-_ ]?key|api[-_ ]?secret|secret(?:[-_ ]?key)?|private[-_ ]?key|access[-_ ]?key|listen[-_ ]?key|token|signature' +
  '|pass(?:word|phrase|wd)|credential|authorization|cookie';
/** Headers whose value is all that follows on the line: it may hold spaces, `=` and `;`. */
const HEADER = /^(?:authorization|cookie|api[-_ ]?key)$/i;
/** A name, the quote that may end it, and what stands between a name and its value. */
const NAMED = new RegExp(`(${NAMES})s?(\\\\*["'\`])?(\\s*(?:=>|[:=]|%3D|%3A)\\s*|\\s*,\\s*(?=\\\\*["'\`]))`, 'gi');

const BOT_TOKEN = /(?<!\d)\d{8,}(?::|%3A)[A-Za-z0-9_-]{35}/gi;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^"'`]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=["'`])|$)/g;
/** `scheme://user:password@host` and a bare `Bearer ...`, wherever they stand. */
const USERINFO = /(:\/\/[^\s/:@"'\\]{0,200}:)[^\s/@"'\\]{1,200}(?=@)/g;
const BEARER = /\b(bearer|basic)(\s+)[A-Za-z0-9._~+/=-]{8,}/gi;

/** Makes a redactor that knows no value yet. One a process: a secret that is registered is hidden in every sink. */
export function createRedactor(): Redactor {
  const values = new Set<string>();
  let known: RegExp | undefined;
  const hide = (text: string): string => (known === undefined ? text : text.replace(known, REDACTED));
  return {
    register(secret) {
      const before = values.size;
      for (const form of formsOf(secret.trim())) values.add(form);
      if (values.size > before) known = anyOf([...values]);
    },
    hide,
    redact: (text) => redactShapes(hide(text)),
  };
}

/** The redactor of this process: keys make themselves known to it when they are loaded, and every sink asks it. */
export const processRedactor: Redactor = createRedactor();

/** How a secret may be written: as it is, in URLs, in JSON and JSON in JSON, and in base64. */
function formsOf(secret: string): string[] {
  if (secret === '') return [];
  const escaped = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const urlLower = url.replace(/%../g, (code) => code.toLowerCase());
  const base64 = Buffer.from(secret).toString('base64');
  const base64url = Buffer.from(secret).toString('base64url');
  const twice = JSON.stringify(escaped).slice(1, -1);
  return [secret, escaped, twice, url, urlLower, url.replaceAll('%20', '+'), base64, base64url];
}

function anyOf(values: readonly string[]): RegExp {
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  const patterns = longestFirst.map((value) => {
    const literal = value.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    const isWord = value.length < LENGTH_SHORT || /^\d+$/.test(value);
    return isWord ? `(?<![A-Za-z0-9])${literal}(?![A-Za-z0-9])` : literal;
  });
  return new RegExp(patterns.join('|'), 'g');
}

function redactShapes(text: string): string {
  return redactNamed(text.replace(PRIVATE_KEY, REDACTED).replace(BOT_TOKEN, REDACTED))
    .replace(USERINFO, `$1${REDACTED}`)
    .replace(BEARER, `$1$2${REDACTED}`);
}

/** Walks over the names; each value is replaced up to where its own syntax ends it. Linear in the text. */
function redactNamed(text: string): string {
  let result = '';
  let done = 0;
  NAMED.lastIndex = 0;
  for (let match = NAMED.exec(text); match !== null; match = NAMED.exec(text)) {
    const [found, name = '', quote = '', separator = ''] = match;
    const start = match.index + found.length;
    const end = valueEnd(text, start, name, quote, separator);
    if (end > start) {
      result += text.slice(done, start) + replacement(text, start, end, quote);
      done = end;
    }
    NAMED.lastIndex = Math.max(start, end);
  }
  return done === 0 ? text : result + text.slice(done);
}

/** Keeps quotes as they are and gives a bare JSON value (`"token": 12`) those of its name, so that JSON stays JSON. */
function replacement(text: string, start: number, end: number, quoteOfName: string): string {
  const quote = quoteAt(text, start);
  if (quote !== '') return quote + REDACTED + (text.slice(start, end).endsWith(quote) ? quote : '');
  return quoteOfName + REDACTED + quoteOfName;
}

/** Where the value ends that begins at `start`; `start` itself where there is none worth hiding. */
function valueEnd(text: string, start: number, name: string, quoteOfName: string, separator: string): number {
  if (text.startsWith(REDACTED, start)) return start;
  const quote = quoteAt(text, start);
  if (quote !== '') {
    const end = quotedEnd(text, start + quote.length, quote);
    // A list of raw headers holds name, value, name, value; in other lists what follows a name is no secret.
    return separator.includes(',') && (!HEADER.test(name) || /^\s*:/.test(text.slice(end, end + 9))) ? start : end;
  }
  if (text[start] === '[') return after(text, /\]/g, start);
  const isColon = separator.includes(':');
  if (isColon && quoteOfName === '' && HEADER.test(name)) return before(text, /[\r\n"'`\\]/g, start);
  const end = before(text, /[\s&"'`\\,;<>(){}\]]|%26/g, start);
  const word = text.slice(start, end);
  if (/^(?:null|undefined|true|false)$/.test(word)) return start;
  return isColon && quoteOfName === '' && !looksSecret(word) ? start : end;
}

/** Prose has names and colons too (`token: expected 35 characters`); a secret has digits or is long. */
const looksSecret = (word: string): boolean => (word.length >= LENGTH_SHORT && /\d/.test(word)) || word.length >= 16;

/** The quote at `at` with the backslashes of the JSON texts around it, or ''. */
function quoteAt(text: string, at: number): string {
  let end = at;
  while (text[end] === '\\') end++;
  return text[end] === '"' || text[end] === "'" || text[end] === '`' ? text.slice(at, end + 1) : '';
}

/** A quote inside the value has more backslashes than the one that opened it. */
function quotedEnd(text: string, from: number, quote: string): number {
  const depth = quote.length - 1;
  for (let at = text.indexOf(quote[depth] ?? '', from); at >= 0; at = text.indexOf(quote[depth] ?? '', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\' && at - slashes > from) slashes++;
    if (slashes <= depth) return at + 1;
  }
  return text.length;
}

function before(text: string, stop: RegExp, from: number): number {
  stop.lastIndex = from;
  return stop.exec(text)?.index ?? text.length;
}

function after(text: string, stop: RegExp, from: number): number {
  const end = before(text, stop, from);
  return Math.min(end + 1, text.length);
}
