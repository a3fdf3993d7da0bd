/** Labels: what is known to be a scam or not. The next model learns from them. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { ImportResult, LabelSummary } from "../api/access.ts";
import { download } from "../export/download.ts";
import { formatCount } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { cssValues } from "../ui/css-values.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import { explain } from "../api/problem.ts";
import { Loading } from "./loading.ts";
import type { Services, View } from "./services.ts";

const LABEL_NAMES: Readonly<Record<string, string>> = { scam: "Scam", legitimate: "Legitimate", spam: "Marketing", unsure: "Unsure" };
const TYPES = { csv: "text/csv", jsonl: "application/x-ndjson" } as const;
/** As much as the API takes at a time. */
const LARGEST_BYTES = 4 * 1024 * 1024;
const MOST_LINES_SHOWN = 200;

export class Labels implements View {
  readonly title = "Labels";
  private shown = false;
  private file: string | null = null;
  private problem: string | null = null;
  private exporting = false;
  private readonly summary: Loading<LabelSummary>;
  private readonly imported: Loading<ImportResult>;

  constructor(private readonly services: Services) {
    this.summary = new Loading(services.changed);
    this.imported = new Loading(services.changed);
  }

  enter(): void {
    if (this.shown) return;
    this.shown = true;
    void this.read();
  }

  leave(): void {
    this.shown = false;
  }

  render(): TemplateResult {
    return html`
      <div class="page-head">
        <h1>Labels</h1>
        <span class="spacer"></span>
        <details class="menu">
          <summary class="button">${icon("download")} Export</summary>
          <div class="menu-items">
            <button ?disabled=${this.exporting} @click=${() => void this.export("csv")}>All labels as CSV</button>
            <button ?disabled=${this.exporting} @click=${() => void this.export("jsonl")}>All labels as JSON Lines</button>
          </div>
        </details>
      </div>
      <div class="split">
        <section class="panel"><header><h2>Known</h2></header>${this.numbers()}</section>
        <section class="panel">${this.services.admin() ? this.importForm() : html`<header><h2>Import</h2></header><p class="quiet">An admin's key is needed to import labels. What you say about messages becomes a label by itself.</p>`}</section>
      </div>
      ${this.result()}`;
  }

  private numbers(): TemplateResult {
    const { value, error } = this.summary;
    if (error !== null && value === null) return errorState(error, () => void this.read());
    if (value === null) return skeleton(5);
    if (value.total === 0) return emptyState("labels", "No labels yet", "Verdicts on messages and imported files become labels.");
    const bars = (counts: Readonly<Record<string, number | undefined>>, names: (name: string) => string) => {
      const found = Object.entries(counts).flatMap(([name, count]) => (count ? [[name, count] as const] : []));
      const most = Math.max(1, ...found.map(([, count]) => count));
      return html`<ol class="bars">${found.map(
        ([name, count]) => html`<li class="bar-line-item"><span class="bar-name">${names(name)}</span><span class="bar-count">${formatCount(count)}</span><span class="bar" ${cssValues({ "--share": count / most })}></span></li>`,
      )}</ol>`;
    };
    return html`<p class="card-number">${formatCount(value.total)}</p>
      <h3>By label</h3>${bars(value.by_label, (name) => LABEL_NAMES[name] ?? name)}
      <h3>By source</h3>${bars(value.by_source, (name) => name)}`;
  }

  private importForm(): TemplateResult {
    return html`<header><h2>Import</h2></header>
      <form class="import" @submit=${this.submit}>
        <label class="drop" @dragover=${(event: DragEvent) => event.preventDefault()} @drop=${this.dropped}>
          ${icon("upload")}<strong>${this.file ?? "Choose a file or drop it here"}</strong>
          <span class="quiet">CSV with the columns text, label and category (optional), or JSON Lines. At most 4 MB.</span>
          <input class="visually-hidden" name="file" type="file" accept=".csv,.jsonl,.ndjson,text/csv,application/x-ndjson" required @change=${this.fileChosen} />
        </label>
        <p class="quiet">Labels: <code>scam</code>, <code>legitimate</code>, <code>spam</code>. A file that contradicts itself is refused; an analyst's word outweighs an imported one.</p>
        ${this.problem === null ? nothing : html`<p class="dialog-problem" role="alert">${this.problem}</p>`}
        <button class="button primary" ?disabled=${this.imported.busy}>${icon("upload")} ${this.imported.busy ? "Importing …" : "Import"}</button>
      </form>`;
  }

  private result(): TemplateResult | typeof nothing {
    const { value, error } = this.imported;
    if (error !== null) return html`<p class="notice" role="alert">${error}</p>`;
    if (value === null) return nothing;
    const lines = value.items.filter(({ status }) => status !== "accepted" || value.items.length <= MOST_LINES_SHOWN).slice(0, MOST_LINES_SHOWN);
    const count = (name: keyof Pick<ImportResult, "accepted" | "unchanged" | "replaced" | "refused">, label: string) =>
      html`<li class="card" data-card=${name}><h2>${label}</h2><p class="card-number">${formatCount(value[name])}</p></li>`;
    return html`<section class="import-result" aria-label="Result of the import">
      <ul class="cards three">${count("accepted", "Accepted")}${count("replaced", "Replaced")}${count("unchanged", "Known already")}${count("refused", "Refused")}</ul>
      ${lines.length === 0
        ? nothing
        : html`<section class="panel flush"><div class="table-scroll" tabindex="0" role="region" aria-label="Lines"><table>
            <thead><tr><th class="number">Line</th><th>Status</th><th>Why</th></tr></thead>
            <tbody>${lines.map(
              (line) => html`<tr><td class="number">${formatCount(line.line)}</td><td><span class="tag" data-label=${line.status}>${line.status}</span></td>
                <td class="wrap left">${line.code ? html`<code>${line.code}</code> ` : nothing}<bdi>${flatten(line.detail ?? "")}</bdi></td></tr>`,
            )}</tbody></table></div></section>
            ${value.items.length > lines.length ? html`<p class="quiet page-note">${formatCount(value.items.length - lines.length)} more lines are not shown.</p>` : nothing}`}
    </section>`;
  }

  private read(): Promise<void> {
    return this.summary.load((signal) => this.services.api.labels(signal));
  }

  private readonly fileChosen = (event: Event): void => {
    this.file = (event.target as HTMLInputElement).files?.[0]?.name ?? null;
    this.problem = null;
    this.services.changed();
  };

  private readonly dropped = (event: DragEvent): void => {
    event.preventDefault();
    const input = (event.currentTarget as Element).querySelector("input");
    if (!input || !event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  };

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const file = new FormData(form).get("file");
    if (!(file instanceof File) || file.size === 0) return;
    this.problem = file.size > LARGEST_BYTES ? "The file is larger than 4 MB. Split it, and import the parts one after the other." : null;
    this.services.changed();
    if (this.problem !== null) return;
    const type = /\.(jsonl|ndjson)$/i.test(file.name) ? TYPES.jsonl : TYPES.csv;
    await this.imported.load(async () => this.services.api.importLabels(await file.text(), type));
    if (this.imported.error === null) {
      form.reset();
      this.file = null;
    }
    await this.read();
  };

  private async export(format: "csv" | "jsonl"): Promise<void> {
    document.querySelector(".menu[open]")?.removeAttribute("open");
    this.exporting = true;
    this.services.changed();
    try {
      const text = await this.services.api.exportLabels(format);
      download(`hookline-labels.${format}`, `${TYPES[format]};charset=utf-8`, text);
    } catch (error) {
      this.services.notify(explain(error), { tone: "bad" });
    }
    this.exporting = false;
    this.services.changed();
  }
}
