import type { Line } from '../view.ts';
import { plainLine } from './plain.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML and HTML, in an element or an attribute in double quotes. */
export const escapeXml = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

/** Lines in one `<pre>`: a message of Telegram in its HTML style. */
export const paintHtml = (lines: readonly Line[]): string =>
  `<pre>${lines.map((line) => escapeXml(plainLine(line))).join('\n')}</pre>`;
