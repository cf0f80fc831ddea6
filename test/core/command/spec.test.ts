import { describe, expect, it } from 'vitest';
import { rate } from '../../../src/core/base/decimal.ts';
import { feed, profile, speed } from '../../../src/core/command/argv/engine.ts';
import {
  bps,
  factor,
  int,
  money,
  number,
  price,
  qty,
  share,
  shareNumber,
} from '../../../src/core/command/argv/numbers.ts';
import {
  choice,
  type OptionSpec,
  on,
  pairs,
  path,
  text,
  toggle,
  withDefault,
} from '../../../src/core/command/argv/spec.ts';
import { symbol, symbolOfFile } from '../../../src/core/command/argv/symbol.ts';
import { duration, instant, timeframe } from '../../../src/core/command/argv/times.ts';
import { lossRule, stopRule, targetRule } from '../../../src/core/command/run/rules.ts';

const ANY = {};
const risk = share('', { above: '0', to: '100' }, '0.5%');
const fee = share('', { from: '0', to: '10' }, '0.04%');

type Case = readonly [name: string, spec: OptionSpec, text: string, value: unknown];
const accepted: readonly Case[] = [
  ['text', text('', 'NAME', 'x'), 'trend', 'trend'],
  ['path', path('', 'FILE'), './a b.csv', './a b.csv'],
  ['int', int('', { from: '0' }, '1'), '42', 42],
  ['int with a plus', int('', { from: '0' }, '1'), '+42', 42],
  ['number', number('', ANY, '1'), '1.25', 1.25],
  ['money', money('', ANY, '1'), '10000.5', 10_000_500_000_000_000_000_000n],
  ['money in exponents', money('', ANY, '1'), '1e4', 10_000n * 10n ** 18n],
  ['quantity', qty('', ANY, '1'), '0.00000001', 10_000_000_000n],
  ['factor', factor('', ANY, '2'), '1.5', rate('1.5')],
  ['factor with x', factor('', ANY, '2'), '2x', rate('2')],
  ['share in per cent', risk, '0.04%', rate('0.0004')],
  ['share in basis points', risk, '10bps', rate('0.001')],
  ['share in one basis point', risk, '1bp', rate('0.0001')],
  ['share with a blank', risk, '1 %', rate('0.01')],
  ['share of nothing needs no unit', fee, '0', rate('0')],
  ['share as a number', shareNumber('', ANY, '20%'), '20%', 0.2],
  ['basis points as a number', bps('', ANY, '3bps'), '0.03%', 3],
  ['duration in ms', duration('', ANY, '1s'), '150ms', 150],
  ['duration in minutes', duration('', ANY, '1s'), '1.5m', 90_000],
  ['duration of nothing needs no unit', duration('', ANY, '1s'), '0', 0],
  ['day', instant(''), '2025-05-04', 1_746_316_800_000],
  ['minute', instant(''), '2025-05-04T12:30', 1_746_361_800_000],
  ['second, with a blank and Z', instant(''), '2025-05-04 12:30:15Z', 1_746_361_815_000],
  ['milliseconds', instant(''), '1746316800000', 1_746_316_800_000],
  ['time frame', timeframe(''), '15m', '15m'],
  ['perpetual', symbol(''), 'BTC/USDT:USDT', 'BTC/USDT:USDT'],
  ['spot', symbol(''), 'ETH/BTC', 'ETH/BTC'],
  ['choice', choice('', ['csv', 'jsonl']), 'csv', 'csv'],
  ['switch', toggle(''), 'true', true],
  ['stop at a distance', stopRule(''), '1%', { by: 'fixed', distance: rate('0.01') }],
  ['stop of the strategy', stopRule(''), 'strategy', 'strategy'],
  ['no stop', stopRule(''), 'none', { by: 'none' }],
  ['target at a distance', targetRule(''), '2%', { by: 'fixed', distance: rate('0.02') }],
  ['target in R', targetRule(''), '2.5r', { by: 'multiple', multiple: rate('2.5') }],
  ['no target', targetRule(''), 'none', { by: 'none' }],
  ['loss in currency', lossRule(''), '80', { by: 'amount', amount: 80n * 10n ** 18n }],
  ['loss of equity', lossRule(''), '1%', { by: 'equity', fraction: rate('0.01') }],
  ['no loss rule', lossRule(''), 'none', { by: 'none' }],
  ['synthetic', feed(''), 'synthetic', { from: 'synthetic' }],
  ['synthetic with a seed', feed(''), 'synthetic:7', { from: 'synthetic', seed: 7 }],
  ['replay', feed(''), 'replay:./x.csv', { from: 'file', path: './x.csv' }],
  ['speed', speed(''), '60', 60],
  ['top speed', speed(''), 'max', 'max'],
  ['profile', profile(''), 'demo-2', 'demo-2'],
];

const refused: readonly (readonly [name: string, spec: OptionSpec, text: string, fix?: string])[] = [
  ['empty text', text('', 'NAME', 'x'), '  '],
  ['path with a zero byte', path('', 'FILE'), 'a\0b'],
  ['fraction for an int', int('', ANY, '1'), '1.5'],
  ['int out of range', int('', { to: '5' }, '1'), '6'],
  ['NaN', number('', ANY, '1'), 'NaN'],
  ['Infinity', number('', ANY, '1'), 'Infinity'],
  ['hexadecimal', money('', ANY, '1'), '0x10'],
  [
    'a comma between thousands, or a decimal one',
    money('', ANY, '1'),
    '10,000',
    '10000 or, where the comma is a decimal one, 10.000',
  ],
  ['thousands', money('', ANY, '1'), '1,000,000', '1000000'],
  ['thousands with a fraction', money('', ANY, '1'), '10,000.5', '10000.5'],
  ['thousands with blanks', money('', ANY, '1'), '10 000', '10000'],
  ['a decimal comma', qty('', ANY, '1'), '0,1', '0.1'],
  ['a decimal comma of three digits', qty('', ANY, '1'), '0,125', '0.125'],
  ['a decimal comma of a price', price('', ANY, '1'), '2950,5', '2950.5'],
  ['thousands with points, and a decimal comma', price('', ANY, '1'), '1.000,5', '1000.5'],
  ['two commas that group nothing', money('', ANY, '1'), '1,5,5'],
  ['a decimal comma of a number', number('', ANY, '1'), '1,5', '1.5'],
  ['a decimal comma of a factor', factor('', ANY, '1'), '2,5x', '2.5'],
  ['a decimal comma of a share', risk, '1,125%', '1.125%'],
  ['a decimal comma of a fraction', risk, '0,5', '0.5% or, where a fraction was meant, 50%'],
  ['a decimal comma of a stop', stopRule(''), '1,5%', '1.5%'],
  ['a decimal comma of an amount', lossRule(''), '80,5', '80.5'],
  ['money below zero', money('', { above: '0' }, '1'), '-1'],
  ['19 digits after the point', qty('', ANY, '1'), '0.0000000000000000001'],
  ['leverage 0', factor('', { from: '1' }, '2'), '0'],
  ['risk of 500 %', risk, '500%'],
  ['risk of nothing', risk, '0%'],
  ['risk below zero', risk, '-1%'],
  ['a whole number for a share', risk, '1', '1%'],
  ['a fraction for a share', risk, '0.5', '0.5% or, where a fraction was meant, 50%'],
  ['words for a share', risk, 'half'],
  ['duration without a unit', duration('', ANY, '1s'), '5', '5ms, 5s or 5m'],
  ['duration below zero', duration('', ANY, '1s'), '-5s'],
  ['part of a millisecond', duration('', ANY, '1s'), '0.5ms'],
  ['duration out of range', duration('', { to: '60s' }, '1s'), '61s'],
  ['a day that is none', instant(''), '2025-04-31'],
  ['the American way', instant(''), '05/04/2025'],
  ['duration below zero without a unit', duration('', { to: '60s' }, '150ms'), '-1'],
  ['duration that one unit alone brings into range', duration('', { from: '1m' }, '5m'), '7', '7m'],
  ['time frame that nobody has', timeframe(''), '10m', '15m'],
  ['time frame of half a minute', timeframe(''), '30s', '1m'],
  ["an exchange's own name", symbol(''), 'BTCUSDT', 'BTC/USDT:USDT for the perpetual or BTC/USDT for spot'],
  ['a quote of one letter, which no instrument has', symbol(''), 'A/B'],
  ['small letters', symbol(''), 'btc/usdt', 'BTC/USDT'],
  ['an inverse contract', symbol(''), 'BTC/USD:BTC', 'BTC/USD:USD'],
  ['choice with a slip', choice('', ['csv', 'jsonl']), 'jsnl', 'jsonl'],
  ['stop on the wrong side', stopRule(''), '-1%'],
  ['stop at no price', stopRule(''), '100%'],
  ['stop at the entry without its unit', stopRule(''), '0'],
  ['risk of all, and more, without its unit', risk, '500'],
  ['stop as a fraction', stopRule(''), '0.01', '0.01% or, where a fraction was meant, 1%'],
  ['target of nothing', targetRule(''), '0%'],
  ['target of 0 R', targetRule(''), '0r', '2r'],
  ['loss below zero', lossRule(''), '-80'],
  ['loss above all', lossRule(''), '101%'],
  ['feed without its kind', feed(''), 'x.csv', 'replay:x.csv'],
  ['seed that is too large', feed(''), 'synthetic:4294967296'],
  ['standing still', speed(''), '0', 'max'],
  ['profile that leaves its folder', profile(''), '../live'],
  ['profile in capitals', profile(''), 'Demo', 'demo'],
];

describe('an option', () => {
  it.each(accepted)('reads %s', (_name, spec, given, value) => {
    expect(spec.read([given])).toEqual({ ok: true, value });
  });

  it.each(refused.map(([name, spec, given, fix]) => ({ name, spec, given, fix })))(
    'refuses $name',
    ({ spec, given, fix }) => {
      const reading = spec.read([given]);
      expect(reading.ok).toBe(false);
      if (!reading.ok) expect(reading.fix).toBe(fix);
    },
  );

  it('is undefined where it is not given, and its default where it has one', () => {
    expect(risk.read([])).toEqual({ ok: true, value: undefined });
    expect(withDefault(risk, '2%').read([])).toEqual({ ok: true, value: rate('0.02') });
    expect(on('').read([])).toEqual({ ok: true, value: false });
  });
});

describe('key=value', () => {
  const spec = pairs('', 'KEY=VALUE', 'fast=12');

  it('reads each, the value up to the end', () => {
    expect(spec.read(['fast=12', 'price=a=b'])).toEqual({ ok: true, value: { fast: '12', price: 'a=b' } });
  });

  it.each([['fast'], ['=12'], ['fast=1', 'fast=2']])('refuses %s %s', (...texts) => {
    expect(spec.read(texts).ok).toBe(false);
  });

  it('takes a name that objects know for a name', () => {
    const reading = spec.read(['__proto__=1']);
    expect(reading.ok && Object.hasOwn(reading.value, '__proto__')).toBe(true);
  });
});

describe('the symbol that a file name tells', () => {
  it.each([
    ['/data/binance-usdm-BTCUSDT-1m-20250504_20250603.csv.gz', 'BTC/USDT:USDT'],
    ['binance-spot-ETHUSDT-5m-20240101.csv', 'ETH/USDT'],
    ['C:\\data\\SOLUSDC.csv', 'SOL/USDC:USDC'],
    ['candles.csv', undefined],
    ['USDT.csv', undefined],
  ])('%s', (name, told) => {
    expect(symbolOfFile(name)).toBe(told);
  });
});
