import { describe, expect, it } from "vitest";
import { flatten, reveal } from "../src/text/reveal.ts";

const shown = (text: string) => reveal(text).map((piece) => (piece.kind === "text" ? piece.text : `<${piece.name}>`)).join("");

describe("reveal", () => {
  it("names what turns text around", () => {
    expect(shown("a\u202egpj.exe\u202c")).toBe("a<RLO>gpj.exe<PDF>");
    expect(shown("\u2066x\u2069")).toBe("<LRI>x<PDI>");
  });

  it("names what cannot be seen", () => {
    expect(shown("pay\u200bpal\u0000 \u{e0041}")).toBe("pay<ZWSP>pal<NUL> <U+E0041>");
    expect(shown("b\u200dank")).toBe("b<ZWJ>ank");
  });

  it("leaves lines, emoji families and scripts that need joiners alone", () => {
    for (const text of ["one\n\ttwo", "👨‍👩‍👧 hi", "می‌خواهم", "क्‍ष"]) expect(shown(text)).toBe(text);
  });

  it("keeps all the rest", () => {
    expect(reveal("")).toEqual([]);
    expect(shown("plain")).toBe("plain");
  });
});

describe("flatten", () => {
  it("takes hidden characters out", () => {
    expect(flatten("a\u202eb\u200b\u0000c")).toBe("abc");
  });
});
