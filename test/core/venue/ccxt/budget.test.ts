import { expect, it } from 'vitest';
import { type Lane, RateBudget } from '../../../../src/core/venue/ccxt/budget.ts';
import { wallAt } from './loopback.ts';

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

function asking(budget: RateBudget): {
  ask(name: string, lane: Lane, weight?: number): void;
  readonly let: string[];
  readonly no: string[];
} {
  const let_: string[] = [];
  const no: string[] = [];
  return {
    ask: (name, lane, weight = 1) =>
      void budget.enter(lane, weight).then((problem) => (problem === undefined ? let_ : no).push(name)),
    let: let_,
    no,
  };
}

it('asks six at once, never fills them with history, and lets prices go before it', async () => {
  const budget = new RateBudget(wallAt(0), null);
  const questions = asking(budget);
  for (let row = 1; row <= 9; row++) questions.ask(`history ${row}`, 'history');
  await turn();
  expect(questions.let).toEqual(['history 1', 'history 2', 'history 3', 'history 4']);
  for (let row = 1; row <= 3; row++) questions.ask(`plain ${row}`, 'plain');
  questions.ask('book', 'book');
  questions.ask('poll', 'poll');
  await turn();
  // Two slots were kept free; who waits goes by urgency.
  expect(questions.let.slice(4)).toEqual(['plain 1', 'plain 2']);
  budget.leave('plain');
  budget.leave('history');
  budget.leave('history');
  budget.leave('history');
  await turn();
  expect(questions.let.slice(6)).toEqual(['poll', 'book', 'plain 3', 'history 5']);
});

it('keeps its reserve by the weight that answers tell, whoever used it, until the minute of the venue turns', async () => {
  const timers = wallAt(30_000);
  const budget = new RateBudget(timers, 1_000);
  const questions = asking(budget);
  budget.heardWeight(795);
  questions.ask('fits', 'history', 5);
  questions.ask('too much', 'history', 1);
  questions.ask('urgent', 'poll', 100);
  await turn();
  expect([questions.let, questions.no]).toEqual([['fits', 'urgent'], ['too much']]);
  // The venue is twenty seconds ahead: its minute turns at our 40th second.
  budget.offsetMs = 20_000;
  timers.wallIs = 40_000;
  questions.ask('next minute', 'history', 5);
  await turn();
  expect(questions.let).toContain('next minute');
  expect(budget.health()).toMatchObject({ weightUsed: 5, weightMax: 1_000 });
});

it('refuses what waits when a silence begins, and keeps the later of two ends', async () => {
  const timers = wallAt(1_000);
  const budget = new RateBudget(timers, null);
  const questions = asking(budget);
  for (let row = 1; row <= 8; row++) questions.ask(`poll ${row}`, 'poll');
  const problem = { problem: 'BANNED', expected: 'x', found: 'x', fix: 'x' } as const;
  budget.silence(60_000, problem);
  budget.silence(30_000, { ...problem, problem: 'RATE_LIMITED' });
  budget.leave('poll');
  await turn();
  expect(questions.no).toEqual(['poll 7', 'poll 8']);
  expect(budget.refusal).toMatchObject({ problem: 'BANNED', silentUntil: 60_000 });
  timers.wallIs = 60_000;
  expect(budget.refusal).toBeUndefined();
});

it('tells the latency of the last answers', () => {
  const budget = new RateBudget(wallAt(0), null);
  expect(budget.health()).toMatchObject({ latencyMsP50: null, latencyMsP99: null });
  for (let ms = 1; ms <= 1_000; ms++) budget.done(ms, undefined);
  budget.done(99_999, 'NO_NETWORK');
  const { latencyMsP50, latencyMsP99, asked, failed } = budget.health();
  expect([latencyMsP50, latencyMsP99, asked, failed]).toEqual([873, 998, 1_001, 1]);
});
