import { beforeEach, describe, expect, it, vi } from "vitest";
import { eachOf } from "../src/actions/each.ts";
import type { Stats } from "../src/api/types.ts";
import { Pulse } from "../src/live/pulse.ts";

const stats = (waiting: number) => ({ review: { waiting, oldest_at: null }, alerts: { open: 1 } }) as Stats;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", globalThis);
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
});

describe("Pulse", () => {
  it("asks once for all that happens in a moment, and again after it", async () => {
    let asked = 0;
    const pulse = new Pulse(async () => stats((asked += 1)), () => {});
    pulse.start();
    for (let times = 0; times < 20; times += 1) pulse.stir();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([asked, pulse.waiting?.review]).toEqual([1, 1]);
    pulse.stir();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([asked, pulse.waiting]).toEqual([2, { review: 2, oldestAt: null, alerts: 1 }]);
    pulse.stop();
  });

  it("drops an answer that comes after a newer question, and keeps its numbers while the API is away", async () => {
    const answers: { resolve: (found: Stats) => void; reject: (why: Error) => void }[] = [];
    const pulse = new Pulse(() => new Promise((resolve, reject) => answers.push({ resolve, reject })), () => {});
    pulse.start();
    await vi.advanceTimersByTimeAsync(60_000);
    answers[1]?.resolve(stats(7));
    answers[0]?.resolve(stats(3));
    await vi.advanceTimersByTimeAsync(60_000);
    answers[2]?.reject(new Error("away"));
    await vi.advanceTimersByTimeAsync(0);
    expect([answers.length, pulse.waiting?.review]).toEqual([3, 7]);
    pulse.stop();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(answers.length).toBe(3);
  });
});

describe("eachOf", () => {
  it("does four at a time, keeps the order, and goes on after errors", async () => {
    let now = 0;
    let most = 0;
    const call = async (item: number) => {
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 10 - item));
      now -= 1;
      if (item === 3) throw new Error("no");
      return item * 2;
    };
    const doing = eachOf([0, 1, 2, 3, 4, 5, 6], call);
    await vi.advanceTimersByTimeAsync(100);
    const { results, errors } = await doing;
    expect([results, errors.map(([item]) => item), most]).toEqual([[0, 2, 4, undefined, 8, 10, 12], [3], 4]);
  });
});
