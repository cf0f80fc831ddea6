import type { ClockInput, FeedInput, GapInput, InstrumentInput } from '../domain/input.ts';
import { type Core, emit, inputCause } from './core.ts';

const KINDS = {
  connected: 'feed_connected',
  lost: 'feed_lost',
  stale: 'feed_stale',
  switched: 'feed_switched',
} as const;

/** What the feed tells of itself, as facts: of the whole profile, under the name of its first account. */
export function decideFeed(core: Core, input: GapInput | FeedInput | ClockInput | InstrumentInput): void {
  const account = core.state.accounts[0]?.account ?? '';
  const cause = inputCause(core);
  switch (input.kind) {
    case 'gap': {
      const { symbol, from, at: to, missing } = input;
      emit(core, 'feed_gap', undefined, account, cause, { symbol, from, to, missing });
      return;
    }
    case 'feed': {
      const { symbol, state, source, why } = input;
      emit(core, KINDS[state], undefined, account, cause, { symbol, source, why });
      return;
    }
    case 'clock': {
      const { offsetMs, stepMs } = input;
      if (stepMs === undefined && !core.market.clock.isTurned) return;
      emit(core, 'clock_stepped', undefined, account, cause, { stepMs: stepMs ?? null, offsetMs });
      return;
    }
    default: {
      const { symbol, status, instrument } = input;
      emit(core, 'instrument_changed', undefined, account, cause, { symbol, status, instrument });
    }
  }
}
