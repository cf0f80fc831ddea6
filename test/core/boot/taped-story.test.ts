import { expect, it } from 'vitest';
import { readMarket } from '../../../src/core/boot/taped-story.ts';
import { readTape, TapeWriter, tapeFile } from '../../../src/core/journal/tape.ts';
import { scratchFolder } from '../../support/scratch.ts';

it('sizes that a venue does not tell are without bound on the tape, too', () => {
  const folder = scratchFolder();
  const feed = { kind: 'exchange', exchange: 'kraken' } as const;
  const header = { build: 'test', config: {}, feed, snapshotSeq: 0 };
  const tape = new TapeWriter(folder, { epoch: 1, header: () => header, clock: () => 0 });
  const untold = { kind: 'quote', symbol: 'BTC/USDT', at: 1, bid: 1, ask: 2, source: 'rest' } as const;
  const quotes = [
    { ...untold, bidQty: Number.POSITIVE_INFINITY, askQty: Number.POSITIVE_INFINITY },
    { ...untold, bidQty: 0.5, askQty: 0 },
  ];
  for (const [index, input] of quotes.entries()) tape.append({ n: index + 1, at: 1, seq: 0, input });
  tape.close();
  const told = [...readMarket(readTape(`${folder}/${tapeFile(1)}`))].map(({ input }) => input);
  expect(told).toEqual(quotes);
});
