/** Tables for spreadsheets and from them, in which nothing that a criminal wrote can become a formula. */

// Spreadsheets read these, their full-width kin, and a tab or line break before them, as the start of a formula.
const FORMULA = /^[\s\u0000-\u001f\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]/u;

/** Write one cell. A text that could be a formula begins with an apostrophe. */
export function csvCell(value: string | number | null): string {
  if (typeof value === "number") return String(value);
  const text = value ?? "";
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** Write a table (RFC 4180). The byte order mark tells spreadsheets that it is UTF-8. */
export function csv<Row>(columns: readonly (readonly [title: string, of: (row: Row) => string | number | null])[], rows: readonly Row[]): string {
  const lines = [columns.map(([title]) => csvCell(title)), ...rows.map((row) => columns.map(([, of]) => csvCell(of(row))))];
  return `\ufeff${lines.map((cells) => cells.join(",")).join("\r\n")}\r\n`;
}

/** Write one JSON document a line. */
export function jsonLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}

/** Read a table (RFC 4180): one record a row, by the names in its first row. Apostrophes that `csvCell` put there go. */
export function parseCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const end = () => {
    rows.at(-1)?.push(cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell);
    cell = "";
  };
  const source = text.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at] ?? "";
    if (quoted && character === '"' && source[at + 1] === '"') cell += source[(at += 1)];
    else if (character === '"' && (quoted || cell === "")) quoted = !quoted;
    else if (!quoted && character === ",") end();
    else if (!quoted && (character === "\n" || character === "\r")) {
      end();
      rows.push([]);
    } else cell += character;
  }
  end();
  const [names = [], ...records] = rows;
  return records
    .filter((record) => record.some((value) => value !== ""))
    .map((record) => Object.fromEntries(names.map((name, column) => [name.trim(), (record[column] ?? "").trim()])));
}
