import { describe, expect, it } from "vitest";
import { moveSenders, putBack } from "../src/actions/lists.ts";
import type { ListName, SenderEntry } from "../src/api/types.ts";

function setUp(entries: Readonly<Record<string, ListName>>) {
  const entry = (phone_number: string, list: ListName, reason: string): SenderEntry => ({
    phone_number,
    list,
    reason,
    added_by: "key",
    updated_at: "2026-11-23T06:00:00.000Z",
    evidence: null,
    strikes: 0,
    expires_at: null,
  });
  const kept = new Map(Object.entries(entries).map(([number, list]) => [number, entry(number, list, "before")]));
  const api = {
    sender: async (number: string) => kept.get(number) ?? null,
    putSender: async (number: string, { list, reason }: { list: ListName; reason: string }) => {
      if (number === "bad") throw new Error("no");
      const made = entry(number, list, reason);
      kept.set(number, made);
      return made;
    },
    removeSender: async (number: string) => void kept.delete(number),
  };
  return { api, lists: () => Object.fromEntries([...kept].map(([number, { list, reason }]) => [number, `${list}: ${reason}`])) };
}

describe("senders", () => {
  it("come onto a list, and back to where they were", async () => {
    const { api, lists } = setUp({ "1": "allow" });
    const { moved, errors } = await moveSenders(api, ["1", "2", "bad"], "block", "now");
    expect([lists(), errors.length]).toEqual([{ "1": "block: now", "2": "block: now" }, 1]);
    expect(await putBack(api, moved)).toEqual([]);
    expect(lists()).toEqual({ "1": "allow: before" });
  });

  it("leave a list, and only those that were on one", async () => {
    const { api, lists } = setUp({ "1": "block" });
    await moveSenders(api, ["1", "2"], null, "");
    expect(lists()).toEqual({});
  });
});
