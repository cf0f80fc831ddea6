import { called, required, text as textSpec } from '../argv/spec.ts';
import { act, deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS } from '../attached/options.ts';
import { defineCommand } from '../command.ts';
import { refusal, shown } from '../refusal.ts';

const ACK = 'dzentra.alert.ack/2';
const TEST = 'dzentra.alert.test/1';

export const alertAck = defineCommand({
  about: [
    'Acknowledges an alert, or all of them: those of HIGH priority are told again every 15 minutes until then, wherever they went.',
  ],
  args: { alert: called('ID|all', required(textSpec('Number of an alert, or all.', 'ID', '1'))) },
  options: { ...ASK_OPTIONS, ...ENGINE_OPTIONS },
  examples: ['dzentra alert ack 1', 'dzentra alert ack all'],
  schema: ACK,
  fields: deedFields(ACK),
  run: (context, { args, options }) =>
    act(context, options, ACK, ({ client }) => {
      const open = client.scene().state.alarm?.open ?? [];
      const alert = args.alert === 'all' ? 0 : Number(args.alert);
      if (!/^(all|[1-9]\d{0,8})$/.test(args.alert)) {
        return refusal(2, 'BAD_OPTION', 'the number of an alert, or all', shown(args.alert), 'dzentra alert list');
      }
      if (open.length === 0 || (alert > 0 && !open.some((each) => each.alert === alert))) {
        const numbers = open.map((each) => each.alert).join(', ') || 'none';
        return refusal(3, 'NO_SUCH_ALERT', 'an open alert', `${args.alert}; open: ${numbers}`, 'dzentra alert list');
      }
      return {
        ask: { do: 'command', command: { name: 'acknowledge_alert', alert, by: context.face ?? 'cli' } },
        code: 'acknowledged',
      };
    }),
});

export const alertTest = defineCommand({
  about: ['Raises a test alert: it goes wherever alerts go.'],
  args: {},
  options: { ...ASK_OPTIONS, ...ENGINE_OPTIONS },
  examples: ['dzentra alert test'],
  schema: TEST,
  fields: deedFields(TEST),
  run: (context, { options }) =>
    act(context, options, TEST, () => ({ ask: { do: 'command', command: { name: 'test_alert' } }, code: 'raised' })),
});
