/** What is wrong with a field of an order by hand. */
export const en = {
  notNumber: 'a number, such as {example}',
  notAbove: 'above 0',
  needed: 'needed here',
  tooMuch: 'at most {most}',
  noChoice: 'one of {choices}',
  stopGiven: 'there is a stop: leave one of them out',
  stopNeeded: 'a size by risk follows from the stop',
} as const;

export const ru: Record<keyof typeof en, string> = {
  notNumber: 'число, например {example}',
  notAbove: 'больше 0',
  needed: 'здесь нужно',
  tooMuch: 'не больше {most}',
  noChoice: 'одно из: {choices}',
  stopGiven: 'стоп задан: оставьте что-то одно',
  stopNeeded: 'объём по риску считается от стопа',
};
