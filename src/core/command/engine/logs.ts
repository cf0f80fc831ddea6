import { int } from '../argv/numbers.ts';
import { on, withDefault } from '../argv/spec.ts';
import { type Context, defineCommand } from '../command.ts';
import { done, refused, type Tone } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { isoTime, time } from '../telling/words.ts';
import { PROFILE_OPTION } from './options.ts';

const SCHEMA = 'dzentra.engine.logs/1';

export const engineLogs = defineCommand({
  about: [
    'The end of the log of a profile. It is JSON lines in the folder of the profile, rotated by size, without secrets; --json prints them as they are.',
  ],
  args: {},
  options: {
    lines: withDefault(int('How many.', { from: '0', to: '100000' }, '40'), '40'),
    follow: on('Go on with what is written from now on, until Ctrl-C.'),
    ...PROFILE_OPTION,
  },
  examples: ['dzentra engine logs', 'dzentra engine logs --lines 200 --profile demo', 'dzentra engine logs --follow'],
  schema: SCHEMA,
  fields: [
    ['level', 'code', 'debug, info, warn or error; one JSON line each'],
    ['at', 'ms', 'wall clock'],
    ['message', 'text', 'what happened'],
    ['...', 'any', 'what the line says beside it'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const profile = ports.engine.profile(options.profile);
    const lines = await ports.engine.logLines(profile, options.lines);
    if (isRefusal(lines)) return refused(lines);
    for (const line of lines) show(context, line);
    if (!options.follow) return done(undefined, []);
    await ports.engine.followLog(profile, context.signal, (line) => show(context, line));
    return { kind: 'interrupted', saved: [] };
  },
});

const TONES: Readonly<Record<string, Tone>> = { error: 'bad', warn: 'warn', debug: 'muted' };

/** A line that is no JSON was torn by a crash: it is shown as it is. */
function show(context: Context, line: string): void {
  const fields = readLine(line);
  if (fields === undefined) {
    context.row({ cells: [{ value: line, text: line }], data: { message: line } });
    return;
  }
  const { level, at, message, profile: _profile, pid: _pid, ...rest } = fields;
  const more = Object.keys(rest).length === 0 ? '' : JSON.stringify(rest);
  const when = typeof at === 'number' ? { value: isoTime(at), text: time(at) } : { value: null, text: '?' };
  const tone = TONES[`${level}`] ?? 'plain';
  context.row({
    cells: [when, cell(`${level}`, tone), cell(`${message}`, tone), cell(more, 'muted')],
    data: fields,
  });
}

const cell = (text: string, tone: Tone) => ({ value: text, text, tone });

function readLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
