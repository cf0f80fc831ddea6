import { problemsOf } from '../view/problem.ts';
import { plainData } from './attached/data.ts';
import { ENGINE_OPTIONS, WATCH_OPTION } from './attached/options.ts';
import { factsOf, look, screen } from './attached/screen.ts';
import { defineCommand } from './command.ts';
import { refused } from './outcome.ts';
import { refusal } from './refusal.ts';

const SCHEMA = 'dzentra.system/1';

export const system = defineCommand({
  about: ['The health of the engine: feed, venue, database, clock, memory, versions, attached faces and last errors.'],
  args: {},
  options: { ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra system', 'dzentra system --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['mode', 'code', 'PAPER, LIVE or DEBUG'],
    ['now', 'ms|null', "the engine's clock"],
    ['system', 'object', 'how the engine is'],
    ['system.version', 'text', 'its version'],
    ['system.build', 'text', 'its build'],
    ['system.node', 'text', 'the version of Node.js that it runs on'],
    ['system.pid', 'number', 'its process'],
    ['system.startedAt', 'ms', 'when it was started, of the wall clock'],
    ['system.wallAt', 'ms', 'the wall clock now'],
    ['system.memoryBytes', 'number', 'resident memory'],
    ['system.cpuShare', 'fraction|null', 'of one core'],
    ['system.feed', 'object', 'where prices come from: name, state, speed (0 for max), reconnects and error'],
    ['system.venue', 'object', 'where orders go: name, state and latencyMs'],
    ['system.database', 'object', 'the journal: file, bytes, lastSeq, commitMsP50, commitMsP99 and isShort'],
    ['system.clockOffsetMs', 'number|null', "the exchange's clock minus ours"],
    ['system.exchange', 'object', 'where prices come from an exchange: how it answers, and its streams'],
    ['system.exchange.name', 'text', 'its name'],
    ['system.exchange.title', 'text', 'its name for people'],
    ['system.exchange.endpoint', 'text', "the exchange's hosts, or a stand-in on this machine"],
    ['system.exchange.proxy', 'text|null', 'the proxy, without its password'],
    ['system.exchange.state', 'code', 'up, degraded, down or banned'],
    ['system.exchange.latencyMsP50', 'number|null', 'half of the answers are faster'],
    ['system.exchange.latencyMsP99', 'number|null', '99 % of them are'],
    ['system.exchange.weightUsed', 'number|null', 'requests used of the allowance'],
    ['system.exchange.weightMax', 'number|null', 'the allowance'],
    ['system.exchange.silentUntil', 'ms|null', 'nothing is asked until then, of the wall clock'],
    ['system.exchange.offsetMs', 'number|null', 'its clock minus ours'],
    ['system.exchange.offsetErrorMs', 'number|null', 'how much that may be off'],
    ['system.exchange.reconnects', 'number', 'streams that were opened again'],
    ['system.exchange.resyncs', 'number', 'books that were fetched anew'],
    ['system.exchange.surprises', 'number', 'messages that the fast parser left to the plain one'],
    ['system.exchange.dropped', 'number', 'messages that were dropped'],
    ['system.exchange.refused', 'number', 'prices that were refused'],
    ['system.exchange.lastError', 'object|null', 'at and text of the last error'],
    ['system.exchange.streams', 'array', 'symbol, channel, state and lastAt of each'],
    ['system.clients', 'array', 'attached faces: client, face, role and since'],
    ['system.errors', 'array', 'the last ones, newest first: at, text and count'],
    ['problems', 'array', 'what a person should look at now, the worst first'],
    ['problems[].code', 'code', 'feed, banned, clock, weight, key, polled, symbol_halted, halted, no_stop, ...'],
    ['problems[].text', 'text', 'what it is'],
  ],
  run: (context, { options }) =>
    look(context, options, ({ client, profile }) => {
      const scene = client.scene();
      if (scene.system === null) {
        const expected = 'the health of the engine';
        return refused(refusal(5, 'NO_ENGINE', expected, 'an engine that tells none', 'dzentra engine restart'));
      }
      const data = {
        schema: SCHEMA,
        profile,
        mode: scene.mode,
        now: scene.now,
        system: plainData(scene.system) as Record<string, unknown>,
        problems: problemsOf(scene, { locale: 'en' }),
      };
      return { data, piped: [factsOf(data.system)], ui: screen('system') };
    }),
});
