/** Spans count Unicode code points, as Python does; JavaScript counts UTF-16 units. This is where they meet. */

import type { Reason } from "../api/types.ts";

/** A stretch of text and the reasons that point at it, as indexes into the list of reasons. */
export interface Segment {
  readonly text: string;
  readonly reasons: readonly number[];
}

/** Cut a text where spans begin and end. The segments' texts add up to the whole text. */
export function segments(text: string, reasons: readonly Pick<Reason, "spans">[]): Segment[] {
  const points = Array.from(text);
  const clamp = (index: number) => Math.min(Math.max(Math.trunc(index), 0), points.length);
  const spans = reasons.flatMap(({ spans }, reason) =>
    spans
      .map(([start, end]) => ({ reason, start: clamp(start), end: clamp(end) }))
      .filter(({ start, end }) => start < end),
  );
  const cuts = new Set([0, points.length]);
  for (const { start, end } of spans) cuts.add(start).add(end);
  const ordered = [...cuts].sort((a, b) => a - b);
  return ordered.slice(1).map((end, index) => {
    const start = ordered[index] ?? 0;
    const over = spans.filter((span) => span.start <= start && span.end >= end).map((span) => span.reason);
    return { text: points.slice(start, end).join(""), reasons: [...new Set(over)] };
  });
}
