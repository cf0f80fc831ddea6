import { type FoundKey, shortKey } from '../../config/secrets/key.ts';
import {
  type Abilities,
  type Channel,
  type ExchangeRest,
  isVenueProblem,
  type KeyRights,
  type VenueProblem,
} from '../../venue/exchange.ts';
import type { AskSecret, KeyPorts } from '../keys/ports.ts';
import { refusalOfRights, warningsOf } from '../keys/rights.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { type Check, checksOf } from './check.ts';
import type { DoctorNetwork, Reached, VenuePlace } from './ports.ts';

/** Orders carry the time: venues refuse those that come from their future by more than a second. */
const OFFSET_MS_BAD = 1_000;
const OFFSET_MS_WARN = 250;
const LATENCY_MS_WARN = 1_500;

/** The checks of one exchange: the way there, the clock, the key with its rights, the mode of its positions. */
export async function venueChecks(
  exchange: string,
  network: DoctorNetwork,
  keys: KeyPorts,
  ask: AskSecret | undefined,
): Promise<readonly Check[]> {
  const place = await network.place(exchange);
  if (isRefusal(place)) return [checksOf('network', exchange).bad(wordsOf(place), place.fix)];
  const way = await wayCheck(exchange, place, network);
  if (way !== undefined) return [way, await keyAlone(exchange, keys)];
  const rest = await network.open(exchange);
  if (isRefusal(rest) && rest.exit === 2) return [checksOf('network', exchange).bad(wordsOf(rest), rest.fix)];
  if (isRefusal(rest))
    return [checksOf('network', exchange).bad(wordsOf(rest), rest.fix), await keyAlone(exchange, keys)];
  try {
    const offset = await network.measureClock(exchange, rest);
    if (isVenueProblem(offset)) return [askedCheck(exchange, place, offset), await keyAlone(exchange, keys)];
    const { latencyMsP50, offsetErrorMs } = rest.health();
    return [
      latencyCheck(exchange, place, rest.title, latencyMsP50),
      givesCheck(exchange, rest.abilities),
      clockCheck(exchange, offset, offsetErrorMs),
      ...(await keyChecks(exchange, network, keys, ask)),
    ];
  } finally {
    await rest.close();
  }
}

/** What keeps one from getting there at all; undefined where nothing does. */
async function wayCheck(exchange: string, place: VenuePlace, network: DoctorNetwork): Promise<Check | undefined> {
  const { bad } = checksOf('network', exchange);
  const { host, port, proxy, isStandIn } = place;
  if (host === null) return undefined;
  const where = proxy === null ? host : `the proxy ${proxy}`;
  const isName = !isStandIn && !/^[\d.]+$|^\[/.test(host);
  const name = isName ? await network.lookUp(host) : undefined;
  if (isFailed(name)) {
    const fix = 'look at the connection and at the name server (/etc/resolv.conf), or set a proxy';
    return bad(`no address of ${where}: ${name.why}`, fix);
  }
  const wire = await network.connect(place);
  if (!isFailed(wire)) return undefined;
  const isCertificate = /certificate|CERT|altname|SELF_SIGNED/i.test(wire.why);
  const fix = isCertificate
    ? 'somebody stands between: sign in to the network (a captive portal), or take the inspecting proxy out'
    : isStandIn
      ? `start the stand-in, or take endpoint out of [exchanges.${exchange}]`
      : 'look at firewall and proxy';
  return bad(`no connection to ${where}${proxy === null ? `:${port}` : ''}: ${wire.why}`, fix);
}

const isFailed = (reached: Reached | undefined): reached is { readonly why: string } =>
  reached !== undefined && 'why' in reached;

/** A connection, and no answer of this venue on it. */
function askedCheck(exchange: string, place: VenuePlace, { problem, found, fix }: VenueProblem): Check {
  const { warn, bad } = checksOf('network', exchange);
  if (problem === 'BAD_ANSWER') {
    const other = place.isStandIn
      ? 'look what listens there'
      : 'open a page in a browser: the network may want you to sign in (a captive portal) or may block the venue';
    return bad(`an answer that is none of ${exchange}: ${found}`, other);
  }
  return problem === 'MAINTENANCE' || problem === 'RATE_LIMITED' ? warn(found, fix) : bad(`${problem}: ${found}`, fix);
}

function latencyCheck(exchange: string, place: VenuePlace, title: string, latencyMs: number | null): Check {
  const { ok, warn } = checksOf('network', exchange);
  const way = place.isStandIn
    ? 'the stand-in on this machine'
    : place.proxy === null
      ? 'direct'
      : `by proxy ${place.proxy}`;
  const found = `${title} answers in ${latencyMs === null ? '?' : Math.round(latencyMs)} ms, ${way}`;
  const isSlow = (latencyMs ?? 0) > LATENCY_MS_WARN;
  return isSlow ? warn(found, 'look at the connection; a machine nearer to the venue is quicker') : ok(found);
}

/** What the exchange gives, and what stands in for the rest. */
function givesCheck(exchange: string, { streams, ...asked }: Abilities): Check {
  const { ok, warn } = checksOf('gives', exchange);
  const named = (has: boolean): string =>
    [
      ...Object.entries(CHANNELS).flatMap(([channel, name]) => (streams[channel as Channel] === has ? [name] : [])),
      ...Object.entries(ASKED).flatMap(([ability, name]) => (asked[ability as Asked] === has ? [name] : [])),
    ].join(', ');
  const missing = named(false);
  const found = missing === '' ? named(true) : `${named(true)}; not ${missing}`;
  if (streams.quote) return ok(found);
  return warn(found, 'prices are polled: a strategy enters only where it says tradesPolled');
}

const CHANNELS: Readonly<Record<Channel, string>> = {
  quote: 'a stream of bid and ask',
  book: 'of the book',
  trade: 'of trades',
  candle: 'of candles',
  mark: 'of the mark',
};

type Asked = Exclude<keyof Abilities, 'streams'>;

const ASKED: Readonly<Record<Asked, string>> = {
  candles: 'candles of the past',
  markCandles: 'candles of the mark',
  fundingRates: 'funding rates',
  leverageTiers: 'leverage tiers',
  account: 'an account',
};

function clockCheck(exchange: string, offsetMs: number, errorMs: number | null): Check {
  const { ok, warn, bad } = checksOf('clock', exchange);
  const side = offsetMs < 0 ? 'ahead of' : 'behind';
  const found = `${Math.round(Math.abs(offsetMs))} ms ${side} the venue, give or take ${Math.round(errorMs ?? 0)} ms`;
  const surely = Math.abs(offsetMs) - (errorMs ?? 0);
  const fix = 'let the machine keep time: timedatectl set-ntp true';
  if (surely > OFFSET_MS_BAD) return bad(found, fix);
  return surely > OFFSET_MS_WARN ? warn(found, fix) : ok(found);
}

/** The exchange cannot be asked: whether there is a key, and no more. Nobody is asked for a passphrase. */
async function keyAlone(exchange: string, keys: KeyPorts): Promise<Check> {
  const { off, warn } = checksOf('key', exchange);
  const label = (await keys.list()).find((each) => each.exchange === exchange);
  if (label === undefined) return off('none: prices need none', `dzentra keys add ${exchange}`);
  if (label.problem !== null) return warn(label.problem.found, label.problem.fix);
  return warn(
    `${label.key ?? '?'} (${label.from}); what it may do could not be asked`,
    `later: dzentra keys check ${exchange}`,
  );
}

async function keyChecks(
  exchange: string,
  network: DoctorNetwork,
  keys: KeyPorts,
  ask: AskSecret | undefined,
): Promise<readonly Check[]> {
  const { bad, off, warn } = checksOf('key', exchange);
  const key = await keys.find(exchange, ask);
  if (key === undefined) return [off('none: prices need none', `dzentra keys add ${exchange}`)];
  if (isRefusal(key)) return [(key.code === 'NO_PASSPHRASE' ? warn : bad)(wordsOf(key), key.fix)];
  const rest = await network.open(exchange, key);
  if (isRefusal(rest)) return [bad(wordsOf(rest), rest.fix)];
  try {
    return rightsChecks(exchange, key, await rest.keyRights());
  } finally {
    await rest.close();
  }
}

function rightsChecks(
  exchange: string,
  key: FoundKey,
  rights: Awaited<ReturnType<ExchangeRest['keyRights']>>,
): readonly Check[] {
  const { ok, warn, bad } = checksOf('key', exchange);
  const name = `${shortKey(key.apiKey)} (${key.from})`;
  if (isVenueProblem(rights)) {
    const { problem, found, fix } = rights;
    return [problem === 'NOT_SUPPORTED' ? warn(`${name}: ${found}`, fix) : bad(`${name}: ${problem}: ${found}`, fix)];
  }
  const denial = refusalOfRights(exchange, rights);
  if (denial !== undefined) return [bad(`${name}: expected ${denial.expected}, found ${denial.found}`, denial.fix)];
  const [warning] = warningsOf(exchange, { ...rights, canTrade: null, positionMode: null });
  const [first, fix] = warning?.split(': ') ?? [];
  const check =
    first === undefined
      ? ok(`${name}: reads${rights.canTrade === true ? ', trades' : ''}`)
      : warn(`${name}: ${first}`, fix);
  return [check, ...modeCheck(exchange, rights)];
}

function modeCheck(exchange: string, { positionMode }: KeyRights): readonly Check[] {
  const { ok, bad } = checksOf('mode', exchange);
  if (positionMode === null) return [];
  if (positionMode === 'one-way') return [ok('one-way')];
  return [bad('hedge mode: only one-way is traded', `close all positions, then set one-way mode at ${exchange}`)];
}

const wordsOf = ({ code, expected, found }: Refusal): string => `${code}: expected ${expected}, found ${found}`;
