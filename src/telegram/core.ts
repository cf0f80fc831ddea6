/** The one file through which the bridge knows the core. It loads nothing; `main.ts` calls `pictures` and the commands. */
import type { commandLine as loadLine, picture } from '../core/index.ts';

export type {
  BridgeLog,
  BridgeMemory,
  BridgePerson,
  BridgeSettings,
  BridgeStore,
  Change,
  EngineClient,
  Ports,
  Refusal,
  SendingAlert,
} from '../core/index.ts';
export {
  alerts,
  changeOf,
  commandLine,
  pictures,
  positionText,
  type SeenDraft,
  sinkOf,
  symbolOf,
  zoneOf,
} from '../core/index.ts';

/** The command line as a face has it. */
export type FaceLine = Awaited<ReturnType<Awaited<ReturnType<typeof loadLine>>['createFaceLine']>>;

export type Action = picture.Action;
export type Block = picture.Block;
export type ChartName = picture.ChartName;
export type Draft = picture.Draft;
export type Field = picture.Field;
export type FormBlock = picture.FormBlock;
export type FormState = picture.FormState;
export type Line = picture.Line;
export type Link = picture.Link;
export type Locale = picture.Locale;
export type MirrorSay = picture.Say<typeof picture.telegramMirrorWords.en>;
export type OpenAlert = picture.OpenAlert;
export type Preview = picture.Preview;
export type Row = picture.Row;
export type Scene = picture.Scene;
export type ScreenId = picture.ScreenId;
export type ThemeName = picture.ThemeName;
export type Ui = picture.Ui;
export type View = picture.View;
/** What draws screens, once it is loaded. */
export type Pictures = typeof picture;
