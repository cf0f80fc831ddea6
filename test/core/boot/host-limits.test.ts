import { describe, expect, test } from 'vitest';
import { money, price, rate } from '../../../src/core/base/decimal.ts';
import type { Ask } from '../../../src/core/domain/ask.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import { CEILINGS, type Ceilings, DEFAULT_RISK } from '../../../src/core/risk/defaults.ts';
import { equityPoints, performanceOf, subjectsOf } from '../../../src/core/view/performance.ts';
import type { Scene } from '../../../src/core/view/scene.ts';
import { BTC, done, ETH, machine, marketOf, replayed, SOL, startOf, WHO } from '../../support/host-machine.ts';

describe('ceilings of the configuration file', () => {
  const low: Ceilings = { ...CEILINGS, risk: rate('0.002'), leverage: rate('1.5'), heat: rate('0.01') };
  const lowRisk = {
    sizing: { by: 'risk', risk: rate('0.002') },
    leverage: rate('1.5'),
    limits: { riskMax: rate('0.002'), leverageMax: rate('1.5'), heat: rate('0.01'), positionsMax: 3 },
  };
  const draft = { type: 'market', sign: 1, size: { by: 'settings' } } as const;
  const refusals: readonly (readonly [string, Ask, string, string])[] = [
    ['a start', startOf(ETH, { risk: DEFAULT_RISK }), 'LEVERAGE_ABOVE_MAX', '2x'],
    [
      'a limit of a start',
      startOf(ETH, { risk: { ...DEFAULT_RISK, ...lowRisk, limits: { heat: rate('0.02') } } }),
      'RISK_ABOVE_CEILING',
      '2 %',
    ],
    [
      'new settings',
      {
        do: 'command',
        command: { name: 'change_settings', run: 1, riskSettings: { ...DEFAULT_RISK, leverage: rate('1') } },
      },
      'RISK_ABOVE_CEILING',
      '0.5 %',
    ],
    [
      'a leverage by hand',
      { do: 'trade', symbol: ETH, draft: { ...draft, leverage: rate('1.6') } },
      'LEVERAGE_ABOVE_MAX',
      '1.6x',
    ],
    [
      'a risk by hand',
      { do: 'trade', symbol: ETH, draft: { ...draft, size: { by: 'risk', risk: rate('0.003') } } },
      'RISK_ABOVE_CEILING',
      '0.3 %',
    ],
    [
      'an entry as a command',
      { do: 'command', command: { name: 'enter', run: 1, sign: 1, noStop: false, leverage: rate('2') } },
      'LEVERAGE_ABOVE_MAX',
      '2x',
    ],
  ];

  test('hold in the engine for whoever asks, and the defaults come down to them', async () => {
    const { open } = machine();
    const { host } = await open({ profile: 'low', speed: 100 }, low);
    done(await host.ask(startOf(BTC), WHO));
    done(await host.ask(marketOf(ETH, 1), { ...WHO, face: 'telegram' }));
    expect(host.scene().state.runs.map(({ risk }) => risk)).toMatchObject([lowRisk, lowRisk]);
    done(await host.ask(startOf(SOL, { risk: { ...DEFAULT_RISK, ...lowRisk, limits: {} } }), WHO));
    expect(host.scene().state.runs[2]?.risk.limits).toMatchObject({ heat: rate('0.01'), leverageMax: rate('1.5') });
    const before = host.entries({}).length;
    for (const [name, ask, code, found] of refusals) {
      for (const isDryRun of [true, false]) {
        expect(await host.ask(ask, { ...WHO, isDryRun }), name).toMatchObject({ ok: false, refused: { code, found } });
      }
    }
    expect(host.entries({})).toHaveLength(before);
  });

  test('that were lowered bring the runs of the journal down at the next start, and raise nothing later', async () => {
    const { paths, open, run } = machine();
    const first = await open({ profile: 'lower', speed: 100 });
    done(await first.host.ask(startOf(BTC), WHO));
    await run(first, 100);
    const second = await open({ profile: 'lower', speed: 100 }, low);
    expect(second.host.scene().state.runs[0]?.risk).toMatchObject(lowRisk);
    expect(encode(second.host.scene().system)).toContain('run 1: its settings come down to the ceilings');
    const told = second.host.entries({ kinds: ['command_received'] }).at(-1);
    expect(told?.body).toMatchObject({ who: 'engine', command: 'change_settings' });
    await run(second, 100);
    const third = await open({ profile: 'lower', speed: 100 });
    expect(third.host.scene().state.runs[0]?.risk).toMatchObject(lowRisk);
    expect(third.host.entries({ kinds: ['setting_changed'] })).toHaveLength(1);
    await run(third, 100);
    expect(await replayed(paths, 'lower')).toMatchObject({ same: true });
  });
});

describe('a deposit', () => {
  test('is no profit and a withdrawal no drawdown, on Analytics and Portfolio, after a restart too', async () => {
    const { open } = machine();
    const first = await open({ profile: 'paid', speed: 100 });
    done(await first.host.ask(startOf(BTC), WHO));
    for (const amount of ['5000', '-12000']) {
      done(
        await first.host.ask(
          { do: 'command', command: { name: 'transfer', account: 'paper', amount: money(amount) } },
          WHO,
        ),
      );
    }
    const seen = (scene: Scene) => {
      const [subject] = subjectsOf(scene);
      const account = scene.state.accounts[0];
      if (subject === undefined || account === undefined) throw new Error('expected an account');
      const { summary } = performanceOf(scene, subject);
      return [
        summary.netProfit,
        summary.totalReturn,
        summary.maxDrawdown,
        equityPoints(scene, account).map(([, value]) => value),
      ];
    };
    const flat = ['0', 0, 0, [3000, 3000, 3000, 3000]];
    expect(seen(first.host.scene())).toEqual(flat);
    first.close();
    const second = await open({ profile: 'paid', speed: 100 });
    expect(seen(second.host.scene())).toEqual(flat);
  });
});

test('the same order by hand twice in two seconds is a slip, unless it has an id of its own', async () => {
  const { open } = machine();
  const { host } = await open({ profile: 'slip', speed: 100 });
  const limit: Ask = {
    do: 'trade',
    symbol: BTC,
    draft: { type: 'limit', sign: 1, size: { by: 'settings' }, limit: price('65000') },
  };
  const first = await host.ask(limit, WHO);
  done(first);
  const before = host.entries({}).length;
  const again = await host.ask(limit, WHO);
  expect(again).toMatchObject({ ok: false, refused: { code: 'DUPLICATE_DRAFT', found: '0ms' } });
  expect(host.entries({})).toHaveLength(before);
  const other = { ...limit, draft: { ...limit.draft, limit: price('65000.1') } } as Ask;
  for (const [ask, asking] of [
    [other, WHO],
    [limit, { ...WHO, face: 'tui' }],
    [limit, { ...WHO, id: 'meant' }],
  ] as const) {
    const answer = await host.ask(ask, asking);
    expect(answer.ok || answer.refused.code).not.toBe('DUPLICATE_DRAFT');
  }
});
