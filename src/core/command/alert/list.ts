import { text } from '../../base/decimal.ts';
import type { AnyEntry } from '../../domain/entry.ts';
import { act, deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS } from '../attached/options.ts';
import { tableOf } from '../attached/screen.ts';
import { withEngine } from '../attached.ts';
import { defineCommand } from '../command.ts';
import type { EngineClient } from '../engine.ts';
import { done } from '../outcome.ts';
import { refusal } from '../refusal.ts';
import { alertArg } from './add.ts';

const LIST = 'dzentra.alert.list/1';
const ACK = 'dzentra.alert.ack/1';
/** The note that stands for an acknowledgement. */
const ACKNOWLEDGED = 'acknowledged';

type Crossed = Extract<AnyEntry, { kind: 'price_crossed' }>;

/** Alerts that have spoken and nobody has acknowledged, oldest first. */
async function unanswered(client: EngineClient): Promise<readonly Crossed[]> {
  const entries = await client.entries({ kinds: ['price_crossed', 'note_added'] });
  const answered = new Set(
    entries.flatMap((entry) =>
      entry.kind === 'note_added' && entry.body.note === ACKNOWLEDGED ? [entry.body.about] : [],
    ),
  );
  return entries.filter((entry): entry is Crossed => entry.kind === 'price_crossed' && !answered.has(entry.seq));
}

export const alertList = defineCommand({
  about: ['Price alerts that wait, and those that have spoken until `alert ack` acknowledges them.'],
  args: {},
  options: ENGINE_OPTIONS,
  examples: ['dzentra alert list', 'dzentra alert list --json'],
  schema: LIST,
  fields: [
    ['schema', 'text', LIST],
    ['profile', 'text', 'the profile of the engine'],
    ['alerts', 'array', 'those that wait, then those that have spoken'],
    ['alerts[].alert', 'number', 'its number'],
    ['alerts[].state', 'code', 'waiting or crossed'],
    ['alerts[].symbol', 'text', 'its symbol'],
    ['alerts[].side', 'code', 'above or below'],
    ['alerts[].price', 'decimal', 'what it waits for'],
    ['alerts[].at', 'ms', 'when it was added, or spoke'],
    ['alerts[].seq', 'number|null', 'the entry that tells of it, once it has spoken'],
  ],
  run: (context, { options }) =>
    withEngine(context, options, 'read', async ({ client, profile }) => {
      const waiting = (client.scene().state.alerts ?? []).map(({ alert, symbol, side, price, at }) => {
        return { alert, state: 'waiting', symbol, side, price: text(price), at, seq: null };
      });
      const crossed = (await unanswered(client)).map(({ seq, at, body: { alert, symbol, side, price } }) => {
        return { alert, state: 'crossed', symbol, side, price: text(price), at, seq };
      });
      const alerts = [...waiting, ...crossed];
      const names = ['alert', 'state', 'symbol', 'side', 'price', 'at', 'seq'];
      return done({ schema: LIST, profile, alerts }, [tableOf(names, alerts, 'no alert')]);
    }),
});

export const alertAck = defineCommand({
  about: ['Acknowledges an alert that has spoken: written as a note beside its entry.'],
  args: { alert: alertArg },
  options: { ...ASK_OPTIONS, ...ENGINE_OPTIONS },
  examples: ['dzentra alert ack 1'],
  schema: ACK,
  fields: deedFields(ACK),
  run: (context, { args, options }) =>
    act(context, options, ACK, async ({ client }) => {
      const open = await unanswered(client);
      const found = open.find((entry) => entry.body.alert === args.alert);
      if (found === undefined) {
        const others = open.map((entry) => entry.body.alert).join(', ') || 'none';
        return refusal(
          3,
          'NO_SUCH_ALERT',
          'an alert that has spoken',
          `${args.alert}; open: ${others}`,
          'dzentra alert list',
        );
      }
      const command = { name: 'note', about: found.seq, note: ACKNOWLEDGED } as const;
      return { ask: { do: 'command', command }, code: 'acknowledged' };
    }),
});
