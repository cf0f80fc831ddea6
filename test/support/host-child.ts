import { openHost } from '../../src/core/boot/host.ts';
import { encode } from '../../src/core/domain/entry.ts';
import { pathsIn } from './engine-modes.ts';
import { FIRST_ASKS } from './host-play.ts';

/** An engine in a process of its own, to be killed: `node host-child.ts FOLDER SPEED`. It prints what is durable. */
const [folder = '', speed = '60'] = process.argv.slice(2);
const opened = await openHost(
  { profile: 'killed', feed: 'synthetic:7', speed: Number(speed), logLevel: 'silent' },
  pathsIn(folder),
);
if ('exit' in opened) throw new Error(`${opened.code}: ${opened.expected}, found ${opened.found}`);
if ('saved' in opened) throw new Error('expected an engine, found one that was told to end');
opened.host.onReleased((entries) => process.stdout.write(entries.map((entry) => `${encode(entry)}\n`).join('')));
for (const [i, ask] of FIRST_ASKS.entries()) await opened.host.ask(ask, { id: `first${i}`, who: 'test', face: 'cli' });
await opened.run(new AbortController().signal);
