import { marginHeld } from '../../domain/margin.ts';
import type { Run } from '../../domain/run.ts';
import type { Limits } from '../../domain/settings.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { placesOf } from '../../risk/limits.ts';
import { shortest, unknown, word } from '../cell.ts';
import { age, decimal, duration, percent } from '../format.ts';
import { shareOf } from '../holding.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { type Focus, freshnessOf } from '../select.ts';
import type { Cell, Row, TableBlock } from '../view.ts';
import * as marketWords from '../words/market.ts';
import * as riskWords from '../words/risk.ts';
import { asNumber, pnlShare } from './auto-budget.ts';

/** How a limit is told: `share` and `part` in per cent. The last three are judged by `review` alone. */
type Unit = 'share' | 'factor' | 'count' | 'ms' | 'bps' | 'part' | 'r' | 'flag';

const UNITS: { readonly [K in keyof Limits]-?: Unit } = {
  riskMax: 'share',
  leverageMax: 'factor',
  heat: 'share',
  reservedAccount: 'share',
  reservedRun: 'share',
  positionsMax: 'count',
  dayBlock: 'share',
  dayFlatten: 'share',
  weekHalt: 'share',
  entriesDayMax: 'count',
  stopsInRowMax: 'count',
  stopsDayMax: 'count',
  flipsDayMax: 'count',
  ordersMinuteMax: 'count',
  stopCooldownMs: 'ms',
  stopsInRowCooldownMs: 'ms',
  quoteAgeMsMax: 'ms',
  spreadBpsMax: 'bps',
  costsOfStopMax: 'part',
  rewardMin: 'r',
  liquidationBuffer: 'part',
  gapBlock: 'flag',
};

const BLANK: Cell = { value: null, text: '' };

/** What is reached or near stands above, and some of the rest. */
const ROWS_LEAST = 7;

/** Every limit with what is used of it; those that are off say so. */
export function limitsBlock(scene: Scene, focus: Focus, run: Run, ui: Ui): TableBlock {
  const say = words(riskWords, ui.locale);
  const keys = Object.keys(UNITS) as (keyof Limits)[];
  return {
    kind: 'table',
    id: 'limits',
    title: say('limits'),
    area: 'main',
    rank: 1,
    least: ROWS_LEAST,
    columns: [
      { name: 'rule', title: say('colRule') },
      { name: 'used', title: say('colUsed'), align: 'right' },
      { name: 'limit', title: say('colLimit'), align: 'right' },
      { name: 'state', title: say('colState'), rank: 1 },
    ],
    rows: keys.map((key) => rowOf(key, scene, focus, run, ui)).sort((a, b) => weightOf(b) - weightOf(a)),
    empty: '',
  };
}

/** What is reached or near stands above the rest, which keeps its order. */
const weightOf = ({ cells }: Row): number => ['near', 'reached'].indexOf(String(cells.at(-1)?.value)) + 1;

function rowOf(key: keyof Limits, scene: Scene, focus: Focus, run: Run, ui: Ui): Row {
  const say = words(riskWords, ui.locale);
  const limit = numberOf(run.risk.limits[key]);
  const used = usedOf(key, scene, focus, run);
  const rule = word(key, say(`limit.${key}`));
  if (limit === undefined) {
    return {
      key,
      cells: [rule, used === undefined ? BLANK : told(used, UNITS[key], ui), word('off', say('off'), 'muted'), BLANK],
    };
  }
  const most = UNITS[key] === 'flag' ? word('blocked', say('blocked')) : told(limit, UNITS[key], ui);
  if (used === undefined) return { key, cells: [rule, BLANK, most, BLANK] };
  return {
    key,
    cells: [rule, told(used, UNITS[key], ui), most, stateOf(key, used, mostOf(key, limit, scene, focus, run), ui)],
  };
}

/** A source that tells whole candles is as old as a candle at most. */
const mostOf = (key: keyof Limits, limit: number, scene: Scene, { market }: Focus, run: Run): number =>
  key === 'quoteAgeMsMax' ? freshnessOf(scene, market, run).quoteMsMax : limit;

/** A leverage or a risk that equals its ceiling is allowed; losses and counts have reached it. */
const INCLUSIVE: ReadonlySet<keyof Limits> = new Set([
  'leverageMax',
  'riskMax',
  'reservedAccount',
  'reservedRun',
  'heat',
]);
const NEAR = 0.8;

function stateOf(key: keyof Limits, used: number | null, limit: number, { locale }: Ui): Cell {
  const say = words(riskWords, locale);
  if (used === null) return unknown();
  if (used > limit || (used === limit && !INCLUSIVE.has(key))) return word('reached', say('reached'), 'bad');
  return used >= limit * NEAR && used > 0 ? word('near', say('near'), 'warn') : word('ok', say('ok'), 'good');
}

function told(value: number | null, unit: Unit, { locale }: Ui): Cell {
  if (value === null || !Number.isFinite(value)) return unknown();
  const cell = (text: string): Cell => ({ value: shortest(value), text });
  if (unit === 'share' || unit === 'part') return cell(percent(value));
  if (unit === 'factor') return cell(`${decimal(value)}x`);
  if (unit === 'ms') return { value, text: value < 10_000 ? age(value) : duration(value) };
  if (unit === 'bps') return cell(words(marketWords, locale)('bps', { value: decimal(value, { digits: 2 }) }));
  return unit === 'r' ? cell(`${decimal(value)} R`) : { value, text: decimal(value) };
}

function numberOf(limit: Limits[keyof Limits]): number | undefined {
  if (limit === undefined || limit === false) return undefined;
  if (typeof limit === 'bigint') return asNumber(limit);
  return limit === true ? 1 : limit;
}

/** What is used now, in the unit of the limit; null is unknown, undefined where it is only known at an entry. */
function usedOf(key: keyof Limits, scene: Scene, focus: Focus, run: Run): number | null | undefined {
  const { account, accountFrame: frame, market } = focus;
  const now = scene.now;
  switch (key) {
    case 'leverageMax':
      return asNumber(run.risk.leverage);
    case 'riskMax':
      return run.risk.sizing.by === 'risk' ? asNumber(run.risk.sizing.risk) : undefined;
    case 'heat':
      return frame === undefined ? null : shareOf(frame.heat, frame.equity);
    case 'reservedAccount':
      return frame === undefined ? null : shareOf(frame.reserved, frame.equity);
    case 'reservedRun':
      return frame === undefined ? null : shareOf(marginHeld(run), frame.equity);
    case 'positionsMax':
      return placesOf(scene.state, run.account).size;
    case 'dayBlock':
    case 'dayFlatten':
      return account === undefined ? null : lossOf(pnlShare(frame?.dayPnl, account.dayStartEquity));
    case 'weekHalt':
      return account === undefined ? null : lossOf(pnlShare(frame?.weekPnl, account.weekStartEquity));
    case 'entriesDayMax':
      return run.entriesToday;
    case 'stopsInRowMax':
      return run.stopsInRow;
    case 'stopsDayMax':
      return run.stopsToday;
    case 'flipsDayMax':
      return run.flipsToday;
    case 'ordersMinuteMax':
      return now === null ? null : (account?.orderTimes.filter((at) => at > now - MINUTE_MS).length ?? null);
    case 'quoteAgeMsMax':
      return freshnessOf(scene, market, run).quoteMs;
    case 'spreadBpsMax':
      return spreadOf(market?.bid, market?.ask);
    default:
      return undefined;
  }
}

const lossOf = (share: number | null): number | null => (share === null ? null : Math.max(0, -share));

function spreadOf(bid: number | null | undefined, ask: number | null | undefined): number | null {
  return bid == null || ask == null ? null : ((ask - bid) / ((ask + bid) / 2)) * 10_000;
}
