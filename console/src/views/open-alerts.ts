/** What calls for attention, and what somebody has already seen to. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Alert } from "../api/alerts.ts";
import { categoryName } from "../categories.ts";
import { formatCount, formatMinute } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, levelBadge, phone, skeleton } from "../ui/parts.ts";
import { Acting } from "./acting.ts";
import type { Part } from "./alerts.ts";
import { Paged } from "./paged.ts";
import type { Services } from "./services.ts";

export class OpenAlerts implements Part {
  private status: Alert["status"] = "open";
  private readonly alerts: Paged<Alert>;
  private readonly acting: Acting;

  constructor(private readonly services: Services) {
    this.alerts = new Paged(services.changed, (cursor, signal) => services.api.alerts({ status: this.status, ...cursor }, signal));
    this.acting = new Acting(services);
  }

  load(query: URLSearchParams): void {
    const status = query.get("status") === "acknowledged" ? "acknowledged" : "open";
    if (status !== this.status) this.alerts.clear();
    this.status = status;
    void this.alerts.load();
  }

  tools(): TemplateResult {
    const choice = (status: Alert["status"], label: string) =>
      html`<button aria-pressed=${this.status === status ? "true" : "false"} @click=${() => this.services.go("alerts", new URLSearchParams({ tab: "alerts", status }))}>${label}</button>`;
    return html`<div class="segments" role="group" aria-label="Status">${choice("open", "Open")}${choice("acknowledged", "Acknowledged")}</div>`;
  }

  render(): TemplateResult {
    const { items, error } = this.alerts;
    if (error !== null && items === null) return errorState(error, () => void this.alerts.load());
    if (items === null) return html`<section class="panel">${skeleton(6)}</section>`;
    if (items.length === 0) {
      return html`<section class="panel">${this.status === "open"
        ? emptyState("check", "No open alert", "Messages that the policy names raise alerts. Those of one campaign or sender become one alert.")
        : emptyState("alerts", "Nothing acknowledged yet", "Alerts that somebody has seen to are kept here.")}</section>`;
    }
    return html`<ol class="cards-list">${repeat(items, (alert) => alert.alert_id, (alert) => this.alert(alert))}</ol>${this.alerts.more()}`;
  }

  private alert(alert: Alert): TemplateResult {
    const { masked } = this.services.settings();
    return html`<li class="panel alert" data-id=${alert.alert_id} data-status=${alert.status}>
      <span class="alert-count" title="Messages">${formatCount(alert.messages)}</span>
      <div class="alert-text">
        <h2><bdi>${flatten(alert.title)}</bdi></h2>
        <p class="quiet">
          ${levelBadge(alert.risk_level)} ${categoryName(alert.category_code)} · ${alert.phone_number === null ? nothing : html`${phone(alert.phone_number, { masked })} · `}${formatMinute(alert.first_at)}${alert.last_at === alert.first_at
            ? nothing
            : html` to ${formatMinute(alert.last_at)}`}${alert.acknowledged_by === null ? nothing : html` · acknowledged by ${alert.acknowledged_by}`}
        </p>
      </div>
      <div class="alert-actions">
        <button class="button small" @click=${() => this.services.open(alert.latest_message_id)}>${icon("messages")} Latest message</button>
        ${alert.status === "open" ? html`<button class="button small primary" ?disabled=${this.acting.busy} @click=${() => void this.acknowledge(alert)}>${icon("check")} Acknowledge</button>` : nothing}
      </div>
    </li>`;
  }

  private async acknowledge({ alert_id }: Alert): Promise<void> {
    await this.acting.run(() => this.services.api.acknowledge(alert_id), "Acknowledged.");
    this.services.pulse.stir();
    await this.alerts.load();
  }
}
