import { describe, expect, it } from "vitest";
import { Reviews, type Contradiction } from "../src/actions/reviews.ts";
import { ApiError } from "../src/api/problem.ts";
import type { Feedback, FeedbackChange, NewFeedback } from "../src/api/types.ts";
import { change, feedback, mark } from "./samples.ts";

/** An API that keeps feedback, answers when it is told to, and has a clock of its own. */
class FakeApi {
  readonly said = new Map<string, Feedback[]>();
  readonly standing = new Map<string, Feedback | null>();
  readonly refuse = new Set<string>();
  second = 10;
  hold: Promise<void> = Promise.resolve();

  async feedback(id: string) {
    const history = (this.said.get(id) ?? []).map((entry) => ({ ...entry, withdrawn: false }));
    return { current: this.standing.get(id) ?? null, history };
  }

  async giveFeedback(id: string, { verdict, note = null, category = null }: NewFeedback): Promise<Feedback> {
    const given = feedback(verdict, this.second++, { note, category, given_by: "key-mine" });
    if (this.refuse.has(id)) throw new ApiError(503, "unavailable", "No.");
    this.keep(id, given);
    await this.hold;
    return given;
  }

  async withdrawFeedback(id: string): Promise<void> {
    this.standing.set(id, null);
  }

  keep(id: string, given: Feedback): void {
    this.said.set(id, [given, ...(this.said.get(id) ?? [])]);
    this.standing.set(id, given);
  }
}

function setUp({ watched = [] as string[] } = {}) {
  const api = new FakeApi();
  const holds = new Map<string, string | null>();
  const contradictions: Contradiction[] = [];
  const take = (changes: readonly FeedbackChange[]) => changes.forEach(({ message_id, feedback: said }) => holds.set(message_id, said?.verdict ?? null));
  const reviews = new Reviews(api, take, (more) => contradictions.push(...more), (id) => watched.includes(id));
  const target = (id: string) => ({ message_id: id, feedback: api.standing.get(id) ?? null });
  return { api, reviews, holds, contradictions, target };
}

describe("Reviews", () => {
  it("says the same about many, counts them, and tells which failed", async () => {
    const { api, reviews, holds, target } = setUp();
    api.refuse.add("b");
    const counted: number[] = [];
    const { done, failed } = await reviews.give(["a", "b", "c"].map(target), { verdict: "scam" }, (over) => counted.push(over));
    expect([done.map((given) => given.message_id), failed.map((one) => one.message_id)]).toEqual([["a", "c"], ["b"]]);
    expect([counted, [...holds]]).toEqual([[1, 2, 3], [["a", "scam"], ["c", "scam"]]]);
  });

  it("puts back what stood before, with its note", async () => {
    const { api, reviews, target } = setUp();
    api.keep("a", feedback("legitimate", 1, { note: "our own", category: "legitimate" }));
    const { done } = await reviews.give([target("a"), target("b")], { verdict: "scam" });
    expect(await reviews.undo(done)).toBe(2);
    expect(api.standing.get("a")).toMatchObject({ verdict: "legitimate", note: "our own", category: "legitimate" });
    expect(api.standing.get("b")).toBeNull();
  });

  it("leaves a word alone that somebody else gave after it", async () => {
    const { api, reviews, target } = setUp();
    const { done } = await reviews.give([target("a")], { verdict: "scam" });
    api.keep("a", feedback("legitimate", 50));
    expect(await reviews.undo(done)).toBe(0);
    expect(api.standing.get("a")?.verdict).toBe("legitimate");
  });

  it("takes the live feed's echo of its own word for what it is, also before the answer", async () => {
    const { api, reviews, contradictions, target } = setUp({ watched: ["a"] });
    let answer = () => {};
    api.hold = new Promise((resolve) => (answer = resolve));
    const giving = reviews.give([target("a")], { verdict: "scam" });
    await Promise.resolve();
    reviews.heard([change("a", api.standing.get("a") ?? null, 10)]);
    expect(reviews.busy("a")).toBe(true);
    answer();
    await giving;
    reviews.heard([change("a", api.standing.get("a") ?? null, 10)]);
    expect([contradictions, reviews.busy("a")]).toEqual([[], false]);
  });

  it("tells of a word that replaces its own", async () => {
    const { reviews, contradictions, holds, target } = setUp();
    await reviews.give([target("a")], { verdict: "scam" });
    reviews.heard([change("a", mark("legitimate", 59), 59)]);
    expect(holds.get("a")).toBe("legitimate");
    expect(contradictions).toMatchObject([{ message_id: "a", stands: "theirs", theirs: { verdict: "legitimate" } }]);
  });

  it("tells of a word that its own has replaced, heard while the answer was on its way", async () => {
    const { api, reviews, contradictions, target } = setUp();
    let answer = () => {};
    api.hold = new Promise((resolve) => (answer = resolve));
    const giving = reviews.give([target("a")], { verdict: "scam" });
    reviews.heard([change("a", mark("legitimate", 2), 2)]);
    answer();
    await giving;
    expect(contradictions).toMatchObject([{ message_id: "a", stands: "mine", theirs: { verdict: "legitimate" } }]);
  });

  it("says nothing of messages that nobody looks at and this person never judged", () => {
    const { reviews, contradictions, holds } = setUp({ watched: ["b"] });
    reviews.heard([change("a", mark("scam", 1), 1), change("b", null, 1)]);
    expect([[...holds], contradictions.map((one) => one.message_id)]).toEqual([[["a", "scam"], ["b", null]], ["b"]]);
  });

  it("does not believe an old change that is told once more after a newer one", () => {
    const { reviews, contradictions, holds } = setUp({ watched: ["a", "b"] });
    const [word, withdrawal] = [change("a", mark("scam", 1), 1), change("b", null, 2)];
    reviews.heard([word, withdrawal]);
    reviews.heard([change("a", null, 3), change("b", mark("spam", 4), 4)]);
    reviews.heard([word, withdrawal]);
    expect([...holds]).toEqual([["a", null], ["b", "spam"]]);
    expect(contradictions).toHaveLength(4);
  });

  it("does not believe the late echo of a word that it has taken back", async () => {
    const { reviews, holds, target } = setUp();
    await reviews.give([target("a")], { verdict: "scam" });
    const { feedback: said } = target("a");
    await reviews.withdraw([target("a")]);
    reviews.heard([{ message_id: "a", feedback: said, changed_at: said?.given_at ?? "" }]);
    expect(holds.get("a")).toBeNull();
  });

  it("lets its own word stand when somebody else took back an earlier one", async () => {
    const { reviews, contradictions, target } = setUp();
    await reviews.give([target("a")], { verdict: "scam" });
    reviews.heard([change("a", null, 5)]);
    expect(contradictions).toMatchObject([{ stands: "mine", theirs: null }]);
  });
});
