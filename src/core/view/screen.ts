import type { Scene, Ui } from './scene.ts';
import type { ScreenId, View } from './view.ts';

/**
 * A screen: one file in `screen/` and one line in `screens.ts`. `view` fills title, blocks and actions; `viewOf` adds
 * the status line and the notes about a missing engine or stale data, so a screen leaves `status` empty.
 */
export interface Screen {
  readonly id: ScreenId;
  /** The key that leads here in the terminal. */
  readonly key: string;
  /** The word of the tab in English; `titleOf` says it in other languages. */
  readonly title: string;
  readonly view: (scene: Scene, ui: Ui) => View;
}
