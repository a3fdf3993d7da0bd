/** What raises an alert, and when nobody wants to be woken. */

import { html, nothing, type TemplateResult } from "lit-html";
import { GROUPINGS, type AlertPolicy } from "../api/alerts.ts";
import { LEVELS } from "../api/types.ts";
import { askWithForm, FieldError } from "../ui/dialog.ts";
import { icon } from "../ui/icons.ts";
import { errorState, skeleton } from "../ui/parts.ts";
import type { Part } from "./alerts.ts";
import { Loading } from "./loading.ts";
import type { Services } from "./services.ts";

const GROUP_NAMES = { sender: "sender", campaign: "campaign (messages that look alike)", rule: "rule" } as const;

export class Policy implements Part {
  private readonly policy: Loading<AlertPolicy>;

  constructor(private readonly services: Services) {
    this.policy = new Loading(services.changed);
  }

  load(): void {
    void this.policy.load((signal) => this.services.api.policy(signal));
  }

  tools(): TemplateResult | typeof nothing {
    const { value } = this.policy;
    return value !== null && this.services.admin() ? html`<button class="button primary" @click=${() => void this.edit(value)}>${icon("edit")} Change</button>` : nothing;
  }

  render(): TemplateResult {
    const { value, error } = this.policy;
    if (error !== null && value === null) return errorState(error, () => this.load());
    if (value === null) return html`<section class="panel">${skeleton(5)}</section>`;
    const { quiet_hours: quiet } = value;
    return html`<section class="panel"><dl class="facts roomy">
      <dt>Alerts begin at</dt><dd>${value.min_level}</dd>
      <dt>One alert for each</dt><dd>${GROUP_NAMES[value.group_by] ?? value.group_by}</dd>
      <dt>Told again after</dt><dd>${value.cooldown_minutes === 0 ? "every message" : `${value.cooldown_minutes} minutes`}</dd>
      <dt>Quiet hours</dt><dd>${quiet === null ? "none" : `${quiet.from} to ${quiet.to} (${quiet.zone}), but for ${quiet.min_level} and above`}</dd>
      <dt>Digest</dt><dd>${value.digest_minutes ? `every ${value.digest_minutes} minutes` : "none"}</dd>
    </dl></section>`;
  }

  private async edit(policy: AlertPolicy): Promise<void> {
    const saved = await askWithForm<AlertPolicy>({
      title: "Alert policy",
      submit: "Save",
      fields: () => policyFields(policy),
      attempt: (data) => this.services.api.putPolicy({ ...policy, ...policyOf(data) }),
    });
    if (saved === null) return;
    this.services.notify("Saved. It holds from the next message on.");
    this.load();
  }
}

function policyFields({ min_level, group_by, cooldown_minutes, quiet_hours: quiet, digest_minutes }: AlertPolicy): TemplateResult {
  const levels = (chosen: string) => LEVELS.map((level) => html`<option value=${level} ?selected=${level === chosen}>${level}</option>`);
  return html`
    <label class="field"><span>Alerts begin at</span><select name="min_level" data-first>${levels(min_level)}</select></label>
    <label class="field"><span>One alert for each</span>
      <select name="group_by">${GROUPINGS.map((name) => html`<option value=${name} ?selected=${name === group_by}>${GROUP_NAMES[name]}</option>`)}</select></label>
    <div class="inline">
      <label class="field grow"><span>Told again after (minutes)</span><input name="cooldown" type="number" min="0" max="1440" required value=${cooldown_minutes} /></label>
      <label class="field grow"><span>Digest every (minutes, empty: none)</span><input name="digest" type="number" min="5" max="1440" value=${digest_minutes ?? ""} /></label>
    </div>
    <fieldset class="inline quiet-hours"><legend>Quiet hours (empty: none)</legend>
      <label class="field"><span>From</span><input name="from" type="time" value=${quiet?.from ?? ""} /></label>
      <label class="field"><span>To</span><input name="to" type="time" value=${quiet?.to ?? ""} /></label>
      <label class="field grow"><span>Zone</span><input name="zone" autocomplete="off" value=${quiet?.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone} /></label>
      <label class="field"><span>But for</span><select name="quiet_level">${levels(quiet?.min_level ?? "Critical")}</select></label>
    </fieldset>`;
}

function policyOf(data: FormData): AlertPolicy {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  const level = (name: string) => LEVELS.find((one) => one === text(name)) ?? "Critical";
  if ((text("from") === "") !== (text("to") === "")) throw new FieldError("Quiet hours need both ends.");
  return {
    min_level: level("min_level"),
    group_by: GROUPINGS.find((one) => one === text("group_by")) ?? "sender",
    cooldown_minutes: Number(text("cooldown")),
    digest_minutes: text("digest") === "" ? null : Number(text("digest")),
    quiet_hours: text("from") === "" ? null : { from: text("from"), to: text("to"), zone: text("zone"), min_level: level("quiet_level") },
  };
}
