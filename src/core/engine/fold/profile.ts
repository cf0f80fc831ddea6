import type { PriceAlert, State } from '../../domain/state.ts';
import type { Folds } from './lookup.ts';

/** All three at once: equal states then have equal texts, whichever was used first. */
function own(state: State): { alerts: readonly PriceAlert[]; options: Readonly<Record<string, string>> } {
  const { alerts = [], alertsMade = 0, options = {} } = state;
  if (state.alerts === undefined) Object.assign(state, { alerts, alertsMade, options });
  return { alerts, options };
}

function removeAlert(state: State, alert: number): void {
  state.alerts = own(state).alerts.filter((each) => each.alert !== alert);
}

/** What belongs to the profile and to no account: price alerts and shared options. */
export const PROFILE_FOLDS: Folds = {
  alert_added: (state, entry, { alert, symbol, side, price }) => {
    state.alerts = [...own(state).alerts, { alert, symbol, side, price, at: entry.at }];
    state.alertsMade = alert;
  },
  alert_removed: (state, _entry, body) => removeAlert(state, body.alert),
  price_crossed: (state, _entry, body) => removeAlert(state, body.alert),
  option_set: (state, _entry, body) => {
    state.options = { ...own(state).options, [body.option]: body.text };
  },
};
