/** All messages, newest first, as they come in. */

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { explain } from "../api/problem.ts";
import { LEVELS, type Level, type Summary } from "../api/types.ts";
import { CATEGORY_CODES, categoryName } from "../categories.ts";
import { csv, jsonLines } from "../export/csv.ts";
import { download } from "../export/download.ts";
import { formatCount, formatMinute } from "../format.ts";
import type { HubListener } from "../live/hub.ts";
import { EMPTY_FEED, take, trim, type Feed } from "../state/feed.ts";
import { accepts, countFilters, matchesText, NO_FILTERS, parseFilters, toMessageQuery, writeFilters, type Filters } from "../state/filters.ts";
import { summarize } from "../text/excerpt.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import { rows } from "./row.ts";
import type { Services, View } from "./services.ts";

const PAGE = 50;
/** Pages that may come back empty in a row before the person is asked whether to look further. */
const MOST_EMPTY_PAGES = 8;

const EXPORT_COLUMNS: readonly (readonly [string, (row: Summary) => string | number | null])[] = [
  ["analyzed_at", (row) => row.analyzed_at],
  ["risk_level", (row) => row.risk_level],
  ["risk_score", (row) => row.risk_score],
  ["category_code", (row) => row.category_code],
  ["threat_category", (row) => row.threat_category],
  ["primary_reason", (row) => row.primary_reason],
  ["action", (row) => row.action],
  ["phone_number", (row) => row.phone_number],
  ["channel", (row) => row.channel],
  ["excerpt", (row) => row.excerpt],
  ["message_id", (row) => row.message_id],
];

export class Messages implements View, HubListener {
  readonly title = "Messages";
  private filters: Filters = NO_FILTERS;
  private feed: Feed = EMPTY_FEED;
  private paused = false;
  private scrolled = false;
  private busy = false;
  private error: string | null = null;
  /** Where the next page begins: a cursor, a moment (after old rows were let go), or nowhere. */
  private next: { readonly cursor: string } | { readonly to: string } | null = null;
  private loading: AbortController | null = null;
  private readonly freshIds = new Set<string>();
  private readonly unmasked = new Set<string>();
  private unsubscribe: (() => void) | null = null;
  private readonly observer = new IntersectionObserver((entries) => this.seeEnd(entries), { rootMargin: "600px" });
  private query = new URLSearchParams();

  constructor(private readonly services: Services) {}

  enter(query: URLSearchParams): void {
    this.query = query;
    const filters = parseFilters(query);
    const first = this.unsubscribe === null;
    if (first) {
      this.unsubscribe = this.services.hub.subscribe(this);
      addEventListener("scroll", this.onScroll, { passive: true });
    }
    const asked = JSON.stringify(toMessageQuery(filters)) !== JSON.stringify(toMessageQuery(this.filters));
    this.filters = filters;
    if (first || asked) this.reload();
    else this.services.changed();
  }

  leave(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.loading?.abort();
    removeEventListener("scroll", this.onScroll);
  }

  fresh(items: readonly Summary[]): void {
    const wanted = items.filter((item) => accepts(this.filters, item));
    if (wanted.length === 0) return;
    for (const item of wanted) this.freshIds.add(item.message_id);
    const hold = this.paused || this.scrolled;
    this.keep(take(this.feed, wanted, { hold }), { letGo: !hold });
    this.services.changed();
  }

  stale(): void {
    this.reload();
  }

  rows(): readonly Summary[] {
    return this.feed.rows.filter((row) => matchesText(this.filters.text, row));
  }

  key(event: KeyboardEvent): boolean {
    if (event.key === "/") document.querySelector<HTMLInputElement>("#search")?.focus();
    else if (event.key === "p") this.pause(!this.paused);
    else return false;
    return true;
  }

  render(): TemplateResult {
    const shown = this.rows();
    return html`
      <div class="page-head">
        <h1>Messages</h1>
        <span class="spacer"></span>
        <button class="button" aria-pressed=${this.paused ? "true" : "false"} title="${this.paused ? "Go on" : "Pause"} (P)" @click=${() => this.pause(!this.paused)}>
          ${icon(this.paused ? "play" : "pause")} ${this.paused ? "Go on" : "Pause"}
        </button>
        <details class="menu">
          <summary class="button">${icon("download")} Export</summary>
          <div class="menu-items">
            <button ?disabled=${shown.length === 0} @click=${() => this.exportAs("csv")}>${formatCount(shown.length)} rows as CSV</button>
            <button ?disabled=${shown.length === 0} @click=${() => this.exportAs("jsonl")}>${formatCount(shown.length)} rows as JSON Lines</button>
          </div>
        </details>
      </div>
      ${this.filterBar()}
      ${this.feed.held.length === 0
        ? nothing
        : html`<div class="held"><button class="button primary" @click=${this.release}>${icon("up")} ${formatCount(this.feed.held.length)} new</button></div>`}
      <section class="panel flush">${this.list(shown)}</section>
      <div class="end" ${ref(this.watchEnd)}>${this.end(shown)}</div>`;
  }

  /** The inputs' values are set only when a filter changes: live rows must not take away what somebody is typing. */
  private filterBar(): TemplateResult {
    const { level, category, sender, from, to, text } = this.filters;
    return html`<form class="filters" role="search" @submit=${(event: Event) => event.preventDefault()}>
      <label class="search">
        <span class="visually-hidden">Search the loaded rows</span>${icon("search")}
        <input id="search" type="search" placeholder="Search loaded rows" title="Search the loaded rows (/)" .value=${text ?? ""}
          @input=${(event: Event) => this.filter({ text: valueOf(event) })} />
      </label>
      <div class="segments" role="group" aria-label="Level">
        <button type="button" aria-pressed=${level === null ? "true" : "false"} @click=${() => this.filter({ level: null })}>All</button>
        ${LEVELS.map(
          (name: Level) => html`<button type="button" data-level=${name} aria-pressed=${level === name ? "true" : "false"} @click=${() => this.filter({ level: name })}>${name}</button>`,
        )}
      </div>
      <label><span class="visually-hidden">Category</span>
        <select @change=${(event: Event) => this.filter({ category: valueOf(event) })}>
          <option value="" ?selected=${category === null}>All categories</option>
          ${CATEGORY_CODES.map((code) => html`<option value=${code} ?selected=${category === code}>${categoryName(code)}</option>`)}
        </select>
      </label>
      <label><span class="visually-hidden">Sender</span>
        <input class="sender-input" type="text" inputmode="tel" placeholder="Sender" .value=${sender ?? ""} @change=${(event: Event) => this.filter({ sender: valueOf(event) })} />
      </label>
      <details class="menu">
        <summary class="button">${timeLabel(from, to)}</summary>
        <div class="menu-items moments">
          <label class="field"><span>From</span>
            <input type="datetime-local" .value=${localInput(from)} @change=${(event: Event) => this.filter({ from: momentOf(event) })} />
          </label>
          <label class="field"><span>To</span>
            <input type="datetime-local" .value=${localInput(to)} @change=${(event: Event) => this.filter({ to: momentOf(event) })} />
          </label>
        </div>
      </details>
      ${countFilters(this.filters) === 0 ? nothing : html`<button type="button" class="link" @click=${() => this.filter(NO_FILTERS)}>Clear filters</button>`}
    </form>`;
  }

  private list(shown: readonly Summary[]): TemplateResult {
    if (this.feed.rows.length === 0) {
      if (this.error !== null) return errorState(this.error, () => this.reload());
      if (this.busy) return skeleton(12);
    }
    if (shown.length === 0) {
      return countFilters(this.filters) === 0
        ? emptyState("messages", "No messages yet", "They appear here in the moment they are analysed.")
        : emptyState("filter", "No message fits these filters", "New ones that fit appear here by themselves.");
    }
    return rows(shown, {
      label: "Messages",
      opened: this.services.opened(),
      masked: this.services.settings().masked,
      unmasked: this.unmasked,
      fresh: this.freshIds,
      open: (id) => this.services.open(id),
      unmask: (id) => {
        this.unmasked.add(id);
        this.services.changed();
      },
    });
  }

  private end(shown: readonly Summary[]): TemplateResult | typeof nothing {
    if (this.error !== null && this.feed.rows.length > 0) {
      return html`<p role="alert">${this.error} <button class="link" @click=${() => void this.more()}>Try again</button></p>`;
    }
    if (this.busy) return this.feed.rows.length > 0 ? html`<p class="quiet">Loading …</p>` : nothing;
    if (this.next !== null) return html`<button class="link" @click=${() => void this.more()}>Look further back</button>`;
    return shown.length > 0 ? html`<p class="quiet">That is all.</p>` : nothing;
  }

  private filter(change: Partial<Filters>): void {
    this.services.go("messages", writeFilters(this.query, { ...this.filters, ...change }));
  }

  private reload(): void {
    this.loading?.abort();
    this.feed = EMPTY_FEED;
    this.next = null;
    this.busy = false;
    void this.more();
  }

  /** Load the next page; go on while pages come back empty, as a rare filter makes them. */
  private async more(): Promise<void> {
    if (this.busy) return;
    const abort = (this.loading = new AbortController());
    this.busy = true;
    this.error = null;
    this.services.changed();
    try {
      for (let pages = 0; pages < MOST_EMPTY_PAGES; pages += 1) {
        const query = { ...toMessageQuery(this.filters), ...this.next, limit: PAGE };
        const page = await this.services.api.messages(query, abort.signal);
        if (abort.signal.aborted) return;
        const before = this.feed.rows.length;
        this.feed = { ...this.feed, rows: take({ ...this.feed, held: [] }, page.items.map(summarize), { hold: false }).rows };
        this.next = page.next === null ? null : { cursor: page.next };
        if (this.next === null || this.feed.rows.length > before) break;
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      this.error = explain(error);
    }
    this.busy = false;
    this.services.changed();
  }

  private keep(feed: Feed, { letGo }: { letGo: boolean }): void {
    const trimmed = letGo ? trim(feed) : feed;
    if (trimmed !== feed) this.next = { to: trimmed.rows.at(-1)?.analyzed_at ?? new Date().toISOString() };
    this.feed = trimmed;
  }

  private pause(paused: boolean): void {
    this.paused = paused;
    if (!paused) this.release();
    this.services.changed();
  }

  private readonly release = (): void => {
    this.paused = false;
    scrollTo({ top: 0 });
    this.keep(take(this.feed, [], { hold: false }), { letGo: true });
    this.services.changed();
  };

  private readonly onScroll = (): void => {
    const scrolled = window.scrollY > 160;
    if (scrolled === this.scrolled) return;
    this.scrolled = scrolled;
    // Rows that arrived while the person was reading further down come in when the top is in sight again.
    if (!scrolled && !this.paused && this.feed.held.length > 0) this.release();
  };

  private readonly watchEnd = (element: Element | undefined): void => {
    this.observer.disconnect();
    if (element) this.observer.observe(element);
  };

  private seeEnd(entries: readonly IntersectionObserverEntry[]): void {
    const seen = entries.some((entry) => entry.isIntersecting);
    if (seen && this.next !== null && this.error === null && this.feed.rows.length > 0) void this.more();
  }

  private exportAs(format: "csv" | "jsonl"): void {
    const shown = this.rows();
    const name = `hookline-messages-${new Date().toISOString().slice(0, 19).replaceAll(":", "")}.${format}`;
    if (format === "csv") download(name, "text/csv;charset=utf-8", csv(EXPORT_COLUMNS, shown));
    else download(name, "application/x-ndjson", jsonLines(shown));
    document.querySelector(".menu[open]")?.removeAttribute("open");
  }
}

function valueOf(event: Event): string | null {
  const value = (event.target as HTMLInputElement | HTMLSelectElement).value.trim();
  return value === "" ? null : value;
}

function timeLabel(from: string | null, to: string | null): string {
  if (from !== null && to !== null) return `${formatMinute(from)} to ${formatMinute(to)}`;
  if (from !== null) return `Since ${formatMinute(from)}`;
  return to === null ? "Any time" : `Until ${formatMinute(to)}`;
}

/** Inputs speak of the viewer's local time, the API of absolute moments. */
function momentOf(event: Event): string | null {
  const value = valueOf(event);
  return value === null ? null : new Date(value).toISOString();
}

function localInput(iso: string | null): string {
  if (iso === null) return "";
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
