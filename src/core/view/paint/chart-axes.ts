import { decimal } from '../format.ts';
import type { Ticks } from '../ticks.ts';
import type { Tone } from '../view.ts';
import { FONT, inkOf, type Plot, type Sheet, textShape, WIDE } from './chart-sheet.ts';
import { textWidth } from './glyph-width.ts';
import { px } from './svg-box.ts';

/** A value with a name that is pointed at from the right: a level, the last price. */
export interface Tag {
  readonly text: string;
  readonly value: number;
  readonly tone: Tone;
  /** What matters most is filled. */
  readonly isFilled: boolean;
  /** Beyond the axis: it stands at that edge, and its text says which. */
  readonly beyond?: 'above' | 'below' | undefined;
}

/** An instant on the axis of time. */
export interface Mark {
  readonly x: number;
  readonly text: string;
}

const TAG = { height: 32, every: 35, tip: 12, pad: 8 } as const;
/** A label of the scale this near to a tag goes. */
const LABEL_ROOM = 28;
/** A line down this near to the frame goes; a label this near to the foot of the scale, too: the zone stands beneath. */
const FRAME_ROOM = 10;
/** The texts of labels begin here, from the right edge of the plot. */
const LABEL_AT = TAG.tip + TAG.pad;
/** Free behind them. */
const RIGHT = 14;

/** Units that the labels at the right need. */
export function marginOf({ values, digits }: Ticks, tags: readonly Tag[]): number {
  const labels = values.map((value) => textWidth(decimal(value, { digits }), FONT.small));
  const named = tags.map(({ text }) => textWidth(text, FONT.small, true) + TAG.pad);
  return Math.min(WIDE / 2, Math.max(80, ...labels, ...named) + LABEL_AT + RIGHT);
}

/** Lines across at round values, and their labels where no tag stands. */
export function valueShapes({ theme }: Sheet, plot: Plot, { values, digits }: Ticks, tags: readonly Tag[]): string[] {
  const taken = placesOf(tags, plot);
  return values.flatMap((value) => {
    const y = plot.yOf(value);
    const line = `<path class="grid" d="M${px(plot.left)} ${px(y)}H${px(plot.right)}" stroke="${theme.edge}" stroke-width="1.5"/>`;
    if (plot.bottom - y < FRAME_ROOM || taken.some((place) => Math.abs(place - y) < LABEL_ROOM)) return [line];
    const style = { size: FONT.small, fill: inkOf(theme, 'muted'), room: WIDE - plot.right - LABEL_AT };
    return [line, textShape(decimal(value, { digits }), plot.right + LABEL_AT, y + 7, style)];
  });
}

/** Lines down at round times, their texts and the zone that they are told in. */
export function timeShapes({ theme }: Sheet, plot: Plot, marks: readonly Mark[], zone: string): string[] {
  const style = { size: FONT.small, fill: inkOf(theme, 'muted') };
  const y = plot.bottom + 30;
  return [
    ...marks.flatMap(({ x, text }) => {
      const half = textWidth(text, FONT.small) / 2;
      const at = Math.min(plot.right - half, Math.max(plot.left + half, x));
      const line = `<path class="grid" d="M${px(x)} ${px(plot.top)}V${px(plot.bottom)}" stroke="${theme.edge}" stroke-width="1.5"/>`;
      return [
        // Beside the frame it would be a second frame.
        ...(plot.right - x < FRAME_ROOM ? [] : [line]),
        textShape(text, at, y, { ...style, anchor: 'middle' }),
      ];
    }),
    textShape(zone, plot.right + LABEL_AT, y, { ...style, room: WIDE - plot.right - LABEL_AT }),
  ];
}

/** Marks whose texts do not touch, the first of those that do. */
export function apart(marks: readonly Mark[]): Mark[] {
  const kept: Mark[] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const mark of marks) {
    const half = textWidth(mark.text, FONT.small) / 2;
    if (mark.x - half < end + FONT.small) continue;
    kept.push(mark);
    end = mark.x + half;
  }
  return kept;
}

/** Each tag as a box that points at its value; boxes move aside so that none hides another. */
export function tagShapes({ theme }: Sheet, plot: Plot, tags: readonly Tag[]): string[] {
  const places = placesOf(tags, plot);
  return tags.flatMap(({ text, value, tone, isFilled, beyond }, index) => {
    const y = places[index] ?? plot.top;
    const tip = beyond === undefined ? clamp(plot.yOf(value), plot) : y;
    const ink = inkOf(theme, tone);
    const left = plot.right + TAG.tip;
    const right = WIDE - RIGHT;
    const [top, bottom] = [y - TAG.height / 2, y + TAG.height / 2];
    const outline = `M${px(plot.right + 1)} ${px(tip)}L${px(left)} ${px(top)}H${px(right)}V${px(bottom)}H${px(left)}Z`;
    const fill = isFilled ? ink : theme.paper;
    const style = { size: FONT.small, fill: isFilled ? theme.paper : ink, isBold: true, room: right - left - TAG.pad };
    return [
      `<path class="tag" d="${outline}" fill="${fill}" stroke="${ink}" stroke-width="2" stroke-linejoin="round"/>`,
      textShape(text, plot.right + LABEL_AT, y + 7, style),
    ];
  });
}

const clamp = (y: number, { top, bottom }: Plot): number => Math.min(bottom, Math.max(top, y));

/** The middle of each tag, in their order: at its value, and far enough from its neighbours, in order of the values. */
function placesOf(tags: readonly Tag[], plot: Plot): number[] {
  const wanted = tags.map(({ value, beyond }) =>
    beyond === 'above' ? plot.top : beyond === 'below' ? plot.bottom : clamp(plot.yOf(value), plot),
  );
  const order = tags.map((_, index) => index).sort((a, b) => (tags[b]?.value ?? 0) - (tags[a]?.value ?? 0) || a - b);
  const places = [...wanted];
  let least = Number.NEGATIVE_INFINITY;
  for (const index of order) {
    places[index] = Math.max(places[index] ?? 0, least);
    least = (places[index] ?? 0) + TAG.every;
  }
  let most = plot.bottom;
  for (const index of order.toReversed()) {
    places[index] = Math.min(places[index] ?? 0, most);
    most = (places[index] ?? 0) - TAG.every;
  }
  return places;
}
