import type { KeyPorts } from '../command/keys/ports.ts';
import { isRefusal } from '../command/refusal.ts';
import { endpointOf } from '../config/exchanges.ts';
import { findKey } from '../config/secrets/find.ts';
import { isSandboxKey, isSecretProblem } from '../config/secrets/key.ts';
import { passphraseOf } from '../config/secrets/places.ts';
import { listKeys, removeKey, storeKey } from '../config/secrets/store.ts';
import type { KeyRights } from '../venue/exchange.ts';
import { isVenueProblem } from '../venue/exchange.ts';
import { configPorts } from './config.ts';
import { openAt, refusalOfSecret, refusalOfVenue } from './exchange-rest.ts';
import type { Paths } from './paths.ts';
import { secretPlaces } from './secret-places.ts';

const UNTOLD: KeyRights = { canRead: null, canTrade: null, canWithdraw: null, isBoundToIp: null, positionMode: null };

/** Keys in the places of this user, checked at the exchange as the configuration reaches it. */
export function keyPorts(paths: Paths, env: Readonly<Record<string, string | undefined>>): KeyPorts {
  const places = secretPlaces(paths, env);
  return {
    list: () => listKeys(places),
    async find(exchange, ask) {
      const found = await findKey(exchange, { ...places, ask });
      return isSecretProblem(found) ? refusalOfSecret(found) : found;
    },
    async check(given) {
      const { exchange, apiKey, secret, passphrase } = given;
      for (const each of [apiKey, secret, passphrase ?? '']) places.register(each);
      const config = await configPorts(paths, env).load();
      if (isRefusal(config)) return config;
      const key = { ...given, from: 'file', isSandbox: isSandboxKey(apiKey) } as const;
      const rest = await openAt(exchange, endpointOf(config, env, exchange), key);
      if (isRefusal(rest)) return rest;
      try {
        const rights = await rest.keyRights();
        if (!isVenueProblem(rights)) return rights;
        return rights.problem === 'NOT_SUPPORTED' ? UNTOLD : refusalOfVenue(rights);
      } finally {
        await rest.close();
      }
    },
    async whyNoKeyring() {
      const keyring = await places.keyring();
      return typeof keyring === 'string' ? keyring : undefined;
    },
    async passphrase() {
      const found = await passphraseOf(places, '');
      return isSecretProblem(found) ? refusalOfSecret(found) : found;
    },
    async add(key, place, passphrase) {
      const answer = await storeKey({ ...key, addedAt: Date.now() }, place, places, passphrase);
      return isSecretProblem(answer) ? refusalOfSecret(answer) : answer;
    },
    async remove(exchange) {
      const answer = await removeKey(exchange, places);
      return isSecretProblem(answer) ? refusalOfSecret(answer) : answer;
    },
  };
}
