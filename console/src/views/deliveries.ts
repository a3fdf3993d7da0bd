/** What became of each delivery, and sending it once more. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { DELIVERY_STATUSES, type Attempt, type Delivery, type DeliveryStatus } from "../api/alerts.ts";
import { formatCount, formatMinute } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { confirm } from "../ui/dialog.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import { Acting } from "./acting.ts";
import { adminNeeded } from "./admin-needed.ts";
import type { Part } from "./alerts.ts";
import { Paged } from "./paged.ts";
import { DELIVERY_WORDS, deliveryTag } from "./sent.ts";
import type { Services } from "./services.ts";

export class Deliveries implements Part {
  private status: DeliveryStatus | null = null;
  private endpoint: string | null = null;
  private readonly deliveries: Paged<Delivery>;
  private readonly acting: Acting;

  constructor(private readonly services: Services) {
    this.deliveries = new Paged(services.changed, (cursor, signal) =>
      services.api.deliveries({ ...(this.status ? { status: this.status } : {}), ...(this.endpoint ? { endpoint: this.endpoint } : {}), ...cursor }, signal),
    );
    this.acting = new Acting(services);
  }

  load(query: URLSearchParams): void {
    const status = DELIVERY_STATUSES.find((name) => name === query.get("status")) ?? null;
    const endpoint = query.get("endpoint");
    if (status !== this.status || endpoint !== this.endpoint) this.deliveries.clear();
    this.status = status;
    this.endpoint = endpoint;
    if (this.services.admin()) void this.deliveries.load();
  }

  tools(): TemplateResult | typeof nothing {
    if (!this.services.admin()) return nothing;
    return html`
      <label><span class="visually-hidden">Status</span>
        <select @change=${(event: Event) => this.filter((event.target as HTMLSelectElement).value)}>
          <option value="" .selected=${this.status === null}>Any status</option>
          ${DELIVERY_STATUSES.map((status) => html`<option value=${status} .selected=${this.status === status}>${DELIVERY_WORDS[status]}</option>`)}
        </select></label>
      ${this.endpoint === null ? nothing : html`<button class="button" @click=${() => this.services.go("alerts", new URLSearchParams({ tab: "deliveries" }))}>${icon("close")} One endpoint</button>`}
      <button class="button" ?disabled=${this.acting.busy} @click=${() => void this.redrive()}>${icon("undo")} Retry what was given up</button>`;
  }

  render(): TemplateResult {
    if (!this.services.admin()) return adminNeeded(this.services, "see what was delivered");
    const { items, error } = this.deliveries;
    if (error !== null && items === null) return errorState(error, () => void this.deliveries.load());
    if (items === null) return html`<section class="panel">${skeleton(8)}</section>`;
    if (items.length === 0) return html`<section class="panel">${emptyState("send", "No deliveries", "Each attempt to tell somebody of an alert is kept here.")}</section>`;
    return html`<section class="panel flush"><div class="table-scroll" tabindex="0" role="region" aria-label="Deliveries"><table>
      <thead><tr><th>When</th><th>Status</th><th>Endpoint</th><th>Answer</th><th class="number">Attempts</th><th class="number">Time</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>${repeat(items, (delivery) => delivery.delivery_id, (delivery) => this.row(delivery))}</tbody>
    </table></div></section>${this.deliveries.more()}`;
  }

  private row(delivery: Delivery): TemplateResult {
    const { message_id: message } = delivery;
    return html`<tr data-id=${delivery.delivery_id}>
      <td>${formatMinute(delivery.at)}</td>
      <td>${deliveryTag(delivery.status)}${delivery.next_attempt_at ? html`<br /><span class="quiet">again ${formatMinute(delivery.next_attempt_at)}</span>` : nothing}</td>
      <td><bdi>${flatten(delivery.endpoint_name ?? "deleted")}</bdi><br /><span class="quiet">${delivery.event_type}</span></td>
      <td class="wrap">${attempts(delivery)}</td>
      <td class="number">${formatCount(delivery.attempts.length)}</td>
      <td class="number">${delivery.duration_ms === null ? "–" : `${formatCount(delivery.duration_ms)} ms`}</td>
      <td>
        ${message === null ? nothing : html`<button class="button small" @click=${() => this.services.open(message)}>Message</button>`}
        ${delivery.status === "published" ? nothing : html`<button class="button small" ?disabled=${this.acting.busy} @click=${() => void this.replay(delivery)}>${icon("refresh")} Send again</button>`}
      </td>
    </tr>`;
  }

  private filter(status: string): void {
    this.services.go("alerts", new URLSearchParams({ tab: "deliveries", ...(status ? { status } : {}), ...(this.endpoint ? { endpoint: this.endpoint } : {}) }));
  }

  private async replay({ delivery_id }: Delivery): Promise<void> {
    await this.acting.run(() => this.services.api.replay(delivery_id), "It is sent again.");
    await this.deliveries.load();
  }

  private async redrive(): Promise<void> {
    if (!(await confirm("Try everything again that was given up?", "Try again"))) return;
    await this.acting.run(() => this.services.api.redrive(), ({ moved }) => (moved === 0 ? "Nothing was given up." : `${formatCount(moved)} are tried again.`));
    await this.deliveries.load();
  }
}

/** The last answer, and behind it all answers. */
function attempts({ attempts: all }: Delivery): TemplateResult | typeof nothing {
  const last = all.at(-1);
  if (last === undefined) return nothing;
  const answer = ({ result, response_excerpt }: Attempt) => html`<code>${result}</code> <bdi class="quiet">${flatten(response_excerpt)}</bdi>`;
  if (all.length === 1) return answer(last);
  return html`<details><summary>${answer(last)}</summary>
    <ol class="attempts">${all.map((attempt) => html`<li><span class="quiet">${formatMinute(attempt.at)}, ${formatCount(attempt.duration_ms)} ms</span> ${answer(attempt)}</li>`)}</ol>
  </details>`;
}
