import * as z from 'zod/mini';
import { ENDPOINT_EXPECTED, EXCHANGE_NAME, isLoopback, isProxy, PROXY_EXPECTED } from './exchanges.ts';
import { type Key, LIMIT_KEYS, RUN_KEYS, SHARED_KEYS } from './keys.ts';
import { API_EXPECTED, isApiUrl } from './telegram.ts';
import { isWebhookUrl, WEBHOOK_EXPECTED } from './webhook.ts';

const TEXT = z.string();
const SCALARS = [TEXT, z.number(), z.boolean()] as const;
const SCALAR = z.union(SCALARS);

function schemaOf() {
  const table = (keys: readonly Key[]) =>
    z.strictObject(Object.fromEntries(keys.map((key) => [key.name, z.optional(choiceOf(key))])));
  const profile = TEXT.check(z.regex(/^[a-z0-9][a-z0-9-]{0,31}$/));
  const run = table(RUN_KEYS);
  return z.strictObject({
    ...table(SHARED_KEYS).shape,
    limits: z.optional(
      z.strictObject(Object.fromEntries(LIMIT_KEYS.map((key) => [key.name, z.optional(limitOf(key))]))),
    ),
    run: z.optional(run),
    profiles: z.optional(z.record(profile, run)),
    params: z.optional(z.record(TEXT, z.record(TEXT, SCALAR))),
    exchanges: z.optional(z.record(TEXT.check(z.regex(EXCHANGE_NAME)), exchangeOf())),
    alerts: z.optional(z.strictObject({ webhook: z.optional(webhookOf()) })),
    telegram: z.optional(telegramOf()),
  });
}

function choiceOf({ choices, example }: Key) {
  const scalar = z.union(SCALARS, { error: `a value such as ${example}` });
  if (choices === undefined) return scalar;
  return scalar.check(z.refine((value) => choices.includes(String(value)), { error: `one of ${choices.join(', ')}` }));
}

function exchangeOf() {
  const text = (error: string, isFit: (value: string) => boolean) =>
    z.optional(z.string({ error }).check(z.refine(isFit, { error })));
  return z.strictObject({ endpoint: text(ENDPOINT_EXPECTED, isLoopback), proxy: text(PROXY_EXPECTED, isProxy) });
}

function webhookOf() {
  const error = WEBHOOK_EXPECTED;
  const file = 'the path of a file';
  return z.strictObject({
    url: z.string({ error }).check(z.refine(isWebhookUrl, { error })),
    'auth-file': z.optional(z.string({ error: file }).check(z.minLength(1, { error: file }))),
  });
}

function telegramOf() {
  const text = (error: string, isFit: (value: string) => boolean) =>
    z.optional(z.string({ error }).check(z.refine(isFit, { error })));
  const toggle = z.optional(z.literal([true, false], { error: 'true or false' }));
  return z.strictObject({
    api: text(API_EXPECTED, isApiUrl),
    proxy: text(PROXY_EXPECTED, isProxy),
    groups: toggle,
    'raises-risk': toggle,
  });
}

/** A share above 0 % and at most 100 %, or a leverage from 1 to 20. */
function limitOf({ name }: Key) {
  const isLeverage = name === 'leverage';
  const error = isLeverage ? 'a leverage from 1 to 20 such as 5' : 'a share above 0% and at most 100% such as "2%"';
  return z
    .union([TEXT, SCALARS[1]], { error })
    .check(z.refine((value) => (isLeverage ? inside(String(value), 1, 20) : isShare(String(value))), { error }));
}

const inside = (text: string, from: number, to: number): boolean =>
  /^\d{1,3}(\.\d{1,6})?$/.test(text) && Number(text) >= from && Number(text) <= to;
const isShare = (text: string): boolean => {
  const value = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(text)?.[1];
  return value !== undefined && Number(value) > 0 && Number(value) <= 100;
};

/** What a configuration file may hold. Loaded where there is a file: it takes the longest of reading one. */
export const SCHEMA = schemaOf();
