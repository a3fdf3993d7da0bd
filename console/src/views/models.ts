/** The versions of the model, and which one serves. */

import { html, nothing, type TemplateResult } from "lit-html";
import { explain } from "../api/problem.ts";
import type { ModelList, ModelVersion } from "../api/types.ts";
import { formatDecimal, formatMinute } from "../format.ts";
import { confirm } from "../ui/confirm.ts";
import { icon } from "../ui/icons.ts";
import { copyButton, errorState, skeleton } from "../ui/parts.ts";
import { leaves } from "../text/leaves.ts";
import { Loading } from "./loading.ts";
import type { Services, View } from "./services.ts";

export class Models implements View {
  readonly title = "Models";
  private busy = false;
  private readonly models: Loading<ModelList>;

  constructor(private readonly services: Services) {
    this.models = new Loading(services.changed);
  }

  enter(): void {
    if (this.models.value === null) void this.load();
  }

  leave(): void {
    this.models.clear();
  }

  render(): TemplateResult {
    return html`
      <div class="page-head">
        <h1>Models</h1>
        <span class="spacer"></span>
        <button class="button" ?disabled=${this.models.busy} @click=${() => void this.load()}>${icon("refresh")} Refresh</button>
      </div>
      ${this.body()}`;
  }

  private body(): TemplateResult {
    const { value, error } = this.models;
    if (error !== null) return errorState(error, () => void this.load());
    if (value === null) return html`<section class="panel">${skeleton(8)}</section>`;
    return html`<ol class="versions-list">${value.items.map((model) => this.version(model))}</ol>`;
  }

  private version(model: ModelVersion): TemplateResult {
    const serves = model.aliases.includes("champion");
    return html`<li class="panel version" ?data-serves=${serves}>
      <header>
        <h2><code>${model.version}</code> ${copyButton(model.version, "version", this.services.copy)}</h2>
        ${model.aliases.map((alias) => html`<span class="tag" data-alias=${alias}>${alias}</span>`)}
        ${model.status && !serves && !model.aliases.includes(model.status) ? html`<span class="tag">${model.status}</span>` : nothing}
        <span class="spacer"></span>
        ${serves
          ? html`<span class="serves">${icon("check")} Serving</span>`
          : html`<button class="button small" ?disabled=${this.busy} @click=${() => void this.promote(model.version)}>Promote</button>`}
      </header>
      <p class="quiet">
        ${formatMinute(model.created_at)} · by ${model.created_by}${model.parent === null ? nothing : html` · from <code>${model.parent}</code>`}
      </p>
      ${model.reason ? html`<p>${model.reason}</p>` : nothing}
      ${numbers("Metrics", model.metrics, { open: serves })} ${numbers("Data", model.data, { open: false })}
    </li>`;
  }

  private async load(): Promise<void> {
    await this.models.load((signal) => this.services.api.models(signal));
  }

  private async promote(version: string): Promise<void> {
    if (!(await confirm(`Let ${version} judge every message from now on?`, "Promote"))) return;
    this.busy = true;
    this.services.changed();
    try {
      await this.services.api.promote(version);
      this.services.notify("Promoted. It serves from the next message on.");
    } catch (error) {
      this.services.notify(explain(error), { tone: "bad" });
    }
    this.busy = false;
    await this.load();
  }
}

function numbers(title: string, values: Readonly<Record<string, unknown>>, { open }: { open: boolean }): TemplateResult | typeof nothing {
  const found = leaves(values);
  if (found.length === 0) return nothing;
  return html`<details class="numbers" ?open=${open}><summary>${title}</summary>
    <dl class="facts">${found.map(({ path, value }) => html`<dt>${path}</dt><dd>${typeof value === "number" ? formatDecimal(value) : value}</dd>`)}</dl>
  </details>`;
}
