/** What the bridge says in a chat by itself. */
export const en = {
  old: 'Dropped: {count} {count|message|messages} sent more than a minute before the bridge could read {count|it|them}. Nothing was done; send again what is still wanted.',
  tooFast: 'Too much at once: what comes now is dropped. Wait a few seconds.',
  what: 'Not understood: {text}. Commands begin with a slash; /help names them, /home shows all screens.',
  charts: 'Choose a chart: /chart_equity, /chart_drawdown or /chart_candles.',
  homeCommand: 'all screens',
  equityCommand: 'equity as a picture',
  drawdownCommand: 'drawdown as a picture',
  candlesCommand: 'candles with trades as a picture',
  acknowledged: 'acknowledged',
} as const;

export const ru: Record<keyof typeof en, string> = {
  old: 'Отброшено: {count} {count|сообщение|сообщения|сообщений} старше минуты, пока мост их не читал. Ничего не сделано; пришлите снова то, что ещё нужно.',
  tooFast: 'Слишком много сразу: то, что приходит сейчас, отбрасывается. Подождите несколько секунд.',
  what: 'Не понято: {text}. Команды начинаются с косой черты; /help называет их, /home показывает все экраны.',
  charts: 'Выберите график: /chart_equity, /chart_drawdown или /chart_candles.',
  homeCommand: 'все экраны',
  equityCommand: 'капитал картинкой',
  drawdownCommand: 'просадка картинкой',
  candlesCommand: 'свечи со сделками картинкой',
  acknowledged: 'подтверждено',
};
