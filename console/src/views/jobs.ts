/** Trainings: started, under way, and over. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { isOver, type RetrainJob } from "../api/models.ts";
import { formatMinute, formatShare } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { confirm } from "../ui/dialog.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import { Acting } from "./acting.ts";
import type { Part } from "./alerts.ts";
import { Paged } from "./paged.ts";
import type { Services } from "./services.ts";

const LOOK_AGAIN_MS = 2_000;

const STATUS_WORDS: Readonly<Record<RetrainJob["status"], string>> = {
  queued: "Waiting",
  running: "Training",
  success: "Done",
  refused: "Refused by the gate",
  failed: "Failed",
};

export class Jobs implements Part {
  private readonly jobs: Paged<RetrainJob>;
  private readonly acting: Acting;
  private again: number | null = null;

  constructor(private readonly services: Services) {
    this.jobs = new Paged(services.changed, (cursor, signal) => services.api.jobs(cursor, signal));
    this.acting = new Acting(services);
  }

  load(): void {
    void this.read();
  }

  /** Look no more for progress. */
  rest(): void {
    if (this.again !== null) clearTimeout(this.again);
    this.again = null;
  }

  tools(): TemplateResult | typeof nothing {
    return this.services.admin()
      ? html`<button class="button primary" ?disabled=${this.acting.busy} @click=${() => void this.start()}>${icon("play")} Train with all labels</button>`
      : nothing;
  }

  render(): TemplateResult {
    const { items, error } = this.jobs;
    if (error !== null && items === null) return errorState(error, () => this.load());
    if (items === null) return html`<section class="panel">${skeleton(5)}</section>`;
    if (items.length === 0) return html`<section class="panel">${emptyState("models", "No training yet", "What people say about messages, and imported labels, make the next model better.")}</section>`;
    return html`<ol class="cards-list">${repeat(items, (job) => job.job_id, (job) => this.job(job))}</ol>${this.jobs.more()}`;
  }

  private job(job: RetrainJob): TemplateResult {
    const why = job.error?.detail ?? job.reason;
    return html`<li class="panel job" data-status=${job.status}>
      <header>
        <h2>${STATUS_WORDS[job.status] ?? job.status}</h2>
        ${job.model_version ? html`<code>${job.model_version}</code>` : nothing}
        <span class="spacer"></span>
        <span class="quiet">${formatMinute(job.created_at)}</span>
      </header>
      ${isOver(job)
        ? nothing
        : html`<label class="progress"><progress max="1" value=${job.progress}></progress><span>${formatShare(job.progress)} · ${job.stage}</span></label>`}
      ${why ? html`<p><bdi>${flatten(why)}</bdi></p>` : nothing}
    </li>`;
  }

  private async read(): Promise<void> {
    this.rest();
    await this.jobs.load();
    if (this.jobs.items?.some((job) => !isOver(job)) && location.hash.includes("tab=training")) {
      this.again = window.setTimeout(() => void this.read(), LOOK_AGAIN_MS);
    }
  }

  private async start(): Promise<void> {
    if (!(await confirm("Train a new model with all labels? It serves only if it is not worse than the present one.", "Train"))) return;
    await this.acting.run(
      () => this.services.api.retrain(),
      (job) => (job.status === "queued" || job.status === "running" ? "The training has begun." : `The training is over: ${STATUS_WORDS[job.status ?? "success"]}.`),
    );
    await this.read();
  }
}
