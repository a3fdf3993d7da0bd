/** Puts the senders of a file on a list. */

import { html } from "lit-html";
import { eachOf } from "../actions/each.ts";
import { explain } from "../api/problem.ts";
import type { ListName } from "../api/types.ts";
import { parseCsv } from "../export/csv.ts";
import { formatCount } from "../format.ts";
import { askWithForm, FieldError, tell } from "../ui/dialog.ts";
import type { Services } from "./services.ts";

const MOST_ROWS = 2_000;
const MOST_PROBLEMS = 50;

interface Wanted {
  readonly row: number;
  readonly number: string;
  readonly list: ListName;
  readonly reason: string;
  readonly expires_at?: string;
}

/** Ask for a file, put its senders on their lists, and tell what became of each. Returns whether anything was done. */
export async function importSenders(services: Pick<Services, "api">, list: ListName): Promise<boolean> {
  const outcome = await askWithForm({
    title: "Import senders",
    submit: "Import",
    fields: () => html`
      <label class="field"><span>CSV file</span><input name="file" type="file" accept=".csv,text/csv" required data-first /></label>
      <p class="quiet">Its columns: <code>phone_number</code>, <code>reason</code>, and if you like <code>list</code> (block or allow) and <code>expires_at</code>. An exported list fits.</p>`,
    attempt: async (data) => {
      const file = data.get("file");
      const wanted = file instanceof File ? readRows(await file.text(), list) : [];
      const { results, errors } = await eachOf(wanted, ({ number, row: _, ...entry }) => services.api.putSender(number, entry));
      return { done: results.filter((entry) => entry !== undefined).length, problems: errors.map(([{ row }, error]) => ({ row, why: explain(error) })) };
    },
  });
  if (outcome === null) return false;
  const { done, problems } = outcome;
  const shown = problems.sort((a, b) => a.row - b.row).slice(0, MOST_PROBLEMS);
  await tell(
    problems.length === 0 ? `${formatCount(done)} imported` : `${formatCount(done)} imported, ${formatCount(problems.length)} refused`,
    html`<ul class="import-problems">${shown.map(({ row, why }) => html`<li><span class="quiet">row ${row}</span> ${why}</li>`)}</ul>`,
  );
  return done > 0;
}

function readRows(text: string, list: ListName): Wanted[] {
  const records = parseCsv(text);
  if (!records.every((record) => "phone_number" in record)) throw new FieldError("The file has no column phone_number.");
  if (records.length === 0) throw new FieldError("The file holds no senders.");
  if (records.length > MOST_ROWS) throw new FieldError(`A file may hold ${formatCount(MOST_ROWS)} senders. Split it.`);
  return records.map((record, index) => {
    const own = record["list"];
    const { expires_at: expires = "" } = record;
    if (expires !== "" && Number.isNaN(Date.parse(expires))) throw new FieldError(`Row ${index + 2}: ${expires} is no moment.`);
    return {
      row: index + 2,
      number: record["phone_number"] ?? "",
      list: own === "block" || own === "allow" ? own : list,
      reason: record["reason"] || "Imported",
      ...(expires === "" ? {} : { expires_at: new Date(expires).toISOString() }),
    };
  });
}
