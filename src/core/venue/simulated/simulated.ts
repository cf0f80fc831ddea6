import { InvariantError } from '../../base/assert.ts';
import type { Money } from '../../base/decimal.ts';
import type { Account } from '../../domain/account.ts';
import type { Input, MarkInput, QuoteInput, RangeInput, Report, TradesInput } from '../../domain/input.ts';
import type { Order } from '../../domain/order.ts';
import type { Run } from '../../domain/run.ts';
import { accountOf, type State } from '../../domain/state.ts';
import type { Venue } from '../venue.ts';
import { arrive, remainder } from './arrival.ts';
import { hasCome, leftOf } from './fills.ts';
import { Queues } from './queue.ts';
import { liquidated, type Models, overrun, sweepQuote, sweepRange, sweepTrades } from './sweep.ts';
import { shrink, type Touch, unknownTouch } from './touch.ts';

/** What is on its way to the venue. */
interface Message {
  readonly kind: 'submit' | 'cancel' | 'query';
  readonly run: Run;
  readonly order: number;
  readonly dueAt: number;
}

/** The same before it is on its way again; `seq` is the entry that sent it. */
interface Sent {
  readonly kind: Message['kind'];
  readonly run: Run;
  readonly order: Order;
  readonly seq: number;
}

/** So many messages that have arrived are kept before they are forgotten together. */
const ARRIVED_MAX = 64;

/** Faults for tests: which orders' answers never come. The order itself is at the venue all the same. */
export interface SimulatedFaults {
  readonly losesAnswer?: (run: number, order: number) => boolean;
}

/**
 * A venue as a pure function of the engine's inputs and the state that the journal folds: its book, balances and orders
 * are those of the state, so they survive a restart. Fills, fees and slippage are named models:
 * `T0` (candles), `T1` (quotes), `T2` (the book and trades of others), `L` (liquidation on the mark).
 */
export class SimulatedVenue implements Venue {
  readonly clearsReduceOnly = true;
  dueAt = Number.POSITIVE_INFINITY;
  readonly #state: State;
  readonly #models: Models;
  readonly #faults: SimulatedFaults;
  readonly #touches = new Map<string, Touch>();
  /** The one that was asked for last. */
  #latest = { symbol: '', touch: unknownTouch() };
  /** What is on its way, from `#arrived` on; what stands before it has arrived. */
  readonly #inbound: Message[] = [];
  #arrived = 0;
  readonly #queues = new Queues();
  #sweeping: RangeInput | QuoteInput | MarkInput | TradesInput | undefined;
  /** A run that had a fill: its reduce-only orders go where its position went. */
  #clearing: Run | undefined;
  /** The order that took liquidity last: its rest expires or stays. */
  #taking: { readonly run: Run; readonly order: number } | undefined;

  constructor(state: State, models: Models, faults: SimulatedFaults = {}) {
    this.#state = state;
    this.#models = models;
    this.#faults = faults;
  }

  submit(run: Run, order: Order): void {
    this.#post('submit', run, order);
  }

  cancel(run: Run, order: Order): void {
    this.#post('cancel', run, order);
  }

  query(run: Run, order: Order): void {
    this.#post('query', run, order);
  }

  see(input: Input): void {
    this.recall(input);
    if (input.kind === 'trades') this.#hear(input);
    if (input.kind === 'range' || input.kind === 'quote' || input.kind === 'mark') this.#sweep(input);
  }

  recall(input: Input): void {
    if (input.kind === 'open') this.#touchOf(input.symbol).open(input.price, input.at);
    else if (input.kind === 'mark' || input.kind === 'book') this.#touchOf(input.symbol).take(input);
    else if (input.kind === 'quote') {
      const touch = this.#touchOf(input.symbol);
      touch.take(input);
      for (const run of this.#state.runs) if (run.symbol === input.symbol) consume(run, touch);
    }
  }

  take(now: number): Report | undefined {
    const report = this.#next(now);
    if (report?.type === 'filled') this.#clearing = this.#state.runs[report.run - 1];
    this.#schedule(now);
    return report;
  }

  /** After a restart: what the journal says is on its way is on its way again, in the order in which it was sent. */
  restore(): void {
    const sent = this.#state.runs.flatMap((run) => run.orders.flatMap((order) => this.#sentOf(run, order)));
    sent.sort((a, b) => a.seq - b.seq);
    for (const { kind, run, order } of sent) this.#post(kind, run, order);
  }

  /** What was sent of an order and is not answered yet. One that was asked back before it came is on its way, too. */
  #sentOf(run: Run, order: Order): readonly Sent[] {
    const { status, seq, askedSeq = seq } = order;
    const submit = { kind: 'submit', run, order, seq } as const;
    if (status === 'intended') return [submit];
    if (status === 'unknown') return [{ kind: 'query', run, order, seq: askedSeq }];
    if (status === 'working') return [];
    const cancel = { kind: 'cancel', run, order, seq: askedSeq } as const;
    return hasCome(order, this.#accountOf(run).costs, this.#state.at) ? [cancel] : [submit, cancel];
  }

  #post(kind: Message['kind'], run: Run, order: Order): void {
    const sentAt = kind === 'submit' ? order.intendedAt : order.askedAt;
    const message = { kind, run, order: order.order, dueAt: sentAt + this.#accountOf(run).costs.latencyMs };
    const inbound = this.#inbound;
    let place = inbound.length;
    while (place > this.#arrived && (inbound[place - 1] as Message).dueAt > message.dueAt) place--;
    if (place === inbound.length) inbound.push(message);
    else inbound.splice(place, 0, message);
    if (message.dueAt < this.dueAt) this.dueAt = message.dueAt;
  }

  #hear(input: TradesInput): void {
    this.#queues.hear(this.#state.runs, input, this.#touchOf(input.symbol), (run) => this.#accountOf(run).costs);
    this.#sweeping = input;
    this.dueAt = input.at;
  }

  #sweep(input: RangeInput | QuoteInput | MarkInput): void {
    this.#sweeping = input;
    this.dueAt = input.at;
  }

  #schedule(now: number): void {
    const isBusy = this.#sweeping !== undefined || this.#clearing !== undefined || this.#taking !== undefined;
    if (isBusy) this.dueAt = now;
    else this.dueAt = this.#inbound[this.#arrived]?.dueAt ?? Number.POSITIVE_INFINITY;
  }

  #next(now: number): Report | undefined {
    const told = this.#clear(now) ?? this.#rest(now);
    if (told !== undefined) return told;
    const first = this.#inbound[this.#arrived];
    if (first === undefined || first.dueAt > now) return this.#swept(now);
    this.#arrived++;
    if (this.#arrived === this.#inbound.length || this.#arrived === ARRIVED_MAX) this.#forgetArrived();
    return this.#answer(first, now);
  }

  #forgetArrived(): void {
    const inbound = this.#inbound;
    if (this.#arrived < inbound.length) inbound.copyWithin(0, this.#arrived);
    while (this.#arrived > 0) {
      inbound.pop();
      this.#arrived--;
    }
  }

  /** Reduce-only orders of a position that is gone go with it. */
  #clear(now: number): Report | undefined {
    const run = this.#clearing;
    if (run === undefined) return undefined;
    if (run.position === undefined) {
      for (const order of run.orders) {
        if (!order.reduceOnly || this.#isOnItsWay(run, order)) continue;
        return { kind: 'report', at: now, run: run.run, order: order.order, type: 'canceled', why: 'position_closed' };
      }
    }
    this.#clearing = undefined;
    return undefined;
  }

  #isOnItsWay(run: Run, { order, status }: Order): boolean {
    if (status !== 'intended') return false;
    for (let i = this.#arrived; i < this.#inbound.length; i++) {
      const message = this.#inbound[i] as Message;
      if (message.kind === 'submit' && message.run === run && message.order === order) return true;
    }
    return false;
  }

  #rest(now: number): Report | undefined {
    const taking = this.#taking;
    if (taking === undefined) return undefined;
    this.#taking = undefined;
    const order = aliveOrder(taking.run, taking.order);
    return order === undefined ? undefined : remainder(taking.run, order, now);
  }

  #answer(message: Message, now: number): Report | undefined {
    const { run, kind } = message;
    const order = aliveOrder(run, message.order);
    if (order === undefined) return undefined;
    // Its own answer came while the question was on its way.
    if (kind === 'query' && order.status === 'working') return undefined;
    if (kind === 'submit' && this.#faults.losesAnswer?.(run.run, order.order) === true) return undefined;
    if (kind === 'cancel')
      return { kind: 'report', at: now, run: run.run, order: order.order, type: 'canceled', why: 'asked' };
    const touch = this.#touchOf(run.symbol);
    const isExit = order.reduceOnly && order.type === 'market';
    const taken = isExit ? this.#taken(run, touch, now) : undefined;
    const report = taken ?? this.#arrive(run, order, touch, now);
    if (report?.type === 'accepted') this.#queues.place(run, order, touch);
    if (taken === undefined && report?.type === 'filled' && report.fill < leftOf(order))
      this.#taking = { run, order: order.order };
    return report;
  }

  /** No order comes before a liquidation, and no exit fills where more than the margin is lost. */
  #taken(run: Run, touch: Touch, now: number): Report | undefined {
    const models = this.#models;
    return liquidated(run, touch, models, now) ?? overrun(run, touch, models, this.#accountOf(run).costs, now);
  }

  #arrive(run: Run, order: Order, touch: Touch, now: number): Report | undefined {
    const account = this.#accountOf(run);
    // On candles it fills at the price of its review, and beside a run that is alone nobody pays meanwhile.
    const isAsReviewed = !touch.streamed && this.#state.runs.length === 1;
    const free = isAsReviewed ? undefined : (): Money => this.#models.freeFor(this.#state, account, order);
    return arrive({ run, order, touch, costs: account.costs, now, free });
  }

  #swept(now: number): Report | undefined {
    const input = this.#sweeping;
    if (input === undefined) return undefined;
    const report =
      input.kind === 'range'
        ? sweepRange(this.#state, input, this.#models, now)
        : input.kind === 'trades'
          ? sweepTrades(this.#state, input.symbol, this.#queues, now)
          : sweepQuote(this.#state, input.symbol, this.#touchOf(input.symbol), this.#models, now);
    if (report === undefined) this.#sweeping = undefined;
    return report;
  }

  #touchOf(symbol: string): Touch {
    if (this.#latest.symbol === symbol) return this.#latest.touch;
    let touch = this.#touches.get(symbol);
    if (touch === undefined) {
      touch = unknownTouch();
      this.#touches.set(symbol, touch);
    }
    this.#latest = { symbol, touch };
    return touch;
  }

  #accountOf(run: Run): Account {
    const account = accountOf(this.#state, run.account);
    if (account === undefined) throw new InvariantError(`Invariant: run ${run.run} has an account at the venue`);
    return account;
  }
}

/** What the journal says was taken from this quote is not there any more. */
function consume({ taken }: Run, touch: Touch): void {
  for (const { at, isEarly, side, qty } of taken)
    if (at > touch.at || (at === touch.at && !isEarly)) shrink(touch, side, qty);
}

function aliveOrder(run: Run, order: number): Order | undefined {
  for (const candidate of run.orders) if (candidate.order === order) return candidate;
  return undefined;
}
