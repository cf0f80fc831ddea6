/**
 * Frames of the screens for tests, without an engine, a terminal or a clock:
 *
 *     import { frameOf } from 'dzentra/testing';
 *     const frame = await frameOf({ screen: 'auto', state: 'halted', columns: 80, rows: 24 });
 *     expect(frame).toContain('HALTED');
 */
export { type App, type AppRequest, inkFrameOf, renderApp } from './app.ts';
export {
  FIXTURES,
  type FixtureName,
  type FrameRequest,
  frameOf,
  type Scene,
  type ScreenId,
  sceneOf,
  type ThemeName,
  type Ui,
  type View,
  viewOf,
} from './frame.ts';
