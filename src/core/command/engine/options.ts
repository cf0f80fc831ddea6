import { exchange, feed, feedOf, feedText, profile, speed } from '../argv/engine.ts';
import { choice } from '../argv/spec.ts';
import type { Values } from '../command.ts';
import type { EngineOptions } from '../engine.ts';
import type { Ports } from '../ports.ts';
import { isRefusal, type Refusal } from '../refusal.ts';

/** Which engine is meant. */
export const PROFILE_OPTION = {
  profile: profile('Profile whose engine is meant; else the one of the configuration.'),
};

/** How an engine is started; what is left out is as at its last start. */
export const START_OPTIONS = {
  ...PROFILE_OPTION,
  feed: feed('Where prices come from; else as at the last start, or synthetic.'),
  exchange: exchange('Exchange whose live prices it trades on paper: the same as --feed NAME.'),
  speed: speed(
    'How fast market time passes: seconds of it in one second, or max; else as at the last start, or 60. An exchange has its own.',
  ),
  log: choice('Level of the log file; else as at the last start, or info. SIGUSR2 turns debug on and off.', [
    'debug',
    'info',
    'warn',
    'error',
    'silent',
  ]),
};

/** The options of an engine as its ports take them. */
export function engineOptions(
  ports: Pick<Ports, 'engine'>,
  given: Values<typeof START_OPTIONS>,
): EngineOptions | Refusal {
  const { profile, speed, log } = given;
  const feed = feedOf(given);
  if (feed !== undefined && isRefusal(feed)) return feed;
  return {
    profile: ports.engine.profile(profile),
    feed: feed === undefined ? undefined : feedText(feed),
    speed,
    logLevel: log,
  };
}

/** What was asked of the start of an engine that runs already, and how it is had. */
export function unchangedNotes(
  profile: string,
  { speed, log }: Pick<Values<typeof START_OPTIONS>, 'speed' | 'log'>,
): readonly string[] {
  const restart = `dzentra engine restart --profile ${profile}`;
  return [
    ...(speed === undefined ? [] : [`the engine runs already; for another speed: ${restart} --speed ${speed}`]),
    ...(log === undefined ? [] : [`the engine runs already; for another level of its log: ${restart} --log ${log}`]),
  ];
}
