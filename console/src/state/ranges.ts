/** The ranges of time that the overview offers, and the buckets that its charts draw. */

export const RANGES = ["1h", "24h", "7d", "30d"] as const;
export type RangeName = (typeof RANGES)[number];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const RANGE_LABELS: Readonly<Record<RangeName, string>> = {
  "1h": "Last hour",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};

export function parseRange(text: string | null): RangeName {
  return RANGES.find((name) => name === text) ?? "24h";
}

/** Return the moments at which the range's buckets begin, oldest first, in the viewer's time zone. */
export function bucketStarts(range: RangeName, now: Date): Date[] {
  switch (range) {
    case "1h":
      return steps(floor(now.getTime(), 5 * MINUTE), 12, (end, back) => new Date(end - back * 5 * MINUTE));
    case "24h":
      return steps(floor(now.getTime(), HOUR), 24, (end, back) => new Date(end - back * HOUR));
    case "7d":
      // Quarter days of the viewer's calendar: a day with a clock change has its true length.
      return steps(0, 7 * 4, (_, back) => {
        const quarter = Math.floor(now.getHours() / 6) - back;
        return new Date(now.getFullYear(), now.getMonth(), now.getDate(), quarter * 6);
      });
    case "30d":
      return steps(0, 30, (_, back) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - back));
  }
}

/** Return the index of the bucket that holds a moment, or -1. */
export function bucketOf(starts: readonly Date[], moment: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle]?.getTime() ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function steps(end: number, count: number, at: (end: number, back: number) => Date): Date[] {
  return Array.from({ length: count }, (_, index) => at(end, count - 1 - index));
}

function floor(value: number, unit: number): number {
  return Math.floor(value / unit) * unit;
}
