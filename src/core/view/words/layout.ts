/** What the layout itself says. */
export const en = {
  more: '{count} more',
} as const;

export const ru: Record<keyof typeof en, string> = {
  more: 'ещё {count}',
};
