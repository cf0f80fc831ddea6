import type { UserEvent } from '../account/account.ts';
import type { World } from '../world.ts';
import type { Connection } from './connection.ts';
import type { FaultyWire } from './faulty.ts';

/** Events of the account to those that have subscribed to a listen key. Returns how to end it. */
export function tellUsers(world: World, wire: FaultyWire, connections: ReadonlySet<Connection>): () => void {
  const { account, listenKeys, market } = world;
  const readersOf = (isMeant: (key: string) => boolean): Map<string, Connection[]> => {
    const readers = new Map<string, Connection[]>();
    for (const connection of connections) {
      for (const name of connection.streams) {
        if (!isKey(name) || !isMeant(name)) continue;
        readers.set(name, [...(readers.get(name) ?? []), connection]);
      }
    }
    return readers;
  };
  const endEvents = account.onEvent((event) => {
    for (const [key, readers] of readersOf((name) => listenKeys.owner(name) !== undefined)) {
      sendEvent(wire, key, event, readers);
    }
  });
  const endExpired = listenKeys.onExpired((listenKey) => {
    const event = { e: 'listenKeyExpired', E: market.now(), listenKey };
    for (const [key, readers] of readersOf((name) => name === listenKey)) sendEvent(wire, key, event, readers);
  });
  return () => {
    endEvents();
    endExpired();
  };
}

/** The name by which faults know an event of the account: `userData@ORDER_TRADE_UPDATE`. */
export const userStream = (event: UserEvent): string => `userData@${event.e}`;

/** Faults see the event's name, the client the key that it has subscribed to. */
function sendEvent(wire: FaultyWire, key: string, event: UserEvent, readers: readonly Connection[]): void {
  wire.send(userStream(event), JSON.stringify(event), readers, key);
}

/** A listen key names no symbol and no stream. */
const isKey = (name: string): boolean => !name.includes('@') && !name.startsWith('!');
