import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDecimal } from '../../../../src/core/venue/binance/scan-number.ts';
import { type Heard, listen, told, utf8 } from './frames-oracle.ts';

const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
const whole = fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9][0-9]{0,14}$/), fc.nat(99_999).map(String));
/** Decimal text as an exchange may write it, from one digit to more than a double holds. */
const decimal = fc.tuple(whole, fc.oneof(digits(0, 8), digits(0, 20))).map(([a, b]) => (b === '' ? a : `${a}.${b}`));
const price = fc.tuple(fc.integer({ min: 1, max: 99_999 }), digits(1, 8)).map(([a, b]) => `${a}.${b}`);
const id = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.integer({ min: 1_700_000_000_000, max: 1_800_000_000_000 }));
const name = fc.constantFrom('BTCUSDT', 'ETHUSDT', '牛来USDT');
const isSo = fc.boolean();
const st = fc.constantFrom('', ',"st":1');
const ps = fc.constantFrom('', ',"ps":"BTCUSDT"', ',"ps":"牛来"');
const anyRows = fc
  .array(
    fc.tuple(price, decimal).map(([p, q]) => `["${p}","${q}"]`),
    { maxLength: 30 },
  )
  .map(String);

/** Rows of one market: as many digits behind each point, and mostly as many before it. */
const alikeRows = fc
  .record({
    places: fc.integer({ min: 1, max: 5 }),
    qtyPlaces: fc.integer({ min: 1, max: 5 }),
    from: fc.oneof(fc.nat(99), fc.nat(99_999_999)),
    sizes: fc.array(fc.tuple(fc.nat(2_000), fc.oneof(fc.nat(999), fc.nat(9_999), fc.nat(9_999_999))), {
      maxLength: 30,
    }),
  })
  .map(({ places, qtyPlaces, from, sizes }) => {
    const text = (digits: number, behind: number): string => {
      const all = String(digits).padStart(behind + 1, '0');
      return `${all.slice(0, -behind)}.${all.slice(-behind)}`;
    };
    return sizes.map(([step, size]) => `["${text(from + step, places)}","${text(size, qtyPlaces)}"]`).join(',');
  });
const rows = fc.oneof(anyRows, alikeRows);

const quote = fc
  .record({
    s: name,
    u: id,
    b: price,
    a: price,
    B: decimal,
    A: decimal,
    T: id,
    E: id,
    ps,
    st,
    isSpot: isSo,
    isTold: isSo,
  })
  .map(({ s, u, b, a, B, A, T, E, ps, st, isSpot, isTold }) => {
    // Mostly a quote that can be: the higher price asks.
    const [bid, ask] = Number(b) < Number(a) ? [b, a] : [a, b];
    const sides = `"b":"${bid}","B":"${B}","a":"${ask}","A":"${A}"`;
    if (isSpot) return `{"u":${u},"s":"${s}",${sides}}`;
    if (isTold) return `{"e":"bookTicker","u":${u},"E":${E},"T":${T},"s":"${s}"${ps},${sides}${st}}`;
    return `{"e":"bookTicker","u":${u},"s":"${s}"${ps},${sides},"T":${T},"E":${E}${st}}`;
  });
const trade = fc
  .record({ s: name, t: id, p: decimal, q: decimal, T: id, E: id, m: isSo, st, form: fc.nat(4) })
  .map(({ s, t, p, q, T, E, m, st, form }) => {
    const cost = `"p":"${p}","q":"${q}"`;
    return [
      `{"e":"aggTrade","E":${E},"a":${t},"s":"${s}",${cost},"nq":"${q}","f":1,"l":2,"T":${T},"m":${m}${st}}`,
      `{"e":"aggTrade","E":${E},"s":"${s}","a":${t},${cost},"f":1,"l":2,"T":${T},"m":${m},"M":true}`,
      `{"e":"trade","E":${E},"T":${T},"s":"${s}","t":${t},${cost},"X":"MARKET","m":${m}${st}}`,
      `{"e":"trade","E":${E},"s":"${s}","t":${t},${cost},"T":${T},"m":${m},"M":true}`,
      `{"e":"trade","E":${E},"s":"${s}","t":${t},${cost},"b":88,"a":50,"T":${T},"m":${m},"M":true}`,
    ][form] as string;
  });
const mark = fc
  .record({ s: name, p: decimal, r: decimal, isNegative: isSo, T: id, E: id, st, ap: fc.constantFrom('', ',"ap":"1"') })
  .map(({ s, p, r, isNegative, T, E, st, ap }) => {
    const rate = `${isNegative ? '-' : ''}${r}`;
    return `{"e":"markPriceUpdate","E":${E},"s":"${s}","p":"${p}"${ap},"P":"1.5","i":"2","r":"${rate}","T":${T}${st}}`;
  });
const candle = fc
  .record({
    s: name,
    at: fc.integer({ min: 1, max: 2 ** 41 }),
    ohlc: fc.tuple(price, price, price, price),
    v: decimal,
    E: id,
    f: fc.integer({ min: -1, max: 2 ** 31 }),
    x: isSo,
    gap: fc.constantFrom('', ' '),
    i: fc.constantFrom('1m', '5m', '1h', '12h', '1d', '3d', '1w', '1M', '1s', '0m', '7x'),
  })
  .map(({ s, at, ohlc, v, E, f, x, gap, i }) => {
    const [l, o, c, h] = ohlc.toSorted((a, b) => Number(a) - Number(b));
    const keys = `"t":${at},"T":${at + 59_999},"s":"${s}","i":"${i}","f":${f},"L":${f},"o":"${o}","c":"${c}","h":"${h}","l":"${l}","v":"${v}","n":3,"x":${x},"q":"1","V":"2","Q":"3","B":"0"`;
    return `{"e":"kline","E":${E},"s":"${s}","k":{${keys.replaceAll(',"', `,${gap}"`)}}}`;
  });
const diff = fc
  .record({ s: name, U: id, n: fc.nat(1_000), E: id, b: rows, a: rows, ps, st, isSpot: isSo })
  .map(({ s, U, n, E, b, a, ps, st, isSpot }) =>
    isSpot
      ? `{"e":"depthUpdate","E":${E},"s":"${s}","U":${U},"u":${U + n},"b":[${b}],"a":[${a}]}`
      : `{"e":"depthUpdate","E":${E},"T":${E},"s":"${s}"${ps},"U":${U},"u":${U + n},"pu":${n},"b":[${b}],"a":[${a}]${st}}`,
  );
const KINDS = { quote, trade, mark, candle, diff };
const frame = fc
  .tuple(fc.oneof(quote, trade, mark, candle, diff), fc.constantFrom('', 'btcusdt@depth@100ms', '牛来usdt@trade'))
  .map(([data, stream]) => (stream === '' ? data : `{"stream":"${stream}","data":${data}}`));

/** What the reader made of a message, as far as it is market data. */
function read(bytes: Uint8Array): {
  readonly heard: Heard | undefined;
  readonly surprises: number;
  readonly counted: number;
} {
  const { reader, heard } = listen();
  reader.read(bytes, 1);
  const data = heard.filter(([kind]) => kind !== 'other' && kind !== 'ack' && kind !== 'closing');
  return { heard: data[0], surprises: reader.surprises, counted: reader.known + reader.surprises };
}

describe('a frame of any content', () => {
  test.each(Object.entries(KINDS))('%s: bytes tell what JSON and Number tell', (_, kind) => {
    let isKnown = 0;
    fc.assert(
      fc.property(kind, (text) => {
        const { heard, surprises } = read(utf8(text));
        expect(heard).toEqual(told(utf8(text)));
        if (heard !== undefined) isKnown += 1 - surprises;
      }),
      { numRuns: 400 },
    );
    // Nearly all are read without plain parsing; a product that parsed all of them would pass the rest as well.
    expect(isKnown).toBeGreaterThan(50);
  });

  test('a key that was put in somewhere changes nothing', () => {
    fc.assert(
      fc.property(frame, fc.nat(), fc.constantFrom('"zz":1', '"Z":["x",{"y":null}]', '"":""'), (text, place, key) => {
        const commas = [...text.matchAll(/,"/g)].map(({ index }) => index);
        const at = commas[place % commas.length] as number;
        const bytes = utf8(`${text.slice(0, at)},${key}${text.slice(at)}`);
        expect(read(bytes).heard).toEqual(told(bytes));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a damaged frame never tells what plain JSON does not', () => {
  const damage = fc.array(
    fc.record({
      how: fc.constantFrom('flip', 'put', 'cut', 'end', 'copy'),
      at: fc.nat(),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...utf8('"\\{}[],:.-+eE0123456789 \n'))),
    }),
    { minLength: 1, maxLength: 3 },
  );
  test('cut, changed, longer or doubled bytes', () => {
    fc.assert(
      fc.property(frame, damage, (text, blows) => {
        let bytes = [...utf8(text)];
        for (const { how, at, byte } of blows) {
          const place = at % Math.max(1, bytes.length);
          if (how === 'flip') bytes[place] = byte;
          else if (how === 'put') bytes.splice(place, 0, byte);
          else if (how === 'cut') bytes.splice(place, 1 + (byte % 8));
          else if (how === 'end') bytes = bytes.slice(0, place);
          else bytes.splice(place, 0, ...bytes.slice(place, place + (byte % 32)));
        }
        const damaged = Uint8Array.from(bytes);
        const { heard, counted } = read(damaged);
        expect([heard, counted]).toEqual([told(damaged), 1]);
      }),
      { numRuns: 5_000 },
    );
  });

  test('bytes of no meaning', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(read(bytes).heard).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });
});

test('a decimal is the double nearest to its text', () => {
  const out = new Float64Array(1);
  fc.assert(
    fc.property(decimal, (text) => {
      const to = readDecimal(utf8(`${text}"}`), 0, out, 0);
      expect([to, out[0]]).toEqual([text.length + 1, Number(text)]);
    }),
    {
      numRuns: 5_000,
      examples: [
        ['9007199254740993.0'],
        ['900719925.474099300'],
        ['4294967296.5'],
        ['999999999.999999999'],
        ['0.30000000000000004'],
      ],
    },
  );
});

describe('a row that is nearly like the one before it tells what plain JSON tells', () => {
  test.each([
    ['a zero before the price', '["010.00","12.000"]'],
    ['a zero before the size', '["100.00","02.000"]'],
    ['a price of zero', '["000.00","12.000"]'],
    ['no digit behind the point of a size', '["100.00","12."]'],
    ['no digit before it', '["100.00",".500"]'],
    ['a colon among the digits', '["10:.00","12.000"]'],
    ['one among those of the size', '["100.00","1:.000"]'],
    ['a slash', '["100.0/","12.00/"]'],
    ['two points', '["1.0.00","12.000"]'],
    ['a comma for the point', '["100,00","12.000"]'],
    ['a longer price', '["1000.00","12.000"]'],
    ['a shorter one', '["10.00","12.000"]'],
    ['a size of five digits', '["100.00","12345.000"]'],
    ['a size of one byte', '["100.00","5"]'],
    ['a size with more behind the point', '["100.00","1.0005"]'],
    ['a third value', '["100.00","12.000","1"]'],
    ['a space', '["100.00", "12.000"]'],
    ['a number', '["100.00",12.000]'],
  ])('%s', (_, row) => {
    const like = '["100.00","12.000"],["101.00","7.000"]';
    for (const side of [`${like},${row}`, `${like},${row},${like}`, `${row},${like}`]) {
      const ids = '"U":1,"u":2,"pu":0';
      const bytes = utf8(`{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT",${ids},"b":[${side}],"a":[${like}]}`);
      expect(read(bytes).heard).toEqual(told(bytes));
    }
  });

  test('one that is cut off is not made whole by what a longer frame left behind', () => {
    const { reader, heard } = listen();
    const frame = (rows: string): string =>
      `{"e":"depthUpdate","E":1,"T":1,"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[${rows}],"a":[]}`;
    const whole = frame('["100.00","12.000"],["101.00","7.000"]');
    reader.read(utf8(whole), 1);
    for (let length = 1; length < whole.length - 1; length++) reader.read(utf8(`${whole.slice(0, length)}}`), 1);
    expect(heard.length).toBe(1);
  });
});
