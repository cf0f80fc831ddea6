/** Frames as USDS-M sends them in 2026, made up from a seed: the same bytes everywhere. */

const TICK = 0.1;
const BASE = 84_550;
/** Prices of one side that rows stand on. With the shares below about four fifths are taken, as in recordings. */
const PLACES = 1_240;
const ROWS = 20;
const REMOVED_SHARE = 0.23;

/** A quote that is sent over and over. */
export const QUOTE = Buffer.from(
  '{"e":"bookTicker","u":11671659683245,"s":"BTCUSDT","ps":"BTCUSDT","b":"84551.00","B":"2.646","a":"84551.10","A":"5.302","T":1790526538939,"E":1790526538940,"st":1}',
);

export interface Diffs {
  readonly bids: readonly (readonly [number, number])[];
  readonly asks: readonly (readonly [number, number])[];
  readonly frames: readonly Buffer[];
}

/**
 * A book of about a thousand rows a side and diffs of 20 + 20 rows that follow it, a third of them among the best
 * hundred. `mixed` as recorded: 62 % change a size, 19 % come and 19 % go; else all of them change a size. Sizes are as
 * recorded too: half of them below 0.13, one in fifty above ten, which makes a text longer.
 */
export function diffs(count: number, kind: 'mixed' | 'sizes'): Diffs {
  const random = seeded(7);
  const goes = kind === 'mixed' ? REMOVED_SHARE : 0;
  const taken = [side(random), side(random)] as const;
  const start = taken.map((places, i) =>
    [...places.keys()].filter((place) => places[place]).map((place) => [Number(price(place, i === 0)), 1] as const),
  );
  const frames: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const [bids, asks] = [rows(taken[0], true, goes, random), rows(taken[1], false, goes, random)];
    const u = 1_000 + 10 * i;
    const head = `"E":${1_790_526_538_000 + i},"T":${1_790_526_537_990 + i},"s":"BTCUSDT","ps":"BTCUSDT"`;
    const ids = `"U":${u + 1},"u":${u + 10},"pu":${u}`;
    frames.push(Buffer.from(`{"e":"depthUpdate",${head},${ids},"b":[${bids}],"a":[${asks}],"st":1}`));
  }
  return { bids: start[0] as Diffs['bids'], asks: start[1] as Diffs['asks'], frames };
}

function side(random: () => number): boolean[] {
  return Array.from({ length: PLACES }, (_, place) => place === 0 || random() < 0.81);
}

/** In order of price on both sides, as USDS-M sends them. The best place stays taken. */
function rows(taken: boolean[], isBid: boolean, goesShare: number, random: () => number): string {
  const places = new Set<number>();
  while (places.size < ROWS) {
    const place = Math.floor(PLACES * random() ** 2);
    if (goesShare > 0 || taken[place] === true) places.add(place);
  }
  const sorted = [...places].sort((a, b) => (isBid ? b - a : a - b));
  return sorted
    .map((place) => {
      const goes = taken[place] === true && place > 0 && random() < goesShare;
      taken[place] = !goes;
      return `["${price(place, isBid)}","${goes ? '0.000' : size(random()).toFixed(3)}"]`;
    })
    .join(',');
}

const size = (share: number): number => Math.max(0.001, Math.min(99, 0.13 * (share / (1 - share)) ** 1.1));

const price = (place: number, isBid: boolean): string =>
  (isBid ? BASE - place * TICK : BASE + (place + 1) * TICK).toFixed(2);

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
