/** Who changed which model when. */

import { html, type TemplateResult } from "lit-html";
import type { AuditEntry } from "../api/models.ts";
import { formatMinute } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import type { Part } from "./alerts.ts";
import { Paged } from "./paged.ts";
import type { Services } from "./services.ts";

export class Audit implements Part {
  private readonly entries: Paged<AuditEntry>;

  constructor(services: Services) {
    this.entries = new Paged(services.changed, (cursor, signal) => services.api.audit(cursor, signal));
  }

  load(): void {
    void this.entries.load();
  }

  render(): TemplateResult {
    const { items, error } = this.entries;
    if (error !== null && items === null) return errorState(error, () => this.load());
    if (items === null) return html`<section class="panel">${skeleton(8)}</section>`;
    if (items.length === 0) return html`<section class="panel">${emptyState("models", "Nothing has changed yet", "Promotions, rollbacks and trainings are written down here.")}</section>`;
    return html`<section class="panel flush"><div class="table-scroll" tabindex="0" role="region" aria-label="Audit"><table>
      <thead><tr><th>When</th><th>By</th><th>What</th><th>Version</th><th>More</th></tr></thead>
      <tbody>${items.map(
        (entry) => html`<tr><td>${formatMinute(entry.at)}</td><td><code>${entry.by}</code></td><td>${entry.action}</td>
          <td><code>${entry.version}</code></td><td class="wrap left"><bdi class="quiet">${flatten(entry.detail)}</bdi></td></tr>`,
      )}</tbody>
    </table></div></section>${this.entries.more()}`;
  }
}
