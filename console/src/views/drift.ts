/** Whether messages are still like those of the time when the model began to serve. */

import { html, nothing, type TemplateResult } from "lit-html";
import { formatDecimal, formatMinute } from "../format.ts";
import { readDrift, type DriftReading } from "../text/drift.ts";
import { cssValues } from "../ui/css-values.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import type { Part } from "./alerts.ts";
import { Loading } from "./loading.ts";
import type { Services } from "./services.ts";

const DAYS = [1, 7, 30] as const;

export class Drift implements Part {
  private days: number = 7;
  private readonly drift: Loading<DriftReading>;

  constructor(private readonly services: Services) {
    this.drift = new Loading(services.changed);
  }

  load(): void {
    void this.drift.load(async (signal) => readDrift(await this.services.api.drift(this.days, signal)));
  }

  tools(): TemplateResult {
    return html`<div class="segments" role="group" aria-label="Days">
      ${DAYS.map((days) => html`<button aria-pressed=${days === this.days ? "true" : "false"} @click=${() => this.choose(days)}>${days} d</button>`)}
    </div>`;
  }

  render(): TemplateResult {
    const { value, error } = this.drift;
    if (error !== null && value === null) return errorState(error, () => this.load());
    if (value === null) return html`<section class="panel">${skeleton(6)}</section>`;
    if (value.parts.length === 0) return html`<section class="panel">${emptyState("models", "Nothing to measure yet", "Drift is measured once there are messages from both times.")}</section>`;
    return html`
      ${value.since === null ? nothing : html`<p class="quiet page-note">The last ${this.days} days against the time since ${formatMinute(value.since)}, when the champion began to serve.</p>`}
      <div class="panels even">
        ${value.parts.map(
          (part) => html`<section class="panel">
            <header><h2>${part.name}</h2><span class="spacer"></span>${part.band === null ? nothing : html`<span class="tag" data-band=${part.band}>${part.band}</span>`}</header>
            <p class="card-number">${part.psi === null ? "–" : formatDecimal(part.psi)}</p>
            <p class="quiet">population stability index</p>
            ${part.shares.length === 0
              ? nothing
              : html`<ol class="pairs">${part.shares.map(
                  ({ name, before, now }) => html`<li><span>${name}</span><span class="pair" aria-label="${Math.round(before * 100)} % before, ${Math.round(now * 100)} % now">
                    <span class="pair-bar before" ${cssValues({ "--share": before })}></span><span class="pair-bar" ${cssValues({ "--share": now })}></span></span></li>`,
                )}</ol>`}
          </section>`,
        )}
      </div>
      ${value.bands === null ? nothing : html`<p class="quiet page-note">${value.bands}</p>`}`;
  }

  private choose(days: number): void {
    this.days = days;
    this.load();
  }
}
