import { describe, expect, it } from "vitest";
import type { Reason } from "../src/api/types.ts";
import { waterfall } from "../src/text/waterfall.ts";

const reason = (points: number): Reason => ({ code: "X", source: "rule", points, text: "", spans: [] });

describe("waterfall", () => {
  it("lays bars end to end, up to the score", () => {
    const { steps, zero, end } = waterfall([reason(20), reason(60)], 80);
    expect(steps.map(({ index, left, width }) => [index, left, width])).toEqual([[1, 0, 0.75], [0, 0.75, 0.25]]);
    expect([zero, end]).toEqual([0, 1]);
  });

  it("steps back for reasons that speak against it", () => {
    const { steps, end } = waterfall([reason(-20), reason(80)], 60);
    expect(steps.map(({ left, width }) => [left, width])).toEqual([[0, 1], [0.75, 0.25]]);
    expect(end).toBe(0.75);
  });

  it("makes room below zero", () => {
    const { zero } = waterfall([reason(-10), reason(30), reason(-40)], 0);
    expect(zero).toBe(0.4);
  });

  it("stands the emptiest case", () => {
    expect(waterfall([], 0)).toEqual({ steps: [], zero: 0, end: 0 });
  });
});
