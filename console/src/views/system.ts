/** Is everything well? */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Queue, SystemState } from "../api/access.ts";
import type { Health } from "../api/types.ts";
import { formatCount, formatFull } from "../format.ts";
import type { LiveState } from "../live/connection.ts";
import { icon } from "../ui/icons.ts";
import { errorState, skeleton } from "../ui/parts.ts";
import { Loading } from "./loading.ts";
import type { Services, View } from "./services.ts";

const EVERY_MS = 30_000;

export class System implements View {
  readonly title = "System";
  private readonly health: Loading<Health>;
  private readonly system: Loading<SystemState>;
  private checked: string | null = null;
  private every: number | null = null;

  constructor(
    private readonly services: Services,
    private readonly liveState: () => LiveState,
  ) {
    this.health = new Loading(services.changed);
    this.system = new Loading(services.changed);
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
        <section class="panel"><header><h2>Queues</h2></header>${this.queues()}</section>
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
        ${this.system.value ? html`<dt>API</dt><dd><code>${this.system.value.api_version}</code></dd>` : nothing}
        ${this.checked === null ? nothing : html`<dt>Checked</dt><dd>${formatFull(this.checked)}</dd>`}
      </dl>`;
  }

  private queues(): TemplateResult {
    const { value, error } = this.system;
    if (error !== null && value === null) return errorState(error, () => void this.load());
    if (value === null) return skeleton(4);
    return html`<div class="table-scroll" tabindex="0" role="region" aria-label="Queues"><table class="narrow">
      <thead><tr><th>Queue</th><th class="number">Waiting</th><th class="number">In hand</th><th class="number">Dead</th></tr></thead>
      <tbody>${value.queues.map((queue) => queueRow(queue))}</tbody>
    </table></div>`;
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
    if (this.every !== null) await this.system.load((signal) => this.services.api.system(signal));
  }
}

function queueRow({ name, waiting, in_flight, dead }: Queue): TemplateResult {
  return html`<tr><td>${name.replaceAll(/[_-]/g, " ")}</td><td class="number">${formatCount(waiting)}</td><td class="number">${formatCount(in_flight)}</td>
    <td class="number">${dead === 0 ? "0" : html`<span class="tag" data-delivery="dead">${formatCount(dead)}</span>`}</td></tr>`;
}

function state(found: string): TemplateResult {
  return found === "ok" ? html`<span class="state good">${icon("check")}</span>` : html`<span class="state bad">${icon("warning")}</span>`;
}
