import { type Refusal, refusal, shown } from '../refusal.ts';

/** What every command takes, whatever it does: how a face shows its outcome. */
export interface FaceOptions {
  readonly json: boolean;
  readonly ascii: boolean;
  readonly color: boolean;
  readonly columns?: number | undefined;
}

/** Takes the flags of the face out of the words; the rest is the command's. */
export function takeFace(words: readonly string[]): { face: FaceOptions; rest: readonly string[] } | Refusal {
  const rest: string[] = [];
  const face: { json: boolean; ascii: boolean; color: boolean; columns?: number } = {
    json: false,
    ascii: false,
    color: true,
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') {
      rest.push(...words.slice(i));
      break;
    }
    if (word === '--json') face.json = true;
    else if (word === '--ascii') face.ascii = true;
    else if (word === '--no-color') face.color = false;
    else if (word === '--columns' || word.startsWith('--columns=')) {
      const given = word === '--columns' ? (words[++i] ?? '') : word.slice('--columns='.length);
      const value = /^\d{1,4}$/.test(given) ? Number(given) : Number.NaN;
      if (!(value >= 20 && value <= 1_000)) {
        return refusal(
          2,
          'BAD_OPTION',
          '--columns with a whole number, at least 20 and at most 1000',
          shown(given),
          '--columns 120',
        );
      }
      face.columns = value;
    } else rest.push(word);
  }
  return { face, rest };
}
