import { describe, expect, it } from "vitest";
import type { Reason } from "../src/api/types.ts";
import { busiest } from "../src/state/busiest.ts";
import { formatAge } from "../src/format.ts";
import { reasonChanges } from "../src/text/changes.ts";
import { summary } from "./samples.ts";

const reason = (code: string, points: number): Reason => ({ code, points, source: "rule", text: `because of ${code}`, spans: [] });

describe("reasonChanges", () => {
  it("tells what came, what went and what weighs differently, the greatest first", () => {
    const changes = reasonChanges([reason("A", 10), reason("B", 5), reason("C", 2)], [reason("A", 9), reason("C", 2.01), reason("D", 7)]);
    expect(changes.map(({ reason: { code }, before, after }) => [code, before, after])).toEqual([["D", null, 7], ["B", 5, null], ["A", 10, 9]]);
  });
});

describe("busiest", () => {
  it("counts by sender, with the worst level, and leaves unknown senders out", () => {
    const from = (phone_number: string | null, risk_level: "High" | "Critical", second: number) => summary(second, { phone_number, risk_level });
    const found = busiest([from("+1", "High", 1), from("+2", "High", 2), from("+1", "Critical", 3), from(null, "Critical", 4)], 5);
    expect(found).toEqual([
      { phone_number: "+1", messages: 2, worst: "Critical" },
      { phone_number: "+2", messages: 1, worst: "High" },
    ]);
  });
});

describe("formatAge", () => {
  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [3_600, "1 h"],
    [93_780, "1 d 2 h"],
    [86_400 + 5, "1 d"],
  ])("%i seconds: %s", (seconds, expected) => {
    const now = new Date("2026-11-23T06:00:00Z");
    expect(formatAge(new Date(now.getTime() - seconds * 1000).toISOString(), now)).toBe(expected);
  });
});
