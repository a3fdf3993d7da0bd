/** The state of things at a glance. */

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { LEVELS, type Level, type Message, type MessageQuery, type Page, type Summary, type Totals } from "../api/types.ts";
import { categoryName } from "../categories.ts";
import { ChartCanvas } from "../charts/canvas.ts";
import { scoresChart } from "../charts/scores.ts";
import { trendChart, type Trend } from "../charts/trend.ts";
import { formatChange, formatCount, formatMinute, formatShare } from "../format.ts";
import type { HubListener } from "../live/hub.ts";
import { merge } from "../state/feed.ts";
import { bucketStarts, parseRange, RANGE_LABELS, RANGES, type RangeName } from "../state/ranges.ts";
import { change, tallyOfMessages, tallyOfStats, withLive, type Tally } from "../state/tally.ts";
import { summarize } from "../text/excerpt.ts";
import { cssValues } from "../ui/css-values.ts";
import { emptyState, errorState, levelBadge, skeleton } from "../ui/parts.ts";
import { Loading } from "./loading.ts";
import { rows } from "./row.ts";
import type { Services, View } from "./services.ts";

const RECENT = 12;
const SYNC_EVERY_MS = 60_000;
const SETTLE_MS = 3_000;
/** Pages of a hundred messages: as many as are counted one by one, and as are looked through for threats. */
const COUNTED_PAGES = 10;
const THREAT_PAGES = 5;
const MOST_CATEGORIES = 9;

interface Snapshot {
  readonly range: RangeName;
  readonly from: string;
  readonly tally: Tally;
  readonly before: Totals | null;
  /** Where counting began, if that is not where the range begins. */
  readonly since: string | null;
  readonly model: string;
  readonly rules: string;
}

export class Overview implements View, HubListener {
  readonly title = "Overview";
  private range: RangeName = "24h";
  private live: readonly Summary[] = [];
  private recent: readonly Summary[] = [];
  private readonly freshIds = new Set<string>();
  private readonly unmasked = new Set<string>();
  private readonly snapshot: Loading<Snapshot>;
  private readonly threats: Loading<readonly Summary[]>;
  private readonly trend: ChartCanvas<Trend>;
  private readonly scores: ChartCanvas<readonly number[]>;
  private shown: { snapshot: Snapshot; live: readonly Summary[]; tally: Tally; trend: Trend } | null = null;
  private unsubscribe: (() => void) | null = null;
  private every: number | null = null;
  private settle: number | null = null;

  constructor(private readonly services: Services) {
    this.snapshot = new Loading(services.changed);
    this.threats = new Loading(services.changed);
    this.trend = new ChartCanvas<Trend>(trendChart, services.theme, { range: this.range, buckets: [] });
    this.scores = new ChartCanvas<readonly number[]>(scoresChart, services.theme, []);
  }

  enter(query: URLSearchParams): void {
    const range = parseRange(query.get("range"));
    const first = this.unsubscribe === null;
    if (first) {
      this.unsubscribe = this.services.hub.subscribe(this);
      this.every = window.setInterval(() => this.sync(), SYNC_EVERY_MS);
      void this.loadThreats();
    }
    if (first || range !== this.range) {
      if (range !== this.range) this.snapshot.clear();
      this.range = range;
      void this.loadSnapshot();
    }
  }

  leave(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    if (this.every !== null) clearInterval(this.every);
    if (this.settle !== null) clearTimeout(this.settle);
    this.settle = null;
  }

  fresh(items: readonly Summary[]): void {
    this.live = merge(this.live, items);
    const threats = items.filter((item) => item.risk_level !== "Low");
    for (const item of threats) this.freshIds.add(item.message_id);
    this.recent = merge(this.recent, threats).slice(0, RECENT);
    // Counting goes on locally at once; the API's counters have the last word a little later.
    if (this.range !== "1h") {
      this.settle ??= window.setTimeout(() => {
        this.settle = null;
        this.sync();
      }, SETTLE_MS);
    }
    this.services.changed();
  }

  stale(): void {
    this.sync();
    void this.loadThreats();
  }

  rows(): readonly Summary[] {
    return this.recent;
  }

  render(): TemplateResult {
    return html`
      <div class="page-head">
        <h1>Overview</h1>
        <span class="spacer"></span>
        <div class="segments" role="group" aria-label="Range of time">
          ${RANGES.map(
            (name) => html`<button aria-pressed=${name === this.range ? "true" : "false"} title=${RANGE_LABELS[name]} @click=${() => this.choose(name)}>${name.replace("h", " h").replace("d", " d")}</button>`,
          )}
        </div>
      </div>
      ${this.body()}`;
  }

  private body(): TemplateResult {
    const snapshot = this.snapshot.value;
    if (snapshot === null) {
      return this.snapshot.error === null ? skeleton(10) : errorState(this.snapshot.error, () => void this.loadSnapshot());
    }
    const { tally, trend } = this.current(snapshot);
    this.trend.show(trend);
    this.scores.show(tally.totals.by_score);
    return html`
      ${this.snapshot.error === null ? nothing : html`<p class="notice" role="alert">${this.snapshot.error} These numbers are older.</p>`}
      ${this.cards(tally.totals, snapshot)}
      <div class="panels">
        <section class="panel wide">
          <header><h2>Volume by level</h2>${legend()}</header>
          <div class="chart">
            <canvas role="img" aria-label=${trendSummary(this.range, tally.totals)} ${ref(this.trend.attach)}></canvas>
          </div>
        </section>
        <section class="panel">
          <header><h2>Categories</h2></header>
          ${this.categories(tally.totals)}
        </section>
        <section class="panel wide">
          <header><h2>Recent threats</h2><span class="spacer"></span><a class="link" href="#/messages">All messages</a></header>
          ${this.threatRows()}
        </section>
        <section class="panel fit">
          <header><h2>Scores</h2></header>
          <div class="chart low">
            <canvas role="img" aria-label="Messages by score: ${tally.totals.by_score.map((count, decile) => `from ${decile * 10}: ${count}`).join(", ")}" ${ref(this.scores.attach)}></canvas>
          </div>
          <p class="axis-note">risk score</p>
        </section>
      </div>`;
  }

  private current(snapshot: Snapshot): { tally: Tally; trend: Trend } {
    if (this.shown?.snapshot !== snapshot || this.shown.live !== this.live) {
      const tally = withLive(snapshot.tally, this.live);
      this.shown = { snapshot, live: this.live, tally, trend: { range: snapshot.range, buckets: tally.buckets } };
    }
    return this.shown;
  }

  private cards(totals: Totals, { before, since, model, rules }: Snapshot): TemplateResult {
    const against = (pick: (totals: Totals) => number) => (before === null ? null : change(pick(totals), pick(before)));
    return html`<ul class="cards" aria-label=${RANGE_LABELS[this.range]}>
      ${card("messages", "Analysed", totals.messages, since === null ? moved(against((sums) => sums.messages), " vs before") : html`since ${formatMinute(since)}`)}
      ${[...LEVELS].reverse().map((level) => this.levelCard(level, totals, against((sums) => sums.by_level[level])))}
      ${card("blocked", "Senders blocked", totals.automatically_blacklisted, html`automatically`)}
      <li class="card versions" data-card="versions">
        <h2>Judged by</h2>
        <dl><dt>model</dt><dd title=${model}>${model}</dd><dt>rules</dt><dd title=${rules}>${rules}</dd></dl>
      </li>
    </ul>`;
  }

  private levelCard(level: Level, totals: Totals, moved_: number | null): TemplateResult {
    const count = totals.by_level[level];
    const share = totals.messages === 0 ? null : count / totals.messages;
    return html`<li class="card" data-card=${level} data-level=${level}>
      <h2>${levelBadge(level)}</h2>
      <p class="card-number">${formatCount(count)}</p>
      <p class="card-note">${share === null ? "–" : formatShare(share)} ${moved(moved_)}</p>
    </li>`;
  }

  private categories(totals: Totals): TemplateResult {
    const found = Object.entries(totals.by_category)
      .filter(([code, count]) => count > 0 && code !== "legitimate")
      .sort(([, a], [, b]) => b - a);
    if (found.length === 0) return emptyState("check", "Nothing suspicious", "No scam or marketing in this range of time.");
    const most = found[0]?.[1] ?? 1;
    const rest = found.slice(MOST_CATEGORIES);
    return html`<ol class="bars">
      ${found.slice(0, MOST_CATEGORIES).map(
        ([code, count]) => html`<li>
          <a href="#/messages?category=${code}">
            <span class="bar-name">${categoryName(code)}</span><span class="bar-count">${formatCount(count)}</span>
            <span class="bar" ${cssValues({ "--share": count / most })}></span>
          </a>
        </li>`,
      )}
      ${rest.length === 0 ? nothing : html`<li class="quiet">${rest.length} more with ${formatCount(rest.reduce((sum, [, count]) => sum + count, 0))}</li>`}
    </ol>`;
  }

  private threatRows(): TemplateResult {
    if (this.threats.value === null && this.recent.length === 0) {
      return this.threats.error === null ? skeleton(6) : errorState(this.threats.error, () => void this.loadThreats());
    }
    if (this.recent.length === 0) return emptyState("check", "All quiet", "No message of level Medium or above yet.");
    return rows(this.recent, {
      label: "Recent threats",
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

  private choose(range: RangeName): void {
    const query = new URLSearchParams(range === "24h" ? {} : { range });
    const opened = this.services.opened();
    if (opened !== null) query.set("open", opened);
    this.services.go("overview", query);
  }

  private sync(): void {
    if (document.visibilityState === "visible" && !this.snapshot.busy) void this.loadSnapshot();
  }

  private async loadSnapshot(): Promise<void> {
    const range = this.range;
    await this.snapshot.load((signal) => this.read(range, signal));
    const taken = this.snapshot.value?.tally.taken;
    if (taken !== undefined) this.live = this.live.filter((item) => item.analyzed_at > taken);
  }

  private async read(range: RangeName, signal: AbortSignal): Promise<Snapshot> {
    const { api } = this.services;
    const starts = bucketStarts(range, new Date());
    const begin = starts[0] ?? new Date();
    const from = begin.toISOString();
    const stats = await api.stats({ from }, signal);
    const versions = { range, from, model: stats.model_version, rules: stats.rules_version };
    if (range === "1h") {
      const messages = await this.readAll(from, stats.to, signal);
      if (messages !== null) return { ...versions, tally: tallyOfMessages(messages, starts, stats.to), before: null, since: null };
      return { ...versions, tally: tallyOfStats(stats, starts), before: null, since: stats.hours[0]?.hour ?? null };
    }
    const last = this.snapshot.value;
    const before = last?.from === from && last.range === range ? last.before : await this.readBefore(begin, signal);
    return { ...versions, tally: tallyOfStats(stats, starts), before, since: null };
  }

  /** Read the sums of an equally long time before the range. */
  private async readBefore(begin: Date, signal: AbortSignal): Promise<Totals> {
    const length = Date.now() - begin.getTime();
    const from = new Date(begin.getTime() - length).toISOString();
    const to = new Date(begin.getTime() - 1).toISOString();
    return (await this.services.api.stats({ from, to }, signal)).totals;
  }

  /** Read all messages of a range, or null if they are too many. */
  private async readAll(from: string, to: string, signal: AbortSignal): Promise<readonly Message[] | null> {
    const messages: Message[] = [];
    let pages = 0;
    for await (const page of this.pages({ from, to }, COUNTED_PAGES + 1, signal)) {
      messages.push(...page);
      pages += 1;
    }
    return pages > COUNTED_PAGES ? null : messages;
  }

  /** Read messages page by page, newest first, up to a number of pages. */
  private async *pages(query: MessageQuery, most: number, signal: AbortSignal): AsyncGenerator<readonly Message[]> {
    let cursor: string | null = null;
    for (let pages = 0; pages < most; pages += 1) {
      const page: Page<Message> = await this.services.api.messages({ ...query, limit: 100, ...(cursor === null ? {} : { cursor }) }, signal);
      yield page.items;
      cursor = page.next;
      if (cursor === null) return;
    }
  }

  private async loadThreats(): Promise<void> {
    await this.threats.load(async (signal) => {
      const found: Summary[] = [];
      for await (const page of this.pages({}, THREAT_PAGES, signal)) {
        found.push(...page.map(summarize).filter((item) => item.risk_level !== "Low"));
        if (found.length >= RECENT) break;
      }
      return found;
    });
    this.recent = merge(this.recent, this.threats.value ?? []).slice(0, RECENT);
    this.services.changed();
  }
}

function card(name: string, title: string, count: number, note: TemplateResult | typeof nothing): TemplateResult {
  return html`<li class="card" data-card=${name}>
    <h2>${title}</h2>
    <p class="card-number">${formatCount(count)}</p>
    <p class="card-note">${note}</p>
  </li>`;
}

function moved(share: number | null, words = ""): TemplateResult | typeof nothing {
  return share === null ? nothing : html`<span title="Against the same time before">${formatChange(share)}${words}</span>`;
}

function legend(): TemplateResult {
  return html`<ul class="legend">${LEVELS.map((level) => html`<li data-level=${level}><span class="swatch" aria-hidden="true"></span>${level}</li>`)}</ul>`;
}

function trendSummary(range: RangeName, totals: Totals): string {
  const levels = LEVELS.map((level) => `${level} ${formatCount(totals.by_level[level])}`).join(", ");
  return `${RANGE_LABELS[range]}: ${formatCount(totals.messages)} messages. ${levels}`;
}
