/** Node's cryptography, loaded when it is first used: 5 to 9 ms of a command that has no use for it. */
export const nodeCrypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');
