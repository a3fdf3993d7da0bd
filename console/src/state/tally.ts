/** What the overview's cards and charts show: a snapshot from the API, and what came live after it. */

import { LEVELS, type CategoryCounts, type Hour, type Level, type LevelCounts, type Message, type Stats, type Summary, type Totals } from "../api/types.ts";
import { bucketOf } from "./ranges.ts";

export interface Bucket {
  readonly start: Date;
  readonly by_level: LevelCounts;
  readonly by_category: CategoryCounts;
}

export interface Tally {
  readonly totals: Totals;
  readonly buckets: readonly Bucket[];
  /** The moment of the snapshot: what was analysed later is not in it. */
  readonly taken: string;
}

type Counted = Pick<Summary, "risk_level" | "risk_score" | "category_code" | "action" | "analyzed_at">;

const NO_LEVELS: LevelCounts = { Low: 0, Medium: 0, High: 0, Critical: 0 };
const NOTHING: Totals = {
  messages: 0,
  by_level: NO_LEVELS,
  by_category: {},
  by_score: Array.from({ length: 10 }, () => 0),
  automatically_blacklisted: 0,
  feedback: { scam: 0, legitimate: 0, spam: 0, unsure: 0, false_positives: 0 },
};

/** Lay the API's hourly series into buckets. */
export function tallyOfStats(stats: Stats, starts: readonly Date[]): Tally {
  const buckets = empty(starts);
  for (const hour of stats.hours) addHour(buckets, starts, hour);
  return { totals: stats.totals, buckets, taken: stats.to };
}

/** Count messages one by one: the API's series are too coarse for the last hour. */
export function tallyOfMessages(messages: readonly Message[], starts: readonly Date[], taken: string): Tally {
  const buckets = empty(starts);
  return withMessages({ totals: NOTHING, buckets, taken: new Date(0).toISOString() }, messages, taken);
}

/** Add messages that came live. Those that the snapshot holds already are left out. */
export function withLive(tally: Tally, items: readonly Summary[]): Tally {
  const later = items.filter((item) => item.analyzed_at > tally.taken);
  return later.length === 0 ? tally : withMessages(tally, later, tally.taken);
}

/** Compare with the period before: 0.25 is a quarter more. Null, if there was nothing to compare with. */
export function change(now: number, before: number): number | null {
  return before === 0 ? null : (now - before) / before;
}

/** Of the alarms that people judged, the share that was wrong; null, if they judged none. */
export function falsePositiveRate({ feedback }: Pick<Totals, "feedback">): number | null {
  const judged = feedback.scam + feedback.false_positives;
  return judged === 0 ? null : feedback.false_positives / judged;
}

function withMessages(tally: Tally, items: readonly Counted[], taken: string): Tally {
  const buckets = [...tally.buckets];
  const starts = buckets.map((bucket) => bucket.start);
  let totals = tally.totals;
  for (const item of items) {
    const index = bucketOf(starts, Date.parse(item.analyzed_at));
    const bucket = buckets[index];
    if (bucket) {
      const by_category = plusCategories(bucket.by_category, { [item.category_code]: 1 });
      buckets[index] = { ...bucket, by_level: plusLevel(bucket.by_level, item.risk_level), by_category };
    }
    totals = plus(totals, item);
  }
  return { totals, buckets, taken };
}

function addHour(buckets: Bucket[], starts: readonly Date[], hour: Hour): void {
  // Hours before the first bucket belong to it: the API counts whole hours.
  const index = Math.max(bucketOf(starts, Date.parse(hour.hour)), 0);
  const bucket = buckets[index];
  if (bucket) {
    const by_category = plusCategories(bucket.by_category, hour.by_category);
    buckets[index] = { ...bucket, by_level: plusLevels(bucket.by_level, hour.by_level), by_category };
  }
}

function plus(totals: Totals, item: Counted): Totals {
  const decile = Math.min(Math.floor(item.risk_score / 10), 9);
  return {
    messages: totals.messages + 1,
    by_level: plusLevel(totals.by_level, item.risk_level),
    by_category: plusCategories(totals.by_category, { [item.category_code]: 1 }),
    by_score: totals.by_score.map((count, index) => (index === decile ? count + 1 : count)),
    automatically_blacklisted: totals.automatically_blacklisted + (item.action === "automatically_blacklisted" ? 1 : 0),
    feedback: totals.feedback,
  };
}

function empty(starts: readonly Date[]): Bucket[] {
  return starts.map((start) => ({ start, by_level: NO_LEVELS, by_category: {} }));
}

function plusCategories(counts: CategoryCounts, more: CategoryCounts): CategoryCounts {
  const sums = { ...counts };
  for (const [code, count] of Object.entries(more)) sums[code] = (sums[code] ?? 0) + count;
  return sums;
}

function plusLevel(counts: LevelCounts, level: Level): LevelCounts {
  return { ...counts, [level]: counts[level] + 1 };
}

function plusLevels(counts: LevelCounts, more: LevelCounts): LevelCounts {
  return Object.fromEntries(LEVELS.map((level) => [level, counts[level] + (more[level] ?? 0)])) as Record<Level, number>;
}
