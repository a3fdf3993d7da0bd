/** Which reasons a message gained, lost, or weighs differently. */

import type { Reason } from "../api/types.ts";

export interface ReasonChange {
  readonly reason: Pick<Reason, "code" | "text" | "points">;
  /** Points; null, if there was no such reason. */
  readonly before: number | null;
  readonly after: number | null;
}

const SMALLEST = 0.05;

/** Compare two lists of reasons. The greatest changes come first. */
export function reasonChanges(then: readonly Reason[], now: readonly Reason[]): ReasonChange[] {
  const all = new Map<string, { reason: Reason; before: number | null; after: number | null }>();
  const name = ({ code, text }: Reason) => `${code} ${text}`;
  for (const reason of then) all.set(name(reason), { reason, before: (all.get(name(reason))?.before ?? 0) + reason.points, after: null });
  for (const reason of now) {
    const known = all.get(name(reason));
    all.set(name(reason), { reason, before: known?.before ?? null, after: (known?.after ?? 0) + reason.points });
  }
  const size = ({ before, after }: ReasonChange) => Math.abs((after ?? 0) - (before ?? 0));
  return [...all.values()].filter((change) => size(change) >= SMALLEST).sort((a, b) => size(b) - size(a));
}
