import { describe, expect, it } from "vitest";
import { csv, csvCell, jsonLines, parseCsv } from "../src/export/csv.ts";

describe("csvCell", () => {
  it.each(["=1+1", "+12025550143", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n@x", " =1", "＝1", "＋1", "－1", "＠x", "|cmd", "%x", "\ufeff=1", "\u0000=1"])(
    "takes the sting out of %j",
    (text) => {
      expect(csvCell(text)).toBe(`"'${text}"`);
    },
  );

  it("leaves harmless text and numbers as they are", () => {
    expect(["Hi", "a=b", "12 - 3", ""].map(csvCell)).toEqual(['"Hi"', '"a=b"', '"12 - 3"', '""']);
    expect([csvCell(95), csvCell(-3), csvCell(null)]).toEqual(["95", "-3", '""']);
  });

  it("doubles quotes", () => {
    expect(csvCell('say "hi", now')).toBe('"say ""hi"", now"');
  });
});

describe("csv", () => {
  it("writes titles and rows, with line breaks kept inside of cells", () => {
    const text = csv<{ text: string; score: number }>([["text", (row) => row.text], ["score", (row) => row.score]], [{ text: "one\ntwo", score: 7 }]);
    expect(text).toBe('\ufeff"text","score"\r\n"one\ntwo",7\r\n');
  });
});

describe("jsonLines", () => {
  it("writes one document a line", () => {
    expect(jsonLines([{ a: "x\ny" }, { a: 2 }])).toBe('{"a":"x\\ny"}\n{"a":2}\n');
  });
});

describe("parseCsv", () => {
  it("reads what csv writes, formulas and line breaks included", () => {
    const rows = [
      { name: '=1+1, "x"', note: "one\ntwo" },
      { name: "+12025550143", note: "" },
      { name: "it's", note: "plain" },
    ];
    const text = csv([["name", (row: (typeof rows)[number]) => row.name], ["note", (row) => row.note]], rows);
    expect(parseCsv(text)).toEqual(rows);
  });

  it("stands short rows, empty lines and a missing end", () => {
    expect(parseCsv("a,b\n1\n\n2,3")).toEqual([
      { a: "1", b: "" },
      { a: "2", b: "3" },
    ]);
    expect(parseCsv("")).toEqual([]);
  });
});
