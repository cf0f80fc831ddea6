import { sinkOption } from '../../alert/channel.ts';
import { int } from '../argv/numbers.ts';
import { called, required } from '../argv/spec.ts';
import { type Context, defineCommand } from '../command.ts';
import { done, type Fact, fact, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { PROFILE_OPTION, peopleFacts, personData, personFields } from './options.ts';
import { type BridgeMemory, sinkOf } from './ports.ts';
import { bridgeRuns, notPaired } from './refusals.ts';

const SCHEMA = 'dzentra.telegram.unpair/1';

export const telegramUnpair = defineCommand({
  about: [
    'Takes a person away from the bot, in every chat: nothing that he sends is answered any more, and no alert goes to him. A phone that was lost is unpaired so; `telegram status` tells the numbers. The bridge must not run meanwhile: `telegram stop`.',
  ],
  args: {
    user: called('USER', required(int('Number of the user, as `telegram status` shows it.', { from: '1' }, '1'))),
  },
  options: PROFILE_OPTION,
  examples: ['dzentra telegram unpair 123456789'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['user', 'number', 'who was taken away'],
    ...personFields('people'),
  ],
  async run(context, { args: { user }, options }) {
    const { bridge, engine } = await context.boot();
    const profile = engine.profile(options.profile);
    const status = await bridge.status(profile);
    if (status.state === 'running') return refused(bridgeRuns(profile, status.pid));
    const store = await bridge.open(profile);
    if (isRefusal(store)) return refused(store);
    try {
      if (!store.memory.people.some((each) => each.user === user)) return refused(notPaired(user));
      const before = store.memory.people;
      await store.change((memory) => without(memory, user));
      const { people } = store.memory;
      const gone = before.map(({ chat }) => chat).filter((chat) => people.every((each) => each.chat !== chat));
      await giveUp(context, profile, new Set(gone));
      const facts: Fact[] = [fact('user', 'unpaired', { value: user, text: `user ${user}` }), ...peopleFacts(people)];
      return done({ schema: SCHEMA, profile, user, people: people.map(personData) }, [{ kind: 'facts', facts }]);
    } finally {
      await store.close();
    }
  },
});

/**
 * Tells the engine that nobody waits for the alerts of a chat any more. Without it (no engine runs, or it says no) the chat
 * is missed for a week at most: a `channel_lost` too many, and nothing worse.
 */
async function giveUp(context: Context, profile: string, chats: ReadonlySet<number>): Promise<void> {
  const { engine } = await context.boot();
  if (chats.size === 0 || (await engine.status(profile)).state !== 'running') return;
  const client = await engine.connect(profile, { role: 'operate', face: 'cli', follow: 'one' });
  if (isRefusal(client)) return;
  try {
    for (const chat of chats) {
      const command = { name: 'set_option', option: sinkOption(sinkOf(chat)), text: 'off' } as const;
      await client.ask({ do: 'command', command }, { who: 'cli', face: 'cli' });
    }
  } catch {
    // The link broke.
  } finally {
    client.close();
  }
}

/** Nothing is left of a chat in which nobody is paired any more. */
function without(memory: BridgeMemory, user: number): BridgeMemory {
  const people = memory.people.filter((each) => each.user !== user);
  const isPaired = ({ chat }: { readonly chat: number }): boolean => people.some((each) => each.chat === chat);
  return { ...memory, people, screens: memory.screens.filter(isPaired), sending: memory.sending.filter(isPaired) };
}
