/** The state of things at a glance. */

import { html, nothing, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { LEVELS, type FeedbackChange, type Level, type Message, type MessageQuery, type Page, type Summary, type Totals } from "../api/types.ts";
import { categoryName } from "../categories.ts";
import { ChartCanvas } from "../charts/canvas.ts";
import { scoresChart, USUAL_CUTOFFS, type Cutoffs } from "../charts/scores.ts";
import { trendChart, type Trend } from "../charts/trend.ts";
import { formatAge, formatChange, formatCount, formatMinute, formatShare } from "../format.ts";
import type { HubListener } from "../live/hub.ts";
import { busiest } from "../state/busiest.ts";
import { judge, merge } from "../state/feed.ts";
import { bucketStarts, parseRange, RANGE_LABELS, RANGES, type RangeName } from "../state/ranges.ts";
import { change, falsePositiveRate, tallyOfMessages, tallyOfStats, withLive, type Tally } from "../state/tally.ts";
import { cssValues } from "../ui/css-values.ts";
import { emptyState, errorState, levelBadge, phone, skeleton } from "../ui/parts.ts";
import { Loading } from "./loading.ts";
import { rows } from "./row.ts";
import type { Services, View } from "./services.ts";

const RECENT = 12;
const SYNC_EVERY_MS = 60_000;
const SETTLE_MS = 3_000;
/** Pages of a hundred messages: as many as are counted one by one, and as are looked through for threats. */
const COUNTED_PAGES = 10;
const THREAT_PAGES = 5;
const SENDER_PAGES = 2;
const MOST_CATEGORIES = 9;
const MOST_LAYERS = 5;
const MOST_SENDERS = 8;

interface Snapshot {
  readonly range: RangeName;
  readonly from: string;
  readonly tally: Tally;
  readonly before: Before | null;
  /** Where counting began, if that is not where the range begins. */
  readonly since: string | null;
  readonly model: string;
  readonly rules: string;
}

/** An equally long time before the range. */
interface Before {
  readonly totals: Totals;
  /** Messages in each bucket. */
  readonly buckets: readonly number[];
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
  private readonly dangerous: Loading<readonly Summary[]>;
  private readonly scores: ChartCanvas<{ counts: readonly number[]; cutoffs: Cutoffs }>;
  private by: Trend["by"] = "level";
  private cutoffs: Cutoffs = USUAL_CUTOFFS;
  private shown: { snapshot: Snapshot; live: readonly Summary[]; by: Trend["by"]; tally: Tally; trend: Trend; scores: { counts: readonly number[]; cutoffs: Cutoffs } } | null = null;
  private unsubscribe: (() => void) | null = null;
  private every: number | null = null;
  private settle: number | null = null;

  constructor(private readonly services: Services) {
    this.snapshot = new Loading(services.changed);
    this.threats = new Loading(services.changed);
    this.dangerous = new Loading(services.changed);
    this.trend = new ChartCanvas<Trend>(trendChart, services.theme, { range: this.range, by: this.by, buckets: [], before: null, categories: [] });
    this.scores = new ChartCanvas<{ counts: readonly number[]; cutoffs: Cutoffs }>(scoresChart, services.theme, { counts: [], cutoffs: USUAL_CUTOFFS });
  }

  enter(query: URLSearchParams): void {
    const range = parseRange(query.get("range"));
    const first = this.unsubscribe === null;
    if (first) {
      this.unsubscribe = this.services.hub.subscribe(this);
      this.every = window.setInterval(() => this.sync(), SYNC_EVERY_MS);
    }
    if (first || range !== this.range) {
      if (range !== this.range) this.snapshot.clear();
      this.range = range;
      void this.load({ threats: first });
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
    if (this.dangerous.value !== null) this.dangerous.value = merge(this.dangerous.value, threats.filter(isDangerous));
    // Counting goes on locally at once; the API's counters have the last word a little later.
    if (this.range !== "1h") {
      this.settle ??= window.setTimeout(() => {
        this.settle = null;
        this.sync();
      }, SETTLE_MS);
    }
    this.services.changed();
  }

  judged(changes: readonly FeedbackChange[]): void {
    this.recent = judge(this.recent, changes);
    this.settle ??= window.setTimeout(() => {
      this.settle = null;
      this.sync();
    }, SETTLE_MS);
    this.services.changed();
  }

  resumed(): void {
    // What people said meanwhile comes with the threats.
    void this.loadThreats();
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
    const { tally, trend, scores } = this.current(snapshot);
    this.trend.show(trend);
    this.scores.show(scores);
    return html`
      ${this.snapshot.error === null ? nothing : html`<p class="notice" role="alert">${this.snapshot.error} These numbers are older.</p>`}
      ${this.cards(tally.totals, snapshot)}
      <div class="panels">
        <section class="panel wide">
          <header><h2>Volume</h2>${this.layers()}${legend(trend)}</header>
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
          <p class="axis-note">risk score, and where Medium, High and Critical begin</p>
          <header class="second"><h2>Busiest senders</h2></header>
          ${this.senders()}
        </section>
      </div>`;
  }

  private layers(): TemplateResult {
    const choice = (by: Trend["by"], label: string) => html`<button
      aria-pressed=${this.by === by ? "true" : "false"}
      @click=${() => {
        this.by = by;
        this.services.changed();
      }}
    >
      ${label}
    </button>`;
    return html`<div class="segments small" role="group" aria-label="Volume by">${choice("level", "Levels")}${choice("category", "Categories")}</div>`;
  }

  /** Senders of High and Critical messages, by how many they sent. */
  private senders(): TemplateResult {
    const { value, error } = this.dangerous;
    if (error !== null && value === null) return errorState(error, () => void this.loadDangerous());
    if (value === null) return skeleton(4);
    const found = busiest(value, MOST_SENDERS);
    if (found.length === 0) return html`<p class="quiet">No High or Critical message with a known sender.</p>`;
    const most = found[0]?.messages ?? 1;
    const { masked } = this.services.settings();
    return html`<ol class="bars">
      ${found.map(
        ({ phone_number, messages, worst }) => html`<li>
          <a href="#/messages?${new URLSearchParams({ sender: phone_number }).toString()}" data-level=${worst}>
            <span class="bar-name">${phone(phone_number, { masked })}</span><span class="bar-count">${formatCount(messages)}</span>
            <span class="bar level-bar" ${cssValues({ "--share": messages / most })}></span>
          </a>
        </li>`,
      )}
    </ol>`;
  }

  private current(snapshot: Snapshot): NonNullable<typeof this.shown> {
    const { live, by } = this;
    if (this.shown?.snapshot !== snapshot || this.shown.live !== live || this.shown.by !== by) {
      const tally = withLive(snapshot.tally, live);
      const categories = suspicious(tally.totals).slice(0, MOST_LAYERS).map(([code]) => code);
      this.shown = {
        snapshot,
        live,
        by,
        tally,
        trend: { range: snapshot.range, by, buckets: tally.buckets, before: snapshot.before?.totals.messages ? snapshot.before.buckets : null, categories },
        scores: { counts: tally.totals.by_score, cutoffs: this.cutoffs },
      };
    }
    return this.shown;
  }

  private cards(totals: Totals, { before, since, model, rules }: Snapshot): TemplateResult {
    const against = (pick: (totals: Totals) => number) => (before === null ? null : change(pick(totals), pick(before.totals)));
    return html`<ul class="cards" aria-label=${RANGE_LABELS[this.range]}>
        ${card("messages", "Analysed", formatCount(totals.messages), since === null ? moved(against((sums) => sums.messages), " vs before") : html`since ${formatMinute(since)}`)}
        ${[...LEVELS].reverse().map((level) => this.levelCard(level, totals, against((sums) => sums.by_level[level])))}
        ${card("blocked", "Handled automatically", formatCount(totals.automatically_blacklisted), html`<span>senders blocked</span> ${moved(against((sums) => sums.automatically_blacklisted))}`)}
      </ul>
      ${this.work(totals, { model, rules })}`;
  }

  /** What waits for people, and how well the machine does by their word. */
  private work(totals: Totals, { model, rules }: { model: string; rules: string }): TemplateResult {
    const { waiting } = this.services.pulse;
    const rate = falsePositiveRate(totals);
    const { feedback } = totals;
    return html`<ul class="cards work" aria-label="Work">
      ${card("waiting", "Waiting for review", waiting === null ? "–" : formatCount(waiting.review), html`<span>High and Critical</span>`, "#/review")}
      ${card("oldest", "Oldest waiting", waiting?.oldestAt ? formatAge(waiting.oldestAt, new Date()) : "–", waiting?.oldestAt ? html`since ${formatMinute(waiting.oldestAt)}` : html`nothing waits`, "#/review")}
      ${card("alerts", "Alerts open", waiting === null ? "–" : formatCount(waiting.alerts), html`to acknowledge`, "#/alerts")}
      ${card(
        "wrong",
        "Wrong alarms",
        rate === null ? "–" : formatShare(rate),
        rate === null ? html`nobody has judged any` : html`${formatCount(feedback.false_positives)} of ${formatCount(feedback.scam + feedback.false_positives)} judged`,
        "#/messages?feedback=legitimate",
      )}
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
    const found = suspicious(totals);
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
    this.services.pulse.take(stats);
    const versions = { range, from, model: stats.model_version, rules: stats.rules_version };
    if (range === "1h") {
      const messages = await this.readAll(from, stats.to, signal);
      if (messages !== null) return { ...versions, tally: tallyOfMessages(messages, starts, stats.to), before: null, since: null };
      return { ...versions, tally: tallyOfStats(stats, starts), before: null, since: stats.hours[0]?.hour ?? null };
    }
    const last = this.snapshot.value;
    const before = last?.from === from && last.range === range ? last.before : await this.readBefore(starts, signal);
    return { ...versions, tally: tallyOfStats(stats, starts), before, since: null };
  }

  /** Read the sums of an equally long time before the range, bucket by bucket. */
  private async readBefore(starts: readonly Date[], signal: AbortSignal): Promise<Before> {
    const begin = starts[0]?.getTime() ?? Date.now();
    const length = Date.now() - begin;
    const from = new Date(begin - length).toISOString();
    const to = new Date(begin - 1).toISOString();
    const stats = await this.services.api.stats({ from, to }, signal);
    const { buckets } = tallyOfStats(stats, starts.map((start) => new Date(start.getTime() - length)));
    return { totals: stats.totals, buckets: buckets.map(({ by_level }) => LEVELS.reduce((sum, level) => sum + by_level[level], 0)) };
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

  /** One after the other, what is at the top first: calls at the same time may each have to wake a function. */
  private async load({ threats }: { threats: boolean }): Promise<void> {
    await this.loadSnapshot();
    if (threats) await this.loadThreats();
    if (this.unsubscribe !== null) await this.loadDangerous();
    if (this.unsubscribe !== null && this.cutoffs === USUAL_CUTOFFS) await this.loadCutoffs();
  }

  /** A deployment may have cut-offs of its own. */
  private async loadCutoffs(): Promise<void> {
    try {
      const { medium, high, critical } = (await this.services.api.system()).cutoffs;
      this.cutoffs = { Medium: medium, High: high, Critical: critical };
      this.shown = null;
      this.services.changed();
    } catch {
      // The usual ones stay; the next visit asks again.
    }
  }

  /** Read the High and Critical messages of the range, the newest hundreds of them. */
  private async loadDangerous(): Promise<void> {
    const from = (bucketStarts(this.range, new Date())[0] ?? new Date()).toISOString();
    this.dangerous.value = null;
    await this.dangerous.load(async (signal) => {
      const read = async (level: Level): Promise<Summary[]> => {
        const found: Summary[] = [];
        for await (const page of this.pages({ level, from }, SENDER_PAGES, signal)) found.push(...this.services.hub.rowsOf(page));
        return found;
      };
      return [...(await read("Critical")), ...(await read("High"))];
    });
  }

  private async loadThreats(): Promise<void> {
    await this.threats.load(async (signal) => {
      const found: Summary[] = [];
      for await (const page of this.pages({}, THREAT_PAGES, signal)) {
        found.push(...this.services.hub.rowsOf(page).filter((item) => item.risk_level !== "Low"));
        if (found.length >= RECENT) break;
      }
      return found;
    });
    const read = this.threats.value ?? [];
    const known = new Map(read.map((item) => [item.message_id, item]));
    this.recent = merge(this.recent.map((item) => known.get(item.message_id) ?? item), read).slice(0, RECENT);
    this.services.changed();
  }
}

function isDangerous({ risk_level }: Summary): boolean {
  return risk_level === "High" || risk_level === "Critical";
}

/** Categories but the harmless one, the most frequent first. */
function suspicious(totals: Totals): [string, number][] {
  return Object.entries(totals.by_category)
    .filter(([code, count]) => count > 0 && code !== "legitimate")
    .sort(([, a], [, b]) => b - a);
}

function card(name: string, title: string, number: string, note: TemplateResult | typeof nothing, href?: string): TemplateResult {
  const content = html`<h2>${title}</h2><p class="card-number">${number}</p><p class="card-note">${note}</p>`;
  return html`<li class="card" data-card=${name}>${href === undefined ? content : html`<a class="card-link" href=${href}>${content}</a>`}</li>`;
}

function moved(share: number | null, words = ""): TemplateResult | typeof nothing {
  return share === null ? nothing : html`<span title="Against the same time before">${formatChange(share)}${words}</span>`;
}

function legend({ by, before, categories }: Trend): TemplateResult {
  if (by === "level") {
    return html`<ul class="legend">${LEVELS.map((level) => html`<li data-level=${level}><span class="swatch" aria-hidden="true"></span>${level}</li>`)}
      ${before === null ? nothing : html`<li><span class="dashes" aria-hidden="true"></span>time before</li>`}</ul>`;
  }
  return html`<ul class="legend">${categories.map((code, index) => html`<li data-series=${index}><span class="swatch" aria-hidden="true"></span>${categoryName(code)}</li>`)}
    <li data-level="Low"><span class="swatch" aria-hidden="true"></span>Others</li></ul>`;
}

function trendSummary(range: RangeName, totals: Totals): string {
  const levels = LEVELS.map((level) => `${level} ${formatCount(totals.by_level[level])}`).join(", ");
  return `${RANGE_LABELS[range]}: ${formatCount(totals.messages)} messages. ${levels}`;
}
