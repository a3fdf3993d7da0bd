import { describe, expect, it } from "vitest";
import type { Message, MessageQuery, Summary } from "../src/api/types.ts";
import { ApiError } from "../src/api/problem.ts";
import { Hub } from "../src/live/hub.ts";
import { missed } from "../src/live/resume.ts";
import { Seen } from "../src/live/seen.ts";
import { Words } from "../src/live/words.ts";
import { change, mark, message, summary } from "./samples.ts";

/** A list as the API answers it: newest first, in pages. */
function list(messages: () => readonly Message[], size = 100) {
  const asked: MessageQuery[] = [];
  const page = async (query: MessageQuery) => {
    asked.push(query);
    const found = messages()
      .filter((item) => query.from === undefined || item.analyzed_at >= query.from)
      .toSorted((a, b) => (a.message_id < b.message_id ? 1 : -1));
    const start = Number(query.cursor ?? 0);
    const end = start + Math.min(size, query.limit ?? 50);
    return { items: found.slice(start, end), next: end < found.length ? String(end) : null };
  };
  return { page, asked };
}

describe("missed", () => {
  it("begins a minute before the newest message and reads to the end", async () => {
    const all = Array.from({ length: 250 }, (_, second) => message(second));
    const { page, asked } = list(() => all);
    const found = await missed(message(100).analyzed_at, page);
    expect(found.kind === "complete" && found.messages.length).toBe(250 - 40);
    expect(asked[0]?.from).toBe("2026-11-23T06:00:40.000Z");
    expect(asked.length).toBe(3);
  });

  it("gives up where one by one would take too long", async () => {
    const all = Array.from({ length: 50 }, (_, second) => message(second));
    const { page, asked } = list(() => all, 1);
    expect(await missed(null, page)).toEqual({ kind: "too-many" });
    expect(asked.length).toBe(20);
  });
});

describe("Seen", () => {
  it("tells what is new, and forgets the oldest", () => {
    const seen = new Seen();
    expect([seen.add("a"), seen.add("a")]).toEqual([true, false]);
    for (let index = 0; index < 20_000; index += 1) seen.add(`n${index}`);
    expect([seen.add("n19999"), seen.add("a")]).toEqual([false, true]);
  });
});

describe("Words", () => {
  const row = summary(1);

  it("writes into rows what was said before they came", () => {
    const words = new Words();
    words.hear([change(row.message_id, mark("scam", 5), 5)]);
    expect(words.writeInto([row, summary(2)]).map((one) => one.feedback?.verdict)).toEqual(["scam", undefined]);
    words.hear([change(row.message_id, null, 6)]);
    expect(words.writeInto([{ ...row, feedback: mark("scam", 5) }])[0]?.feedback).toBeNull();
  });

  it("leaves what was read later as it is", () => {
    const words = new Words();
    const read = [{ ...row, feedback: mark("legitimate", 7) }];
    words.hear([change(row.message_id, mark("scam", 5), 5)]);
    expect(words.writeInto(read)).toBe(read);
    words.hear([{ message_id: row.message_id, feedback: null, changed_at: null }]);
    expect(words.writeInto(read)).toBe(read);
  });

  it("forgets the oldest", () => {
    const words = new Words();
    words.hear(Array.from({ length: 20_001 }, (_, second) => change(summary(second).message_id, mark("scam", 5), 5)));
    expect(words.writeInto([summary(0), summary(1)]).map((one) => one.feedback?.verdict)).toEqual([undefined, "scam"]);
  });
});

describe("Hub", () => {
  function hub(messages: () => readonly Message[], size = 100) {
    const { page, asked } = list(messages, size);
    const frames: (() => void)[] = [];
    const timers: (() => void)[] = [];
    const got: Summary[][] = [];
    let stale = 0;
    const made = new Hub(page, (run) => frames.push(run), (run) => timers.push(run));
    made.subscribe({ fresh: (items) => got.push([...items]), judged: () => {}, resumed: () => {}, stale: () => (stale += 1) });
    const draw = () => frames.splice(0).forEach((run) => run());
    return { hub: made, got, asked, draw, timers, stale: () => stale };
  }
  const seconds = (batches: readonly Summary[][]) => batches.map((batch) => batch.map((item) => Number(item.message_id.slice(3))));

  it("makes one change of a burst, newest first, and counts nothing twice", () => {
    const { hub: made, got, draw } = hub(() => []);
    made.receive([summary(1)]);
    made.receive([summary(3), summary(1)]);
    made.receive([summary(2)]);
    expect(got).toEqual([]);
    draw();
    made.receive([summary(2)]);
    draw();
    expect(seconds(got)).toEqual([[3, 2, 1]]);
  });

  it("keeps what is said about a message before it is drawn, or read", () => {
    const { hub: made, got, draw } = hub(() => []);
    made.receive([summary(1)]);
    made.judge([change(summary(1).message_id, mark("scam", 5), 5), change(summary(2).message_id, mark("spam", 5), 5)]);
    draw();
    expect(got.flat().map((item) => item.feedback?.verdict)).toEqual(["scam"]);
    expect(made.rowsOf([message(2)])[0]?.feedback?.verdict).toBe("spam");
  });

  it("brings after a gap what was missed, and only that", async () => {
    const stored = [message(1), message(2)];
    const { hub: made, got, draw, timers } = hub(() => stored);
    await made.prime();
    stored.push(message(3), message(4));
    made.receive([summary(4)]);
    await made.resume();
    draw();
    expect(seconds(got)).toEqual([[4, 3]]);
    stored.push(message(5)); // it came to the list only after it was read
    timers.forEach((run) => run());
    await new Promise((resolve) => setTimeout(resolve));
    draw();
    expect(seconds(got).at(-1)).toEqual([5]);
  });

  it("asks everybody to read afresh if too much was missed", async () => {
    const stored: Message[] = [message(1)];
    const { hub: made, stale } = hub(() => stored, 1);
    await made.prime();
    for (let second = 2; second < 60; second += 1) stored.push(message(second));
    await made.resume();
    expect(stale()).toBe(1);
  });

  it("starts afresh if the API did not answer at first, and stands errors later", async () => {
    let broken = true;
    const { hub: made, stale } = hub(() => {
      if (broken) throw new ApiError(0, "network", "");
      return [message(1)];
    });
    await expect(made.prime()).rejects.toThrow(ApiError);
    await made.resume();
    expect(stale()).toBe(0);
    broken = false;
    await made.resume();
    expect(stale()).toBe(1);
  });
});
