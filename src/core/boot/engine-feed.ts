import { resolve } from 'node:path';
import type { EngineOptions } from '../command/engine.ts';
import { type Refusal, refusal, shown } from '../command/refusal.ts';

/** A file is meant from where the user stands, and the engine stands elsewhere. */
export const absoluteFeed = (feed: string): string =>
  feed.startsWith('replay:') ? `replay:${resolve(feed.slice('replay:'.length))}` : feed;

/** One engine has one feed: why the one that runs on `runs` cannot trade on `asked`. Without a seed any market will do. */
export function feedMisfit({ profile, feed }: EngineOptions, runs = 'synthetic'): Refusal | undefined {
  if (feed === undefined) return undefined;
  const asked = absoluteFeed(feed);
  const seeded = (text: string): string => (text === 'synthetic' ? 'synthetic:1' : text);
  if (seeded(asked) === seeded(runs) || (asked === 'synthetic' && runs.startsWith('synthetic:'))) return undefined;
  const isOneClock = [asked, runs].every((text) => !/^(?:synthetic|replay)(?::|$)/.test(text));
  const expected = `the feed that the engine of profile ${profile} runs on: ${runs}`;
  const fix = 'leave it out, or take another --profile NAME: an engine of its own';
  return refusal(3, isOneClock ? 'FEED_DIFFERS' : 'CLOCK_DIFFERS', expected, shown(asked), fix);
}
