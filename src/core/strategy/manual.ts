import { MANUAL } from '../domain/run.ts';
import type { Definition } from './definition.ts';

/**
 * The human's run as a strategy: no voices, no history to wait for, never a signal. `start_run` takes it like any other;
 * it is no strategy that anybody chooses, so the registry does not list it.
 */
export const manual: Definition = {
  name: MANUAL,
  version: 1,
  title: 'By hand',
  about: 'Orders that a person gives; it has no opinion of its own.',
  // A person sees that prices are polled, and how old they are.
  tradesPolled: true,
  params: {},
  votes: () => [],
  values: [],
  confirmations: () => 1,
  warmup: () => ({ bars: 0, higherBars: 0 }),
  timeframes: () => ({ own: 'feed' }),
  create: () => ({ close: () => {} }),
};
