const SECRET =
  /(^|-)((api|access|private|secret|listen)-?keys?|(api-?)?secrets?|tokens?|password|passwd|passphrase|credentials?)(-|$)|^keys?$/;

/** Whether a value of this name would be a secret: `apiKey`, `api_secret`, `token`, `passphrase`; not `keyLevels`. */
export const isSecretName = (name: string): boolean =>
  SECRET.test(
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .replace(/[_. ]/g, '-')
      .toLowerCase(),
  );
