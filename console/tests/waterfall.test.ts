import { describe, expect, it } from "vitest";
import { parts, waterfall } from "../src/text/waterfall.ts";

const reasons = (...points: number[]) => points.map((value) => ({ points: value }));
const all = (...points: number[]) => parts(reasons(...points), Infinity);

describe("parts", () => {
  it("keeps the weightiest apart, whichever way they pull, and adds up the rest", () => {
    expect(parts(reasons(1, -30, 20, 2, -4), 2)).toEqual([
      { points: -30, index: 1, count: 1 },
      { points: 20, index: 2, count: 1 },
      { points: -1, index: null, count: 3 },
    ]);
  });

  it("hides none that would stand alone", () => {
    expect(parts(reasons(3, 2, 1), 2).map((part) => part.index)).toEqual([0, 1, 2]);
  });
});

describe("waterfall", () => {
  it("lays bars end to end, up to the score", () => {
    const { steps, zero, end } = waterfall(all(20, 60), 80);
    expect(steps.map(({ index, left, width }) => [index, left, width])).toEqual([[1, 0, 0.75], [0, 0.75, 0.25]]);
    expect([zero, end]).toEqual([0, 1]);
  });

  it("steps back for reasons that speak against it", () => {
    const { steps, end } = waterfall(all(-20, 80), 60);
    expect(steps.map(({ left, width }) => [left, width])).toEqual([[0, 1], [0.75, 0.25]]);
    expect(end).toBe(0.75);
  });

  it("puts the small ones after those that add, however much they are together", () => {
    const { steps } = waterfall(parts(reasons(10, 4, 4, 4, -20, 4), 2), 6);
    expect(steps.map(({ index, points }) => [index, points])).toEqual([[0, 10], [null, 16], [4, -20]]);
  });

  it("makes room below zero", () => {
    expect(waterfall(all(-10, 30, -40), 0).zero).toBe(0.4);
  });

  it("stands the emptiest case", () => {
    expect(waterfall([], 0)).toEqual({ steps: [], zero: 0, end: 0 });
  });
});
