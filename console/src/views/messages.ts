/** Messages, newest first, as they come in: all of them, or those that wait for somebody to judge them. */

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { explain } from "../api/problem.ts";
import { FEEDBACK_STATES, LEVELS, type FeedbackChange, type FeedbackState, type Level, type MessageQuery, type Page, type Summary, type Message, type Verdict } from "../api/types.ts";
import { CATEGORY_CODES, categoryName } from "../categories.ts";
import { csv, jsonLines } from "../export/csv.ts";
import { download } from "../export/download.ts";
import { formatCount, formatMinute } from "../format.ts";
import type { HubListener } from "../live/hub.ts";
import { bringUpToDate, chooseRange, EMPTY_FEED, judge, merge, take, trim, type Feed } from "../state/feed.ts";
import { accepts, acceptsFeedback, countFilters, matchesText, NO_FILTERS, parseFilters, toMessageQuery, writeFilters, type Filters } from "../state/filters.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import { fieldValue } from "../ui/field-value.ts";
import { VERDICT_WORDS } from "../verdicts.ts";
import { rows, type Near } from "./row.ts";
import type { Services, View } from "./services.ts";

const PAGE = 50;
/** Pages that may come back empty in a row before the person is asked whether to look further. */
const MOST_EMPTY_PAGES = 8;
/** Pages that are read again after a gap, for what people said meanwhile. */
const READ_AGAIN_PAGES = 4;
const TYPING_MS = 250;

const FEEDBACK_NAMES: Readonly<Record<FeedbackState, string>> = {
  none: "Not judged",
  any: "Judged",
  scam: "Scam",
  legitimate: "Legitimate",
  spam: "Marketing",
  unsure: "Unsure",
};

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
  ["feedback", (row) => row.feedback?.verdict ?? null],
  ["excerpt", (row) => row.excerpt],
  ["message_id", (row) => row.message_id],
];

export class Messages implements View, HubListener {
  readonly title: string;
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
  private picked: ReadonlySet<string> = new Set();
  private lastPicked: string | null = null;
  private near: Near = { pointed: null, focused: null };
  private typing: number | null = null;
  private unsubscribe: (() => void) | null = null;
  private readonly observer = new IntersectionObserver((entries) => this.seeEnd(entries), { rootMargin: "600px" });
  private endOfList: Element | undefined;
  private query = new URLSearchParams();

  constructor(
    private readonly services: Services,
    private readonly page: "messages" | "review",
  ) {
    this.title = page === "review" ? "Review" : "Messages";
  }

  enter(query: URLSearchParams): void {
    this.query = query;
    const filters = this.whole(parseFilters(query));
    const first = this.unsubscribe === null;
    if (first) {
      this.unsubscribe = this.services.hub.subscribe(this);
      addEventListener("scroll", this.onScroll, { passive: true });
    }
    const asked = JSON.stringify(filters) !== JSON.stringify(this.filters);
    this.filters = filters;
    if (first || asked) this.reload();
    else this.services.changed();
  }

  leave(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    this.loading?.abort();
    if (this.typing !== null) clearTimeout(this.typing);
    this.typing = null;
    removeEventListener("scroll", this.onScroll);
  }

  fresh(items: readonly Summary[]): void {
    const wanted = items.filter((item) => accepts(this.filters, item) && matchesText(this.filters.text, item));
    if (wanted.length === 0) return;
    for (const item of wanted) this.freshIds.add(item.message_id);
    const hold = this.paused || this.scrolled;
    this.keep(take(this.feed, wanted, { hold }), { letGo: !hold });
    this.services.changed();
  }

  judged(changes: readonly FeedbackChange[]): void {
    const { rows, held } = this.feed;
    this.keepFitting({ rows: judge(rows, changes), held: judge(held, changes) });
  }

  resumed(): void {
    void this.readAgain();
  }

  stale(): void {
    this.reload();
  }

  rows(): readonly Summary[] {
    return this.feed.rows;
  }

  chosen(): readonly Summary[] {
    return this.feed.rows.filter((row) => this.picked.has(row.message_id));
  }

  key(event: KeyboardEvent): boolean {
    const opened = this.services.opened();
    if (event.key === "/") document.querySelector<HTMLInputElement>("#search")?.focus();
    else if (event.key === "p") this.pause(!this.paused);
    else if (event.key.toLowerCase() === "x" && opened !== null) this.pick(opened, { range: event.shiftKey });
    else if (event.key === "Escape" && this.picked.size > 0) this.pickNone();
    else return false;
    return true;
  }

  render(): TemplateResult {
    const shown = this.rows();
    return html`
      <div class="page-head">
        <h1>${this.title}</h1>
        ${this.page === "review" ? this.queueNote() : nothing}
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
      <section class="panel flush">${this.listHead(shown)}${this.list(shown)}</section>
      <div class="end" ${ref(this.watchEnd)}>${this.end(shown)}</div>
      ${this.bulk()}`;
  }

  private queueNote(): TemplateResult | typeof nothing {
    const { waiting } = this.services.pulse;
    if (waiting === null || waiting.review === 0) return nothing;
    return html`<p class="quiet" data-waiting=${waiting.review}>
      ${formatCount(waiting.review)} waiting${waiting.oldestAt === null ? nothing : html`, the oldest since ${formatMinute(waiting.oldestAt)}`}
    </p>`;
  }

  private filterBar(): TemplateResult {
    const { level, category, sender, from, to, text, feedback } = this.filters;
    const queue = this.page === "review";
    const levels = queue ? LEVELS.slice(2) : LEVELS;
    const blurred = this.services.changed;
    return html`<form class="filters" role="search" @submit=${this.searchNow}>
      <label class="search">
        <span class="visually-hidden">Search texts</span>${icon("search")}
        <input id="search" type="search" placeholder="Search texts" title="Search texts (/)" autocomplete="off" maxlength="200" ${fieldValue(text ?? "")} @input=${this.searchSoon} @blur=${blurred} />
      </label>
      <div class="segments" role="group" aria-label="Level">
        <button type="button" aria-pressed=${level === null ? "true" : "false"} @click=${() => this.filter({ level: null })}>All</button>
        ${levels.map(
          (name: Level) => html`<button type="button" data-level=${name} aria-pressed=${level === name ? "true" : "false"} @click=${() => this.filter({ level: name })}>${name}</button>`,
        )}
      </div>
      <label><span class="visually-hidden">Category</span>
        <select @change=${(event: Event) => this.filter({ category: valueOf(event) })}>
          <option value="" .selected=${category === null}>All categories</option>
          ${CATEGORY_CODES.map((code) => html`<option value=${code} .selected=${category === code}>${categoryName(code)}</option>`)}
        </select>
      </label>
      ${queue
        ? nothing
        : html`<label><span class="visually-hidden">Feedback</span>
            <select @change=${(event: Event) => this.filter({ feedback: FEEDBACK_STATES.find((state) => state === valueOf(event)) ?? null })}>
              <option value="" .selected=${feedback === null}>Judged or not</option>
              ${FEEDBACK_STATES.map((state) => html`<option value=${state} .selected=${feedback === state}>${FEEDBACK_NAMES[state]}</option>`)}
            </select>
          </label>`}
      <label><span class="visually-hidden">Sender</span>
        <input class="sender-input" type="text" inputmode="tel" placeholder="Sender" ${fieldValue(sender ?? "")} @change=${(event: Event) => this.filter({ sender: valueOf(event) })} @blur=${blurred} />
      </label>
      <details class="menu">
        <summary class="button">${timeLabel(from, to)}</summary>
        <div class="menu-items moments">
          <label class="field"><span>From</span>
            <input type="datetime-local" ${fieldValue(localInput(from))} @change=${(event: Event) => this.filter({ from: momentOf(event) })} @blur=${blurred} />
          </label>
          <label class="field"><span>To</span>
            <input type="datetime-local" ${fieldValue(localInput(to))} @change=${(event: Event) => this.filter({ to: momentOf(event) })} @blur=${blurred} />
          </label>
        </div>
      </details>
      ${this.filtered() ? html`<button type="button" class="link" @click=${() => this.filter(NO_FILTERS)}>Clear filters</button>` : nothing}
    </form>`;
  }

  /** How many rows there are, and a way to choose all of them. */
  private listHead(shown: readonly Summary[]): TemplateResult | typeof nothing {
    if (shown.length === 0) return nothing;
    const all = this.picked.size > 0 && this.picked.size === shown.length;
    return html`<div class="list-head">
      <label><input type="checkbox" .checked=${all} .indeterminate=${this.picked.size > 0 && !all} aria-label="Choose all loaded rows" @click=${(event: Event) => {
        event.preventDefault();
        if (all) this.pickNone();
        else this.pickAll();
      }} />
        ${this.picked.size === 0 ? html`${formatCount(shown.length)} loaded` : html`${formatCount(this.picked.size)} of ${formatCount(shown.length)} chosen`}</label>
    </div>`;
  }

  /** What can be done with all chosen rows. */
  private bulk(): TemplateResult | typeof nothing {
    const { judging } = this.services;
    const items = this.chosen();
    const { running } = judging;
    if (items.length === 0 && running === null) return nothing;
    const judgeAll = (verdict: Verdict) => void judging.say(items, verdict, () => this.pickNone());
    return html`<div class="bulk" role="toolbar" aria-label="Chosen messages">
      <strong>${running === null ? html`${formatCount(items.length)} chosen` : html`${formatCount(running.done)} of ${formatCount(running.of)} …`}</strong>
      ${VERDICT_WORDS.map(({ verdict, label, icon: name }) => html`<button class="button small" data-verdict=${verdict} ?disabled=${running !== null} @click=${() => judgeAll(verdict)}>${icon(name)} ${label}</button>`)}
      <button class="button small" ?disabled=${running !== null} @click=${() => void judging.ask(items, { focus: "category" }, () => this.pickNone())}>${icon("edit")} More …</button>
      <span class="bar-line"></span>
      <button class="button small" ?disabled=${running !== null} @click=${() => void judging.move(items, "block")}>${icon("block")} Block</button>
      <button class="button small" ?disabled=${running !== null} @click=${() => void judging.move(items, "allow")}>${icon("allow")} Allow</button>
      <button class="icon-button small" aria-label="Choose none" @click=${() => this.pickNone()}>${icon("close")}</button>
    </div>`;
  }

  private list(shown: readonly Summary[]): TemplateResult {
    if (this.feed.rows.length === 0) {
      if (this.error !== null) return errorState(this.error, () => this.reload());
      if (this.busy) return skeleton(12);
    }
    if (shown.length === 0) {
      if (this.next !== null || this.busy) return emptyState("search", "Nothing found yet", "There is more to look through, further back.");
      if (this.page === "review" && !this.filtered()) return emptyState("check", "All done", "No message waits for a verdict. New ones of level High or Critical appear here by themselves.");
      return !this.filtered()
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
      work: {
        chosen: this.picked,
        near: this.near,
        approach: (near) => this.approach(near),
        choose: (id, options) => this.pick(id, options),
        judge: (item, verdict) => void this.services.judging.say([item], verdict, () => this.services.advance(item.message_id)),
      },
    });
  }

  private approach(near: Partial<Near>): void {
    const { pointed, focused } = { ...this.near, ...near };
    if (pointed === this.near.pointed && focused === this.near.focused) return;
    this.near = { pointed, focused };
    this.services.changed();
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
    const filters = { ...this.filters, ...change };
    this.services.go(this.page, writeFilters(this.query, this.page === "review" ? { ...filters, review: null } : filters));
  }

  /** The queue's page has a filter of its own, which need not stand in the address. */
  private whole(filters: Filters): Filters {
    return this.page === "review" ? { ...filters, review: "waiting", feedback: null } : { ...filters, review: null };
  }

  private filtered(): boolean {
    return countFilters({ ...this.filters, review: null }) > 0;
  }

  /** Search when the person stops typing; what they type stays theirs until then. */
  private readonly searchSoon = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    if (this.typing !== null) clearTimeout(this.typing);
    this.typing = window.setTimeout(() => this.search(input), TYPING_MS);
  };

  private readonly searchNow = (event: SubmitEvent): void => {
    event.preventDefault();
    const input = document.querySelector<HTMLInputElement>("#search");
    if (input) this.search(input);
  };

  private search(input: HTMLInputElement): void {
    if (this.typing !== null) clearTimeout(this.typing);
    this.typing = null;
    const text = input.value.trim();
    if (text !== (this.filters.text ?? "")) this.filter({ text: text === "" ? null : text });
  }

  private pick(id: string, { range }: { range: boolean }): void {
    const ids = this.feed.rows.map((row) => row.message_id);
    this.picked = chooseRange(this.picked, ids, { id, from: range ? this.lastPicked : null });
    this.lastPicked = id;
    this.services.changed();
  }

  private pickAll(): void {
    this.picked = new Set(this.feed.rows.map((row) => row.message_id));
    this.services.changed();
  }

  private pickNone(): void {
    this.picked = new Set();
    this.services.changed();
  }

  /** Let rows go that no longer fit the filters, and no longer choose what is gone. */
  private keepFitting({ rows, held }: Feed): void {
    const fits = (row: Summary) => acceptsFeedback(this.filters, row);
    this.feed = { rows: rows.every(fits) ? rows : rows.filter(fits), held: held.every(fits) ? held : held.filter(fits) };
    if (this.picked.size > 0) {
      const here = new Set(this.feed.rows.map((row) => row.message_id));
      this.picked = new Set([...this.picked].filter((id) => here.has(id)));
    }
    this.services.changed();
  }

  /** Read the newest rows again, for what people said while the line was cut. */
  private async readAgain(): Promise<void> {
    const { filters } = this;
    const found = new Map<string, Summary>();
    const pagesOfRows = Math.min(READ_AGAIN_PAGES, Math.ceil(this.feed.rows.length / 100));
    let next: string | null = null;
    try {
      for (let pages = 0; pages < pagesOfRows; pages += 1) {
        const page: Page<Message> = await this.ask(filters, { limit: 100, ...(next === null ? {} : { cursor: next }) });
        for (const row of this.services.hub.rowsOf(page.items)) found.set(row.message_id, row);
        next = page.next;
        if (next === null) break;
      }
    } catch {
      return; // the connection's state tells that the API is away
    }
    if (filters !== this.filters || pagesOfRows === 0) return;
    this.keepFitting({ ...this.feed, rows: bringUpToDate(this.feed.rows, found, { whole: next === null }) });
  }

  private ask(filters: Filters, more: MessageQuery, signal?: AbortSignal): Promise<Page<Message>> {
    const query = { ...toMessageQuery(filters), ...more };
    return filters.text === null ? this.services.api.messages(query, signal) : this.services.api.search(filters.text, query, signal);
  }

  private reload(): void {
    this.loading?.abort();
    this.feed = EMPTY_FEED;
    this.picked = new Set();
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
        const page = await this.ask(this.filters, { ...this.next, limit: PAGE }, abort.signal);
        if (abort.signal.aborted) return;
        const before = this.feed.rows.length;
        const found = this.services.hub.rowsOf(page.items).filter((row) => acceptsFeedback(this.filters, row));
        this.feed = { ...this.feed, rows: merge(this.feed.rows, found) };
        this.next = page.next === null ? null : { cursor: page.next };
        // Whoever scrolls fast is at the new end before anybody has seen that the old one was gone.
        if (page.items.length === PAGE) this.lookAtEnd();
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
    this.endOfList = element;
    this.lookAtEnd();
  };

  /** Look whether the end is in sight; from then on, the observer tells of changes only. */
  private lookAtEnd(): void {
    this.observer.disconnect();
    if (this.endOfList) this.observer.observe(this.endOfList);
  }

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
