import { describe, expect, it } from "vitest";
import { backoff } from "../src/live/backoff.ts";

describe("backoff", () => {
  it("doubles its ceiling with each attempt, up to half a minute", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 60].map((attempt) => backoff(attempt, 0.999_999))).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
    ]);
  });

  it("spreads over the whole time below the ceiling", () => {
    expect([0.1, 0.25, 0.5, 0.75].map((random) => backoff(4, random))).toEqual([1600, 4000, 8000, 12_000]);
  });

  it("never hammers", () => {
    expect(backoff(0, 0)).toBe(200);
  });
});
