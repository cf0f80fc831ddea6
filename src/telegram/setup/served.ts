import type { BridgeMemory, BridgePerson, BridgeStore } from '../core.ts';

/** Users of groups that are kept and, while groups are off, not served. */
export const hiddenOf = (memory: BridgeMemory, groups: boolean): readonly BridgePerson[] =>
  groups ? [] : memory.people.filter(({ isGroup }) => isGroup);

/**
 * The memory as far as it may be served: where groups are off nobody of a group is in it, whoever was paired there before.
 * They stay paired for the day when groups are on again.
 */
export function servedStore(store: BridgeStore, groups: boolean): BridgeStore {
  if (groups) return store;
  return {
    get memory() {
      return served(store.memory);
    },
    note: store.note,
    change: (change) =>
      store.change((memory) => {
        const next = change(served(memory));
        return { ...next, people: [...next.people, ...hiddenOf(memory, groups)] };
      }),
    close: () => store.close(),
  };
}

function served(memory: BridgeMemory): BridgeMemory {
  const hidden = new Set(hiddenOf(memory, false).map(({ chat }) => chat));
  if (hidden.size === 0) return memory;
  const isServed = ({ chat }: { readonly chat: number }): boolean => !hidden.has(chat);
  const { people, screens, sending } = memory;
  return {
    ...memory,
    people: people.filter(({ isGroup }) => !isGroup),
    screens: screens.filter(isServed),
    sending: sending.filter(isServed),
  };
}
