import { FIXTURES, type FixtureName, fixtures, type picture, pictures } from '../core/index.ts';

export { FIXTURES, type FixtureName };
export type Scene = picture.Scene;
export type ScreenId = picture.ScreenId;
export type Ui = picture.Ui;
export type View = picture.View;
export type ThemeName = picture.ThemeName;

/** Which frame. What is left out: 80x24, English, plain text. */
export interface FrameRequest {
  readonly screen: ScreenId;
  /** A named state, or a scene of one's own. */
  readonly state: FixtureName | Scene;
  readonly columns?: number | undefined;
  /** Lines; null for as many as it needs. */
  readonly rows?: number | null | undefined;
  readonly locale?: 'en' | 'ru' | undefined;
  readonly style?: 'plain' | 'ansi' | 'svg' | undefined;
  readonly theme?: ThemeName | undefined;
  readonly ascii?: boolean | undefined;
  /** What a person has picked, typed and filtered. */
  readonly ui?: Partial<Ui> | undefined;
}

const COLUMNS = 80;
const ROWS = 24;

/** A named state as a scene, made by the real engine on the simulated market: the same each time, on every machine. */
export async function sceneOf(name: FixtureName): Promise<Scene> {
  return (await fixtures()).fixture(name);
}

/** A screen as data, before it is laid out. */
export async function viewOf({ screen, state, locale = 'en', ui = {} }: FrameRequest): Promise<View> {
  const { emptyUi, viewOf: view } = await pictures();
  const scene = typeof state === 'string' ? await sceneOf(state) : state;
  return view(scene, { ...emptyUi(screen, locale), ...ui });
}

/** A screen as text: each line ends with a line feed. An SVG is one picture. */
export async function frameOf(request: FrameRequest): Promise<string> {
  const { columns = COLUMNS, rows = ROWS, locale = 'en', style = 'plain', theme = 'dark', ascii = false } = request;
  const { layout, paintAnsi, paintPlain, paintSvg } = await pictures();
  const view = await viewOf(request);
  const lines = layout(view, { columns, rows: rows ?? undefined, locale, ascii });
  if (style === 'svg') return paintSvg(lines, { theme, columns, title: view.title });
  return style === 'ansi' ? paintAnsi(lines, theme) : paintPlain(lines);
}
