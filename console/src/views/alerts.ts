/** Alerts: what calls for attention, whom it is told to, and what became of each delivery. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { HubListener } from "../live/hub.ts";
import { icon } from "../ui/icons.ts";
import { Deliveries } from "./deliveries.ts";
import { Endpoints } from "./endpoints.ts";
import { OpenAlerts } from "./open-alerts.ts";
import { Policy } from "./policy.ts";
import type { Services, View } from "./services.ts";
import { parseTab, tabBar, type Tabs } from "./tabs.ts";

export interface Part {
  /** The part is shown, or its query has changed. */
  load(query: URLSearchParams): void;
  render(): TemplateResult;
  /** Buttons beside the title. */
  tools?(): TemplateResult | typeof nothing;
}

const TABS = [
  ["alerts", "Alerts"],
  ["endpoints", "Endpoints"],
  ["deliveries", "Deliveries"],
  ["policy", "Policy"],
] as const satisfies Tabs<string>;
type Tab = (typeof TABS)[number][0];

export class Alerts implements View {
  readonly title = "Alerts";
  private tab: Tab = "alerts";
  private unsubscribe: (() => void) | null = null;
  private soon: number | null = null;
  private query = new URLSearchParams();
  private readonly parts: Readonly<Record<Tab, Part>>;

  constructor(private readonly services: Services) {
    this.parts = { alerts: new OpenAlerts(services), endpoints: new Endpoints(services), deliveries: new Deliveries(services), policy: new Policy(services) };
  }

  enter(query: URLSearchParams): void {
    const asked = new URLSearchParams(query);
    asked.delete("open");
    const again = this.unsubscribe !== null && asked.toString() === this.query.toString();
    this.query = asked;
    const refresh: HubListener = { fresh: this.stir, judged: () => {}, resumed: this.stir, stale: this.stir };
    this.unsubscribe ??= this.services.hub.subscribe(refresh);
    this.tab = parseTab(TABS, query);
    if (!again) this.parts[this.tab].load(query);
  }

  known(): void {
    this.parts[this.tab].load(this.query);
  }

  leave(): void {
    this.unsubscribe?.();
    this.unsubscribe = null;
    if (this.soon !== null) clearTimeout(this.soon);
    this.soon = null;
  }

  render(): TemplateResult {
    const part = this.parts[this.tab];
    return html`
      <div class="page-head">
        <h1>Alerts</h1>
        ${tabBar("alerts", TABS, this.tab)}
        <span class="spacer"></span>
        ${part.tools?.() ?? nothing}
        <button class="button" @click=${() => part.load(this.query)}>${icon("refresh")} Refresh</button>
      </div>
      ${part.render()}`;
  }

  /** New messages may have raised alerts and been delivered: look again in a moment. */
  private readonly stir = (): void => {
    if (this.tab !== "alerts" && this.tab !== "deliveries") return;
    this.soon ??= window.setTimeout(() => {
      this.soon = null;
      if (document.visibilityState === "visible") this.parts[this.tab].load(this.query);
    }, 2_000);
  };
}
