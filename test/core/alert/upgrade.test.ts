import { expect, test } from 'vitest';
import { foldJournal } from '../../../src/core/boot/journal-state.ts';
import { flawOf } from '../../../src/core/boot/paper.ts';
import type { AlertBody } from '../../../src/core/domain/alert.ts';
import { STATE_VERSION, STATE_VERSION_MIN, type State } from '../../../src/core/domain/state.ts';
import { type FileJournal, openJournal } from '../../../src/core/journal/sqlite.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { Scribe } from '../journal/facts.ts';
import { options } from '../journal/folders.ts';

function folded(journal: FileJournal): State {
  const state = foldJournal(journal);
  if ('exit' in state) throw new Error(`${state.code}: ${state.expected}, found ${state.found}`);
  return state;
}

const raised = (alert: number, at: number): AlertBody => ({
  ...{
    alert,
    nth: 1,
    rule: 'halted',
    priority: 'HIGH',
    key: `k${alert}`,
    symbol: '',
    of: 1,
    expiresAt: at + 86_400_000,
  },
  ...{ isSilent: false, isHeld: false, facts: {} },
});

/** A journal as the program before wrote it: its snapshots know nothing of sinks. */
function older(): { folder: string; takenAt: number } {
  const folder = scratchFolder();
  const journal = openJournal(folder, options());
  const scribe = new Scribe(journal);
  scribe.write(0, 'alert_raised', raised(1, scribe.at));
  scribe.write(0, 'alert_delivered', { alert: 1, nth: 1, sink: 'telegram:7', ref: '5', isRepeat: false });
  const takenAt = scribe.at;
  scribe.write(0, 'alert_raised', raised(2, scribe.at));
  journal.commit();
  const state = folded(journal);
  const { sinks: _sinks, ...alarm } = state.alarm ?? {};
  journal.saveSnapshot(journal.lastSeq, { ...state, alarm }, STATE_VERSION_MIN - 1);
  scribe.write(0, 'alert_raised', raised(3, scribe.at));
  journal.commit();
  journal.close();
  return { folder, takenAt };
}

test('a journal with snapshots of the version before opens sound, and which sinks took alerts is folded anew', () => {
  const { folder, takenAt } = older();
  const journal = openJournal(folder, options());
  expect(flawOf(journal)).toBeUndefined();
  expect(journal.latestSnapshot()).toBeUndefined();
  const state = folded(journal);
  expect(state.alarm?.sinks).toEqual({ 'telegram:7': takenAt });
  expect(state.alarm?.open.map(({ alert, delivered }) => [alert, delivered])).toEqual([
    [1, { 'telegram:7': 1 }],
    [2, {}],
    [3, {}],
  ]);
  journal.saveSnapshot(journal.lastSeq, state);
  const { sinks } = state.alarm ?? {};
  expect(journal.latestSnapshot()).toMatchObject({ stateVersion: STATE_VERSION, seq: 4, state: { alarm: { sinks } } });
  expect(flawOf(journal)).toBeUndefined();
  journal.close();
});
