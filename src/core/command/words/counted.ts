/** Notes with a count, which Russian says in three forms. */
export const en = {
  entries: '{count} {count|entry|entries} exported',
  candles: '{count} {count|candle|candles} exported',
  files: '{count} {count|file|files} dropped, {kept} kept',
} as const;

export const ru: Record<keyof typeof en, string> = {
  entries: '{count|выгружена|выгружены|выгружено} {count} {count|запись|записи|записей}',
  candles: '{count|выгружена|выгружены|выгружено} {count} {count|свеча|свечи|свечей}',
  files: '{count|удалён|удалены|удалено} {count} {count|файл|файла|файлов}, осталось {kept}',
};
