import { dirname, resolve } from 'node:path';
import { outboxOf } from '../alert/outbox.ts';
import { text } from '../base/decimal.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import { processRedactor } from '../config/redact.ts';
import { isSecretProblem } from '../config/secrets/key.ts';
import { readPrivate } from '../config/secrets/private-file.ts';
import { shownUrl, type Webhook } from '../config/webhook.ts';
import type { Host } from '../control/host.ts';
import type { OpenAlert } from '../domain/alert.ts';
import type { AnyEntry } from '../domain/entry.ts';
import { alertText } from '../view/alert.ts';

const SINK = 'webhook';
const SCHEMA = 'dzentra.alert/1';

/** Where alerts go, with what opens the door. */
export interface WebhookTarget {
  readonly url: string;
  readonly bearer?: string | undefined;
}

/** Reads the file that the webhook names beside the configuration; its secret is known to every sink from then on. */
export async function webhookTarget(webhook: Webhook, configFile: string): Promise<WebhookTarget | Refusal> {
  const { url, authFile } = webhook;
  const { pathname, search } = new URL(url);
  if (pathname.length > 1) processRedactor.register(`${pathname}${search}`);
  if (authFile === undefined) return { url };
  const path = resolve(dirname(configFile), authFile);
  const found = await readPrivate(path);
  if (isSecretProblem(found)) return refusal(2, 'BAD_CONFIG', found.expected, found.found, found.fix);
  const bearer = found?.trim() ?? '';
  if (!/^[\x21-\x7e]+$/.test(bearer)) {
    const was = found === undefined ? `no file ${path}` : 'no such text';
    return refusal(2, 'BAD_CONFIG', 'a file with one word for the webhook', was, `write it to ${path}, mode 0600`);
  }
  processRedactor.register(bearer);
  return { url, bearer };
}

/** What the webhook needs beside its target. */
export interface WebhookOptions {
  /** Something went wrong, or is well again, in a sentence. */
  readonly note: (text: string) => void;
  /** An answer that takes longer is none. */
  readonly timeoutMs?: number | undefined;
  /** The first wait after a failure; it doubles up to a minute. */
  readonly backoffMs?: number | undefined;
}

const TIMEOUT_MS = 10_000;
const BACKOFF_MS = 1_000;
const BACKOFF_MS_MAX = 60_000;

/** Posts what the outbox holds until it is ended; the engine never waits for it. */
export interface WebhookSink {
  close(): Promise<void>;
}

/**
 * Sends alerts one by one, HIGH first, each until it was taken with a 2xx; that is journaled, so that none is lost over
 * restarts. One that may have been taken before (no answer came, or an earlier process may have sent it) says `isRepeat`.
 */
export function startWebhook(host: Host, target: WebhookTarget, options: WebhookOptions): WebhookSink {
  const sink = new Sink(host, target, options);
  return { close: () => sink.close() };
}

class Sink {
  readonly #host: Host;
  readonly #target: WebhookTarget;
  readonly #options: WebhookOptions;
  readonly #end = new AbortController();
  readonly #unsubscribe: () => void;
  readonly #work: Promise<void>;
  /** Alerts up to this entry may have been sent by a process before. */
  readonly #bornAt: number;
  readonly #unsure = new Set<string>();
  /** What the receiver refused as it is: it comes after everything else. */
  readonly #refused = new Set<string>();
  #nudge: ((isUrgent: boolean) => void) | undefined;
  /** Something HIGH was raised while another one was on its way. */
  #isUrgent = false;
  #failures = 0;

  constructor(host: Host, target: WebhookTarget, options: WebhookOptions) {
    this.#host = host;
    this.#target = target;
    this.#options = options;
    this.#bornAt = bornAt(host);
    this.#unsubscribe = host.onReleased((entries) => {
      const raised = (entries as readonly AnyEntry[]).flatMap((each) =>
        each.kind === 'alert_raised' ? each.body : [],
      );
      if (raised.length === 0) return;
      const isUrgent = raised.some(({ priority }) => priority === 'HIGH');
      if (this.#nudge === undefined) this.#isUrgent ||= isUrgent;
      else this.#nudge(isUrgent);
    });
    this.#work = this.#run();
  }

  async close(): Promise<void> {
    this.#end.abort();
    this.#unsubscribe();
    this.#nudge?.(true);
    await this.#work;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      const scene = this.#host.scene();
      this.#isUrgent = false;
      const alert = this.#next(outboxOf(scene.state, SINK, scene.now ?? 0));
      if (alert === undefined) await this.#rest(undefined);
      else if (await this.#send(alert)) this.#well();
      else if (!signal.aborted) await this.#rest(this.#delayMs());
    }
  }

  #next(waiting: readonly OpenAlert[]): OpenAlert | undefined {
    return waiting.find((each) => !this.#refused.has(idOf(each))) ?? waiting[0];
  }

  /** Until something is raised, or the time is over; after a failure only what is HIGH does not wait for that. */
  async #rest(ms: number | undefined): Promise<void> {
    if (this.#end.signal.aborted || this.#isUrgent) return;
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
      this.#nudge = (isUrgent) => {
        if (ms !== undefined && !isUrgent) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#nudge = undefined;
  }

  #delayMs(): number {
    const { backoffMs = BACKOFF_MS } = this.#options;
    return Math.min(BACKOFF_MS_MAX, backoffMs * 2 ** Math.min(this.#failures - 1, 10));
  }

  /** True once it was taken and that is journaled. */
  async #send(alert: OpenAlert): Promise<boolean> {
    const id = idOf(alert);
    const isRepeat = alert.seq <= this.#bornAt || this.#unsure.has(id);
    const { url, bearer } = this.#target;
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    const headers = {
      'content-type': 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    };
    const body = JSON.stringify(this.#message(alert, id, isRepeat));
    try {
      const signal = AbortSignal.any([this.#end.signal, AbortSignal.timeout(timeoutMs)]);
      const answer = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
      await answer.body?.cancel();
      if (!answer.ok) return this.#rejected(id, answer.status);
      return await this.#delivered(alert, `${answer.status}`, isRepeat);
    } catch (problem) {
      // It may have been taken: nobody heard the answer.
      this.#unsure.add(id);
      return this.#failed(reasonOf(problem));
    }
  }

  async #delivered({ alert, nth }: OpenAlert, ref: string, isRepeat: boolean): Promise<boolean> {
    if (this.#end.signal.aborted) return false;
    const command = { name: 'deliver_alert', alert, nth, sink: SINK, ref, isRepeat } as const;
    await this.#host.ask({ do: 'command', command }, { who: SINK, face: SINK });
    this.#unsure.delete(`${alert}.${nth}`);
    return true;
  }

  #rejected(id: string, status: number): boolean {
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) this.#refused.add(id);
    return this.#failed(`status ${status}`);
  }

  #message(alert: OpenAlert, id: string, isRepeat: boolean) {
    const scene = this.#host.scene();
    const { rule, priority, nth, symbol, at, of: seq, isSilent, facts } = alert;
    const locale = scene.state.options?.language === 'ru' ? 'ru' : 'en';
    const { title, lines } = alertText(alert, scene, locale);
    const plain = Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'bigint' ? text(fact) : fact]);
    const { profile } = scene;
    const said = { title, lines, at, symbol, seq, nth, isSilent, isRepeat };
    return { schema: SCHEMA, id, profile, rule, priority, ...said, facts: Object.fromEntries(plain) };
  }

  #failed(found: string): boolean {
    this.#failures++;
    if (this.#failures === 1 && !this.#end.signal.aborted) {
      this.#options.note(`Alerts do not reach ${shownUrl(this.#target.url)}: ${found}; they wait and are sent again.`);
    }
    return false;
  }

  #well(): void {
    if (this.#failures > 0) this.#options.note(`Alerts reach ${shownUrl(this.#target.url)} again.`);
    this.#failures = 0;
  }
}

const idOf = ({ alert, nth }: OpenAlert): string => `${alert}.${nth}`;

/** The seq that this epoch began with. */
function bornAt(host: Host): number {
  const last = host.entries({ kinds: ['epoch_started'], newest: true, limit: 1 })[0] as AnyEntry | undefined;
  return last?.seq ?? 0;
}

function reasonOf(problem: unknown): string {
  if (!(problem instanceof Error)) return 'no answer';
  const { cause } = problem;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return problem.name === 'TimeoutError' ? 'no answer in time' : 'no answer';
}
