import { describe, expect, it } from "vitest";
import { bringUpToDate, chooseRange, EMPTY_FEED, judge, merge, MOST_ROWS, take, trim } from "../src/state/feed.ts";
import { change, mark, summary } from "./samples.ts";

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

describe("judge", () => {
  const rows = [summary(3), summary(2, { feedback: mark("scam", 5) }), summary(1)];
  const id = (second: number) => summary(second).message_id;

  it("writes what people said into the rows, and leaves the others as they are", () => {
    const judged = judge(rows, [change(id(3), mark("spam", 1), 1)]);
    expect(judged.map((row) => row.feedback?.verdict)).toEqual(["spam", "scam", undefined]);
    expect(judged[1]).toBe(rows[1]);
  });

  it("lets the later word stand, in whatever order they are heard", () => {
    const late = judge(rows, [change(id(2), mark("legitimate", 6), 6)]);
    const early = judge(rows, [change(id(2), mark("legitimate", 4), 4)]);
    expect([late[1]?.feedback?.verdict, early]).toEqual(["legitimate", rows]);
  });

  it("forgets a word that was taken back", () => {
    expect(judge(rows, [change(id(2), null, 6)])[1]?.feedback).toBeNull();
    expect(judge(rows, [{ message_id: id(2), feedback: null, changed_at: null }])[1]?.feedback).toBeNull();
  });

  it("keeps a word that was given after another was taken back", () => {
    expect(judge(rows, [change(id(2), null, 4)])).toBe(rows);
  });
});

describe("bringUpToDate", () => {
  const rows = [5, 4, 3, 2, 1].map((second) => summary(second));
  const found = (...seconds: number[]) => new Map(seconds.map((second) => [summary(second).message_id, summary(second, { feedback: mark("scam", second) })]));

  it("lets rows go that lie among what was found without being found, and keeps those beside it", () => {
    const after = bringUpToDate(rows, found(4, 2), { whole: false });
    expect([ids(after), after.map((row) => row.feedback !== null)]).toEqual([[5, 4, 2, 1], [false, true, true, false]]);
  });

  it("lets all older rows go if nothing older was left out", () => {
    expect(ids(bringUpToDate(rows, found(4), { whole: true }))).toEqual([5, 4]);
    expect(ids(bringUpToDate(rows, found(), { whole: true }))).toEqual([]);
  });
});

describe("chooseRange", () => {
  const all = ["a", "b", "c", "d"];

  it("chooses one and lets it go again", () => {
    const once = chooseRange(new Set(), all, { id: "b", from: null });
    expect([[...once], [...chooseRange(once, all, { id: "b", from: null })]]).toEqual([["b"], []]);
  });

  it("chooses everything between two, whichever was first", () => {
    expect([...chooseRange(new Set(["a"]), all, { id: "b", from: "d" })]).toEqual(["a", "b", "c", "d"]);
  });

  it("chooses one if the other is not there any more", () => {
    expect([...chooseRange(new Set(), all, { id: "c", from: "gone" })]).toEqual(["c"]);
  });
});
