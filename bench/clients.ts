import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../src/core/control/client.ts';
import type { Answer } from '../src/core/domain/ask.ts';
import { type EngineProcess, freshHome, startEngine, usageOf } from './engine-process.ts';
import { median, type Row, round } from './row.ts';

const IDLE_MS = 10_000;
const NOTES = 200;
const NOTES_WARM = 20;
const CLIENTS = 50;
const ENTRY_MS = 10_000;

/** An engine beside its clients: none, one that sends commands, fifty that follow. */
export async function run(): Promise<Row[]> {
  const engine = await startEngine(freshHome('clients'), 'idle', 1);
  try {
    return [await idleRow(engine), ...(await commandRows(engine)), await followersRow(engine)];
  } finally {
    await engine.end();
  }
}

/** No runs, no clients, real time. */
async function idleRow(engine: EngineProcess): Promise<Row> {
  await sleep(2_000);
  const before = usageOf(engine.pid);
  await sleep(IDLE_MS);
  const after = usageOf(engine.pid);
  if (before === undefined || after === undefined) {
    return { name: 'engine idle', value: Number.NaN, unit: '% of a core', beside: 'not measured: /proc is not here' };
  }
  const share = ((after.cpuMs - before.cpuMs) / IDLE_MS) * 100;
  const beside = `${round(after.residentMb, 0)} MB resident`;
  return { name: 'engine idle', value: round(share, 1), unit: '% of a core', limit: '< 2', isGood: share < 2, beside };
}

/** From the ask to its answer, which comes once the entry is on the disk. */
async function commandRows(engine: EngineProcess): Promise<Row[]> {
  const client = await engine.attach('operate', 'one');
  const times: number[] = [];
  for (let i = 0; i < NOTES_WARM + NOTES; i++) {
    const from = performance.now();
    const answer = await note(client, `note ${i}`);
    if (!answer.ok) throw new Error(`expected a note, found ${JSON.stringify(answer.refused)}`);
    if (i >= NOTES_WARM) times.push(performance.now() - from);
  }
  client.close();
  const [middle, late] = [
    median(times),
    times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN,
  ];
  return [
    {
      name: 'command to acknowledged entry',
      value: round(middle),
      unit: 'ms, median',
      limit: '< 5',
      isGood: middle < 5,
      beside: `${NOTES} notes, one after the other`,
    },
    { name: '  99th percentile', value: round(late), unit: 'ms' },
  ];
}

const note = (client: Client, text: string): Promise<Answer> =>
  client.ask({ do: 'command', command: { name: 'note', about: 1, note: text } }, { who: 'bench', face: 'cli' });

/** All of them get a first scene, and the entry that one of them causes. */
async function followersRow(engine: EngineProcess): Promise<Row> {
  const from = performance.now();
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => engine.attach('operate', 'all')));
  const attachedMs = performance.now() - from;
  const told = Promise.all(clients.map(heard));
  const asked = performance.now();
  const [first] = clients;
  if (first !== undefined) await note(first, 'to all');
  const isTold = (await told).filter(Boolean).length;
  const toldMs = performance.now() - asked;
  const hasScene = clients.filter((client) => client.scene().link === 'up' && client.scene().state.seq > 0).length;
  for (const client of clients) client.close();
  return {
    name: `${CLIENTS} clients attached at once`,
    value: round(attachedMs, 0),
    unit: 'ms',
    limit: 'all served',
    isGood: isTold === CLIENTS && hasScene === CLIENTS,
    beside: `${hasScene} have a scene, ${isTold} got the next entry within ${round(toldMs, 0)} ms`,
  };
}

function heard(client: Client): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const late = setTimeout(() => resolve(false), ENTRY_MS);
  const end = client.subscribe(({ entries }) => {
    if (entries.length === 0) return;
    clearTimeout(late);
    end();
    resolve(true);
  });
  return promise;
}
