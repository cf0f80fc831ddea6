import * as z from 'zod';
import { ENDPOINT_EXPECTED, EXCHANGE_NAME, isLoopback, isProxy, PROXY_EXPECTED } from './exchanges.ts';
import { type Key, LIMIT_KEYS, RUN_KEYS, SHARED_KEYS } from './keys.ts';
import { API_EXPECTED, isApiUrl } from './telegram.ts';
import { isWebhookUrl, WEBHOOK_EXPECTED } from './webhook.ts';

function schemaOf() {
  const scalar = z.union([z.string(), z.number(), z.boolean()]);
  const table = (keys: readonly Key[]) =>
    z.strictObject(Object.fromEntries(keys.map((key) => [key.name, choiceOf(key).optional()])));
  const profile = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
  return z.strictObject({
    ...table(SHARED_KEYS).shape,
    limits: z.strictObject(Object.fromEntries(LIMIT_KEYS.map((key) => [key.name, limitOf(key).optional()]))).optional(),
    run: table(RUN_KEYS).optional(),
    profiles: z.record(profile, table(RUN_KEYS)).optional(),
    params: z.record(z.string(), z.record(z.string(), scalar)).optional(),
    exchanges: z.record(z.string().regex(EXCHANGE_NAME), exchangeOf()).optional(),
    alerts: z.strictObject({ webhook: webhookOf().optional() }).optional(),
    telegram: telegramOf().optional(),
  });
}

function choiceOf({ choices, example }: Key) {
  const scalar = z.union([z.string(), z.number(), z.boolean()], { error: `a value such as ${example}` });
  if (choices === undefined) return scalar;
  return scalar.refine((value) => choices.includes(String(value)), { error: `one of ${choices.join(', ')}` });
}

function exchangeOf() {
  const text = (error: string, isFit: (value: string) => boolean) =>
    z.string({ error }).refine(isFit, { error }).optional();
  return z.strictObject({ endpoint: text(ENDPOINT_EXPECTED, isLoopback), proxy: text(PROXY_EXPECTED, isProxy) });
}

function webhookOf() {
  const error = WEBHOOK_EXPECTED;
  return z.strictObject({
    url: z.string({ error }).refine(isWebhookUrl, { error }),
    'auth-file': z.string({ error: 'the path of a file' }).min(1, { error: 'the path of a file' }).optional(),
  });
}

function telegramOf() {
  const text = (error: string, isFit: (value: string) => boolean) =>
    z.string({ error }).refine(isFit, { error }).optional();
  const toggle = z.literal([true, false], { error: 'true or false' }).optional();
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
    .union([z.string(), z.number()], { error })
    .refine((value) => (isLeverage ? inside(String(value), 1, 20) : isShare(String(value))), { error });
}

const inside = (text: string, from: number, to: number): boolean =>
  /^\d{1,3}(\.\d{1,6})?$/.test(text) && Number(text) >= from && Number(text) <= to;
const isShare = (text: string): boolean => {
  const value = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(text)?.[1];
  return value !== undefined && Number(value) > 0 && Number(value) <= 100;
};

/** What a configuration file may hold. Loaded where there is a file: it takes the longest of reading one. */
export const SCHEMA = schemaOf();
