import type { Costs, RiskSettings } from '../../domain/settings.ts';
import type { RunRequest, Source } from '../../lab/request.ts';
import { kindOfSymbol, symbolOfFile } from '../argv/symbol.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { costsOf } from './costs.ts';
import type { RunInput } from './options.ts';
import { settingsOf } from './settings.ts';

/** What stands where nothing is given. */
export interface RunBase {
  readonly risk: RiskSettings;
  readonly costs: Costs;
}

/** The symbol that was given, or the one that the source tells, with a note that says so. */
export interface NamedSymbol {
  readonly symbol: string;
  readonly notes: readonly string[];
}

const FIRST_SYMBOL = 'BTC/USDT:USDT';

/** The symbol of a run: as given, else as the file is named, else the first of all. */
export function symbolOf(given: string | undefined, source: Source): NamedSymbol {
  if (given !== undefined) return { symbol: given, notes: [] };
  if (source.from !== 'file') return { symbol: FIRST_SYMBOL, notes: [] };
  const told = symbolOfFile(source.path);
  if (told !== undefined)
    return {
      symbol: told,
      notes: [`symbol ${told} (${kindOfSymbol(told)}), as the file is named; --symbol says another`],
    };
  return {
    symbol: FIRST_SYMBOL,
    notes: [`symbol ${FIRST_SYMBOL}, because the file's name tells none; --symbol says another`],
  };
}

/** A symbol that was given tells its kind. */
function otherKind(kind: string, symbol: string): Refusal {
  const expected = `--kind ${kindOfSymbol(symbol)} with --symbol ${symbol}`;
  return refusal(2, 'OPTIONS_CONFLICT', expected, `--kind ${kind}`, 'leave --kind out, or name the other symbol');
}

/** Builds the part of a request that backtest and paper share, or says what contradicts itself. */
export function runRequest(given: RunInput, base: RunBase, source: Source, symbol: string): RunRequest | Refusal {
  const kind = given.kind ?? kindOfSymbol(symbol);
  if (given.symbol !== undefined && kind !== kindOfSymbol(given.symbol)) return otherKind(kind, given.symbol);
  const risk = settingsOf(given, base.risk, kind);
  if (isRefusal(risk)) return risk;
  const costs = costsOf(given, base.costs);
  if (isRefusal(costs)) return costs;
  if (kind === 'spot' && given.funding !== undefined) {
    return refusal(2, 'OPTIONS_CONFLICT', 'no --funding on spot, which pays none', '--funding', 'leave it out');
  }
  return {
    strategy: given.strategy,
    params: given.params,
    symbol,
    timeframe: given.timeframe,
    seed: given.seed,
    risk,
    observe: false,
    balance: given.balance,
    costs,
    instrument: { kind: given.kind, tick: given.tick, step: given.step, notionalMin: given.minNotional },
    source,
    sourceTimeframe: given.dataTimeframe,
    fundingFile: given.funding,
  };
}
