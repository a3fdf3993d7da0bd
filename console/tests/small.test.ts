import { describe, expect, it } from "vitest";
import { Session } from "../src/state/session.ts";
import { loadSettings, saveSettings } from "../src/state/settings.ts";
import { excerpt } from "../src/text/excerpt.ts";
import { leaves } from "../src/text/leaves.ts";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
    key: () => null,
    get length() {
      return kept.size;
    },
  };
}

describe("Session", () => {
  it("keeps a key for the tab, or on the device if it is wished, and forgets both", () => {
    const [tab, device] = [storage(), storage()];
    const session = new Session(tab, device);
    session.save("one", { remember: false });
    expect([session.key, tab.length, device.length]).toEqual(["one", 1, 0]);
    session.save("two", { remember: true });
    expect([session.key, tab.length, device.length]).toEqual(["two", 0, 1]);
    session.forget();
    expect([session.key, device.length]).toEqual([null, 0]);
  });
});

describe("settings", () => {
  it("come back", () => {
    const kept = storage();
    const settings = { theme: "dark", masked: true, reasons: true, advance: false } as const;
    saveSettings(kept, settings);
    expect(loadSettings(kept)).toEqual(settings);
  });

  it.each(["", "{", "null", '{"theme": "pink", "masked": "yes"}'])("stand rubbish: %j", (text) => {
    const kept = storage();
    kept.setItem("hookline.settings", text);
    expect(loadSettings(kept)).toEqual({ theme: "system", masked: false, reasons: false, advance: true });
  });
});

describe("excerpt", () => {
  it("is one line of at most 160 characters, and splits none", () => {
    expect(excerpt("  one\n two\t three ")).toBe("one two three");
    const long = excerpt("🎣".repeat(200));
    expect([Array.from(long).length, long.endsWith("🎣…")]).toEqual([160, true]);
  });
});

describe("leaves", () => {
  it("flattens nested numbers and texts", () => {
    expect(leaves({ a: { b: 0.5, c: [1, "x"] }, d: true, e: null })).toEqual([
      { path: "a.b", value: 0.5 },
      { path: "a.c.0", value: 1 },
      { path: "a.c.1", value: "x" },
      { path: "d", value: "yes" },
    ]);
  });
});
