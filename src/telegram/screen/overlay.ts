import type { Asked, Order, Question, Told } from '../act/acts.ts';
import type { Line, MirrorSay } from '../core.ts';
import { inRows, labelOf } from './keyboard.ts';
import type { Knob } from './message.ts';
import { COLUMNS, type Paper, wrapped } from './page.ts';

/** What stands in a message in place of its screen until it is answered or was read. */
export type Overlay =
  | {
      readonly is: 'question';
      readonly said: Question;
      readonly order: Order | undefined;
      readonly asked: Asked;
      /** Of a form: what became of it is told there. */
      readonly isForm: boolean;
    }
  | { readonly is: 'told'; readonly title: string; readonly lines: readonly string[] };

/** Lines that somebody painted, made fit for a phone. */
export function narrowed(lines: readonly Line[], paper: Paper): readonly string[] {
  return lines.flatMap((line) => {
    const text = paper.pictures.plainLine(line);
    return paper.pictures.widthOf(text) <= COLUMNS ? [paper.pictures.clean(text, false)] : wrapped([text], paper);
  });
}

/** An answer in lines; one that says nothing else has its sentence alone. */
export const toldLines = ({ lines, summary }: Told, paper: Paper): readonly string[] =>
  lines.length === 0 ? wrapped([summary], paper) : narrowed(lines, paper);

/** What is asked, as whoever asks it says it. */
export const questionLines = ({ lines }: Question, paper: Paper): readonly string[] => narrowed(lines, paper);

export function questionKnobs({ nonce, choices }: Question, say: MirrorSay): readonly (readonly Knob[])[] {
  const knobs = choices.map((text, choice): Knob => ({ text: labelOf(text), deed: { is: 'confirm', nonce, choice } }));
  return [...inRows(knobs, 2), [{ text: say('cancel'), deed: { is: 'cancel', nonce } }]];
}
