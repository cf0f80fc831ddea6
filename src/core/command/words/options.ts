/** What options mean in Russian, by their English text, which many commands share. Any other is told in English. */
export const OPTIONS_RU: Readonly<Record<string, string>> = {
  'Name of a strategy, or the path of your own (.mts, .mjs).': 'Имя стратегии или путь к своей (.mts, .mjs).',
  'Parameter of the strategy; may be repeated.': 'Параметр стратегии; можно повторять.',
  'Symbol; else the one that the file is named after, else BTC/USDT:USDT.':
    'Инструмент; иначе из имени файла, иначе BTC/USDT:USDT.',
  "Candles that the strategy decides on; else the strategy's own.":
    'Свечи, по которым решает стратегия; иначе её собственные.',
  'Time frame of the source where it cannot be read off its candles.':
    'Таймфрейм источника, если его не видно по свечам.',
  'Balance to begin with, in the quote asset.': 'Начальный баланс в валюте котировки.',
  'Seed of everything that is random.': 'Зерно всего случайного.',
  'Notional of an entry as a share of the balance.': 'Сумма входа как доля баланса.',
  'What an entry may lose at its stop, costs included, as a share of equity.':
    'Сколько вход может потерять на стопе с издержками, как доля капитала.',
  'Quantity of an entry in the base asset.': 'Объём входа в базовой валюте.',
  'Leverage, isolated margin (backtest and paper: 2, spot: 1).':
    'Плечо, изолированная маржа (backtest и paper: 2, spot: 1).',
  'Stop loss.': 'Стоп.',
  'Take profit.': 'Цель.',
  'Loss in currency, costs included, that closes the position.':
    'Убыток в деньгах с издержками, который закрывает позицию.',
  'Most that a market entry may pay beyond the touch (paper: 15bps).':
    'Сколько рыночный вход может переплатить сверх лучшей цены (paper: 15bps).',
  'Fee of every fill, maker and taker alike.': 'Комиссия любой сделки, maker и taker.',
  'Fee of a fill that rested; else 0.02%.': 'Комиссия maker; иначе 0.02%.',
  'Fee of a fill that took; else 0.05%.': 'Комиссия taker; иначе 0.05%.',
  'Slippage of market and triggered fills (paper: 1bp); 0 alone = no spread and no latency either.':
    'Проскальзывание рыночных и стоповых сделок (paper: 1bp); один 0 убирает и спред, и задержку.',
  'Whole modelled spread on candles (paper: 1bp).': 'Полный модельный спред на свечах (paper: 1bp).',
  'From an order to its report (paper: 150ms).': 'От заявки до отчёта о ней (paper: 150ms).',
  'Kind of instrument where the symbol does not tell.': 'Вид инструмента, если он не виден по имени.',
  'Smallest step of a price.': 'Шаг цены.',
  'Smallest step of a quantity.': 'Шаг объёма.',
  'Smallest notional of an entry.': 'Наименьшая сумма входа.',
  'Funding rates with their times; without it no funding is paid.':
    'Ставки фандинга с временем; без файла фандинг не платится.',
  'Highest leverage (paper: 5).': 'Наибольшее плечо (paper: 5).',
  'Most that one trade may risk (paper: 2%).': 'Наибольший риск одной сделки (paper: 2%).',
  'Most of the account that margins may hold (paper: 50%).': 'Какую часть счёта может занять маржа (paper: 50%).',
  'Most of the account that the margin of one run may hold (paper: 25%).':
    'Какую часть счёта может занять маржа одного запуска (paper: 25%).',
  'Most that all open positions may risk together (paper: 2%).': 'Наибольший общий риск открытых позиций (paper: 2%).',
  'Most open positions of the account (paper: 3).': 'Наибольшее число открытых позиций счёта (paper: 3).',
  'Loss of a UTC day, open positions in it, that ends entries for the day (paper: 2%).':
    'Убыток за день UTC с открытыми позициями, после которого входов в этот день нет (paper: 2%).',
  'Loss of a UTC day that closes all and halts the account (paper: 3%).':
    'Убыток за день UTC, который закрывает всё и останавливает счёт (paper: 3%).',
  'Loss of a week from Monday that halts the account (paper: 6%).':
    'Убыток за неделю с понедельника, который останавливает счёт (paper: 6%).',
  'Wait after a stop loss; one closed candle at least (paper: 5m).':
    'Пауза после стопа; не меньше одной закрытой свечи (paper: 5m).',
  'Stop losses in a row that start the longer wait (paper: 3).':
    'Сколько стопов подряд включают долгую паузу (paper: 3).',
  'The longer wait (paper: 60m).': 'Долгая пауза (paper: 60m).',
  'Stop losses of a UTC day that end entries for the day (paper: 5).':
    'Сколько стопов за день UTC прекращают входы (paper: 5).',
  'Most entries of a run in a UTC day (paper: 20).': 'Наибольшее число входов запуска за день UTC (paper: 20).',
  'Most orders of the account in a minute (paper: 30).': 'Наибольшее число заявок счёта за минуту (paper: 30).',
  'Most flips of a run in a UTC day (paper: 6).': 'Наибольшее число разворотов запуска за день UTC (paper: 6).',
  'Oldest quote that an entry may act on (paper: 1500ms).': 'Наибольший возраст котировки для входа (paper: 1500ms).',
  'Widest spread that an entry may meet (paper: 3bps, and 10bps for all but BTC, ETH, BNB, SOL, XRP).':
    'Наибольший спред для входа (paper: 3bps, и 10bps для всех, кроме BTC, ETH, BNB, SOL, XRP).',
  'Most that a round trip may cost, of the stop distance (paper: 20%).':
    'Наибольшая цена входа с выходом, как доля расстояния до стопа (paper: 20%).',
  'Least reward for one unit of risk, after costs (paper: 1.2).':
    'Наименьшая награда на единицу риска после издержек (paper: 1.2).',
  'Share of the way to the liquidation price that lies beyond the stop (paper: 20%).':
    'Какая часть пути до ликвидации лежит за стопом (paper: 20%).',
  'A gap in the candles blocks entries until the warm-up is whole again (paper: on).':
    'Пропуск в свечах запрещает входы, пока прогрев не станет полным (paper: on).',
  'Run in this process until the feed ends or Ctrl-C.': 'Работать в этом процессе до конца данных или Ctrl-C.',
  'Where prices come from.': 'Откуда брать цены.',
  'How fast market time passes: seconds of it in one second, or max.':
    'Скорость рыночного времени: его секунд за секунду, или max.',
  'Profile that keeps the journal; else that of the configuration.': 'Профиль с журналом; иначе из конфигурации.',
  'Signals only: no order is sent.': 'Только сигналы: заявки не отправляются.',
  'Entries that are printed as they come.': 'Какие записи печатать по мере появления.',
  'Level of the log file in the profile; SIGUSR2 turns debug on and off.':
    'Уровень лога в профиле; SIGUSR2 включает и выключает debug.',
  'Makes it happen once: the same key again gets the first answer, with another command a refusal.':
    'Выполнить один раз: повтор с тем же ключом вернёт первый ответ, с другой командой — отказ.',
  'Says what would be done, and does nothing.': 'Сказать, что было бы сделано, и ничего не делать.',
  'How long to wait for what comes of it.': 'Сколько ждать результата.',
  'Live accounts only: the symbol once more, as a word that is typed.':
    'Только для реальных счетов: инструмент ещё раз, словом.',
  'Number of the run.': 'Номер запуска.',
  'The run of this symbol.': 'Запуск по этому инструменту.',
  'Exchange whose live prices it trades on paper: the same as --feed NAME.':
    'Биржа, по живым ценам которой торговать на бумаге: то же, что --feed NAME.',
  'Profile whose bridge is meant; else the one of the configuration.': 'Профиль моста; иначе из конфигурации.',
  'What the person may do: look, or act as well.': 'Что человеку можно: смотреть или ещё и действовать.',
  'The code is sent in a group; who sends it is paired there, and nobody else of it.':
    'Код посылают в группе; связан с ней будет только тот, кто его послал.',
  'Ask for the token again, in place of the one that is kept.': 'Спросить токен заново вместо сохранённого.',
  'Number of the user, as `telegram status` shows it.': 'Номер пользователя, как в `telegram status`.',
  'Profile whose engine is meant; else the one of the configuration.': 'Профиль движка; иначе из конфигурации.',
  'Go on until Ctrl-C: again at each change; in a pipe a line a change.':
    'Продолжать до Ctrl-C: заново при каждом изменении; в канал по строке на изменение.',
  'Symbol; else the only one that is traded.': 'Инструмент; иначе единственный торгуемый.',
  'Quantity in the base asset.': 'Объём в базовой валюте.',
  'Value of the order in the quote asset.': 'Сумма заявки в валюте котировки.',
  'Value of the order as a share of the balance.': 'Сумма заявки как доля баланса.',
  'What it may lose at its stop, costs included, as a share of equity.':
    'Сколько можно потерять на стопе с издержками, как доля капитала.',
  'Limit of an order that rests; market without it.': 'Цена лимитной заявки; без неё рыночная.',
  'Only as a maker: a limit that would take is not placed.':
    'Только maker: заявка, которая исполнилась бы сразу, не ставится.',
  'Stop loss; else as the settings say.': 'Стоп; иначе как в настройках.',
  'Take profit; else as the settings say.': 'Цель; иначе как в настройках.',
  'Without a stop, by your word: every face shows it.': 'Без стопа, под вашу ответственность: это видно везде.',
  'Leverage, isolated margin; else as the settings say.': 'Плечо, изолированная маржа; иначе как в настройках.',
  'The account; else the only one.': 'Счёт; иначе единственный.',
  'Where prices come from; else as at the last start, or synthetic.':
    'Откуда брать цены; иначе как в прошлый раз, или synthetic.',
  'Level of the log file; else as at the last start, or info. SIGUSR2 turns debug on and off.':
    'Уровень лога; иначе как в прошлый раз, или info. SIGUSR2 включает и выключает debug.',
  'How fast market time passes: seconds of it in one second, or max; else as at the last start, or 60. An exchange has its own.':
    'Скорость рыночного времени: его секунд за секунду, или max; иначе как в прошлый раз, или 60. У биржи своя.',
  'Profile that is shown; else the one of the configuration.': 'Показываемый профиль; иначе из конфигурации.',
  'Name of the exchange.': 'Имя биржи.',
  'Where it is kept.': 'Где хранить.',
  'Read it from standard input: key, secret and, where there is one, passphrase, a line each.':
    'Прочитать со стандартного ввода: ключ, секрет и, если есть, парольная фраза, по строке.',
  'Exchange to look at, in place of those; may be repeated.': 'Какую биржу проверить вместо них; можно повторять.',
  'Profile that is looked at; else the one of the configuration.':
    'Какой профиль проверить; иначе тот, что в конфигурации.',
};

const BOUNDS: readonly (readonly [english: RegExp, russian: string])[] = [
  [/\babove\b/g, 'больше'],
  [/\bbelow\b/g, 'меньше'],
  [/\bat least\b/g, 'не меньше'],
  [/\bat most\b/g, 'не больше'],
  [/ and /g, ' и '],
  [/\belse\b/g, 'иначе'],
  [
    /^synthetic, synthetic:SEED, replay:FILE or an exchange such as /,
    'synthetic, synthetic:SEED, replay:FILE или биржа, например ',
  ],
  [/^quote asset, or a share of equity$/, 'валюта котировки или доля капитала'],
  [/^a distance such as 2%, or 2r: twice that of the stop$/, 'расстояние, например 2%, или 2r: вдвое дальше стопа'],
];

/** What values an option takes, in Russian. */
export const russianBounds = (english: string): string =>
  BOUNDS.reduce((text, [pattern, russian]) => text.replace(pattern, russian), english);
