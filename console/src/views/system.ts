/** Is everything well? */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Health } from "../api/types.ts";
import { formatFull } from "../format.ts";
import type { LiveState } from "../live/connection.ts";
import { icon } from "../ui/icons.ts";
import { errorState, skeleton } from "../ui/parts.ts";
import { Loading } from "./loading.ts";
import type { Services, View } from "./services.ts";

const EVERY_MS = 30_000;

export class System implements View {
  readonly title = "System";
  private readonly health: Loading<Health>;
  private checked: string | null = null;
  private every: number | null = null;

  constructor(
    private readonly services: Services,
    private readonly liveState: () => LiveState,
  ) {
    this.health = new Loading(services.changed);
  }

  enter(): void {
    if (this.every !== null) return;
    this.every = window.setInterval(() => void this.load(), EVERY_MS);
    void this.load();
  }

  leave(): void {
    if (this.every !== null) clearInterval(this.every);
    this.every = null;
  }

  render(): TemplateResult {
    return html`
      <div class="page-head">
        <h1>System</h1>
        <span class="spacer"></span>
        <button class="button" ?disabled=${this.health.busy} @click=${() => void this.load()}>${icon("refresh")} Check now</button>
      </div>
      <div class="panels even">
        <section class="panel"><header><h2>Service</h2></header>${this.service()}</section>
        <section class="panel"><header><h2>Live feed</h2></header>${this.feed()}</section>
        <section class="panel"><header><h2>For programs</h2></header>
          <ul class="links">
            <li><a class="link" href="docs">Try the API</a></li>
            <li><a class="link" href="redoc">API reference</a></li>
            <li><a class="link" href="openapi.json">OpenAPI document</a></li>
          </ul>
        </section>
      </div>`;
  }

  private service(): TemplateResult {
    const { value, error } = this.health;
    if (error !== null) return errorState(error, () => void this.load());
    if (value === null) return skeleton(5);
    return html`
      <ul class="checks">
        <li>${state(value.status)}<strong>${value.status === "ok" ? "Everything works" : "Something does not work"}</strong></li>
        ${Object.entries(value.checks).map(([name, found]) => html`<li>${state(found)}<span>${name.replaceAll("_", " ")}</span>${found === "ok" ? nothing : html`<span class="quiet">${found}</span>`}</li>`)}
      </ul>
      <dl class="facts">
        <dt>Model</dt><dd><code>${value.model_version}</code></dd>
        <dt>Rules</dt><dd><code>${value.rules_version}</code></dd>
        ${this.checked === null ? nothing : html`<dt>Checked</dt><dd>${formatFull(this.checked)}</dd>`}
      </dl>`;
  }

  private feed(): TemplateResult {
    const live = this.liveState();
    switch (live.kind) {
      case "open":
        return html`<ul class="checks"><li>${state("ok")}<strong>Live</strong></li></ul>
          <dl class="facts"><dt>Since</dt><dd>${formatFull(new Date(live.since).toISOString())}</dd></dl>`;
      case "connecting":
        return html`<p class="quiet">Connecting …</p>`;
      case "waiting":
        return html`<ul class="checks"><li>${state("waiting")}<strong>${live.why}</strong></li></ul><p class="quiet">The page tries again by itself. Meanwhile it asks the API for what is new.</p>`;
      case "stopped":
        return html`<ul class="checks"><li>${state("stopped")}<strong>${live.error?.message ?? "Stopped"}</strong></li></ul>`;
    }
  }

  private async load(): Promise<void> {
    await this.health.load((signal) => this.services.api.health(signal));
    this.checked = new Date().toISOString();
  }
}

function state(found: string): TemplateResult {
  return found === "ok" ? html`<span class="state good">${icon("check")}</span>` : html`<span class="state bad">${icon("warning")}</span>`;
}
