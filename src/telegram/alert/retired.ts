import { alerts, type BridgeLog, type BridgeMemory, type EngineClient, sinkOf } from '../core.ts';

/** What giving chats up is done with. */
export interface RetiredOptions {
  readonly client: EngineClient;
  readonly memory: Pick<BridgeMemory, 'people'>;
  readonly log: BridgeLog;
}

/**
 * Tells the engine which chats take no alerts any more because nobody in them is paired: otherwise their silence would be
 * alarmed in the other faces as a channel that died. A chat that is paired again says so with its first alert.
 */
export async function retireSinks({ client, memory, log }: RetiredOptions): Promise<void> {
  const { isExpected, sinkOption } = await alerts();
  const { state } = client.scene();
  const paired = new Set(memory.people.map(({ chat }) => sinkOf(chat)));
  const known = Object.keys(state.alarm?.sinks ?? {}).filter((sink) => sink.startsWith('telegram:'));
  for (const sink of known.filter((each) => !paired.has(each) && isExpected(state.options, each))) {
    const command = { name: 'set_option', option: sinkOption(sink), text: 'off' } as const;
    try {
      await client.ask({ do: 'command', command }, { who: sink, face: 'telegram' });
    } catch {
      log.warn('a chat that is not paired any more could not be given up', { sink });
    }
  }
}
