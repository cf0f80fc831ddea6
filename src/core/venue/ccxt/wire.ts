import { AsyncLocalStorage } from 'node:async_hooks';
import type { Timers } from '../exchange.ts';
import type { RateBudget } from './budget.ts';
import { carryRequests } from './carrier.ts';
import { classifyClass } from './classes.ts';
import { BAN_MS_MAX, classify, headerOf } from './classify.ts';
import type { CcxtClient } from './client.ts';
import type { Family } from './codes.ts';
import { isAllowed } from './endpoint.ts';
import { Failure, problemOf, type Verdict } from './problem.ts';
import { harmlessJson, type Scrub } from './scrub.ts';
import { type Asked, classifyError, placeOf } from './transport.ts';

/** What a request needs beside ccxt. */
export interface WireSettings {
  readonly family: Family;
  readonly base: string | undefined;
  readonly proxy: string | undefined;
  readonly timeoutMs: number;
  readonly timers: Timers;
  readonly budget: RateBudget;
  readonly scrub: Scrub;
}

const BODY_MAX = 64 * 1024 * 1024;
const BAN_MS_MIN = 120_000;

/**
 * Puts the project's judgement between ccxt and the network: what may be asked at all, how long it may take, and what each
 * answer means. ccxt builds and signs requests, carries them and reads good answers. Members that a subclass would override
 * are replaced on the object, so that one request goes fetch -> undiciRequest -> handleRestResponse -> onRestResponse.
 */
export function attachWire(client: CcxtClient, settings: WireSettings): void {
  const { timers } = settings;
  client.milliseconds = () => Math.floor(timers.wall());
  boundDispatcher(client, settings.timeoutMs);
  carryRequests(client);
  judgeTransport(client, settings);
  judgeAnswers(client, settings);
  const fetch = client.fetch.bind(client);
  client.fetch = async (url, method = 'GET', headers, body) => {
    gate(url, settings);
    const startedAt = timers.mono();
    try {
      const answer = await inTime(fetch(url, method, headers, body), asked(settings, url, method), settings);
      settings.budget.done(timers.mono() - startedAt, undefined);
      return answer;
    } catch (error) {
      const failure = failureOf(error, settings);
      const { problem, found } = failure.problem;
      settings.budget.done(timers.mono() - startedAt, `${problem} ${found}`);
      throw failure;
    }
  };
}

/** Any error as a failure: what ccxt threw by itself is judged by its class. */
export function failureOf(error: unknown, settings: WireSettings): Failure {
  return error instanceof Failure ? error : failed(classifyClass(error), settings);
}

const asked = ({ proxy, timeoutMs }: WireSettings, url: string, method: string): Asked => ({
  method,
  url,
  proxy,
  timeoutMs,
});

/** Throws where nothing may be asked now, or not at this address. */
function gate(url: string, settings: WireSettings): void {
  const no = settings.budget.refusal;
  if (no !== undefined) throw new Failure(no);
  if (isAllowed(url, settings.base)) return;
  const expected = settings.base ?? 'https at a host of the exchange';
  const found = settings.scrub(placeOf(url));
  throw new Failure(problemOf({ code: 'REFUSED', found, fix: 'this question is not for this endpoint' }, { expected }));
}

/** Bounds each phase of a request and the size of an answer, on direct ways and through a proxy alike. */
function boundDispatcher(client: CcxtClient, timeoutMs: number): void {
  const options = client.getDispatcherOptions.bind(client);
  client.getDispatcherOptions = (isPlainAgent) => ({
    ...options(isPlainAgent),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    maxResponseSize: BODY_MAX,
  });
}

/** One request on the wire: when it was sent by our wall clock, and how long until the head of its answer was here. */
export interface Trip {
  sentAt: number;
  tookMs: number;
}

const trips = new AsyncLocalStorage<Trip>();

/** Runs a question of one request and measures that request alone: without waiting for a turn, signing and parsing. */
export async function onTrip<T>(question: () => Promise<T>): Promise<Trip & { readonly answer: T }> {
  const trip: Trip = { sentAt: Number.NaN, tookMs: Number.NaN };
  const answer = await trips.run(trip, question);
  return { ...trip, answer };
}

/** Reads transport errors before ccxt puts them into words: it loses the code of some. */
function judgeTransport(client: CcxtClient, settings: WireSettings): void {
  const request = client.undiciRequest.bind(client);
  client.undiciRequest = async (url, params) => {
    const trip = trips.getStore();
    const sentAt = settings.timers.wall();
    const startedAt = settings.timers.mono();
    try {
      const head = await request(url, params);
      if (trip !== undefined) Object.assign(trip, { sentAt, tookMs: settings.timers.mono() - startedAt });
      return head;
    } catch (error) {
      throw failed(classifyError(error, asked(settings, url, methodOf(params)), false), settings);
    }
  };
  const read = client.handleRestResponse.bind(client);
  client.handleRestResponse = async (response, ...rest) => {
    try {
      return await read(response, ...rest);
    } catch (error) {
      if (error instanceof Failure || !isBodyError(error)) throw error;
      const [url, method] = rest;
      throw failed(classifyError(error, asked(settings, String(url), String(method)), true), settings);
    }
  };
}

const methodOf = (params: unknown): string =>
  typeof params === 'object' && params !== null ? String(Reflect.get(params, 'method')) : 'GET';

/** The stream of the body broke: such errors carry a code, ccxt's own do not. */
const isBodyError = (error: unknown): boolean =>
  error instanceof Error && (typeof Reflect.get(error, 'code') === 'string' || error.name === 'AbortError');

/** Every answer is judged here, before ccxt reads it: what passes is JSON without an error or a control of the venue in it. */
function judgeAnswers(client: CcxtClient, settings: WireSettings): void {
  client.onRestResponse = (status, _reason, _url, _method, headers, body) => {
    hearBudget(settings.budget, headers, body);
    const verdict = classify(settings.family, { status, headers, body });
    if (verdict !== undefined) throw failed(verdict, settings);
    return harmlessJson(body.trim());
  };
}

/** What an answer tells of the weight used and of its limit. */
function hearBudget(budget: RateBudget, headers: Readonly<Record<string, string>>, body: string): void {
  const used = headerOf(headers, 'x-mbx-used-weight-1m');
  if (used !== undefined) budget.heardWeight(Number(used));
  // Exchange information tells the limit of a minute; ccxt drops it.
  const rule = /\{[^{}]*"REQUEST_WEIGHT"[^{}]*\}/.exec(body.slice(0, 4_000))?.[0];
  if (rule !== undefined) budget.heardLimit(Number(/"limit":\s*(\d+)/.exec(rule)?.[1]));
}

/** A verdict as a failure; a silence that it asks for begins. */
function failed(verdict: Verdict, { budget, scrub, timers }: WireSettings): Failure {
  const found = scrub(verdict.found);
  const now = timers.wall();
  if (verdict.silentMs === undefined && verdict.silentUntil === undefined) {
    return new Failure(problemOf({ ...verdict, found }));
  }
  const told =
    verdict.silentUntil === undefined ? now + (verdict.silentMs ?? 0) : verdict.silentUntil - budget.offsetMs;
  // An end in the past is no end: the shortest ban holds instead.
  const silentUntil = Math.min(told <= now ? now + BAN_MS_MIN : told, now + BAN_MS_MAX);
  const problem = problemOf({ ...verdict, found }, { silentUntil });
  budget.silence(silentUntil, problem);
  return new Failure(problem);
}

/** Ends a question that takes too long as a whole: ccxt's own time-out ends with the head of the answer. */
async function inTime<T>(answer: Promise<T>, what: Asked, settings: WireSettings): Promise<T> {
  let stop = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    stop = settings.timers.after(what.timeoutMs, () => {
      const found = `no whole answer to ${what.method} ${placeOf(what.url)} in ${what.timeoutMs} ms`;
      reject(failed({ code: 'TIMED_OUT', found }, settings));
    });
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    stop();
  }
}
