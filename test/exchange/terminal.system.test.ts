import { describe, expect, it, onTestFinished } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { openExchangeHome, openStandIn, type Ticker, until, WAVE_FROM, writeWave } from '../support/stand-in.ts';
import { watchEngine } from '../support/stand-in-engine.ts';
import { hasTmux, openTerminal, type Terminal } from '../support/tmux.ts';

const SIZES = [
  [120, 40],
  [80, 24],
] as const;

/** Every line of a boxed frame is as wide as the terminal: nothing is torn. */
function expectWhole(screen: string, columns: number): void {
  for (const line of screen.split('\n')) {
    if (/^[│├┌└]/.test(line)) expect(Array.from(line).length, `as wide as the terminal: ${line}`).toBe(columns);
  }
}

/** The same engine on a large and on a small terminal. */
function openBoth(launcher: string, env: Readonly<Record<string, string>>): readonly Terminal[] {
  const both = SIZES.map(([columns, rows]) => openTerminal(launcher, columns, rows, env));
  onTestFinished(() => {
    for (const each of both) each.close();
  });
  return both;
}

/** Goes to a screen on both and waits until each says all of it. */
async function see(both: readonly Terminal[], key: string, says: readonly RegExp[], denies: readonly RegExp[] = []) {
  for (const [at, terminal] of both.entries()) {
    terminal.keys(key);
    const screen = await terminal
      .until((text) => says.every((word) => word.test(text)) && !denies.some((word) => word.test(text)))
      .catch((problem: Error) => {
        throw new Error(`${says.join(' ')} without ${denies.join(' ')}: ${problem.message}`);
      });
    expectWhole(screen, SIZES[at]?.[0] ?? 0);
  }
}

const shownBid = (terminal: Terminal | undefined): number =>
  Number(/bid +([\d,.]+)/.exec(terminal?.screen() ?? '')?.[1]?.replaceAll(',', ''));

describe.skipIf(!hasTmux)('an exchange on a terminal', () => {
  it('shows its prices with source and age, a fault as it comes, what it blocks, and that it is over', async () => {
    const file = writeWave(scratchFolder(), 'BTCUSDT', { base: 60_000, share: 0.2, minutes: 5_760 });
    const at = await openStandIn(`${file} --from ${WAVE_FROM}`);
    const home = openExchangeHome(at.port, 'screen');
    const symbol = 'BTC/USDT:USDT';
    home.json(`auto start --profile screen --exchange binanceusdm --symbol ${symbol} --strategy ema-cross`);
    const engine = watchEngine(home, 'screen');
    await engine.untilNext('ok');
    const both = openBoth(`${home.launcher} --profile screen`, home.env);
    for (const terminal of both) await terminal.until(/NEXT ENTRY/);

    await see(both, '2', [/bid and ask stream/, /fresh/], [/STALE|polled|~\d/]);
    for (const terminal of both) {
      const look = async () => ({
        shown: shownBid(terminal),
        bid: Number(((await at.get('/fapi/v1/ticker/bookTicker?symbol=BTCUSDT')) as Ticker).bidPrice),
      });
      await until('the bid of the venue', look, ({ shown, bid }) => shown === bid);
    }
    await see(both, '0', [/state +up/, /STAND-IN on this machine/, /bid\/ask +live/, /mark +live/], [/LOOK AT THIS/]);

    await at.fault('silence');
    await see(both, '1', [/feed polling/, /!1/, /LONG +blocked by +QUOTE_POLLED/, /polled: the stream gave no quote/]);
    await see(both, '2', [/POLLED PRICES/, /orders by hand go on/]);
    await see(both.slice(0, 1), '2', [/bid and ask polled/, /feed +polling/]);
    await see(both, '0', [/LOOK AT THIS/, /prices are polled/, /state +DEGRADED/, /bid\/ask +polled/]);

    await at.fault('ban:count=1,retryAfter=20');
    await see(both, '1', [/feed BANNED/, /STALE DATA/, /No entry goes/, /NEXT ENTRY/]);
    await see(both, '2', [/wants silence until/, /bid +[\d,.]+ ~\d+s/]);
    await see(both, '0', [/BANNED/]);

    await at.clear();
    await engine.untilNext('ok');
    await see(both, '1', [/NEXT ENTRY/, /!0/], [/feed (polling|BANNED)/, /blocked by/, /STALE DATA/]);
    await see(both, '2', [/bid and ask stream/, /fresh/], [/STALE|polled|~\d/]);
    await see(both, '0', [/state +up/], [/LOOK AT THIS/]);
    for (const terminal of both) {
      terminal.keys('q');
      expect(await terminal.until(/exit 0/)).toContain('goes on trading');
    }
    engine.endSound();
  });
});
