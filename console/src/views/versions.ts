/** The versions: promote one, roll back, or let one judge beside the champion. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import type { Challenger, ModelList, ModelVersion } from "../api/models.ts";
import { formatDecimal, formatMinute } from "../format.ts";
import { leaves } from "../text/leaves.ts";
import { flatten } from "../text/reveal.ts";
import { askWithForm, confirm } from "../ui/dialog.ts";
import { icon } from "../ui/icons.ts";
import { copyButton, errorState, skeleton } from "../ui/parts.ts";
import { Acting } from "./acting.ts";
import type { Part } from "./alerts.ts";
import { Loading } from "./loading.ts";
import type { Services } from "./services.ts";

export class Versions implements Part {
  private readonly models: Loading<ModelList>;
  private readonly acting: Acting;

  constructor(private readonly services: Services) {
    this.models = new Loading(services.changed);
    this.acting = new Acting(services);
  }

  load(): void {
    void this.read();
  }

  tools(): TemplateResult | typeof nothing {
    const previous = this.models.value?.previous;
    return this.services.admin() && previous
      ? html`<button class="button" ?disabled=${this.acting.busy} @click=${() => void this.rollBack(previous)}>${icon("undo")} Roll back</button>`
      : nothing;
  }

  render(): TemplateResult {
    const { value, error } = this.models;
    if (error !== null && value === null) return errorState(error, () => this.load());
    if (value === null) return html`<section class="panel">${skeleton(8)}</section>`;
    return html`
      ${this.services.me() !== null && !this.services.admin() ? html`<p class="quiet page-note">An admin's key is needed to change which version judges.</p>` : nothing}
      ${value.challenger ? this.challenger(value.challenger) : nothing}
      <ol class="cards-list">${repeat(value.items, (model) => model.version, (model) => this.version(model, value))}</ol>`;
  }

  private challenger(challenger: Challenger): TemplateResult {
    const { mode, percent, version } = challenger;
    return html`<section class="panel challenger">
      ${icon("models")}
      <p><strong><code>${version}</code></strong> ${mode === "shadow" ? html`judges every message in silence` : html`answers ${percent} % of the senders`}.
        <a class="link" href="#/models?tab=compare">Compare</a></p>
      <span class="spacer"></span>
      ${this.services.admin()
        ? html`<button class="button small" ?disabled=${this.acting.busy} @click=${() => void this.challenge(version, challenger)}>${icon("edit")} Change</button>
            <button class="button small" ?disabled=${this.acting.busy} @click=${() => void this.act(() => this.services.api.removeChallenger(), "The challenger rests.")}>${icon("close")} End</button>`
        : nothing}
    </section>`;
  }

  private version(model: ModelVersion, { champion, previous, challenger }: ModelList): TemplateResult {
    const serves = model.version === champion;
    const aliases = [serves ? "champion" : null, model.version === previous ? "previous" : null, model.version === challenger?.version ? "challenger" : null].filter((alias) => alias !== null);
    return html`<li class="panel version" ?data-serves=${serves}>
      <header>
        <h2><code>${model.version}</code> ${copyButton(model.version, "version", this.services.copy)}</h2>
        ${aliases.map((alias) => html`<span class="tag" data-alias=${alias}>${alias}</span>`)}
        ${model.status && aliases.length === 0 ? html`<span class="tag" data-model=${model.status}>${model.status}</span>` : nothing}
        <span class="spacer"></span>
        ${serves ? html`<span class="serves">${icon("check")} Serving</span>` : this.services.admin() ? this.actions(model, challenger) : nothing}
      </header>
      <p class="quiet">${formatMinute(model.created_at)} · by ${model.created_by}${model.parent === null ? nothing : html` · from <code>${model.parent}</code>`}</p>
      ${model.refusal ? html`<p class="quiet">Refused by the gate: <code>${model.refusal}</code></p>` : nothing}
      ${model.reason ? html`<p><bdi>${flatten(model.reason)}</bdi></p>` : nothing}
      ${numbers("Metrics", model.metrics, { open: serves })} ${numbers("Data", model.data, { open: false })}
    </li>`;
  }

  private actions({ version }: ModelVersion, challenger: Challenger | null | undefined): TemplateResult {
    return html`
      ${challenger?.version === version ? nothing : html`<button class="button small" ?disabled=${this.acting.busy} @click=${() => void this.challenge(version, null)}>${icon("models")} Challenge</button>`}
      <button class="button small" ?disabled=${this.acting.busy} @click=${() => void this.promote(version)}>Promote</button>`;
  }

  private read(): Promise<void> {
    return this.models.load((signal) => this.services.api.models(signal));
  }

  private async act(call: () => Promise<unknown>, done: string): Promise<void> {
    await this.acting.run(call, done);
    await this.read();
  }

  private async promote(version: string): Promise<void> {
    if (await confirm(`Let ${version} judge every message from now on?`, "Promote")) {
      await this.act(() => this.services.api.promote(version), "Promoted. It serves from the next message on.");
    }
  }

  private async rollBack(previous: string): Promise<void> {
    if (await confirm(`Go back to ${previous}? It judges every message from now on.`, "Roll back")) {
      await this.act(() => this.services.api.rollBack(), "Rolled back. The version before serves from the next message on.");
    }
  }

  private async challenge(version: string, known: Challenger | null): Promise<void> {
    const { api, notify } = this.services;
    const answer = await askWithForm({
      title: `Let ${version} judge beside the champion`,
      submit: "Start",
      fields: () => html`
        <fieldset class="choices"><legend class="visually-hidden">How</legend>
          <label class="choice"><input type="radio" name="mode" value="shadow" ?checked=${known?.mode !== "live"} /> In silence</label>
          <label class="choice"><input type="radio" name="mode" value="live" ?checked=${known?.mode === "live"} /> For real</label>
        </fieldset>
        <label class="field"><span>Share of the senders that it answers (percent)</span><input name="percent" type="number" min="0" max="100" step="any" required value=${known?.percent ?? 5} data-first /></label>
        <p class="quiet">In silence, its verdicts are only compared with the champion's. For real, they are what callers get for the messages of a stable share of the senders.</p>`,
      attempt: async (data) => {
        await api.putChallenger({ version, mode: data.get("mode") === "live" ? "live" : "shadow", percent: Number(data.get("percent")) });
        return true;
      },
    });
    if (answer === null) return;
    notify("The challenger judges from the next message on.");
    await this.read();
  }
}

function numbers(title: string, values: Readonly<Record<string, unknown>>, { open }: { open: boolean }): TemplateResult | typeof nothing {
  const found = leaves(values);
  if (found.length === 0) return nothing;
  return html`<details class="numbers" ?open=${open}><summary>${title}</summary>
    <dl class="facts">${found.map(({ path, value }) => html`<dt>${path}</dt><dd>${typeof value === "number" ? formatDecimal(value) : value}</dd>`)}</dl>
  </details>`;
}
