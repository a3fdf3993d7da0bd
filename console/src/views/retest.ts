/** What the model that serves now says about a stored message, beside what was said then. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Judgement, Retest } from "../api/types.ts";
import { formatPoints } from "../format.ts";
import { reasonChanges } from "../text/changes.ts";
import { flatten } from "../text/reveal.ts";
import { icon } from "../ui/icons.ts";
import { levelBadge, skeleton } from "../ui/parts.ts";
import { Loading } from "./loading.ts";
import type { Services } from "./services.ts";

const MOST_CHANGES = 8;

export class Retesting {
  private readonly result: Loading<Retest>;

  constructor(private readonly services: Services) {
    this.result = new Loading(services.changed);
  }

  clear(): void {
    this.result.clear();
  }

  async run(id: string): Promise<void> {
    await this.result.load((signal) => this.services.api.retest(id, signal));
  }

  render(id: string, masked: boolean): TemplateResult {
    const { value, error, busy } = this.result;
    return html`<section class="retest">
      <h3>Then and now <span class="spacer"></span>
        <button class="button small" title="Test again (T)" aria-keyshortcuts="t" ?disabled=${busy} @click=${() => void this.run(id)}>${icon("refresh")} Test again</button></h3>
      ${error !== null ? html`<p class="quiet" role="alert">${error}</p>` : value !== null ? compared(value, masked) : busy ? skeleton(2) : html`<p class="quiet">See what the present model says. Nothing is stored.</p>`}
    </section>`;
  }
}

function compared({ then, now }: Retest, masked: boolean): TemplateResult {
  const changes = reasonChanges(then.reasons, now.reasons).slice(0, MOST_CHANGES);
  const same = then.risk_score === now.risk_score && then.category_code === now.category_code;
  return html`
    <div class="compared">${side("Then", then)}<span class="compared-arrow" aria-hidden="true">${icon("right")}</span>${side("Now", now)}</div>
    ${same ? html`<p class="quiet">The verdict is the same.</p>` : nothing}
    ${masked || changes.length === 0
      ? nothing
      : html`<ol class="changes">${changes.map(({ reason, before, after }) => html`<li><bdi>${flatten(reason.text)}</bdi><span class="quiet">${before === null ? "new" : formatPoints(before)}</span><span>${after === null ? "gone" : formatPoints(after)}</span></li>`)}</ol>`}`;
}

function side(title: string, judgement: Judgement): TemplateResult {
  return html`<div class="compared-side" data-level=${judgement.risk_level}>
    <h4>${title}</h4>
    <p>${levelBadge(judgement.risk_level, judgement.risk_score)}</p>
    <p>${judgement.threat_category}</p>
    <p class="quiet"><code>${judgement.model_version}</code></p>
  </div>`;
}
