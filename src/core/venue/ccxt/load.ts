import { existsSync, readdirSync } from 'node:fs';
import { editDistance } from '../../base/edits.ts';
import type { VenueProblem } from '../exchange.ts';
import type { CcxtClient } from './client.ts';

/** A name that may become a part of a file name: nothing else of what a user types ever does. */
const NAME = /^[a-z0-9]{2,40}$/;

/** Makes one exchange object. */
export type CcxtClass = new (settings: Readonly<Record<string, unknown>>) => CcxtClient;

/** Names of all exchanges that ccxt has, from its folder: nothing of it is loaded. */
export function exchangeNames(): readonly string[] {
  return readdirSync(sourceFolder())
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3))
    .sort();
}

// `exports` of ccxt has only the whole of it (390 ms, 148 MB); one class takes 143 ms and 82 MB.
const sourceFolder = (): URL => new URL('./src/', import.meta.resolve('ccxt'));

/** Loads the class of one exchange and nothing else of ccxt. `pro`: the one that streams; a problem where it has none. */
export async function loadExchange(exchange: string, kind: 'rest' | 'pro' = 'rest'): Promise<CcxtClass | VenueProblem> {
  const names = exchangeNames();
  if (!NAME.test(exchange) || !names.includes(exchange)) return unknownExchange(exchange, names);
  const file = new URL(kind === 'pro' ? `./pro/${exchange}.js` : `./${exchange}.js`, sourceFolder());
  if (!existsSync(file)) {
    const expected = 'an exchange whose streams ccxt reads';
    return { problem: 'NOT_SUPPORTED', expected, found: exchange, fix: 'its prices are polled' };
  }
  const module: { readonly default: CcxtClass } = await import(/* @vite-ignore */ file.href);
  return module.default;
}

function unknownExchange(exchange: string, names: readonly string[]): VenueProblem {
  const near = nearNames(exchange.toLowerCase(), names);
  return {
    problem: 'NOT_SUPPORTED',
    expected: 'the name of an exchange as ccxt has it, such as binanceusdm or kraken',
    found: `"${exchange.replace(/[^\w .-]/g, '?').slice(0, 40)}"`,
    fix: near.length > 0 ? `did you mean ${near.join(', ')}?` : `take one of its ${names.length} names`,
  };
}

/** Up to three names that are few edits away, or that begin with it; the nearest first. */
export function nearNames(text: string, names: readonly string[]): readonly string[] {
  const limit = text.length <= 4 ? 1 : 2;
  return names
    .map((name) => ({
      name,
      edits: name.startsWith(text) && text.length >= 3 ? 0 : editDistance(text.slice(0, 40), name),
    }))
    .filter((near) => near.edits <= limit)
    .sort((a, b) => a.edits - b.edits || a.name.length - b.name.length || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map((near) => near.name);
}
