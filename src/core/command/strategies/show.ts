import type { Definition } from '../../strategy/definition.ts';
import { defaultParams, expectation } from '../../strategy/params.ts';
import type { ParamSpec } from '../../strategy/strategy.ts';
import { required, text } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { type Block, done, fact, plain, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { count } from '../telling/words.ts';

export const strategiesShow = defineCommand({
  about: [
    'Parameters with their defaults and ranges, votes with their weights, the history that it wants to have seen.',
  ],
  args: { name: required(text('Name of the strategy, or the path of your own.', 'NAME', 'trend')) },
  options: {},
  examples: ['dzentra strategies show trend', 'dzentra strategies show ./mine.mts --json'],
  schema: 'dzentra.strategies.show/1',
  fields: [
    ['schema', 'text', 'dzentra.strategies.show/1'],
    ['name', 'text', 'what --strategy takes'],
    ['version', 'number', 'its version'],
    ['title', 'text', 'its title'],
    ['about', 'text', 'what it does'],
    ['timeframe', 'text', 'its time frame'],
    ['higherTimeframe', 'text|null', 'the higher time frame'],
    ['confirmations', 'number', 'closed candles in a row until READY'],
    ['warmup', 'object', 'candles that it wants to have seen: bars, higherBars'],
    ['params', 'array', 'name, type, default, min, max or choices, about'],
    ['votes', 'array', 'name, weight, about'],
    ['values', 'array', 'names of the evidence numbers'],
  ],
  async run(context, { args }) {
    // What a file of the user does when it is loaded is its own business, and may never end.
    await context.letSignalsEnd?.();
    const ports = await context.boot();
    const found = await ports.strategies.find(args.name);
    return isRefusal(found) ? refused(found) : done(dataOf(found), blocksOf(found));
  },
});

function dataOf(definition: Definition) {
  const params = defaultParams(definition.params);
  const { own, higher } = definition.timeframes(params);
  return {
    schema: 'dzentra.strategies.show/1',
    name: definition.name,
    version: definition.version,
    title: definition.title,
    about: definition.about,
    timeframe: own,
    higherTimeframe: higher ?? null,
    confirmations: definition.confirmations(params),
    warmup: definition.warmup(params),
    params: Object.entries(definition.params).map(([name, spec]) => ({ name, ...spec })),
    votes: definition.votes(params),
    values: definition.values,
  };
}

function blocksOf(definition: Definition): readonly Block[] {
  const { about, timeframe, higherTimeframe, confirmations, warmup, votes } = dataOf(definition);
  const frames = higherTimeframe === null ? timeframe : `${timeframe}, higher ${higherTimeframe}`;
  const history = `${count(warmup.bars, 'candle')}${warmup.higherBars === 0 ? '' : `, ${warmup.higherBars} of the higher time frame`}`;
  return [
    {
      kind: 'facts',
      title: `${definition.title} (${definition.name} v${definition.version})`,
      facts: [
        fact('about', 'about', about),
        fact('timeframe', 'time frame', frames),
        fact('confirmations', 'ready after', count(confirmations, 'closed candle')),
        fact('warmup', 'warm-up', history),
      ],
    },
    {
      kind: 'table',
      columns: [
        { name: 'param', title: 'parameter' },
        { name: 'default', title: 'default', align: 'right' },
        { name: 'accepts', title: 'accepts', rank: 1 },
        { name: 'about', title: 'about' },
      ],
      rows: Object.entries(definition.params).map(([name, spec]) => paramRow(name, spec)),
      empty: 'no parameter',
    },
    {
      kind: 'table',
      columns: [
        { name: 'vote', title: 'vote' },
        { name: 'weight', title: 'weight', align: 'right' },
        { name: 'about', title: 'about' },
      ],
      rows: votes.map((vote) => [plain(vote.name), plain(`${vote.weight}`), plain(vote.about)]),
      empty: 'no vote',
    },
  ];
}

const paramRow = (name: string, spec: ParamSpec) => [
  plain(name),
  plain(`${spec.default}`),
  plain(expectation(spec)),
  plain(spec.about),
];
