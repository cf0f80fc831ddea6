import { int } from '../argv/numbers.ts';
import { on, withDefault, words } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { done, plain, refused } from '../outcome.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { PORT } from './options.ts';
import type { FaultChange, FaultRow } from './ports.ts';

const SCHEMA = 'dzentra.sandbox.fault/1';

export const sandboxFault = defineCommand({
  about: [
    'Sets faults of a stand-in exchange that runs, or clears them; without a FAULT it lists those at work. A fault is kind:key=value,... such as error:path=/fapi/v1/depth,code=-1001,status=503 or cut:count=1. Faults are of all its markets alike.',
    'Kinds of REST, where path= is the beginning of a path: delay (ms=), reset, reset-after, hang, truncate, empty, html, redirect, status (status=), error (code=), rate-limit and ban (retryAfter= in seconds), maintenance. Of streams, where stream= is a part of the name: silence, half-open, cut, refuse, gap, duplicate, reorder, garbage, mute-ack. Of the whole exchange: clock-skew (ms=), and filters, halt, delist (id=BTCUSDT).',
    'afterMs= and forMs= say when it begins and for how long, every= and count= which answers or frames it strikes.',
  ],
  args: { faults: words('Faults, or with --clear their kinds.', 'FAULT', 'cut:count=1') },
  options: {
    port: withDefault(int('Port of one of its markets.', { from: '1', to: '65535' }, PORT), PORT),
    clear: on('Clear the kinds that are named, or all.'),
  },
  examples: [
    'dzentra sandbox fault silence:stream=@depth,forMs=15000',
    'dzentra sandbox fault --clear',
    'dzentra sandbox fault --clear cut --port 9801 --json',
  ],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['faults[].kind', 'code', 'what goes wrong'],
    ['faults[].isWaiting', 'boolean', 'set, and not at work yet'],
    ['faults[].details', 'object', 'its other fields'],
    ['faults', 'array', 'the faults that are set now'],
  ],
  async run(context, { args, options }) {
    const change = changeOf(args.faults, options.clear);
    if (isRefusal(change)) return refused(change);
    const ports = await context.boot();
    const rows = await ports.sandbox.faults(options.port, change);
    if (isRefusal(rows)) return refused(rows);
    return done({ schema: SCHEMA, faults: rows }, [
      {
        kind: 'table',
        columns: [
          { name: 'kind', title: 'fault' },
          { name: 'state', title: 'state' },
          { name: 'details', title: 'details' },
        ],
        rows: rows.map(({ kind, isWaiting, details }) => [
          plain(kind),
          plain(isWaiting ? 'waits' : 'at work'),
          plain(told(details)),
        ]),
        empty: 'no fault',
      },
    ]);
  },
});

const told = (details: FaultRow['details']): string =>
  Object.entries(details)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');

function changeOf(given: readonly string[], isClearing: boolean): FaultChange | Refusal {
  if (!isClearing) return given.length === 0 ? { do: 'list' } : { do: 'set', faults: given };
  const wrong = given.find((kind) => !/^[a-z-]+$/.test(kind));
  if (wrong === undefined) return { do: 'clear', kinds: given };
  return refusal(
    2,
    'BAD_OPTION',
    'kinds alone with --clear, such as cut',
    `"${wrong}"`,
    'leave out what follows the kind',
  );
}
