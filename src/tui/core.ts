/** The one file through which the terminal knows the core. It loads nothing; `main.tsx` calls `pictures` and the commands. */
import type { commandLine as loadLine, picture } from '../core/index.ts';

export type { EngineClient, Ports } from '../core/index.ts';
export {
  changeOf,
  commandLine,
  expectsIn,
  optionOf,
  pictures,
  positionText,
  type SeenDraft,
  subjectText,
  symbolOf,
  wordsOfForm,
  zoneOf,
} from '../core/index.ts';

/** The command line as the terminal uses it. */
export type Commands = Awaited<ReturnType<Awaited<ReturnType<typeof loadLine>>['createFaceLine']>>;

export type Action = picture.Action;
export type Block = picture.Block;
export type Draft = picture.Draft;
export type DraftReading = picture.DraftReading;
export type Field = picture.Field;
export type FormBlock = picture.FormBlock;
export type Line = picture.Line;
export type Link = picture.Link;
export type Locale = picture.Locale;
export type OpenAlert = picture.OpenAlert;
export type Preview = picture.Preview;
export type Row = picture.Row;
export type Run = picture.Run;
export type Scene = picture.Scene;
export type ScreenId = picture.ScreenId;
export type Span = picture.Span;
export type TableBlock = picture.TableBlock;
export type ThemeName = picture.ThemeName;
export type Tone = picture.Tone;
export type Ui = picture.Ui;
export type View = picture.View;
export type Target = picture.Target;
export type TuiSay = picture.Say<typeof picture.tuiWords.en>;
/** What draws screens, once it is loaded. */
export type Pictures = typeof picture;
