import { describe, expect, test } from 'vitest';
import { listen, utf8 } from './frames-oracle.ts';

const BTC = 'BTC/USDT:USDT';
const QUOTE =
  '{"e":"bookTicker","u":428997042613,"s":"BTCUSDT","ps":"BTCUSDT","b":"76986.40","B":"0.0228","a":"76986.50","A":"183.3812","T":1789467546365,"E":1789467546366,"st":1}';
const DIFF =
  '{"e":"depthUpdate","E":1790526538985,"T":1790526538981,"s":"BTCUSDT","ps":"BTCUSDT","U":11671659683245,"u":11671659687966,"pu":11671659683147,"b":[["84551.00","0.294"],["82548.60","0.000"]],"a":[["84551.10","5.302"]],"st":1}';
const KLINE =
  '{"e":"kline","E":1791269859051,"s":"BTCUSDT","k":{"t":1791269820000, "T":1791269879999, "s":"BTCUSDT", "i":"1m", "f":8149080204, "L":8149080532, "o":"85300.00", "c":"85296.00", "h":"85300.00", "l":"85296.00", "v":"8.410", "n":321, "x":false, "q":"717368.32060", "V":"4.732", "Q":"403639.25130", "B":"0"}}';

function read(...messages: (string | Uint8Array)[]) {
  const { reader, heard } = listen();
  for (const message of messages) reader.read(typeof message === 'string' ? utf8(message) : message, 7);
  const { known, surprises, dropped, droppedSample } = reader;
  return { heard, known, surprises, dropped, droppedSample };
}

const combined = (frame: string): string => `{"stream":"btcusdt@whatever","data":${frame}}`;

describe('a frame of a known shape', () => {
  test.each([
    ['quote of USDS-M', QUOTE, ['quote', BTC, 76986.4, 0.0228, 76986.5, 183.3812, 428997042613, 1789467546366]],
    [
      'quote of USDS-M as documented',
      '{"e":"bookTicker","u":400900217,"E":1568014460893,"T":1568014460891,"s":"BTCUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000","A":"40.66000000"}',
      ['quote', BTC, 25.3519, 31.21, 25.3652, 40.66, 400900217, 1568014460893],
    ],
    [
      'quote of spot, without an instant',
      '{"u":50093239212,"s":"BTCUSDT","b":"61837.63000000","B":"3.78826000","a":"61837.64000000","A":"1.54698000"}',
      ['quote', BTC, 61837.63, 3.78826, 61837.64, 1.54698, 50093239212, NaN],
    ],
    [
      'aggregated trade of USDS-M: the buyer made it, so it was sold',
      '{"e":"aggTrade","E":1790526539033,"a":3466782974,"s":"BTCUSDT","p":"84551.10","q":"0.030","nq":"0.030","f":8123344783,"l":8123344783,"T":1790526538883,"m":true,"st":1}',
      ['trade', BTC, 84551.1, 0.03, -1, 3466782974, 1790526538883],
    ],
    [
      'aggregated trade of spot',
      '{"e":"aggTrade","E":1633998523963,"s":"BTCUSDT","a":15683430,"p":"0.35280000","q":"58.00000000","f":19862790,"l":19862790,"T":1633998523961,"m":false,"M":true}',
      ['trade', BTC, 0.3528, 58, 1, 15683430, 1633998523961],
    ],
    [
      'trade of USDS-M',
      '{"e":"trade","E":1785671500409,"T":1785671500407,"s":"BTCUSDT","t":7947131392,"p":"63105.80","q":"0.030","X":"MARKET","m":true,"st":1}',
      ['trade', BTC, 63105.8, 0.03, -1, 7947131392, 1785671500407],
    ],
    [
      'trade of spot',
      '{"e":"trade","E":1723161255343,"s":"BTCUSDT","t":3735683259,"p":"61837.63000000","q":"0.02000000","T":1723161255342,"m":false,"M":true}',
      ['trade', BTC, 61837.63, 0.02, 1, 3735683259, 1723161255342],
    ],
    [
      'mark price',
      '{"e":"markPriceUpdate","E":1790526539000,"s":"BTCUSDT","p":"84551.10762319","ap":"84551.10762319","P":"84559.09090930","i":"84590.87304348","r":"-0.00000801","T":1790553600000,"st":1}',
      ['mark', BTC, 84551.10762319, -0.00000801, 1790553600000, 1790526539000],
    ],
    [
      'mark price of a dated contract, without funding',
      '{"e":"markPriceUpdate","E":1596095725000,"s":"BTCUSDT","p":"10934.62615417","P":"10962.17178236","r":"","T":0}',
      ['mark', BTC, 10934.62615417, NaN, NaN, 1596095725000],
    ],
    [
      'candle of USDS-M, with its spaces',
      KLINE,
      [
        'candle',
        BTC,
        60000,
        1791269820000,
        85300,
        85300,
        85296,
        85296,
        8.41,
        false,
        8149080204,
        8149080532,
        1791269859051,
      ],
    ],
    [
      'candle of spot that nobody traded in',
      '{"e":"kline","E":1633998523963,"s":"BTCUSDT","k":{"t":1633996800000,"T":1634000399999,"s":"BTCUSDT","i":"1h","f":-1,"L":-1,"o":"0.3","c":"0.3","h":"0.3","l":"0.3","v":"0","n":0,"x":true,"q":"0","V":"0","Q":"0","B":"0"}}',
      ['candle', BTC, 3600000, 1633996800000, 0.3, 0.3, 0.3, 0.3, 0, true, NaN, NaN, 1633998523963],
    ],
    [
      'change of the book of USDS-M',
      DIFF,
      [
        'diff',
        BTC,
        11671659683245,
        11671659687966,
        11671659683147,
        1790526538985,
        84551,
        0.294,
        82548.6,
        0,
        '|',
        84551.1,
        5.302,
      ],
    ],
    [
      'change of the book of spot',
      '{"e":"depthUpdate","E":1633998512068,"s":"BTCUSDT","U":499869750,"u":499869752,"b":[],"a":[["0.35130000","6195.00000000"]]}',
      ['diff', BTC, 499869750, 499869752, NaN, 1633998512068, '|', 0.3513, 6195],
    ],
  ])('%s, raw and combined', (_, frame, heard) => {
    expect(read(frame, combined(frame))).toMatchObject({ heard: [heard, heard], known: 2, surprises: 0, dropped: 0 });
  });

  test('of a market whose name is not ASCII', () => {
    const frame = QUOTE.replaceAll('BTCUSDT', '牛来USDT');
    const stream = combined(frame).replace('btcusdt', '牛来usdt');
    expect(read(frame, stream)).toMatchObject({
      heard: [{ 1: '牛来/USDT:USDT' }, { 1: '牛来/USDT:USDT' }],
      surprises: 0,
    });
  });

  test('asks for the symbol of a name once', () => {
    const asked: string[] = [];
    const { reader } = listen((id) => {
      asked.push(id);
      return BTC;
    });
    for (let i = 0; i < 3; i++) reader.read(utf8(QUOTE), i);
    expect(asked).toEqual(['BTCUSDT']);
  });
});

describe('a frame that the venue has changed', () => {
  test.each([
    ['a key at the end', QUOTE.replace('"st":1', '"st":1,"new":{"a":[1]}')],
    ['a key in the middle', QUOTE.replace('"B":', '"c":"1","B":')],
    ['another order', QUOTE.replace('"u":428997042613,"s":"BTCUSDT"', '"s":"BTCUSDT","u":428997042613')],
    ['spaces', QUOTE.replaceAll(',"', ', "')],
    ['an exponent', QUOTE.replace('76986.40', '7.69864e4')],
    ['an escape in the name', QUOTE.replace('"BTCUSDT"', '"BTC\\u0055SDT"')],
  ])('%s: it is parsed plainly', (_, frame) => {
    const told = ['quote', BTC, 76986.4, 0.0228, 76986.5, 183.3812, 428997042613, 1789467546366];
    expect(read(frame)).toMatchObject({ heard: [told], known: 0, surprises: 1, dropped: 0 });
  });

  test('more rows than there is room for', () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => `["${i + 1}.5","1"]`).join(',');
    const { heard, surprises } = read(DIFF.replace('["84551.10","5.302"]', rows), DIFF);
    expect([heard[0]?.length, surprises, heard[1]?.at(-2)]).toEqual([6 + 4 + 1 + 10_000, 1, 84551.1]);
  });
});

describe('a frame that is bad gives nothing and is counted', () => {
  const deep = `{"e":${'['.repeat(40)}${']'.repeat(40)}}`;
  test.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['an array', '[1,2]'],
    ['an object without a name', '{"a":1}'],
    ['cut', QUOTE.slice(0, -9)],
    ['bytes that are no UTF-8', Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])],
    ['a name that is no UTF-8', Uint8Array.from([...utf8(QUOTE)].map((byte) => (byte === 0x53 ? 0xff : byte)))],
    ['more than a MB', combined(QUOTE.replace('"st":1', `"st":1${' '.repeat(1 << 20)}`))],
    ['too deep', deep],
    ['far too deep', '['.repeat(900_000)],
    ['__proto__', QUOTE.replace('"st":1', '"__proto__":{"bid":1}')],
    ['constructor, within', '{"e":"ORDER_TRADE_UPDATE","o":{"constructor":{"prototype":{"x":1}}}}'],
    ['an unknown symbol', QUOTE.replaceAll('BTCUSDT', 'DOGEUSDT')],
    ['a symbol that objects have', QUOTE.replaceAll('BTCUSDT', 'toString')],
    ['a price of zero', QUOTE.replace('76986.40', '0.00')],
    ['a negative price', QUOTE.replace('76986.40', '-76986.40')],
    ['a negative zero', QUOTE.replace('0.0228', '-0')],
    ['a price that is a number', QUOTE.replace('"76986.40"', '76986.40')],
    ['a price that is not finite', QUOTE.replace('183.3812', `1${'0'.repeat(400)}`)],
    ['a price beyond all exponents', QUOTE.replace('76986.50', '1e999')],
    ['NaN', QUOTE.replace('76986.40', 'NaN')],
    ['hexadecimal', QUOTE.replace('76986.40', '0x10')],
    ['no digits after the point', QUOTE.replace('76986.40', '76986.')],
    ['zeros before a number', QUOTE.replace('76986.40', '076986.40')],
    ['a price of null', QUOTE.replace('"76986.40"', 'null')],
    ['an id above 2^53', QUOTE.replace('428997042613', '9007199254740993')],
    ['an id of twenty digits', QUOTE.replace('428997042613', '12345678901234567890')],
    ['an id with a fraction', QUOTE.replace('428997042613', '1.5')],
    ['an id that is text', QUOTE.replace('428997042613', '"428997042613"')],
    ['a crossed quote', QUOTE.replace('76986.40', '76986.60')],
    ['a locked quote', QUOTE.replace('76986.40', '76986.50')],
    ['a negative size in the book', DIFF.replace('"0.294"', '"-0.294"')],
    ['a price of zero in the book', DIFF.replace('84551.10', '0.00')],
    ['rows that are no rows', DIFF.replace('["84551.10","5.302"]', '"84551.10"')],
    ['ids of a change in the wrong order', DIFF.replace('"U":11671659683245', '"U":11671659687967')],
    ['a candle whose high is below its low', KLINE.replace('"h":"85300.00"', '"h":"85295.00"')],
    ['a candle that closes above its high', KLINE.replace('"c":"85296.00"', '"c":"85300.01"')],
    ['a candle of no length', KLINE.replace('"1m"', '"0m"')],
    ['a candle of two names', KLINE.replace('"T":1791269879999, "s":"BTCUSDT"', '"T":1791269879999, "s":"ETHUSDT"')],
    ['data without a stream', `{"data":${QUOTE}}`],
  ])('%s', (_, message) => {
    const { heard, dropped, droppedSample } = read(message);
    expect({ heard, dropped }).toEqual({ heard: [], dropped: 1 });
    expect(droppedSample?.length).toBeLessThanOrEqual(200);
    expect(({} as { bid?: unknown }).bid).toBeUndefined();
  });

  test('its sample has no control characters', () => {
    const { droppedSample } = read(`\u001b[2J\u0000no\r\n\u009b31m\u202eJSON${'x'.repeat(500)}`);
    expect(droppedSample).toMatch(/^\[2J no 31m JSONx{185}$/);
  });

  test('trades that are none of the market are passed over', () => {
    const trade = '{"e":"trade","E":1,"T":1,"s":"BTCUSDT","t":1,"p":"0","q":"0","X":"NA","m":true}';
    expect(read(trade)).toMatchObject({ heard: [], surprises: 1, dropped: 0 });
  });
});

describe('other messages', () => {
  test.each([
    ['{"result":null,"id":1}', ['ack', '1', null]],
    ['{"result":null,"id":"a-1"}', ['ack', 'a-1', null]],
    ['{"error":{"code":2,"msg":"Invalid\\u0007 request"},"id":4}', ['ack', '4', '2 Invalid request']],
    ['{"id":"u","status":200,"result":{"subscriptionId":0}}', ['ack', 'u', null]],
    ['{"id":"u","status":400,"error":{"code":-1102,"msg":"no"}}', ['ack', 'u', '-1102 no']],
    ['{"e":"serverShutdown","E":1770123456789}', ['closing']],
    ['{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1770123456789}}', ['closing']],
    [
      '{"e":"ORDER_TRADE_UPDATE","o":{"i":9007199254740993,"c":"constructor"}}',
      ['other', '{"e":"ORDER_TRADE_UPDATE","o":{"i":"9007199254740993","c":"constructor"}}'],
    ],
    ['{"subscriptionId":0,"event":{"e":"executionReport","g":-1}}', ['other', '{"e":"executionReport","g":-1}']],
  ])('%s', (message, heard) => {
    expect(read(message)).toMatchObject({ heard: [heard], known: 1, surprises: 0, dropped: 0 });
  });
});
