import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/*
 * A process that speaks Binance's stream protocol: 5,000 messages a second of 50 symbols, or, where it is told to cut,
 * a few messages to whoever subscribes, and then the end of the connection.
 */

const BEAT_MS = 10;
const ROWS = 10;

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const streams = new Map<WebSocket, Set<string>>();
let beats = 0;
let isCutting = false;

server.on('connection', (client) => {
  const own = new Set<string>();
  streams.set(client, own);
  client.on('error', () => undefined);
  client.on('close', () => streams.delete(client));
  client.on('message', (data) => {
    const { params, id } = JSON.parse(String(data)) as { params: string[]; id: number };
    for (const stream of params) own.add(stream);
    client.send(`{"result":null,"id":${id}}`);
    if (!isCutting) return;
    for (const stream of own) client.send(frame(stream, 1));
    client.close();
  });
});
server.on('listening', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => {
  isCutting = true;
});
process.on('disconnect', () => process.exit());

const startedAt = performance.now();
setInterval(() => {
  // A late beat makes up for what it missed: so many messages a second, whatever the scheduler does.
  const due = Math.floor((performance.now() - startedAt) / BEAT_MS);
  for (; beats < due; beats += 1) if (!isCutting) beat();
}, BEAT_MS);

/** One message of every symbol: seven quotes, two trades and a change of the book in ten. */
function beat(): void {
  const kind = ['depth@100ms', 'aggTrade', 'bookTicker', 'bookTicker', 'bookTicker', 'aggTrade'][beats % 10];
  const word = `@${kind ?? 'bookTicker'}`;
  for (const [client, own] of streams) {
    for (const stream of own) if (stream.endsWith(word)) client.send(frame(stream, beats));
  }
}

function frame(stream: string, count: number): string {
  const [name = '', channel = ''] = stream.split('@');
  return `{"stream":"${stream}","data":${dataOf(name.toUpperCase(), channel, count)}}`;
}

function dataOf(id: string, channel: string, count: number): string {
  const at = Date.now();
  const u = 1_000 + count;
  switch (channel) {
    case 'bookTicker':
      return `{"e":"bookTicker","u":${u},"s":"${id}","b":"999.90","B":"2.646","a":"1000.10","A":"5.302","T":${at},"E":${at}}`;
    case 'depth':
      return `{"e":"depthUpdate","E":${at},"T":${at},"s":"${id}","U":${u - 9},"u":${u},"pu":${u - 10},"b":[${rows(-1, count)}],"a":[${rows(1, count)}]}`;
    case 'aggTrade':
      return `{"e":"aggTrade","E":${at},"a":${u},"s":"${id}","p":"1000.00","q":"1.000","f":${u},"l":${u},"T":${at},"m":true}`;
    case 'kline_1m':
      return `{"e":"kline","E":${at},"s":"${id}","k":{"t":${at - (at % 60_000)},"T":${at},"s":"${id}","i":"1m","f":1,"L":2,"o":"1","c":"1","h":"1","l":"1","v":"1","n":2,"x":false,"q":"1","V":"1","Q":"1","B":"0"}}`;
    default:
      return `{"e":"markPriceUpdate","E":${at},"s":"${id}","p":"1000.00","i":"1000.00","P":"1000.00","r":"0.0001","T":${at}}`;
  }
}

/** The first level keeps its price, so that the book never crosses. */
function rows(side: 1 | -1, count: number): string {
  return Array.from({ length: ROWS }, (_, row) => {
    const price = 1_000 + side * (0.1 + row * 0.3 + (row === 0 ? 0 : count % 3) * 0.1);
    return `["${price.toFixed(2)}","${(1 + ((count + row) % 7)).toFixed(3)}"]`;
  }).join(',');
}
