/** Whom a message was told to: its deliveries. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Delivery, DeliveryStatus } from "../api/alerts.ts";
import { formatMinute } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { Loading } from "./loading.ts";
import type { Services } from "./services.ts";

export const DELIVERY_WORDS: Readonly<Record<DeliveryStatus, string>> = {
  delivered: "Delivered",
  published: "Given to SNS",
  waiting: "Waiting",
  failed: "Failed",
  dead: "Given up",
  skipped: "Skipped",
};

export class Sent {
  private readonly deliveries: Loading<readonly Delivery[]>;

  constructor(private readonly services: Services) {
    this.deliveries = new Loading(services.changed);
  }

  clear(): void {
    this.deliveries.clear();
  }

  async load(id: string): Promise<void> {
    if (!this.services.admin()) return; // others may not ask
    await this.deliveries.load(async (signal) => (await this.services.api.deliveries({ message: id }, signal)).items);
  }

  render(): TemplateResult | typeof nothing {
    const { value, error } = this.deliveries;
    if (error === null && (value === null || value.length === 0)) return nothing;
    return html`<section>
      <h3>Told to</h3>
      ${error !== null
        ? html`<p class="quiet">${error}</p>`
        : html`<ol class="sent">${value?.map(
            (delivery) => html`<li>${deliveryTag(delivery.status)} <bdi>${flatten(delivery.endpoint_name ?? "deleted endpoint")}</bdi> <span class="quiet">${formatMinute(delivery.at)}</span></li>`,
          )}</ol>`}
    </section>`;
  }
}

export function deliveryTag(status: DeliveryStatus): TemplateResult {
  return html`<span class="tag" data-delivery=${status}>${DELIVERY_WORDS[status] ?? status}</span>`;
}
