/** 1 buy, -1 sell, 0 neither. */
export type Side = -1 | 0 | 1;
export type Strength = 'weak' | 'normal' | 'strong';

/** What the votes of one close amount to. Written in place by `judge`. */
export interface Verdict {
  /** The side taken: that of `lean` where enough votes agree, else 0. */
  side: Side;
  /** Sign of the weighted votes, whether or not enough agree: `BUY 3 of 4 needed`. */
  lean: Side;
  /** Votes that agree with `lean`, votes that are warm. A voice of weight 0 is silent and counts in neither. */
  agreeing: number;
  warm: number;
  /** Weight that agrees / weight that is warm, 0..1; 0 on HOLD, where faces hide it. */
  confidence: number;
  strength: Strength;
}

/** A verdict on nothing: HOLD, for `judge` to write into. */
export function createVerdict(): Verdict {
  return { side: 0, lean: 0, agreeing: 0, warm: 0, confidence: 0, strength: 'weak' };
}

/** The word for a side, as entries, faces and scripts write it. */
export function sideWord(side: Side): 'BUY' | 'SELL' | 'HOLD' {
  if (side === 0) return 'HOLD';
  return side > 0 ? 'BUY' : 'SELL';
}

/** weak < 0.6 <= normal < 0.8 <= strong. */
export function strengthOf(confidence: number): Strength {
  if (confidence >= 0.8) return 'strong';
  return confidence >= 0.6 ? 'normal' : 'weak';
}

/**
 * Weighs votes (-1, 0, 1, or NaN for not warm; in the order of `weights`, which are 0 or more) and writes the verdict into
 * `out`, which is also returned. Fewer than `votesMin` agreeing votes are a HOLD. Allocates nothing.
 * Source: side = sign of the weighted votes; confidence = weight that agrees / weight that is warm.
 */
export function judge(votes: Float64Array, weights: Float64Array, out: Verdict, votesMin = 1): Verdict {
  let buy = 0;
  let sell = 0;
  let total = 0;
  let buyers = 0;
  let sellers = 0;
  let warm = 0;
  for (let i = 0; i < votes.length; i++) {
    const vote = votes[i] as number;
    const weight = weights[i] as number;
    if (vote !== vote || weight === 0) continue;
    warm++;
    total += weight;
    if (vote > 0) {
      buy += weight;
      buyers++;
    } else if (vote < 0) {
      sell += weight;
      sellers++;
    }
  }
  // Within rounding of the sums is a tie: 0.1 + 0.2 against 0.3 is for neither.
  const isTie = Math.abs(buy - sell) <= total * 1e-12;
  out.lean = isTie ? 0 : buy > sell ? 1 : -1;
  out.warm = warm;
  out.agreeing = out.lean === 0 ? 0 : out.lean > 0 ? buyers : sellers;
  out.side = out.agreeing >= votesMin ? out.lean : 0;
  out.confidence = out.side === 0 ? 0 : (out.side > 0 ? buy : sell) / total;
  out.strength = strengthOf(out.confidence);
  return out;
}
