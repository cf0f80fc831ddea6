import type { Update } from '../../../src/telegram/bot/api.ts';
import type { BridgePerson } from '../../../src/telegram/core.ts';

export const NOW = Date.UTC(2026, 0, 5, 7, 41, 9);
const DATE = Math.floor(NOW / 1_000);
export const ANN = 42;
export const BOB = 43;
export const GROUP = -1_001_234;

export const ann: BridgePerson = { user: ANN, chat: ANN, role: 'operator', name: 'Ann', isGroup: false, pairedAt: 1 };
export const annInGroup: BridgePerson = { ...ann, chat: GROUP, isGroup: true, role: 'viewer' };

type Parts = Readonly<Record<string, unknown>>;

export const from = (id = ANN, more: Parts = {}): Parts => ({ id, is_bot: false, first_name: 'Ann', ...more });
export const home = (id = ANN): Parts => ({ id, type: 'private', first_name: 'Ann' });
export const group = (type = 'supergroup'): Parts => ({ id: GROUP, type, title: 'traders' });

/** An update of any shape: what Telegram would never send, too. */
export const update = (parts: unknown): Update => parts as Update;

export const message = (more: Parts = {}): Parts => ({
  message_id: 7,
  date: DATE,
  from: from(),
  chat: home(),
  text: '/status',
  ...more,
});

export const typed = (more: Parts = {}): Update => update({ update_id: 100, message: message(more) });

export const query = (more: Parts = {}): Parts => ({
  id: '4382bfdwdsb323b2d9',
  from: from(),
  chat_instance: '1',
  message: message({ from: from(900, { is_bot: true }), text: 'screen' }),
  data: 'k3',
  ...more,
});

export const pressed = (more: Parts = {}): Update => update({ update_id: 101, callback_query: query(more) });
