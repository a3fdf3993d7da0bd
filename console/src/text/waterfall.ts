/** Lays reasons end to end, so that one sees how they add up to the score. */

import type { Reason } from "../api/types.ts";

export interface Step {
  readonly reason: Reason;
  /** The reason's place in the list it came in; it names its colour. */
  readonly index: number;
  /** Where the bar begins and ends, as shares of the width. */
  readonly left: number;
  readonly width: number;
}

/** Order reasons by weight, those that add first, and give each bar its place. */
export function waterfall(reasons: readonly Reason[], score: number): { steps: Step[]; zero: number; end: number } {
  const ordered = reasons.map((reason, index) => ({ reason, index })).sort((a, b) => b.reason.points - a.reason.points);
  let sum = 0;
  const marks = ordered.map(({ reason, index }) => {
    const from = sum;
    sum += reason.points;
    return { reason, index, from, to: sum };
  });
  const low = Math.min(0, ...marks.map(({ to }) => to));
  const high = Math.max(score, 1, ...marks.map(({ to }) => to));
  const share = (value: number) => (value - low) / (high - low);
  return {
    steps: marks.map(({ reason, index, from, to }) => ({
      reason,
      index,
      left: share(Math.min(from, to)),
      width: Math.abs(share(to) - share(from)),
    })),
    zero: share(0),
    end: share(score),
  };
}
