/** The versions of the model: which one judges, which one could, and how good they are. */

import { html, nothing, type TemplateResult } from "lit-html";
import { icon } from "../ui/icons.ts";
import { Audit } from "./audit.ts";
import type { Part } from "./alerts.ts";
import { Compare } from "./compare.ts";
import { Drift } from "./drift.ts";
import { Jobs } from "./jobs.ts";
import type { Services, View } from "./services.ts";
import { parseTab, tabBar, type Tabs } from "./tabs.ts";
import { Versions } from "./versions.ts";

const TABS = [
  ["versions", "Versions"],
  ["compare", "Compare"],
  ["drift", "Drift"],
  ["training", "Training"],
  ["audit", "Audit"],
] as const satisfies Tabs<string>;
type Tab = (typeof TABS)[number][0];

export class Models implements View {
  readonly title = "Models";
  private tab: Tab | null = null;
  private query = new URLSearchParams();
  private readonly jobs: Jobs;
  private readonly parts: Readonly<Record<Tab, Part>>;

  constructor(services: Services) {
    this.jobs = new Jobs(services);
    this.parts = { versions: new Versions(services), compare: new Compare(services), drift: new Drift(services), training: this.jobs, audit: new Audit(services) };
  }

  enter(query: URLSearchParams): void {
    const tab = parseTab(TABS, query);
    this.query = query;
    if (tab === this.tab) return;
    this.tab = tab;
    if (tab !== "training") this.jobs.rest();
    this.parts[tab].load(query);
  }

  leave(): void {
    this.tab = null;
    this.jobs.rest();
  }

  render(): TemplateResult {
    const tab = this.tab ?? "versions";
    const part = this.parts[tab];
    return html`
      <div class="page-head">
        <h1>Models</h1>
        ${tabBar("models", TABS, tab)}
        <span class="spacer"></span>
        ${part.tools?.() ?? nothing}
        <button class="button" @click=${() => part.load(this.query)}>${icon("refresh")} Refresh</button>
      </div>
      ${part.render()}`;
  }
}
