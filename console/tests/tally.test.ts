import { describe, expect, it } from "vitest";
import type { Stats } from "../src/api/types.ts";
import { bucketOf, bucketStarts, RANGES } from "../src/state/ranges.ts";
import { change, falsePositiveRate, tallyOfMessages, tallyOfStats, withLive } from "../src/state/tally.ts";
import { message, summary } from "./samples.ts";

const levels = (Low: number, Critical = 0) => ({ Low, Medium: 0, High: 0, Critical });

const stats: Stats = {
  from: "2026-11-23T04:00:00.000Z",
  to: "2026-11-23T06:00:30.000Z",
  totals: { messages: 3, by_level: levels(2, 1), by_category: { legitimate: 2, extortion: 1 }, by_score: [2, 0, 0, 0, 0, 0, 0, 0, 0, 1], automatically_blacklisted: 1, feedback: { scam: 3, legitimate: 2, spam: 0, unsure: 0, false_positives: 1 } },
  hours: [
    { hour: "2026-11-23T04:00:00Z", messages: 2, by_level: levels(2), by_category: {} },
    { hour: "2026-11-23T06:00:00Z", messages: 1, by_level: levels(0, 1), by_category: {} },
  ],
  review: { waiting: 0, oldest_at: null },
  alerts: { open: 0 },
  model_version: "m",
  rules_version: "r",
};
const starts = [4, 5, 6].map((hour) => new Date(Date.UTC(2026, 10, 23, hour)));

describe("tallyOfStats", () => {
  it("lays hours into buckets and fills gaps", () => {
    expect(tallyOfStats(stats, starts).buckets.map((bucket) => bucket.by_level)).toEqual([levels(2), levels(0), levels(0, 1)]);
  });

  it("loses no hour that began before the first bucket", () => {
    const later = [new Date(Date.UTC(2026, 10, 23, 4, 30)), ...starts.slice(1)];
    expect(tallyOfStats(stats, later).buckets[0]?.by_level).toEqual(levels(2));
  });
});

describe("withLive", () => {
  const tally = tallyOfStats(stats, starts);

  it("adds what came after the snapshot", () => {
    const { totals, buckets } = withLive(tally, [
      summary(31, { risk_level: "Critical", risk_score: 100, category_code: "extortion", action: "automatically_blacklisted" }),
    ]);
    expect(totals).toEqual({
      messages: 4,
      by_level: levels(2, 2),
      by_category: { legitimate: 2, extortion: 2 },
      by_score: [2, 0, 0, 0, 0, 0, 0, 0, 0, 2],
      automatically_blacklisted: 2,
      feedback: stats.totals.feedback,
    });
    expect(buckets[2]?.by_level).toEqual(levels(0, 2));
  });

  it("does not count again what the snapshot holds", () => {
    expect(withLive(tally, [summary(30), summary(12)])).toBe(tally);
  });
});

describe("falsePositiveRate", () => {
  it("is the wrong share of the alarms that people judged", () => {
    expect(falsePositiveRate(stats.totals)).toBe(0.25);
  });

  it("is unknown while nobody has judged an alarm", () => {
    expect(falsePositiveRate({ feedback: { scam: 0, legitimate: 5, spam: 1, unsure: 1, false_positives: 0 } })).toBeNull();
  });
});

describe("tallyOfMessages", () => {
  it("counts what the coarse series cannot show", () => {
    const tally = tallyOfMessages([message(0), message(1, { risk_level: "High", risk_score: 75 })], starts, stats.to);
    expect([tally.totals.messages, tally.totals.by_score[7], tally.buckets[2]?.by_level, tally.taken]).toEqual([2, 1, { ...levels(1), High: 1 }, stats.to]);
  });
});

describe("bucketStarts", () => {
  const now = new Date(2026, 10, 23, 14, 37, 12);

  it("covers each range up to now, oldest first", () => {
    const lengths = RANGES.map((range) => {
      const found = bucketStarts(range, now).map((start) => start.getTime());
      expect(found).toEqual([...found].sort((a, b) => a - b));
      expect(found.at(-1)).toBeLessThanOrEqual(now.getTime());
      return found.length;
    });
    expect(lengths).toEqual([12, 24, 28, 30]);
  });

  it("begins days at the viewer's midnight", () => {
    const last = bucketStarts("30d", now).at(-1);
    expect([last?.getHours(), last?.getDate()]).toEqual([0, 23]);
    expect(bucketStarts("7d", now).at(-1)?.getHours()).toBe(12);
  });

  it("finds the bucket of a moment", () => {
    const at = (hour: number, minute = 0) => bucketOf(starts, Date.UTC(2026, 10, 23, hour, minute));
    expect([at(3, 59), at(4), at(5, 59), at(6), at(23)]).toEqual([-1, 0, 1, 2, 2]);
  });
});

describe("change", () => {
  it("is a share of what was before", () => {
    expect([change(15, 10), change(5, 10), change(5, 0)]).toEqual([0.5, -0.5, null]);
  });
});
