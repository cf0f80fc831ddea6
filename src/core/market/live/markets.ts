import { editDistance } from '../../base/edits.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { isVenueProblem, type VenueMarket, type VenueNames } from '../../venue/exchange.ts';
import type { LiveInput, OpenProblem } from '../feed.ts';
import type { Present } from './present.ts';
import type { Questions } from './questions.ts';

const EVERY_MS = 3_600_000;
/** Asked again out of turn at most so often. */
const SOON_MS = 60_000;
const NEAR_MAX = 5;

export interface MarketsSurroundings {
  readonly present: Present;
  readonly questions: Questions;
  put(input: LiveInput): void;
  log(text: string): void;
  /** Symbols that are open: what changed of them is told. */
  open(): Iterable<string>;
}

/** The markets of an exchange: what may be opened, and what changes while it is open. */
export class Markets implements VenueNames {
  readonly #with: MarketsSurroundings;
  readonly #listed = new Map<string, VenueMarket>();
  readonly #symbols = new Map<string, string>();
  #askedAt: number;
  #dueAt: number;
  #isAsking = false;

  constructor(surroundings: MarketsSurroundings, listed: readonly VenueMarket[]) {
    this.#with = surroundings;
    this.#list(listed);
    this.#askedAt = surroundings.present.mono();
    this.#dueAt = this.#askedAt + EVERY_MS;
  }

  /** As the venue lists it, with its tiers once it is complete. */
  get(symbol: string): VenueMarket | undefined {
    return this.#listed.get(symbol);
  }

  idOf(symbol: string): string | undefined {
    return this.#listed.get(symbol)?.id;
  }

  symbolOf(id: string): string | undefined {
    return this.#symbols.get(id);
  }

  /** Whether it may be opened. */
  serves(symbol: string): boolean {
    const market = this.#listed.get(symbol);
    return market?.status === 'trading' && market.instrument !== undefined;
  }

  /** Served symbols that look like one, the most alike first. */
  near(symbol: string): readonly string[] {
    const asked = nameOf(symbol);
    const found: { readonly symbol: string; readonly distance: number }[] = [];
    for (const market of this.#listed.values()) {
      if (market.symbol === symbol || !this.serves(market.symbol)) continue;
      const distance = distanceTo(asked, market);
      if (distance < Infinity) found.push({ symbol: market.symbol, distance });
    }
    found.sort((a, b) => a.distance - b.distance || (a.symbol < b.symbol ? -1 : 1));
    return found.slice(0, NEAR_MAX).map((match) => match.symbol);
  }

  /** Why a symbol cannot be opened; undefined where it can. */
  problem(symbol: string): OpenProblem | undefined {
    const market = this.#listed.get(symbol);
    const { title } = this.#with.questions.rest;
    const near = this.near(symbol);
    const fix = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'name one that dzentra markets lists';
    const expected = `a symbol that ${title} trades`;
    if (market === undefined)
      return { code: 'UNKNOWN_SYMBOL', expected, found: `"${symbol}", which it does not list`, fix };
    const found = `${symbol}, which is ${market.statusText || market.status}`;
    if (market.status === 'delisted') return { code: 'SYMBOL_DELISTED', expected, found, fix };
    if (market.status === 'halted') {
      return { code: 'SYMBOL_HALTED', expected, found, fix: 'wait until it trades again, or name another' };
    }
    if (market.instrument !== undefined) return undefined;
    const why = market.why ?? 'the venue does not tell its tick and step';
    return {
      code: 'INSTRUMENT_UNSUPPORTED',
      expected: 'a symbol that can be traded exactly',
      found: `${symbol}: ${why}`,
      fix,
    };
  }

  /** Asks for all that is known of one symbol, its tiers too, where the venue tells them. */
  async complete(symbol: string): Promise<VenueMarket | undefined> {
    const answer = await this.#with.questions.ask((rest) => rest.instrument(symbol));
    if (!isVenueProblem(answer) && answer.instrument !== undefined) this.#listed.set(symbol, answer);
    return this.#listed.get(symbol);
  }

  /** Something says that they changed: they are asked for again soon. */
  expire(): void {
    this.#dueAt = Math.min(this.#dueAt, this.#askedAt + SOON_MS);
  }

  /** Called every second. */
  watch(): void {
    const { present, questions } = this.#with;
    if (!this.#isAsking && present.mono() >= this.#dueAt && !questions.isSilent) void this.#renew();
  }

  async #renew(): Promise<void> {
    const { present, questions, open, log } = this.#with;
    this.#isAsking = true;
    this.#askedAt = present.mono();
    this.#dueAt = this.#askedAt + EVERY_MS;
    const answer = await questions.ask((rest) => rest.markets(true));
    if (isVenueProblem(answer)) {
      log(`markets were not renewed: ${answer.found}`);
      this.#dueAt = this.#askedAt + questions.waitMs(answer, SOON_MS);
    } else if (answer.length > 0) await this.#replace(answer, [...open()]);
    this.#isAsking = false;
  }

  async #replace(listed: readonly VenueMarket[], open: readonly string[]): Promise<void> {
    const before = new Map(open.map((symbol) => [symbol, this.#listed.get(symbol)] as const));
    this.#listed.clear();
    this.#list(listed);
    for (const [symbol, old] of before) {
      if (this.#with.present.isEnded) return;
      // Until its tiers are told again the ones at hand stand.
      this.#carry(symbol, old);
      if (this.serves(symbol)) await this.complete(symbol);
      this.#compare(symbol, old, this.#listed.get(symbol));
    }
  }

  /** A name that was listed once goes on: what still comes under it is of that symbol. */
  #list(listed: readonly VenueMarket[]): void {
    for (const market of listed) {
      this.#listed.set(market.symbol, market);
      this.#symbols.set(market.id, market.symbol);
    }
  }

  #carry(symbol: string, old: VenueMarket | undefined): void {
    const market = this.#listed.get(symbol);
    if (old === undefined) return;
    if (market === undefined) this.#listed.set(symbol, { ...old, status: 'delisted', statusText: 'not listed' });
    else if (market.instrument === undefined) this.#listed.set(symbol, { ...market, instrument: old.instrument });
    else if (market.instrument.tiers.length === 0 && old.instrument !== undefined) {
      const instrument = { ...market.instrument, tiers: old.instrument.tiers };
      this.#listed.set(symbol, { ...market, instrument });
    }
  }

  /** Tells the symbol where the venue says something else of it than before. */
  #compare(symbol: string, old: VenueMarket | undefined, market: VenueMarket | undefined): void {
    const { put, present } = this.#with;
    if (present.isEnded || market?.instrument === undefined) return;
    const { instrument, status } = market;
    const isSame = old?.instrument !== undefined && old.status === status && isEqual(old.instrument, instrument);
    if (!isSame) put({ kind: 'instrument', symbol, instrument, status });
  }
}

/** Whether a venue says the same of a symbol, to the last tier. */
function isEqual(a: Instrument, b: Instrument): boolean {
  const text = (instrument: Instrument): string =>
    JSON.stringify(instrument, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return text(a) === text(b);
}

/** `BTC/USDT:USDT` and `btc-usdt` -> `BTCUSDT`. */
function nameOf(symbol: string): string {
  const [pair = ''] = symbol.split(':');
  return pair.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

/** 0 for the same pair, 1 for the same base, 2 for a name that begins alike, then letters that differ; Infinity for no match. */
function distanceTo(asked: string, market: VenueMarket): number {
  const name = nameOf(market.symbol);
  if (asked === name || asked === nameOf(market.id)) return 0;
  const [base = ''] = market.symbol.split('/');
  if (asked === base || (base.length > 2 && asked.startsWith(base))) return 1;
  if (asked.length > 1 && name.startsWith(asked)) return 2;
  // A pasted text is not worth the square of its length.
  if (asked.length <= 3 || asked.length > name.length + 2) return Number.POSITIVE_INFINITY;
  const letters = editDistance(asked, name);
  return letters <= 2 ? 2 + letters : Number.POSITIVE_INFINITY;
}
