import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import { openHome } from '../support/profile.ts';
import { copyFromCheckout, scratchFolder, writeFiles } from '../support/scratch.ts';
import { until } from '../support/stand-in.ts';
import { hasTmux, openTerminal, type Terminal } from '../support/tmux.ts';

const MONTH = resolve(ROOT, '../shared/data/candles/binance-usdm-BTCUSDT-1m-20250504_20250603.csv.gz');
/** Two keys of one confirmation are two strokes of a hand. */
const STROKE_MS = 150;
/** Who answers a question has read it: an Enter that comes sooner after another answers none. */
const READ_MS = 800;

let terminal: Terminal | undefined;
afterEach(() => {
  terminal?.close();
  terminal = undefined;
});

/** One key after the other, as a hand presses them. */
async function press(on: Terminal, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    on.keys(key);
    await pause(STROKE_MS);
  }
}

async function confirm(on: Terminal): Promise<void> {
  await pause(READ_MS);
  await press(on, 'Enter');
}

/** Goes down in a form until the field has the cursor, each step when the one before it is seen. */
async function toField(on: Terminal, label: string): Promise<void> {
  const isThere = (screen: string): boolean => new RegExp(`>${label} `).test(screen);
  const cursor = (screen: string): string => screen.match(/>\w+/g)?.join() ?? '';
  let screen = await on.until(/>\w+ +[<[]/);
  for (let i = 0; i < 14 && !isThere(screen); i++) {
    const before = cursor(screen);
    on.keys('Down');
    screen = await on.until((now) => cursor(now) !== before);
  }
  expect(screen).toMatch(new RegExp(`>${label} `));
}

/** The number behind a word on the screen: `mark  65,157.0`. */
const numberBehind = (screen: string, word: string): number =>
  Number(new RegExp(`${word}\\s+([\\d,.]+)`).exec(screen)?.[1]?.replaceAll(',', ''));

/** The preview tells the stop as it was typed, to the end: with thousands parted. */
const reviewedAt = (stop: string): RegExp =>
  new RegExp(`SL +${Number(stop).toLocaleString('en-US', { minimumFractionDigits: 1 })}`);

/** Moves the stop of a short close above the price until the market takes it: it may walk away meanwhile. */
async function stopOut(on: Terminal): Promise<void> {
  for (let i = 0; i < 8; i++) {
    await press(on, 'E');
    const near = (numberBehind(await on.until(/>SL +\[/), 'ask') * 1.0003).toFixed(1);
    on.type(near);
    if (await isSeen(on, reviewedAt(near), 3)) {
      await press(on, 'Enter');
      if (await isSeen(on, /CONFIRM/, 2)) await confirm(on);
      await pause(500);
    }
    await press(on, 'Escape', 'Escape', '1');
    if (await isSeen(on, /closed +BTC SHORT [\d.]+ +SL/, 8)) return;
  }
  throw new Error(`expected the stop to be hit, found\n${on.screen()}`);
}

const isSeen = (on: Terminal, what: RegExp, seconds: number): Promise<boolean> =>
  on.until(what, seconds).then(
    () => true,
    () => false,
  );

/** Every line of a boxed frame is as wide as the terminal: nothing is torn. */
function expectWhole(screen: string, columns: number): void {
  for (const line of screen.split('\n')) {
    if (/^[│├┌└]/.test(line)) expect(Array.from(line).length, `as wide as the terminal: ${line}`).toBe(columns);
  }
}

describe.skipIf(!hasTmux)('a session in a real terminal', () => {
  it('shows the demo at once; a person closes, stops, trades by hand, is stopped out, flips, leaves and comes back', async () => {
    const home = openHome('demo');
    terminal = openTerminal(home.launcher, 120, 40, home.env);
    const first = await terminal.until(/NET IF CLOSED NOW/);
    expect(first).toMatch(/PAPER +paper@SIM x60 +RUNNING/);
    expect(first).toMatch(/opened +BTC/);
    expectWhole(first, 120);

    await press(terminal, 'c');
    await terminal.until(/press y close/);
    await press(terminal, 'y');
    await terminal.until(/closed +BTC \w+ [\d.]+ +by hand/);
    await press(terminal, 's');
    await terminal.until(/press y stop/);
    await press(terminal, 'y');
    await terminal.until(/ OFF +ACTIVE/);

    await press(terminal, 't');
    const draft = await terminal.until(/>s\w+ +[<[]/);
    const stop = (numberBehind(draft, 'bid') * 0.975).toFixed(1);
    await toField(terminal, 'SL');
    terminal.type(stop);
    await terminal.until(reviewedAt(stop));
    await press(terminal, 'Enter');
    await terminal.until(/Enter sends|Enter again|Enter to send|confirm/i);
    await confirm(terminal);
    await press(terminal, 'Escape', '1');
    const held = await terminal.until(/LONG [\d.]+ BTC[\s\S]*WORKING/);
    expect(held).toMatch(/run \d+ +by hand/);
    expect(home.json('positions').positions).toMatchObject([
      { side: 'long', protection: 'working', stopPrice: stop.replace(/\.0$/, '') },
    ]);

    await press(terminal, 'f');
    await terminal.until(/Enter/);
    await press(terminal, 'Enter');
    await terminal.until(/flipped +BTC/);
    await terminal.until(/SHORT [\d.]+ BTC[\s\S]*WORKING/);

    await stopOut(terminal);

    await press(terminal, 'q');
    const left = await terminal.until(/exit 0/);
    expect(left).toMatch(/engine/);
    terminal.close();

    const status = home.json('engine status');
    expect(status).toMatchObject({ state: 'running' });
    terminal = openTerminal(home.launcher, 80, 24, home.env);
    const again = await terminal.until(/NEXT ENTRY|NET IF CLOSED NOW/);
    expectWhole(again, 80);
    await press(terminal, '7');
    await terminal.until(/closed +BTC SHORT [\d.]+ +SL/);
  });

  it('says at once that the engine died, keeps what was typed, and goes on with position and stop after a start', async () => {
    const home = openHome('demo');
    terminal = openTerminal(home.launcher, 120, 40, home.env);
    await terminal.until(/NET IF CLOSED NOW/);
    const [before] = home.json('positions').positions;
    await press(terminal, 'e');
    await toField(terminal, 'risk');
    terminal.type('7');
    process.kill(home.json('engine status').pid, 'SIGKILL');
    await terminal.until(/engine (lost|gone|is gone|does not answer)|LOST|no engine/i);
    expect(terminal.screen()).toMatch(/risk +\[[^\]]*7/);
    expect(home.dzentra('engine start --profile demo').code).toBe(0);
    await press(terminal, 'Escape', '1');
    await terminal.until((screen) => /NET IF CLOSED NOW/.test(screen) && !/lost/i.test(screen));
    const [after] = home.json('positions').positions;
    expect({ ...after, stop: after.stopPrice }).toMatchObject({
      run: before.run,
      side: before.side,
      qty: before.qty,
      stopPrice: before.stopPrice,
      targetPrice: before.targetPrice,
      openedAt: before.openedAt,
      protection: 'working',
    });
  });

  it('closes everything by a key, and its engine loads a strategy, though an update took their program away', async () => {
    const home = openHome('demo');
    const folder = scratchFolder();
    copyFromCheckout(folder, ['bin', 'dist', 'package.json']);
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFiles(folder, { 'mine.mts': 'export default 1;' });
    terminal = openTerminal(`${process.execPath} ${join(folder, 'bin/dzentra.js')}`, 120, 40, home.env);
    await terminal.until(/NET IF CLOSED NOW/);
    // What a line hints at is known once the command line is loaded.
    await press(terminal, ':');
    terminal.type('panic');
    await terminal.until(/Halt the account/);
    await press(terminal, 'Escape', 'Escape');
    rmSync(join(folder, 'dist'), { recursive: true });
    const start = `auto start --strategy ${join(folder, 'mine.mts')} --symbol ETH/USDT:USDT --profile demo --json`;
    expect(JSON.parse(home.dzentra(start).err)).toMatchObject({ code: 'STRATEGY_FILE' });
    await press(terminal, ':');
    terminal.type('journal list --');
    await press(terminal, 'Escape', 'Escape', '!');
    await terminal.until(/press F/);
    await press(terminal, 'F');
    const held = () => home.json('positions').positions;
    await until('a flat account', held, ({ length }) => length === 0);
  });

  it('gives the terminal to the shell on Ctrl-Z, and takes screen and keys again on fg', async () => {
    const home = openHome('demo');
    terminal = openTerminal('sh -i', 100, 30, home.env);
    terminal.type(`${home.launcher}\n`);
    await terminal.until(/RISK BUDGET/);
    await press(terminal, 'C-z');
    await terminal.until((screen) => /Stopped/.test(screen) && !/RISK BUDGET/.test(screen));
    terminal.type('echo "i am $((40 + 2))"\n');
    await terminal.until(/i am 42/);
    terminal.type('fg\n');
    expectWhole(await terminal.until((screen) => /RISK BUDGET/.test(screen) && !/i am 42/.test(screen)), 100);
    await press(terminal, '3');
    await terminal.until(/HALTS AND PAUSES/);
    await press(terminal, 'q');
    expect(await terminal.until(/goes on trading/)).toMatch(/i am 42/);
  });

  it.skipIf(!existsSync(MONTH))(
    'follows a month of real candles at 1000x without falling behind or tearing',
    async () => {
      const home = openHome('month');
      expect(home.dzentra(`engine start --profile month --feed replay:${MONTH} --speed 1000`).code).toBe(0);
      expect(home.dzentra('auto start --profile month --strategy trend --symbol BTC/USDT:USDT').code).toBe(0);
      terminal = openTerminal(`${home.launcher} --profile month`, 120, 40, home.env);
      await terminal.until(/replay x1000/);
      for (let look = 0; look < 20; look++) {
        await pause(500);
        expectWhole(terminal.screen(), 120);
      }
      const screen = terminal;
      const now = (): number => home.json('engine status --profile month').now;
      const look = () => {
        const before = now();
        const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d) UTC/.exec(screen.screen()) ?? [];
        return { before, at: ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000, after: now() };
      };
      const day = 86_400_000;
      // Two frames at most behind: 0.4 s of wall time are 400 s of the market's. One look may come late where others use the
      // machine, too; a face that falls behind gets there never again.
      await until(
        'a clock that is not behind',
        look,
        ({ before, at, after }) => (at - (before % day) + 400_000 + day) % day < (after - before + 401_000) % day,
      );
    },
  );
});

describe('a script', () => {
  it('starts, waits for a position, reports and stops by exit codes and JSON alone', () => {
    const home = openHome('cron');
    expect(home.json('engine start --profile cron --feed synthetic:5 --speed 6000')).toMatchObject({ isNew: true });
    expect(home.json('auto start --profile cron --symbol BTC/USDT:USDT --strategy ema-cross').outcome).toBe('running');
    let positions: unknown[] = [];
    for (let look = 0; look < 200 && positions.length === 0; look++) {
      positions = home.json('positions --profile cron').positions;
    }
    expect(positions).toMatchObject([{ symbol: 'BTC/USDT:USDT', protection: 'working' }]);
    expect(home.dzentra('auto stop --profile cron --json').code).toBe(3);
    expect(home.dzentra('auto stop --profile cron --flatten --json').code).toBe(0);
    expect(home.json('positions --profile cron').positions).toEqual([]);
    expect(home.dzentra('engine stop --profile cron --json').code).toBe(0);
    expect(home.dzentra('auto status --profile cron --json').code).toBe(5);
    expect(home.json(`journal verify --dir ${join(home.env.XDG_STATE_HOME ?? '', 'dzentra/cron')}`)).toMatchObject({
      sound: true,
    });
  });
});
