import type { Locale } from '../../view/language.ts';
import { type Refusal, refusal, shown } from '../refusal.ts';

/** Flags that every command takes, whatever it does. */
export const FACE_FLAGS = ['json', 'ascii', 'no-color', 'columns', 'language', 'help'];

/** What every command takes, whatever it does: how a face shows its outcome. */
export interface FaceOptions {
  readonly json: boolean;
  readonly ascii: boolean;
  readonly color: boolean;
  readonly columns?: number | undefined;
  readonly language?: Locale | undefined;
}

/** Takes the flags of the face out of the words; the rest is the command's. */
export function takeFace(words: readonly string[]): { face: FaceOptions; rest: readonly string[] } | Refusal {
  const rest: string[] = [];
  const face: Taken = { json: false, ascii: false, color: true };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') {
      rest.push(...words.slice(i));
      break;
    }
    if (SWITCH_WITH_VALUE.test(word)) return valueUnwanted(word);
    if (word === '--json') face.json = true;
    else if (word === '--ascii') face.ascii = true;
    else if (word === '--no-color') face.color = false;
    else if (/^--(columns|language)(=|$)/.test(word)) {
      const name = word.startsWith('--c') ? 'columns' : 'language';
      if (face[name] !== undefined) {
        return refusal(2, 'OPTION_TWICE', `--${name} once`, 'it twice', 'keep one of them');
      }
      const given = word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[++i] ?? '');
      const problem = name === 'columns' ? takeColumns(face, given) : takeLanguage(face, given);
      if (problem !== undefined) return problem;
    } else rest.push(word);
  }
  return { face, rest };
}

const SWITCH_WITH_VALUE = /^--(json|ascii|no-color|help|version)=/;

/** `--json=false`, `--no-dry-run=false`: what nobody wants is left out. */
export function valueUnwanted(word: string): Refusal {
  const [flag = '', value = ''] = word.split('=');
  const fix = /^(false|no|off|0)$/i.test(value) ? `leave ${flag} out` : flag;
  return refusal(2, 'BAD_OPTION', `${flag} alone, without a value`, shown(word), fix);
}

type Taken = { -readonly [Name in keyof FaceOptions]: FaceOptions[Name] };

function takeColumns(face: Taken, given: string): Refusal | undefined {
  const value = /^\d{1,4}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= 20 && value <= 1_000) {
    face.columns = value;
    return undefined;
  }
  const expected = '--columns with a whole number, at least 20 and at most 1000';
  return refusal(2, 'BAD_OPTION', expected, shown(given), '--columns 120');
}

function takeLanguage(face: Taken, given: string): Refusal | undefined {
  if (given === 'en' || given === 'ru') {
    face.language = given;
    return undefined;
  }
  return refusal(2, 'BAD_OPTION', '--language with one of en, ru', shown(given), '--language ru');
}
