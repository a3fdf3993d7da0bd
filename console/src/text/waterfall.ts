/** Lays reasons end to end, so that one sees how they add up to the score. */

import type { Reason } from "../api/types.ts";

/** A reason, or the small ones taken together. */
export interface Part {
  readonly points: number;
  /** The reason's place in the list that the API gave, or null for the small ones together. */
  readonly index: number | null;
  /** How many reasons these are. */
  readonly count: number;
}

export interface Step extends Part {
  /** Where the bar begins and how wide it is, as shares of the whole width. */
  readonly left: number;
  readonly width: number;
}

/** Keep the weightiest reasons apart and take the others together. One that would stand alone is not hidden. */
export function parts(reasons: readonly Pick<Reason, "points">[], most: number): Part[] {
  const ordered = reasons
    .map(({ points }, index) => ({ points, index, count: 1 }))
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  if (ordered.length <= most + 1) return ordered;
  const rest = ordered.slice(most);
  return [...ordered.slice(0, most), { points: rest.reduce((sum, { points }) => sum + points, 0), index: null, count: rest.length }];
}

/** Those that add come first, the weightiest at the top and the small ones last; then those that take away. */
function byEffect(a: Part, b: Part): number {
  return Number(a.points < 0) - Number(b.points < 0) || Number(a.index === null) - Number(b.index === null) || b.points - a.points;
}

/** Give each part its bar, in the order of their effect. */
export function waterfall(all: readonly Part[], score: number): { steps: Step[]; zero: number; end: number } {
  let sum = 0;
  const marks = [...all]
    .sort(byEffect)
    .map((part) => {
      const from = sum;
      sum += part.points;
      return { part, from, to: sum };
    });
  const low = Math.min(0, ...marks.map(({ to }) => to));
  const high = Math.max(score, 1, ...marks.map(({ to }) => to));
  const share = (value: number) => (value - low) / (high - low);
  return {
    steps: marks.map(({ part, from, to }) => ({ ...part, left: share(Math.min(from, to)), width: Math.abs(share(to) - share(from)) })),
    zero: share(0),
    end: share(score),
  };
}
