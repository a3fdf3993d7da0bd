/** A message beside the page: what it says, why it was judged so, who sent it, and what to do. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { FeedbackChange, Feedback, ListName, Message, SenderEntry, Summary } from "../api/types.ts";
import { formatFull, formatMinute, formatWhen } from "../format.ts";
import { maskText } from "../text/mask.ts";
import { isNews } from "../state/feed.ts";
import type { HubListener } from "../live/hub.ts";
import { flatten } from "../text/reveal.ts";
import { icon } from "../ui/icons.ts";
import { actionTag, copyButton, errorState, levelBadge, listTag, phone, skeleton } from "../ui/parts.ts";
import { Explanation, type Explained } from "./explanation.ts";
import { Loading } from "./loading.ts";
import { Opinion } from "./opinion.ts";
import { Retesting } from "./retest.ts";
import { channelName } from "./row.ts";
import { Sent } from "./sent.ts";
import type { Services } from "./services.ts";

const HISTORY = 6;

interface SenderPicture {
  readonly entry: SenderEntry | null;
  readonly others: readonly Summary[];
}

export class Detail implements HubListener {
  private id: string | null = null;
  private unmasked = false;
  private readonly explanation: Explanation;
  private readonly message: Loading<Message>;
  private readonly sender: Loading<SenderPicture>;
  private readonly opinion: Opinion;
  private readonly retesting: Retesting;
  private readonly sent: Sent;

  constructor(private readonly services: Services) {
    this.explanation = new Explanation(services.changed);
    this.message = new Loading(services.changed);
    this.sender = new Loading(services.changed);
    this.opinion = new Opinion(services);
    this.retesting = new Retesting(services);
    this.sent = new Sent(services);
  }

  /** Show another message, or none. */
  show(id: string | null): void {
    if (id === this.id) return;
    this.id = id;
    this.explanation.reset();
    this.unmasked = false;
    this.message.clear();
    this.sender.clear();
    this.opinion.clear();
    this.retesting.clear();
    this.sent.clear();
    if (id !== null) void this.load(id);
  }

  render(walk: { previous: (() => void) | null; next: (() => void) | null }): TemplateResult | typeof nothing {
    if (this.id === null) return nothing;
    return html`<aside class="detail" aria-label="Message">
      <header class="detail-head">
        <button class="icon-button" title="Previous (K)" aria-label="Previous message" ?disabled=${!walk.previous} @click=${walk.previous}>${icon("up")}</button>
        <button class="icon-button" title="Next (J)" aria-label="Next message" ?disabled=${!walk.next} @click=${walk.next}>${icon("down")}</button>
        <span class="spacer"></span>
        <button class="icon-button" title="Close (Esc)" aria-label="Close" @click=${() => this.services.open(null)}>${icon("close")}</button>
      </header>
      <div class="detail-body">${this.body()}</div>
      ${this.message.value === null ? nothing : this.opinion.bar(this.message.value)}
    </aside>`;
  }

  /** The message, once the person can see it. */
  shown(): Message | null {
    return this.message.value;
  }

  /** Test the shown message again. Returns whether there is one. */
  retest(): boolean {
    if (this.message.value === null) return false;
    void this.retesting.run(this.message.value.message_id);
    return true;
  }

  fresh(): void {
    // New messages change nothing here.
  }

  judged(changes: readonly FeedbackChange[]): void {
    const message = this.message.value;
    const change = changes.find(({ message_id }) => message_id === message?.message_id);
    if (!message || !change || !isNews(message.feedback, change)) return;
    // Its note is read with the history.
    this.message.value = { ...message, feedback: change.feedback as Feedback | null };
    void this.opinion.load(message.message_id);
    this.services.changed();
  }

  resumed(): void {
    const message = this.message.value;
    if (message) void this.catchUp(message.message_id);
  }

  stale(): void {
    this.resumed();
  }

  /** Senders have come onto a list, or left one. */
  moved(numbers: readonly string[]): void {
    const number = this.message.value?.phone_number;
    if (this.id !== null && number && numbers.includes(number)) void this.loadSender(this.id, number);
  }

  /** Read what people said while the line was cut. */
  private async catchUp(id: string): Promise<void> {
    await this.opinion.load(id);
    const said = this.opinion.current();
    if (said !== undefined) this.judged([{ message_id: id, feedback: said, changed_at: null }]);
  }

  private async load(id: string): Promise<void> {
    await this.message.load((signal) => this.services.api.message(id, signal));
    const message = this.message.value;
    if (id !== this.id || message === null) return;
    await Promise.all([message.phone_number === null ? null : this.loadSender(id, message.phone_number), message.feedback ? this.opinion.load(id) : null]);
    if (id === this.id) await this.sent.load(id);
  }

  private loadSender(id: string, number: string): Promise<void> {
    const { api } = this.services;
    return this.sender.load(async (signal) => {
      const [entry, page] = await Promise.all([api.sender(number, signal), api.messages({ sender: number, limit: HISTORY + 1 }, signal)]);
      return { entry, others: this.services.hub.rowsOf(page.items.filter((item) => item.message_id !== id).slice(0, HISTORY)) };
    });
  }

  private body(): TemplateResult {
    const message = this.message.value;
    if (this.message.error !== null) return errorState(this.message.error, () => this.id !== null && void this.load(this.id));
    if (message === null) return skeleton(8);
    const masked = this.services.settings().masked && !this.unmasked;
    const explained: Explained = { text: message.message_content, reasons: message.reasons, score: message.risk_score };
    return html`
      ${this.opinion.standing(message)}
      <div class="verdict" data-level=${message.risk_level}>
        <div class="verdict-score" role="img" aria-label="Risk score ${message.risk_score} of 100">${message.risk_score}</div>
        <div>
          <h2>${message.threat_category}</h2>
          <p class="verdict-line">${levelBadge(message.risk_level)} ${actionTag(message.action)}</p>
        </div>
      </div>
      <p class="primary-reason">${message.primary_reason}</p>
      <p class="advice">${message.advice}</p>

      <section>
        <h3>Message ${copyButton(message.message_content, "text", this.services.copy)}</h3>
        ${masked
          ? html`<div class="message-text masked"><bdi>${maskText(flatten(message.message_content))}</bdi></div>
              <button class="button small" @click=${this.unmask}>${icon("eye")} Show the text</button>`
          : this.explanation.text(explained)}
      </section>

      <section>
        <h3>Why</h3>
        ${masked ? html`<p class="quiet">Reasons quote the text. Show it to see them.</p>` : this.explanation.bars(explained)}
      </section>

      ${this.senderSection(message, masked)} ${this.opinion.words(message)} ${this.sent.render()} ${this.retesting.render(message.message_id, masked)}

      <section>
        <h3>Details</h3>
        <dl class="facts">
          <dt>Analysed</dt><dd>${formatFull(message.analyzed_at)}</dd>
          ${message.channel === null ? nothing : html`<dt>Channel</dt><dd>${channelName(message.channel)}</dd>`}
          <dt>Message id</dt><dd><code>${message.message_id}</code> ${copyButton(message.message_id, "id", this.services.copy)}</dd>
          <dt>Model</dt><dd><code>${message.model_version}</code></dd>
          <dt>Rules</dt><dd><code>${message.rules_version}</code></dd>
          ${masked ? nothing : Object.entries(message.metadata).map(([name, value]) => html`<dt><bdi>${flatten(name)}</bdi></dt><dd><bdi>${flatten(value)}</bdi></dd>`)}
        </dl>
        ${masked ? nothing : this.json(message)}
      </section>`;
  }

  private senderSection(message: Message, masked: boolean): TemplateResult {
    if (message.phone_number === null) {
      return html`<section><h3>Sender</h3><p class="quiet">This message came without a sender.</p></section>`;
    }
    const picture = this.sender.value;
    return html`<section>
      <h3>Sender</h3>
      <div class="sender-line">
        <strong>${phone(message.phone_number, { masked })}</strong>
        ${picture?.entry ? listTag(picture.entry.list) : nothing}
        <span class="spacer"></span>
        ${this.senderActions(message, picture?.entry ?? null)}
      </div>
      ${picture?.entry ? senderFacts(picture.entry) : nothing}
      ${this.sender.error === null ? nothing : html`<p class="quiet">${this.sender.error}</p>`}
      ${picture ? this.history(picture.others, message.phone_number, masked) : this.sender.busy ? skeleton(3) : nothing}
    </section>`;
  }

  private senderActions(message: Message, entry: SenderEntry | null): TemplateResult {
    const move = (list: ListName | null) => void this.services.judging.move([message], list);
    const button = (list: ListName, label: string, key: string) =>
      html`<button class="button small" title="${label} (${key})" aria-keyshortcuts=${key.toLowerCase()} @click=${() => move(list)}>${icon(list)} ${label}</button>`;
    return html`
      ${entry?.list === "block" ? nothing : button("block", "Block", "B")} ${entry?.list === "allow" ? nothing : button("allow", "Allow", "A")}
      ${entry ? html`<button class="button small" @click=${() => move(null)}>${icon("undo")} Take off</button>` : nothing}
    `;
  }

  private history(others: readonly Summary[], number: string, masked: boolean): TemplateResult {
    if (others.length === 0) return html`<p class="quiet">No other message from this sender.</p>`;
    return html`<ol class="history">
        ${others.map(
          (item) => html`<li>
            <button class="history-item" @click=${() => this.services.open(item.message_id)}>
              <time datetime=${item.analyzed_at}>${historyTime(item.analyzed_at)}</time>
              ${levelBadge(item.risk_level, item.risk_score)}
              <bdi class="clip">${masked ? maskText(flatten(item.excerpt)) : flatten(item.excerpt)}</bdi>
            </button>
          </li>`,
        )}
      </ol>
      <button class="link" @click=${() => this.services.go("messages", new URLSearchParams({ sender: number }))}>All messages of this sender</button>`;
  }

  private json(message: Message): TemplateResult {
    const text = JSON.stringify(message, null, 2);
    return html`<details class="json">
      <summary>JSON</summary>
      <div class="json-text">${copyButton(text, "JSON", this.services.copy)}<pre>${flatten(text)}</pre></div>
    </details>`;
  }

  private readonly unmask = (): void => {
    this.unmasked = true;
    this.services.changed();
  };
}

function senderFacts(entry: SenderEntry): TemplateResult {
  const by = entry.added_by === "automatic" ? "automatically" : `by key ${entry.added_by}`;
  return html`<p class="quiet sender-facts">
    <bdi>${flatten(entry.reason)}</bdi> · ${by}, ${formatMinute(entry.updated_at)}${entry.strikes > 0 ? html` · ${entry.strikes} Critical` : nothing}${entry.expires_at
      ? html` · until ${formatMinute(entry.expires_at)}`
      : nothing}
  </p>`;
}

function historyTime(iso: string): string {
  const { main, aside } = formatWhen(iso, new Date());
  return aside === null ? main : `${aside}, ${main}`;
}
