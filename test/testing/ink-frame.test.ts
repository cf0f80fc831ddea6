import { render } from 'ink-testing-library';
import { createElement } from 'react';
import { expect, it } from 'vitest';
import { Frame } from '../../src/testing/ink-frame.ts';

it('puts each painted line in its row, blank ones too, and cuts what is wider', () => {
  const { lastFrame, rerender, unmount } = render(createElement(Frame, { lines: ['one', '', 'three'], columns: 20 }));
  expect(lastFrame()).toBe('one\n\nthree');
  rerender(createElement(Frame, { lines: ['a line that is wider than it', 'two'], columns: 20 }));
  expect(lastFrame()?.split('\n')).toEqual([expect.stringMatching(/^a line that is wide.$/), 'two']);
  unmount();
});
