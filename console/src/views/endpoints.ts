/** Whom alerts are told to. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { ENDPOINT_TYPES, type Endpoint, type EndpointChange, type EndpointFilter, type EndpointType, type EndpointWithSecret } from "../api/alerts.ts";
import { LEVELS } from "../api/types.ts";
import { CATEGORY_CODES, categoryName } from "../categories.ts";
import { formatMinute } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { askWithForm, confirm, FieldError } from "../ui/dialog.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import { Acting } from "./acting.ts";
import { adminNeeded } from "./admin-needed.ts";
import type { Part } from "./alerts.ts";
import { Paged } from "./paged.ts";
import { showSecret } from "./secret.ts";
import type { Services } from "./services.ts";

const TYPE_NAMES: Readonly<Record<EndpointType, string>> = {
  webhook: "Webhook",
  slack: "Slack",
  teams: "Microsoft Teams",
  discord: "Discord",
  pagerduty: "PagerDuty",
  email: "E-mail (SES)",
  smtp: "E-mail (SMTP)",
  sms: "SMS",
};

interface Place {
  readonly field: "url" | "address";
  readonly label: string;
  readonly hint: string;
}

/** What an endpoint's place is called, and where in the API's shapes it stands. */
const PLACES: Readonly<Record<EndpointType, Place>> = {
  webhook: { field: "url", label: "Address", hint: "https://example.com/hooks/hookline" },
  slack: { field: "url", label: "Incoming webhook", hint: "https://hooks.slack.com/services/…" },
  teams: { field: "url", label: "Workflow address", hint: "https://….logic.azure.com/…" },
  discord: { field: "url", label: "Webhook", hint: "https://discord.com/api/webhooks/…" },
  pagerduty: { field: "address", label: "Integration key", hint: "32 characters" },
  email: { field: "address", label: "E-mail address", hint: "fraud@example.com" },
  smtp: { field: "address", label: "E-mail address", hint: "fraud@example.com" },
  sms: { field: "address", label: "Phone number", hint: "+1 202 555 0143" },
};

const DISABLED: Readonly<Record<string, string>> = {
  by_admin: "by an admin",
  gone: "by itself: the receiver answered that it is gone",
  failing: "by itself: nothing was taken there for days",
};

export class Endpoints implements Part {
  private readonly endpoints: Paged<Endpoint>;
  private readonly acting: Acting;

  constructor(private readonly services: Services) {
    this.endpoints = new Paged(services.changed, (_, signal) => services.api.endpoints(signal));
    this.acting = new Acting(services);
  }

  load(): void {
    if (this.services.admin()) void this.endpoints.load();
  }

  tools(): TemplateResult | typeof nothing {
    return this.services.admin() ? html`<button class="button primary" @click=${() => void this.add()}>${icon("add")} New endpoint</button>` : nothing;
  }

  render(): TemplateResult {
    if (!this.services.admin()) return adminNeeded(this.services, "see where alerts go");
    const { items, error } = this.endpoints;
    if (error !== null && items === null) return errorState(error, () => void this.endpoints.load());
    if (items === null) return html`<section class="panel">${skeleton(5)}</section>`;
    if (items.length === 0) return html`<section class="panel">${emptyState("send", "Nobody is told yet", "An endpoint is a webhook, a chat channel, a mailbox or a phone that alerts are sent to.")}</section>`;
    return html`<ol class="cards-list">${repeat(items, (endpoint) => endpoint.endpoint_id, (endpoint) => this.endpoint(endpoint))}</ol>`;
  }

  private endpoint(endpoint: Endpoint): TemplateResult {
    const { last_delivery: last, filter } = endpoint;
    const place = endpoint.url ?? endpoint.address ?? null;
    return html`<li class="panel endpoint" data-status=${endpoint.status}>
      <header>
        <h2><bdi>${flatten(endpoint.name)}</bdi></h2>
        <span class="tag">${TYPE_NAMES[endpoint.type] ?? endpoint.type}</span>
        ${endpoint.status === "enabled" ? nothing : html`<span class="tag" data-delivery="dead">Disabled</span>`}
        <span class="spacer"></span>
        ${this.actions(endpoint)}
      </header>
      <dl class="facts">
        ${place === null ? nothing : html`<dt>To</dt><dd><code><bdi>${flatten(place)}</bdi></code></dd>`}
        <dt>Tells of</dt><dd>${filterWords(filter)}</dd>
        <dt>Last delivery</dt><dd>${last === null ? html`<span class="quiet">none yet</span>` : html`<code>${last.status}</code> ${formatMinute(last.at)}`}
          <a class="link" href="#/alerts?tab=deliveries&endpoint=${encodeURIComponent(endpoint.endpoint_id)}">All deliveries</a></dd>
        ${endpoint.disabled_reason ? html`<dt>Disabled</dt><dd>${DISABLED[endpoint.disabled_reason] ?? endpoint.disabled_reason}</dd>` : nothing}
      </dl>
    </li>`;
  }

  private actions(endpoint: Endpoint): TemplateResult {
    const { busy } = this.acting;
    const { endpoint_id: id } = endpoint;
    const { api } = this.services;
    const on = endpoint.status === "enabled";
    return html`
      <button class="button small" ?disabled=${busy} @click=${() => void this.test(endpoint)}>${icon("send")} Test</button>
      <button class="button small" ?disabled=${busy} @click=${() => void this.edit(endpoint)}>${icon("edit")} Edit</button>
      <button class="button small" ?disabled=${busy}
        @click=${() => void this.act(() => api.changeEndpoint(id, { status: on ? "disabled" : "enabled" }), on ? "Disabled. Nothing is sent there any more." : "Enabled.")}>
        ${icon(on ? "pause" : "play")} ${on ? "Disable" : "Enable"}
      </button>
      ${endpoint.type === "webhook" ? html`<button class="button small" ?disabled=${busy} @click=${() => void this.rotate(endpoint)}>${icon("keys")} New secret</button>` : nothing}
      <button class="button small" ?disabled=${busy} aria-label="Delete ${endpoint.name}" @click=${() => void this.remove(endpoint)}>${icon("trash")} Delete</button>`;
  }

  private async act<Answer>(call: () => Promise<Answer>, done: string | ((answer: Answer) => string)): Promise<void> {
    await this.acting.run(call, done);
    await this.endpoints.load();
  }

  private async add(): Promise<void> {
    const made = await askForEndpoint(null, (endpoint) => this.services.api.addEndpoint(endpoint));
    if (made === null) return;
    await this.endpoints.load();
    await this.tellSecret(made);
  }

  private async edit(endpoint: Endpoint): Promise<void> {
    const changed = await askForEndpoint(endpoint, ({ type: _stays, ...change }) => this.services.api.changeEndpoint(endpoint.endpoint_id, change));
    if (changed === null) return;
    this.services.notify("Saved.");
    await this.endpoints.load();
  }

  private async test({ endpoint_id }: Endpoint): Promise<void> {
    await this.act(() => this.services.api.testEndpoint(endpoint_id), "A test is on its way. The deliveries tell what came of it.");
  }

  private async rotate({ endpoint_id, name }: Endpoint): Promise<void> {
    if (!(await confirm(`Give ${name} a new secret? The old one goes on working for a while.`, "New secret"))) return;
    let made: EndpointWithSecret | null = null;
    const worked = await this.acting.run(async () => (made = await this.services.api.rotateSecret(endpoint_id)), "A new secret was made.");
    if (worked && made !== null) await this.tellSecret(made);
  }

  private async remove({ endpoint_id, name }: Endpoint): Promise<void> {
    if (await confirm(`Delete ${name}? Nothing is sent there any more, and its secret is forgotten.`, "Delete", { danger: true })) {
      await this.act(() => this.services.api.removeEndpoint(endpoint_id), "Deleted.");
    }
  }

  private async tellSecret({ secret, name }: EndpointWithSecret): Promise<void> {
    if (secret) await showSecret(`The secret of ${name}`, secret, "With it, the receiver tells real deliveries from forged ones.", this.services.copy);
  }
}

interface EndpointForm extends EndpointChange {
  readonly name: string;
  readonly type: EndpointType;
  readonly filter: EndpointFilter;
}

function askForEndpoint<Answer>(endpoint: Endpoint | null, send: (form: EndpointForm) => Promise<Answer>): Promise<Answer | null> {
  let type: EndpointType = endpoint?.type ?? "webhook";
  const filter = endpoint?.filter;
  return askWithForm<Answer>({
    title: endpoint === null ? "New endpoint" : `Edit ${endpoint.name}`,
    submit: endpoint === null ? "Create" : "Save",
    wide: true,
    fields: (again) => html`
      <div class="inline">
        <label class="field grow"><span>Name</span><input name="name" required maxlength="100" autocomplete="off" value=${endpoint?.name ?? ""} data-first /></label>
        ${endpoint === null
          ? html`<label class="field"><span>Kind</span>
              <select name="type" @change=${(event: Event) => {
                type = ENDPOINT_TYPES.find((name) => name === (event.target as HTMLSelectElement).value) ?? type;
                again();
              }}>${ENDPOINT_TYPES.map((name) => html`<option value=${name}>${TYPE_NAMES[name]}</option>`)}</select></label>`
          : nothing}
      </div>
      <label class="field"><span>${PLACES[type].label}${endpoint === null ? nothing : " (leave empty to keep it)"}</span>
        <input name="place" ?required=${endpoint === null} maxlength="2000" autocomplete="off" spellcheck="false" placeholder=${PLACES[type].hint} /></label>
      ${type === "smtp"
        ? html`<div class="inline">
            <label class="field grow"><span>Mail server</span><input name="server" ?required=${endpoint === null} autocomplete="off" spellcheck="false" placeholder="smtp://user:password@mail.example.com:587" /></label>
            <label class="field"><span>From</span><input name="sender" type="email" autocomplete="off" placeholder="hookline@example.com" /></label>
          </div>`
        : nothing}
      <label class="field"><span>From level</span>
        <select name="level">${LEVELS.map((level) => html`<option value=${level} ?selected=${level === (filter?.min_level ?? "Critical")}>${level}</option>`)}</select></label>
      <fieldset class="ticks"><legend>Categories (none ticked: all)</legend>
        ${CATEGORY_CODES.filter((code) => code !== "legitimate").map(
          (code) => html`<label class="check"><input type="checkbox" name="category" value=${code} ?checked=${filter?.categories?.includes(code) ?? false} /> <span>${categoryName(code)}</span></label>`,
        )}
      </fieldset>`,
    attempt: (data) => {
      const place = String(data.get("place") ?? "").trim();
      const { field } = PLACES[type];
      if (endpoint === null && place === "") throw new FieldError("Say where to deliver to.");
      const server = String(data.get("server") ?? "").trim();
      const sender = String(data.get("sender") ?? "").trim();
      const min_level = LEVELS.find((level) => level === data.get("level")) ?? "Critical";
      const categories = data.getAll("category").map(String);
      return send({
        name: String(data.get("name") ?? "").trim(),
        type,
        ...(place === "" ? {} : { [field]: place }),
        ...(server === "" ? {} : { url: server }),
        ...(sender === "" ? {} : { sender }),
        filter: { ...(filter ?? { event_types: [] }), min_level, categories },
      });
    },
  });
}

function filterWords({ min_level, categories }: EndpointFilter): string {
  const levels = !min_level || min_level === "Low" ? "everything" : min_level === "Critical" ? "Critical" : `${min_level} and above`;
  return !categories || categories.length === 0 ? levels : `${levels}, ${categories.map(categoryName).join(", ")}`;
}
