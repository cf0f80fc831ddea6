import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enginePorts } from '../../../src/core/boot/engine.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import {
  bridgeHolder,
  lookAt,
  memoryFile,
  openStore,
  type WriteMemory,
} from '../../../src/core/boot/telegram-store.ts';
import { isRefusal } from '../../../src/core/command/refusal.ts';
import { type BridgeMemory, type BridgeStore, NO_MEMORY } from '../../../src/core/command/telegram/ports.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { PAIRED } from '../command/stub-bridge.ts';

const opened = async (folder: string, write?: WriteMemory): Promise<BridgeStore> => {
  const store = await openStore(folder, 'night', write);
  if (isRefusal(store)) throw new Error(JSON.stringify(store));
  return store;
};

const folderWith = (text: string, mode = 0o600): string => {
  const folder = join(scratchFolder(), 'night');
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(memoryFile(folder), text);
  chmodSync(memoryFile(folder), mode);
  return folder;
};

const counted = (memory: BridgeMemory): BridgeMemory => ({ ...memory, nextUpdate: memory.nextUpdate + 1 });

describe('the memory of a bridge', () => {
  it('is durable and private once a change resolves, and there for the next process', async () => {
    const folder = join(scratchFolder(), 'night');
    const store = await opened(folder);
    await store.change(() => PAIRED);
    expect(JSON.parse(readFileSync(memoryFile(folder), 'utf8'))).toEqual(PAIRED);
    expect(statSync(memoryFile(folder)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await store.close();
    const next = await opened(folder);
    expect(next.memory).toEqual(PAIRED);
    await next.close();
  });

  it('is held by one process', async () => {
    const folder = join(scratchFolder(), 'night');
    const store = await opened(folder);
    expect(await openStore(folder, 'night')).toMatchObject({ exit: 3, code: 'BRIDGE_RUNS' });
    expect(bridgeHolder(folder)).toEqual({ isHeld: true, pid: process.pid });
    await store.close();
    expect(bridgeHolder(folder)).toEqual({ isHeld: false });
    await (await opened(folder)).close();
  });

  it('loses no change of many at once, and writes those that wait together', async () => {
    const folder = join(scratchFolder(), 'night');
    const writes: Promise<void>[] = [];
    const texts: string[] = [];
    const gate = Promise.withResolvers<void>();
    const store = await opened(folder, (_, text) => {
      texts.push(text);
      writes.push(gate.promise);
      return gate.promise;
    });
    const changes = Array.from({ length: 50 }, () => store.change(counted));
    gate.resolve();
    await Promise.all(changes);
    expect(store.memory.nextUpdate).toBe(50);
    expect(JSON.parse(texts.at(-1) ?? '')).toMatchObject({ nextUpdate: 50 });
    expect(texts.length).toBeLessThan(5);
    await store.close();
  });

  it('says that a disk took nothing, and writes it with the next change', async () => {
    const folder = join(scratchFolder(), 'night');
    const texts: string[] = [];
    const store = await opened(folder, (_, text) => {
      texts.push(text);
      return texts.length === 1 ? Promise.reject(new Error('ENOSPC')) : Promise.resolve();
    });
    await expect(store.change(counted)).rejects.toThrow('ENOSPC');
    await store.change(counted);
    expect(JSON.parse(texts[1] ?? '')).toMatchObject({ nextUpdate: 2 });
    await store.close();
  });

  it.each([
    ['cut in the middle', JSON.stringify(PAIRED).slice(0, 60)],
    ['empty', ''],
    ['of a role that there is none', JSON.stringify(PAIRED).replace('operator', 'admin')],
    ['of a person without a number', JSON.stringify(PAIRED).replace('"user":42', '"user":"42"')],
  ])('that is %s lets nobody in: it is put aside, and said', async (_, text) => {
    const folder = folderWith(text);
    const store = await opened(folder);
    expect(store.memory).toEqual(NO_MEMORY);
    expect(store.note).toContain('dzentra telegram pair');
    const aside = readdirSync(folder).find((name) => name.startsWith('telegram.json.broken-'));
    expect(readFileSync(join(folder, aside ?? ''), 'utf8')).toBe(text);
    await store.close();
  });

  it.each([
    ['of a later version', JSON.stringify({ ...PAIRED, v: 2 }), 0o600, 'MEMORY_NEWER'],
    ['that others may write', JSON.stringify(PAIRED), 0o666, 'KEY_UNSAFE'],
  ])('%s is refused and left as it is', async (_, text, mode, code) => {
    const folder = folderWith(text, mode);
    expect(await openStore(folder, 'night')).toMatchObject({ code });
    expect(readFileSync(memoryFile(folder), 'utf8')).toBe(text);
    expect(bridgeHolder(folder)).toEqual({ isHeld: false });
  });

  it('outlives the journal of its profile, but for alerts that were on their way', async () => {
    const home = scratchFolder();
    const env = { XDG_STATE_HOME: home, XDG_CONFIG_HOME: home, XDG_RUNTIME_DIR: home };
    const folder = join(home, 'dzentra/night');
    const store = await opened(folder);
    await store.change(() => PAIRED);
    const engine = enginePorts(pathsOf(env), env);
    const fix = 'dzentra engine start --profile late';
    expect(await engine.reset('late')).toMatchObject({ code: 'NO_JOURNAL', fix });
    expect(await engine.logLines('late', 1)).toMatchObject({ code: 'NO_LOG', fix });
    expect(await engine.reset('night')).toMatchObject({ code: 'BRIDGE_RUNS' });
    await store.close();
    writeFileSync(join(folder, 'journal.db'), '');
    expect(isRefusal(await engine.reset('night'))).toBe(false);
    expect(existsSync(join(folder, 'journal.db'))).toBe(false);
    expect(lookAt(folder)).toEqual({ ...PAIRED, sending: [] });
  });
});
