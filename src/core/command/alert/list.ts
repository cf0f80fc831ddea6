import { text } from '../../base/decimal.ts';
import type { OpenAlert } from '../../domain/alert.ts';
import { alertText } from '../../view/alert.ts';
import type { Scene } from '../../view/scene.ts';
import { ENGINE_OPTIONS } from '../attached/options.ts';
import { tableOf } from '../attached/screen.ts';
import { withEngine } from '../attached.ts';
import { defineCommand } from '../command.ts';
import { done } from '../outcome.ts';

const LIST = 'dzentra.alert.list/2';

export const alertList = defineCommand({
  about: [
    'Alerts that were raised and are news still, those of HIGH priority until `alert ack` acknowledges them; and the prices that are waited for.',
  ],
  args: {},
  options: ENGINE_OPTIONS,
  examples: ['dzentra alert list', 'dzentra alert list --json'],
  schema: LIST,
  fields: [
    ['schema', 'text', LIST],
    ['profile', 'text', 'the profile of the engine'],
    ['open', 'array', 'alerts that were raised, oldest first'],
    ['open[].alert', 'number', 'its number'],
    ['open[].rule', 'code', 'the rule that raised it'],
    ['open[].priority', 'code', 'HIGH, MEDIUM or LOW'],
    ['open[].nth', 'number', 'how often it was told'],
    ['open[].silent', 'boolean', 'told without a sound'],
    ['open[].symbol', 'text', 'its symbol, empty for none'],
    ['open[].at', 'ms', 'when it was told last'],
    ['open[].expiresAt', 'ms', 'when it is no news any more'],
    ['open[].seq', 'number', 'the entry that it is about'],
    ['open[].title', 'text', 'what it says, in English'],
    ['open[].delivered', 'array', 'sinks that took it'],
    ['alerts', 'array', 'prices that are waited for'],
    ['alerts[].alert', 'number', 'its number'],
    ['alerts[].state', 'code', 'waiting'],
    ['alerts[].symbol', 'text', 'its symbol'],
    ['alerts[].side', 'code', 'above or below'],
    ['alerts[].price', 'decimal', 'what it waits for'],
    ['alerts[].at', 'ms', 'when it was added'],
  ],
  run: (context, { options }) =>
    withEngine(context, options, 'read', ({ client, profile }) => {
      const scene = client.scene();
      const alerts = (scene.state.alerts ?? []).map(({ alert, symbol, side, price, at }) => {
        return { alert, state: 'waiting', symbol, side, price: text(price), at };
      });
      const open = (scene.state.alarm?.open ?? []).map((alert) => openData(alert, scene));
      const waiting = tableOf(['alert', 'state', 'symbol', 'side', 'price', 'at'], alerts, 'no price is waited for');
      const raised = tableOf(['alert', 'priority', 'nth', 'at', 'title', 'seq'], open, 'no open alert');
      return Promise.resolve(done({ schema: LIST, profile, open, alerts }, [raised, waiting]));
    }),
});

function openData(open: OpenAlert, scene: Scene) {
  const { alert, rule, priority, nth, isSilent: silent, symbol, at, expiresAt, of: seq, delivered } = open;
  const { title } = alertText(open, scene, 'en');
  const sinks = Object.keys(delivered);
  return { alert, rule, priority, nth, silent, symbol, at, expiresAt, seq, title, delivered: sinks };
}
