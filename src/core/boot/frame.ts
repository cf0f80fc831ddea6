import { layout } from '../view/layout/layout.ts';
import { plainLine } from '../view/paint/plain.ts';
import { emptyUi } from '../view/scene.ts';
import { viewOf } from '../view/screens.ts';
import { demoScene } from './host.ts';

/** The Auto screen of a paper engine inside this process, on the simulated market, as lines of at most `columns` columns. */
export async function frame(columns: number): Promise<readonly string[]> {
  return layout(viewOf(await demoScene(), emptyUi('auto')), { columns }).map(plainLine);
}
