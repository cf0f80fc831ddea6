import { text } from '../../base/decimal.ts';
import type { Run } from '../../domain/run.ts';
import type { LossRule, RiskSettings, StopRule, TargetRule } from '../../domain/settings.ts';
import { fact, known, word } from '../cell.ts';
import { decimal, percent } from '../format.ts';
import { type Locale, words } from '../language.ts';
import type { Ui } from '../scene.ts';
import type { Cell, Fact } from '../view.ts';
import * as riskWords from '../words/risk.ts';
import { sizingCell } from './auto-budget.ts';

/** Size, leverage and exits of a run, a line each: Risk shows them, Settings sums them up. */
export function settingLines({ risk, instrument }: Run, { locale }: Ui): readonly (readonly Fact[])[] {
  const say = words(riskWords, locale);
  const cap = risk.slippageCap;
  return known([
    [
      fact('sizing', say('sizing'), [
        sizingCell(risk.sizing),
        word(risk.sizing.by, say(`by.${risk.sizing.by}`), 'muted'),
      ]),
    ],
    [
      fact('leverage', say('leverage'), [
        { value: text(risk.leverage), text: `${decimal(risk.leverage)}x` },
        word(instrument.kind, instrument.kind === 'spot' ? '' : say('isolated'), 'muted'),
      ]),
    ],
    [fact('stop', say('stop'), [stopCell(risk.stop, locale)])],
    [fact('target', say('target'), [targetCell(risk.target, locale)])],
    [fact('loss', say('loss'), [lossCell(risk.loss, instrument.quote, locale)])],
    cap !== undefined && [fact('slippageCap', say('slippageCap'), [{ value: text(cap), text: percent(cap) }], 1)],
  ]);
}

/** The same in three lines. */
export function packedSettings(run: Run, ui: Ui): readonly (readonly Fact[])[] {
  const whole = settingLines(run, ui).flat();
  const named = (...names: readonly string[]): readonly Fact[] => whole.filter(({ name }) => names.includes(name));
  return [named('sizing', 'leverage'), named('stop'), named('target', 'loss', 'slippageCap')];
}

export function stopCell(rule: StopRule, locale: Locale): Cell {
  const say = words(riskWords, locale);
  if (rule.by === 'none') return word('none', say('stop.none'), 'warn');
  const distance = percent(rule.distance);
  if (rule.by === 'fixed') return word(text(rule.distance), say('stop.fixed', { distance }));
  const [min, max] = [percent(rule.distanceMin), percent(rule.distanceMax)];
  return word('strategy', say('stop.strategy', { min, max, distance }));
}

export function targetCell(rule: TargetRule, locale: Locale): Cell {
  const say = words(riskWords, locale);
  if (rule.by === 'none') return word('none', say('target.none'), 'muted');
  if (rule.by === 'fixed') return word(text(rule.distance), say('target.fixed', { distance: percent(rule.distance) }));
  return word(`${text(rule.multiple)}r`, say('target.multiple', { multiple: decimal(rule.multiple) }));
}

export function lossCell(rule: LossRule, asset: string, locale: Locale): Cell {
  const say = words(riskWords, locale);
  if (rule.by === 'none') return word('none', say('loss.none'), 'muted');
  if (rule.by === 'amount') return word(text(rule.amount), say('loss.amount', { amount: decimal(rule.amount), asset }));
  return word(text(rule.fraction), say('loss.equity', { share: percent(rule.fraction) }));
}

/** The settings as a person types them into the form and on the command line: `0.5%`, `2`, `strategy`, `2r`, `1%`. */
export function typedSettings({
  sizing,
  leverage,
  stop,
  target,
  loss,
}: RiskSettings): Readonly<Record<string, string>> {
  const part = (share: bigint): string => `${text(share * 100n)}%`;
  return {
    by: sizing.by,
    size: sizing.by === 'qty' ? text(sizing.qty) : part(sizing.by === 'risk' ? sizing.risk : sizing.fraction),
    leverage: text(leverage),
    sl: stop.by === 'none' ? 'none' : stop.by === 'fixed' ? part(stop.distance) : 'strategy',
    tp: target.by === 'none' ? 'none' : target.by === 'fixed' ? part(target.distance) : `${text(target.multiple)}r`,
    ml: loss.by === 'none' ? 'none' : loss.by === 'amount' ? text(loss.amount) : part(loss.fraction),
  };
}
