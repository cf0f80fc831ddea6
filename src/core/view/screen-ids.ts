/** The ids of the screens in the order of the tab line, for whoever must not load the screens themselves. */
export const SCREEN_IDS = [
  'auto',
  'market',
  'risk',
  'portfolio',
  'trade',
  'orders',
  'journal',
  'analytics',
  'monitoring',
  'system',
  'settings',
  'strategies',
  'debug',
  'help',
] as const;

export type ScreenId = (typeof SCREEN_IDS)[number];
