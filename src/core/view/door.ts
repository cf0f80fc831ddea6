/** What a face needs to show screens; `index.ts` loads it when the first one is shown. */

export type { OpenAlert } from '../domain/alert.ts';
export type { Draft, Preview } from '../domain/frame.ts';
export type { Run } from '../domain/run.ts';
export { type AlertText, alertText, bannerAlerts, bannerText } from './alert.ts';
export { alertDigest } from './alert-digest.ts';
export { CHARTS, type ChartChoice, type ChartName, chartOf } from './chart-choice.ts';
export { DRAFT_CHOICES, type DraftReading, draftFields, draftOf } from './draft-input.ts';
export { engineBackText, engineLostText } from './engine-link.ts';
export { LOCALES, type Locale, type Say, words } from './language.ts';
export { clean } from './layout/clean.ts';
export { layout } from './layout/layout.ts';
export type { Size } from './layout/pen.ts';
export { ansiLine, paintAnsi } from './paint/ansi.ts';
export { type ChartSvgOptions, paintChartSvg } from './paint/chart-svg.ts';
export { escapeXml, paintHtml } from './paint/html.ts';
export { paintPlain, plainLine } from './paint/plain.ts';
export { paintSvg } from './paint/svg.ts';
export { THEMES, type ThemeName } from './paint/theme.ts';
export { type Restated, restated } from './restated.ts';
export { emptyUi, type FormState, type Scene, type Ui, UTC } from './scene.ts';
export { SCREEN_IDS } from './screen-ids.ts';
export { TABS, titleOf, viewOf } from './screens.ts';
export { focusOf, focusOnSymbol } from './select.ts';
export type {
  Action,
  Block,
  Field,
  FormBlock,
  Line,
  Link,
  Row,
  ScreenId,
  Span,
  TableBlock,
  Target,
  Tone,
  View,
} from './view.ts';
export { widthOf, wrap } from './width.ts';
export * as telegramActWords from './words/telegram-act.ts';
export * as telegramAlertWords from './words/telegram-alert.ts';
export * as telegramBridgeWords from './words/telegram-bridge.ts';
export * as telegramChartWords from './words/telegram-chart.ts';
export * as telegramCommandWords from './words/telegram-command.ts';
export * as telegramMirrorWords from './words/telegram-mirror.ts';
export * as tuiWords from './words/tui.ts';
