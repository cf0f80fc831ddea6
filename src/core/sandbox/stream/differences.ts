import type { Difference } from '../differences.ts';

/** In what the streams and the markets behind them are not as Binance's are. */
export const STREAM_DIFFERENCES: readonly Difference[] = [
  {
    where: 'recorded frames',
    difference: 'instants are moved by whole minutes, update ids grow with each loop; every other byte is as recorded',
    reason: 'clients refuse a book of the past',
  },
  {
    where: '<symbol>@depth@<speed>',
    difference: 'the recorded diffs come at every speed that is asked for, as fast as they were recorded',
    reason: 'the chain of update ids stays unbroken in each',
  },
  {
    where: '<symbol>@depth5, @depth10, @depth20',
    difference: 'at most every 100 ms, at every speed that is asked for; U and pu are those of the partial book before',
    reason: 'they are made from the book and were not recorded',
  },
  {
    where: '<symbol>@aggTrade',
    difference: 'one for each trade, under its id: trades are not put together',
    reason: 'the recordings have no aggregate trades',
  },
  {
    where: '<symbol>@markPrice',
    difference: 'mark and index price are the last trade, the rate is 0.01 %; the computed market has its own',
    reason: 'the recordings have neither',
  },
  {
    where: 'candles of mark and index price',
    difference: 'those of trades',
    reason: 'neither price is kept but for now',
  },
  {
    where: 'candles of the past of recorded frames',
    difference: 'begin with the recording',
    reason: 'nothing was recorded before it',
  },
  {
    where: '<symbol>@kline_<interval>',
    difference:
      'a forming candle is told every 250 ms where trades have changed it; a closed one up to 250 ms after its end',
    reason: 'trades became known so late in the recordings; Binance closes up to two seconds later',
  },
  {
    where: 'candles as a source',
    difference:
      'books, trades and their sizes are invented, one trade a second at most; candles of history have one trade each',
    reason: 'a candle tells no more; what is made of the trades is that candle again, exactly',
  },
  {
    where: '!ticker@arr, !miniTicker@arr, !markPrice@arr',
    difference: 'every listed market each time, changed or not',
    reason: 'a stand-in lists few',
  },
  {
    where: '!forceOrder, !contractInfo, !assetIndex, @ticker_<window>, @avgPrice, @markPriceKline, @indexPriceKline',
    difference: 'acknowledged and silent',
    reason: 'nothing here makes them',
  },
  {
    where: '/public, /market, /private',
    difference: 'each of them serves every stream',
    reason: 'the venue moves streams from one to another',
  },
  {
    where: '/ws-api/v3, /ws-fapi/v1',
    difference: 'weights are counted apart from those of REST and not told; no order method, no session.logon',
    reason: 'the stand-in takes no orders and has no Ed25519 keys',
  },
  {
    where: 'clock-skew',
    difference: 'moves the time that REST tells and signatures are held against, not the instants in frames',
    reason: 'a clock that is off shows as a difference between the two',
  },
  {
    where: 'SUBSCRIBE',
    difference: 'SET_PROPERTY is acknowledged and changes nothing',
    reason: 'the address decides whether frames are wrapped',
  },
];
