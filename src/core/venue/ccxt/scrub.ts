import type { ApiKey } from '../exchange.ts';

const CUT = 240;
// C0, C1 and bidirectional controls: what a venue says is shown on a terminal.
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
/** What JSON writes in another way; a backslash that is meant is one, too. */
const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|[^u])/g;
const QUERY = /\?[^\s"'<>]*/g;
const SECRET_FIELD =
  /\b(signature|sign|listenKey|api-?key|secret|passphrase|token)(["']?\s*[=:]\s*["']?)[^\s"'&,}<>]+/gi;
const LOGIN = /\/\/[^\s/@]+@/g;

/** What cleans a text of everything that belongs to a key, of queries and of controls, and cuts it short. */
export type Scrub = (text: string) => string;

export function scrubber(key: ApiKey | undefined): Scrub {
  const secrets = [key?.apiKey, key?.secret, key?.passphrase].filter((part) => part !== undefined && part.length > 3);
  return (text) => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret as string, '***');
    clean = clean.replace(QUERY, '').replace(SECRET_FIELD, '$1$2***').replace(LOGIN, '//***@');
    clean = clean.replace(CONTROLS, ' ').trim();
    return clean.length > CUT ? `${clean.slice(0, CUT)}...` : clean;
  };
}

/**
 * JSON of a venue without controls in its texts, written out or escaped: names of assets and ids of orders go to terminals
 * and through pipes as they are. Its numbers stay as they were written.
 */
export function harmlessJson(json: string): string {
  const plain = json.replace(CONTROLS, ' ');
  if (!plain.includes('\\')) return plain;
  const isControl = (written: string): boolean => String(JSON.parse(`"${written}"`)).replace(CONTROLS, '') === '';
  return plain.replace(ESCAPE, (written) => (isControl(written) ? ' ' : written));
}

/** A key as it may be shown: its first and last four characters. */
export const keyName = (apiKey: string): string =>
  apiKey.length < 12 ? `${apiKey.slice(0, 2)}...` : `${apiKey.slice(0, 4)}...${apiKey.slice(-4)}`;
