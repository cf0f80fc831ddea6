import { readFileSync } from 'node:fs';

/** The version of the product, as its package says. */
export const BUILD: string = (
  JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { readonly version: string }
).version;
