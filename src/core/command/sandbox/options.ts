import { accept, type OptionSpec, reject } from '../argv/spec.ts';

/** Texts, one for each time that it is given. */
export const texts = (
  about: string,
  of: { readonly type: string; readonly placeholder: string; readonly expects: string; readonly example: string },
): OptionSpec<readonly string[]> => ({
  ...of,
  about,
  required: false,
  repeated: true,
  read: (given) => (given.some((text) => text.trim() === '') ? reject() : accept(given)),
});

/** The port of USDS-M where nothing is said. */
export const PORT = '9800';
