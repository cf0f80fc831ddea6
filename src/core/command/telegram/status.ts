import { outboxOf } from '../../alert/outbox.ts';
import { defineCommand } from '../command.ts';
import type { EngineStatus } from '../engine.ts';
import { done, type Fact, fact, plain } from '../outcome.ts';
import { botName, PROFILE_OPTION, peopleFacts, personData, personFields } from './options.ts';
import { type BridgeEnded, type BridgeMemory, type BridgeStatus, NO_MEMORY, sinkOf } from './ports.ts';

const SCHEMA = 'dzentra.telegram.status/1';

export const telegramStatus = defineCommand({
  about: [
    'Whether the bridge of a profile runs, its bot, who is paired with which role, and which alerts wait for it. Telegram is not asked: `telegram test` does that. Exit code 0, running or not.',
  ],
  args: {},
  options: PROFILE_OPTION,
  examples: ['dzentra telegram status', 'dzentra telegram status --profile night --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['state', 'code', 'running or stopped'],
    ['pid', 'number|null', 'the process'],
    ['ended', 'object|null', 'why the last bridge ended by itself; null where it did not'],
    ['ended.at', 'ms', 'when'],
    ['ended.code', 'code', 'TOKEN_REJECTED, BOT_POLLED, ...'],
    ['ended.found', 'text', 'what was found'],
    ['ended.fix', 'text', 'what to do'],
    ['bot', 'text|null', 'the bot; null where none was met yet'],
    ...personFields('people'),
    ['screens', 'number', 'messages that show a screen'],
    ['sending', 'number', 'alerts that left and of which nobody said that they came'],
    ['waiting', 'number|null', 'alerts that wait for the bridge; null without an engine'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const profile = ports.engine.profile(options.profile);
    const [bridge, memory = NO_MEMORY, engine] = await Promise.all([
      ports.bridge.status(profile),
      ports.bridge.look(profile),
      ports.engine.status(profile),
    ]);
    const data = {
      schema: SCHEMA,
      profile,
      state: bridge.state,
      pid: bridge.state === 'running' ? bridge.pid : null,
      ended: (bridge.state === 'stopped' ? bridge.ended : undefined) ?? null,
      bot: botName(memory),
      people: memory.people.map(personData),
      screens: memory.screens.length,
      sending: memory.sending.length,
      waiting: waitingOf(engine, memory),
    };
    const facts = [...headFacts(bridge, memory), ...peopleFacts(memory.people), ...countFacts(data)];
    const notes = memory.people.length === 0 ? [`nobody is paired: dzentra telegram pair --profile ${profile}`] : [];
    return done(data, [{ kind: 'facts', facts }], notes);
  },
});

function headFacts(bridge: BridgeStatus, memory: BridgeMemory): Fact[] {
  const isRunning = bridge.state === 'running';
  const text = isRunning ? `running, pid ${bridge.pid}` : 'stopped';
  const bot = botName(memory);
  const ended = isRunning ? undefined : bridge.ended;
  return [
    fact('profile', 'profile', bridge.profile),
    fact('state', 'bridge', { value: bridge.state, text, tone: isRunning ? 'good' : 'muted' }),
    ...(ended === undefined ? [] : endedFacts(ended)),
    fact('bot', 'bot', { value: bot, text: bot ?? 'none yet' }),
  ];
}

const endedFacts = ({ at, code, found, fix }: BridgeEnded): Fact[] => [
  fact('ended', 'ended by itself', plain(`${code}: ${found}`, 'bad')),
  fact('ended.at', 'when', new Date(at).toISOString()),
  fact('ended.fix', 'what to do', fix),
];

const countFacts = (counts: { screens: number; sending: number; waiting: number | null }): Fact[] => [
  fact('screens', 'screens', { value: counts.screens, text: `${counts.screens}` }),
  fact('sending', 'on their way', { value: counts.sending, text: `${counts.sending}` }),
  fact('waiting', 'alerts that wait', {
    value: counts.waiting,
    text: counts.waiting === null ? '? (no engine runs)' : `${counts.waiting}`,
  }),
];

/** Alerts that some chat has not taken yet. */
function waitingOf(engine: EngineStatus, { people }: BridgeMemory): number | null {
  if (engine.state !== 'running' || engine.scene.now === null) return null;
  const { state, now } = engine.scene;
  const waiting = people.flatMap(({ chat }) => outboxOf(state, sinkOf(chat), now));
  return new Set(waiting.map(({ alert }) => alert)).size;
}
