import {
  type EngineClient,
  type FormState,
  type Locale,
  type Pictures,
  type ScreenId,
  type Ui,
  zoneOf,
} from '../core.ts';

/** What a message shows: a screen, or the list of all of them. `ui` has neither language nor zone of its own. */
export interface Place {
  readonly isHome: boolean;
  readonly ui: Ui;
}

export type FormName = FormState['form'];
export type Inputs = Readonly<Record<string, string>>;
/** What is picked where one goes: a run, a symbol, an entry, rows of blocks, and a form to be opened. */
export type Pick = Readonly<Record<string, string>>;

/** Each place is in one message at most. */
export const keyOf = ({ isHome, ui }: Place): string => (isHome ? 'home' : ui.screen);

export const placeOf = (pictures: Pictures, screen: ScreenId): Place => ({
  isHome: false,
  ui: pictures.emptyUi(screen),
});

/** The list of screens; beneath it is Help, whose status line it has. */
export const homeOf = (pictures: Pictures): Place => ({ isHome: true, ui: pictures.emptyUi('help') });

/** Another screen, or the same one with something else picked. A run is looked at with its own symbol. */
export function going({ ui }: Place, screen: ScreenId, pick: Pick = {}): Place {
  const { run, symbol, seq, form: _form, type: _type, ...others } = pick;
  return {
    isHome: false,
    ui: {
      ...ui,
      screen,
      filter: '',
      seq: seq === undefined ? undefined : Number(seq),
      ...(run === undefined && symbol === undefined
        ? {}
        : { run: run === undefined ? undefined : Number(run), symbol }),
      picked: { ...ui.picked, ...others },
      form: undefined,
    },
  };
}

/** The form that a pick asks for: `form=risk`, or the stop of the open position. */
export function formIn(
  screen: ScreenId,
  { form, type }: Pick,
): { readonly form: FormName; readonly inputs?: Inputs } | undefined {
  if (screen === 'trade' && type !== undefined) return { form: 'draft', inputs: { type } };
  return form === 'risk' || form === 'draft' || form === 'auto' ? { form } : undefined;
}

/** The form that a screen has. */
export function formOf(screen: ScreenId): FormName | undefined {
  if (screen === 'trade') return 'draft';
  if (screen === 'settings') return 'risk';
  return screen === 'strategies' ? 'auto' : undefined;
}

/** A place as it was kept over a restart; undefined where that is no place of this version. */
export function placeFrom(kept: unknown, pictures: Pictures): Place | undefined {
  if (typeof kept !== 'object' || kept === null || !('screen' in kept)) return undefined;
  const screen = pictures.SCREEN_IDS.find((id) => id === kept.screen);
  if (screen === undefined) return undefined;
  const given: Readonly<Record<string, unknown>> = { ...kept };
  const number = (name: string): number | undefined =>
    Number.isSafeInteger(given[name]) ? Number(given[name]) : undefined;
  const ui: Ui = {
    ...pictures.emptyUi(screen),
    run: number('run'),
    seq: number('seq'),
    symbol: typeof given.symbol === 'string' ? given.symbol : undefined,
    picked: textsOf(given.picked),
  };
  return { isHome: given.isHome === true, ui };
}

function textsOf(given: unknown): Record<string, string> {
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** What of a place is kept. */
export const keptOf = ({ isHome, ui }: Place): object => {
  const { screen, run, seq, symbol, picked } = ui;
  return { screen, run, seq, symbol, picked, ...(isHome ? { isHome } : {}) };
};

/** Language and zone as the settings that all faces share name them. */
export function sharedOf(client: EngineClient): { readonly locale: Locale; readonly zone: Ui['zone'] } {
  const { language, zone } = client.scene().state.options ?? {};
  return { locale: language === 'ru' ? 'ru' : 'en', zone: zoneOf(zone) ?? { name: 'UTC', offsetMinutes: 0 } };
}
