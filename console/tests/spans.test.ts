import { describe, expect, it } from "vitest";
import { segments } from "../src/text/spans.ts";

const at = (...spans: [number, number][]) => ({ spans });

describe("segments", () => {
  it("cuts where spans begin and end", () => {
    expect(segments("pay now please", [at([0, 3]), at([4, 7])])).toEqual([
      { text: "pay", reasons: [0] },
      { text: " ", reasons: [] },
      { text: "now", reasons: [1] },
      { text: " please", reasons: [] },
    ]);
  });

  it("counts code points, not UTF-16 units", () => {
    // Python: "🎉🎉 win 𝐛𝐢𝐠"[7:10] == "𝐛𝐢𝐠"
    expect(segments("🎉🎉 win 𝐛𝐢𝐠", [at([7, 10])])).toEqual([
      { text: "🎉🎉 win ", reasons: [] },
      { text: "𝐛𝐢𝐠", reasons: [0] },
    ]);
  });

  it("names every reason over an overlap", () => {
    expect(segments("abcdef", [at([0, 4]), at([2, 6])])).toEqual([
      { text: "ab", reasons: [0] },
      { text: "cd", reasons: [0, 1] },
      { text: "ef", reasons: [1] },
    ]);
  });

  it("names a reason once where its own spans overlap", () => {
    expect(segments("abc", [at([0, 2], [0, 3])])[0]).toEqual({ text: "ab", reasons: [0] });
  });

  it.each([[at([-5, 2])], [at([1, 99])], [at([2, 2])], [at([3, 1])], [at([50, 60])]])("keeps the whole text with odd spans %j", (reason) => {
    const cut = segments("a\u{1f600}b\u0000c", [reason]);
    expect(cut.map((segment) => segment.text).join("")).toBe("a\u{1f600}b\u0000c");
  });

  it("has nothing to cut in an empty text", () => {
    expect(segments("", [at([0, 1])])).toEqual([]);
  });
});
