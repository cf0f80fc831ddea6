import { alertTitle, bannerAlerts } from '../alert.ts';
import { count, word } from '../cell.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { shortTimeCell } from '../short-time.ts';
import type { Row, TableBlock } from '../view.ts';
import * as alertWords from '../words/alert.ts';

const ALERTS_MAX = 20;
const ALERT_TONES = { HIGH: 'bad', MEDIUM: 'warn', LOW: 'muted' } as const;

/** Alerts that are open: HIGH until somebody acknowledges them, the others while they are news. */
export function alertsBlock(scene: Scene, ui: Ui): readonly TableBlock[] {
  const say = words(alertWords, ui.locale);
  const rows = bannerAlerts(scene).slice(0, ALERTS_MAX);
  if (rows.length === 0) return [];
  return [
    {
      kind: 'table',
      id: 'alerts',
      title: say('alerts'),
      area: 'wide',
      rank: 1,
      columns: [
        { name: 'alert', title: '#', align: 'right' },
        { name: 'priority', title: say('priority') },
        { name: 'what', title: say('what'), isFlexible: true },
        { name: 'at', title: say('at'), align: 'right' },
      ],
      rows: rows.map(
        (alert): Row => ({
          key: `${alert.alert}`,
          cells: [
            count(alert.alert),
            word(alert.priority, alert.priority, ALERT_TONES[alert.priority]),
            { value: alert.rule, text: alertTitle(alert, ui.locale) },
            shortTimeCell(alert.at, scene.now, ui),
          ],
          opens: { to: 'command', words: ['alert', 'ack', `${alert.alert}`] },
        }),
      ),
      empty: '',
      picked: ui.picked.alerts,
    },
  ];
}
