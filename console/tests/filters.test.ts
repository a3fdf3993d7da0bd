import { describe, expect, it } from "vitest";
import { accepts, countFilters, matchesText, NO_FILTERS, parseFilters, toMessageQuery, writeFilters } from "../src/state/filters.ts";
import { formatRoute, parseRoute } from "../src/state/route.ts";
import { LEVELS } from "../src/api/types.ts";
import { mark, summary } from "./samples.ts";

describe("filters in the address", () => {
  it("come back as they were written, beside what else stands there", () => {
    const filters = { ...NO_FILTERS, level: "High" as const, sender: "+1 202 555 0143", text: "a & b = c", from: "2026-11-23T06:00:00.000Z" };
    const hash = formatRoute("messages", writeFilters(new URLSearchParams({ open: "01J" }), filters));
    const { page, query } = parseRoute(hash);
    expect([page, query.get("open"), parseFilters(query)]).toEqual(["messages", "01J", filters]);
  });

  it("ignore what nobody could have chosen", () => {
    expect(parseFilters(new URLSearchParams("level=Huge&from=yesterday&category=%20&text="))).toEqual(NO_FILTERS);
    expect(parseRoute("#/nowhere?x=1").page).toBe("overview");
  });

  it("are taken out again", () => {
    expect(writeFilters(new URLSearchParams("level=Low&open=1"), NO_FILTERS).toString()).toBe("open=1");
  });
});

describe("toMessageQuery", () => {
  it("asks the API for all but the text", () => {
    expect(toMessageQuery({ ...NO_FILTERS, level: "Low", text: "x" })).toEqual({ level: "Low" });
  });
});

describe("accepts", () => {
  const item = summary(10, { risk_level: "High", category_code: "extortion" });

  it.each([
    [{}, true],
    [{ level: "High" as const }, true],
    [{ level: "Low" as const }, false],
    [{ category: "extortion" }, true],
    [{ category: "romance" }, false],
    [{ sender: "+1 (202) 555-0143" }, true],
    [{ sender: "+12025550144" }, false],
    [{ from: "2026-11-23T06:00:10.000Z" }, true],
    [{ from: "2026-11-23T06:00:11.000Z" }, false],
    [{ to: "2026-11-23T06:00:10.000Z" }, true],
    [{ to: "2026-11-23T06:00:09.999Z" }, false],
  ])("%j: %s", (filters, expected) => {
    expect(accepts({ ...NO_FILTERS, ...filters }, item)).toBe(expected);
  });

  it.each([
    [{ feedback: "none" as const }, true, false, false],
    [{ feedback: "any" as const }, false, true, true],
    [{ feedback: "scam" as const }, false, true, false],
    [{ review: "waiting" as const }, true, false, false],
  ])("%j: by what people said", (filters, unjudged, scam, legitimate) => {
    const found = [null, mark("scam", 1), mark("legitimate", 1)].map((feedback) => accepts({ ...NO_FILTERS, ...filters }, { ...item, feedback }));
    expect(found).toEqual([unjudged, scam, legitimate]);
  });

  it("lets only High and Critical messages wait for review", () => {
    const levels = LEVELS.map((risk_level) => accepts({ ...NO_FILTERS, review: "waiting" }, summary(1, { risk_level })));
    expect(levels).toEqual([false, false, true, true]);
  });

  it("takes no message without a sender for one of a certain sender", () => {
    expect(accepts({ ...NO_FILTERS, sender: "+12025550143" }, summary(1, { phone_number: null }))).toBe(false);
  });
});

describe("matchesText", () => {
  it("looks in what is shown of the text, whatever the case", () => {
    const item = summary(1, { excerpt: "Pay the TOLL" });
    expect([null, "toll", "0143", "nothing speaks"].map((text) => matchesText(text, item))).toEqual([true, true, false, false]);
  });
});

describe("countFilters", () => {
  it("counts those that are set", () => {
    expect([countFilters(NO_FILTERS), countFilters({ ...NO_FILTERS, level: "Low", text: "x" })]).toEqual([0, 2]);
  });
});
