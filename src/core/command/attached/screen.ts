import type { Config } from '../../config/config.ts';
import { emptyUi, type Scene, type Ui } from '../../view/scene.ts';
import { marketOf, runOn } from '../../view/select.ts';
import type { ScreenId } from '../../view/view.ts';
import { zoneOf } from '../../view/zone.ts';
import { type Attached, withEngine } from '../attached.ts';
import type { Context } from '../command.ts';
import type { EngineClient } from '../engine.ts';
import { type Block, type Cell, type Column, done, fact, type Outcome, plain } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { isoTime, time } from '../telling/words.ts';
import { whileChanged } from './changes.ts';
import type { Data } from './data.ts';
import type { RunChoice } from './options.ts';

/** What is shown of one moment: data for `--json`, rows for a pipe, a screen for a terminal. */
export interface Moment {
  readonly data: Data;
  readonly piped: readonly Block[];
  /** Undefined where no screen shows the same: a terminal gets the rows. */
  readonly ui: (Partial<Ui> & Pick<Ui, 'screen'>) | undefined;
}

/** A look at one moment, or at each: `watch` goes on until a signal ends it. */
export interface Looking {
  readonly profile?: string | undefined;
  readonly watch?: boolean | undefined;
  /** Markets that are wanted beside those of the runs. */
  readonly symbols?: readonly string[] | undefined;
}

/** How long a market that was asked for may take to come. */
const MARKET_WAIT_MS = 3_000;

/** Shows a moment of the engine, and with `--watch` each that differs from the one before. */
export function look(
  context: Context,
  options: Looking,
  momentOf: (attached: Attached) => Moment | Outcome,
): Promise<Outcome> {
  const isWatched = options.watch === true;
  const { symbols = [] } = options;
  return withEngine(context, options, isWatched || symbols.length > 0 ? 'watch' : 'read', async (attached) => {
    await wanted(attached.client, symbols);
    return await (isWatched ? watch(context, attached, momentOf) : once(context, attached, momentOf));
  });
}

/** Asks for markets and waits for their prices; what does not come in time is for the moment to say. */
export async function wanted(client: EngineClient, symbols: readonly string[]): Promise<void> {
  const isThere = (): boolean => symbols.every((symbol) => typeof marketOf(client.scene(), symbol)?.mid === 'number');
  if (isThere()) return;
  await client.watch(symbols);
  if (isThere()) return;
  await new Promise<void>((resolve) => {
    const settle = (): void => {
      clearTimeout(timer);
      end();
      resolve();
    };
    const timer = setTimeout(settle, MARKET_WAIT_MS);
    const end = client.subscribe(() => {
      if (isThere()) settle();
    });
  });
}

const isOver = (moment: Moment | Outcome): moment is Outcome => 'kind' in moment;

async function once(
  context: Context,
  attached: Attached,
  momentOf: (attached: Attached) => Moment | Outcome,
): Promise<Outcome> {
  const moment = momentOf(attached);
  if (isOver(moment)) return moment;
  if (context.json) return done(moment.data, []);
  return done(moment.data, context.isPiped === true ? moment.piped : await shownBlocks(attached, moment));
}

/** The screen itself is made by the engine: one of another version shows its own. */
async function shownBlocks({ client, ports }: Attached, { ui, piped }: Moment): Promise<readonly Block[]> {
  if (ui === undefined) return piped.flatMap(upright);
  const config = await ports.config.load();
  const look = isRefusal(config) ? {} : looksOf(config, client.scene().state.options ?? {});
  const full: Ui = { ...emptyUi(ui.screen), ...look, ...ui };
  return [{ kind: 'view', view: await client.view(full), piped }];
}

/** Rows one under the other: in a line of a terminal most of their columns would be lost. */
function upright(block: Block): readonly Block[] {
  if (block.kind !== 'table' || block.rows.length === 0) return [block];
  return block.rows.map((row) => ({
    kind: 'facts',
    facts: row.flatMap((cell, i) => {
      const column = block.columns[i];
      return column === undefined ? [] : [fact(column.name, column.title, cell)];
    }),
  }));
}

/** What was set at run time stands before the file, and behind what this process was told. */
function looksOf(config: Config, options: Readonly<Record<string, string>>): Partial<Ui> {
  const isTold = (key: string): boolean => {
    const from = config.settings.find((setting) => setting.key === key)?.origin.from;
    return from === 'flag' || from === 'env';
  };
  const { language } = options;
  const isSet = !isTold('language') && (language === 'en' || language === 'ru');
  const zone = isTold('zone') ? undefined : zoneOf(options.zone);
  return { locale: isSet ? language : config.locale, zone: zone ?? config.zone };
}

/** A frame is not told twice: what did not change is not printed again. */
async function watch(
  context: Context,
  attached: Attached,
  momentOf: (attached: Attached) => Moment | Outcome,
): Promise<Outcome> {
  let told = '';
  const show = async (): Promise<Outcome | undefined> => {
    const moment = momentOf(attached);
    if (isOver(moment)) return moment;
    const { data, piped } = moment;
    if (context.repaint !== undefined && !context.json) {
      await context.repaint(await shownBlocks(attached, moment));
      return undefined;
    }
    const text = JSON.stringify(data);
    if (text === told) return undefined;
    told = text;
    for (const cells of context.json ? [[]] : rowsOf(piped)) context.row({ cells, data });
    return undefined;
  };
  return await whileChanged(context.signal, (listener) => attached.client.subscribe(listener), show);
}

function rowsOf(blocks: readonly Block[]): (readonly Cell[])[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'table') return block.rows;
    if (block.kind === 'facts') return [block.facts.map((fact) => fact.cell)];
    return [];
  });
}

/** Rows of data as a table for a pipe: the columns are named by the first fields of a table of fields. */
export function tableOf(names: readonly string[], rows: readonly Data[], empty: string): Block {
  const columns = names.map((name): Column => ({ name, title: name }));
  const cell = (row: Data, name: string): Cell => {
    const value = row[name];
    if (name !== 'at' || typeof value !== 'number') return cellOf(value);
    return { value: isoTime(value), text: time(value) };
  };
  return { kind: 'table', columns, rows: rows.map((row) => names.map((name) => cell(row, name))), empty };
}

/** Leaves of data as facts: `position.side`. */
export function factsOf(data: Data): Block {
  return {
    kind: 'facts',
    facts: leaves(data, '').map(([name, value]) => ({ name, title: name, cell: cellOf(value) })),
  };
}

function leaves(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === '' ? name : `${path}.${name}`));
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return { value: null, text: '?' };
  if (typeof value === 'number' || typeof value === 'boolean') return { value, text: `${value}` };
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
}

/** The screen of the runs that were chosen: it looks at one of them. None, where there is none of the symbol. */
export function screenOfRuns(id: ScreenId, scene: Scene, { run, symbol }: RunChoice): Moment['ui'] {
  if (symbol === undefined) return screen(id, { run });
  const found = run ?? runOn(scene, symbol)?.run;
  return found === undefined ? undefined : screen(id, { run: found });
}

/** The screen that a command stands for. */
export const screen = (id: ScreenId, picks: Partial<Ui> = {}): Moment['ui'] => ({ screen: id, ...picks });
