/** The block and allow lists. */

import { html, nothing, type TemplateResult } from "lit-html";
import { explain } from "../api/problem.ts";
import type { ListName, SenderEntry } from "../api/types.ts";
import { csv } from "../export/csv.ts";
import { download } from "../export/download.ts";
import { formatMinute } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, phone, skeleton } from "../ui/parts.ts";
import { Loading } from "./loading.ts";
import { importSenders } from "./sender-import.ts";
import type { Services, View } from "./services.ts";

interface Entries {
  readonly items: readonly SenderEntry[];
  readonly next: string | null;
}

const COLUMNS: readonly (readonly [string, (row: SenderEntry) => string | number | null])[] = [
  ["phone_number", (row) => row.phone_number],
  ["list", (row) => row.list],
  ["reason", (row) => row.reason],
  ["added_by", (row) => row.added_by],
  ["updated_at", (row) => row.updated_at],
  ["evidence", (row) => row.evidence],
  ["strikes", (row) => row.strikes],
  ["expires_at", (row) => row.expires_at],
];

export class Senders implements View {
  readonly title = "Senders";
  private list: ListName = "block";
  private busy = false;
  private readonly entries: Loading<Entries>;

  constructor(private readonly services: Services) {
    this.entries = new Loading(services.changed);
  }

  enter(query: URLSearchParams): void {
    const list: ListName = query.get("list") === "allow" ? "allow" : "block";
    if (list !== this.list) this.entries.clear();
    this.list = list;
    if (!query.has("open") || this.entries.value === null) void this.load();
  }

  leave(): void {
    this.entries.clear();
  }

  render(): TemplateResult {
    const tab = (list: ListName, label: string) =>
      html`<button aria-pressed=${this.list === list ? "true" : "false"} @click=${() => this.services.go("senders", new URLSearchParams({ list }))}>${label}</button>`;
    return html`
      <div class="page-head">
        <h1>Senders</h1>
        <div class="segments" role="group" aria-label="List">${tab("block", "Blocked")}${tab("allow", "Allowed")}</div>
        <span class="spacer"></span>
        <button class="button" @click=${() => void this.import()}>${icon("upload")} Import CSV</button>
        <button class="button" ?disabled=${!this.entries.value?.items.length} @click=${this.exportCsv}>${icon("download")} Export CSV</button>
      </div>
      ${this.form()}
      <section class="panel flush">${this.table()}</section>
      ${this.entries.value?.next ? html`<div class="end"><button class="link" @click=${() => void this.load(this.entries.value)}>Show more</button></div>` : nothing}`;
  }

  private form(): TemplateResult {
    const block = this.list === "block";
    return html`<form class="panel inline-form" @submit=${this.add}>
      <label class="field"><span>Phone number</span><input name="number" required maxlength="40" inputmode="tel" autocomplete="off" placeholder="+1 202 555 0143" /></label>
      <label class="field grow"><span>Reason</span><input name="reason" required maxlength="300" autocomplete="off" placeholder=${block ? "Fake delivery notices since Monday" : "Our bank's notices"} /></label>
      <label class="field"><span>Until (optional)</span><input name="until" type="datetime-local" /></label>
      <button class="button primary" ?disabled=${this.busy}>${icon(this.list)} ${block ? "Block" : "Allow"}</button>
    </form>`;
  }

  private table(): TemplateResult {
    const { value, error } = this.entries;
    if (error !== null) return errorState(error, () => void this.load());
    if (value === null) return skeleton(8);
    if (value.items.length === 0) {
      return this.list === "block"
        ? emptyState("block", "Nobody is blocked", "Senders of Critical messages come onto this list by themselves.")
        : emptyState("allow", "Nobody is allowed", "Messages of allowed senders are always Low. Add those that you trust.");
    }
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Senders"><table>
      <thead><tr><th>Sender</th><th>Reason</th><th>Since</th><th>By</th><th class="number">Critical</th><th>Until</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>${value.items.map((entry) => this.entryRow(entry))}</tbody>
    </table></div>`;
  }

  private entryRow(entry: SenderEntry): TemplateResult {
    const { masked } = this.services.settings();
    const { evidence } = entry;
    return html`<tr>
      <td><a class="link" href="#/messages?${new URLSearchParams({ sender: entry.phone_number }).toString()}">${phone(entry.phone_number, { masked })}</a></td>
      <td class="wrap"><bdi>${flatten(entry.reason)}</bdi>
        ${evidence === null ? nothing : html` <button class="link" @click=${() => this.services.open(evidence)}>message</button>`}</td>
      <td>${formatMinute(entry.updated_at)}</td>
      <td>${entry.added_by === "automatic" ? html`<span class="tag">automatic</span>` : html`<code>${entry.added_by}</code>`}</td>
      <td class="number">${entry.strikes}</td>
      <td>${entry.expires_at === null ? html`<span class="quiet">for good</span>` : formatMinute(entry.expires_at)}</td>
      <td><button class="button small" ?disabled=${this.busy} @click=${() => void this.remove(entry)}>${icon("undo")} Take off</button></td>
    </tr>`;
  }

  /** Load the list, or go on from what is there. */
  private async load(after: Entries | null = null): Promise<void> {
    const { list } = this;
    await this.entries.load(async (signal) => {
      const page = await this.services.api.senders({ list, limit: 100, ...(after?.next ? { cursor: after.next } : {}) }, signal);
      return { items: [...(after?.items ?? []), ...page.items], next: page.next };
    });
  }

  private readonly add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const field = (name: string) => String(data.get(name) ?? "").trim();
    const until = field("until");
    const { list } = this;
    const done = await this.act(
      () => this.services.api.putSender(field("number"), { list, reason: field("reason"), ...(until ? { expires_at: new Date(until).toISOString() } : {}) }),
      list === "block" ? "Sender blocked." : "Sender allowed.",
    );
    if (done) form.reset();
  };

  private async remove(entry: SenderEntry): Promise<void> {
    const { api } = this.services;
    const { phone_number: number, list, reason, expires_at } = entry;
    const undo = () => void this.act(() => api.putSender(number, { list, reason, ...(expires_at ? { expires_at } : {}) }), "Undone.");
    await this.act(() => api.removeSender(number), "Sender taken off the list.", undo);
  }

  private async act(call: () => Promise<unknown>, done: string, undo?: () => void): Promise<boolean> {
    this.busy = true;
    this.services.changed();
    let worked = true;
    try {
      await call();
      this.services.notify(done, undo ? { undo } : {});
    } catch (error) {
      worked = false;
      this.services.notify(explain(error), { tone: "bad" });
    }
    this.busy = false;
    this.services.changed();
    if (worked) await this.load();
    return worked;
  }

  private async import(): Promise<void> {
    if (await importSenders(this.services, this.list)) await this.load();
  }

  private readonly exportCsv = (): void => {
    download(`hookline-senders-${this.list}.csv`, "text/csv;charset=utf-8", csv(COLUMNS, this.entries.value?.items ?? []));
  };
}
