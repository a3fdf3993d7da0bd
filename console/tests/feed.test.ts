import { describe, expect, it } from "vitest";
import { EMPTY_FEED, merge, MOST_ROWS, take, trim } from "../src/state/feed.ts";
import { summary } from "./samples.ts";

const ids = (rows: readonly { message_id: string }[]) => rows.map((row) => Number(row.message_id.slice(3)));

describe("merge", () => {
  it("puts the newest first, whatever order they came in", () => {
    expect(ids(merge([summary(5), summary(3)], [summary(4), summary(9), summary(1)]))).toEqual([9, 5, 4, 3, 1]);
  });

  it("shows no message twice", () => {
    expect(ids(merge([summary(2)], [summary(2), summary(3), summary(3)]))).toEqual([3, 2]);
  });

  it("stays the same list if nothing is new", () => {
    const rows = [summary(2)];
    expect(merge(rows, [summary(2)])).toBe(rows);
  });
});

describe("take", () => {
  const feed = { ...EMPTY_FEED, rows: [summary(1)] };

  it("holds new messages back, each once, and never those that are shown", () => {
    const held = take(take(feed, [summary(2), summary(1)], { hold: true }), [summary(2), summary(3)], { hold: true });
    expect([ids(held.rows), ids(held.held)]).toEqual([[1], [3, 2]]);
  });

  it("lets all of them in again", () => {
    const held = take(feed, [summary(3)], { hold: true });
    const free = take(held, [summary(2)], { hold: false });
    expect([ids(free.rows), free.held]).toEqual([[3, 2, 1], []]);
  });
});

describe("trim", () => {
  it("lets the oldest go", () => {
    const rows = merge([], Array.from({ length: MOST_ROWS + 3 }, (_, index) => summary(index)));
    expect(trim({ rows, held: [] }).rows.at(-1)?.message_id).toBe(summary(3).message_id);
    expect(trim(EMPTY_FEED)).toBe(EMPTY_FEED);
  });
});
