import { expect, test } from 'vitest';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { subjectText } from '../../../src/core/view/form-words.ts';

const scene = fixture('many-positions');
const held = scene.state.runs.find(({ position }) => position !== undefined);

test.each([
  [
    'a close names side, size, symbol and run',
    ['trade', 'close', '--run', `${held?.run}`],
    /^[A-Z]+\/USDT(:USDT)? [+-][\d.]+ #\d+$/,
  ],
  ['a cancel its order', ['orders', 'cancel', '7', '--run', `${held?.run}`], /^7 [A-Z]+\/USDT/],
  [
    'a start strategy and symbol',
    ['auto', 'start', '--strategy', 'trend', '--symbol', 'ETH/USDT:USDT'],
    /^trend ETH\/USDT:USDT$/,
  ],
  ['panic its account', ['panic', '--account', 'main'], /^main$/],
  ['panic of no account the profile', ['panic'], new RegExp(`^${scene.profile}$`)],
])('what is asked before it is done says what it is done to: %s', (_what, words, expected) => {
  expect(subjectText(words, scene)).toMatch(expected);
});
