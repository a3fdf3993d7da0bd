/** The API's keys: who may call, and what they may do. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { ROLES, type Key, type KeyWithSecret, type Role } from "../api/access.ts";
import { formatMinute } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { askWithForm, confirm } from "../ui/dialog.ts";
import { icon } from "../ui/icons.ts";
import { errorState, skeleton } from "../ui/parts.ts";
import { Acting } from "./acting.ts";
import { adminNeeded } from "./admin-needed.ts";
import { Paged } from "./paged.ts";
import { showSecret } from "./secret.ts";
import type { Services, View } from "./services.ts";

const ROLE_NOTES: Readonly<Record<Role, string>> = {
  client: "sends messages in",
  analyst: "reads and judges messages",
  admin: "does everything",
};

export class Keys implements View {
  readonly title = "Keys";
  private shown = false;
  private readonly keys: Paged<Key>;
  private readonly acting: Acting;

  constructor(private readonly services: Services) {
    this.keys = new Paged(services.changed, (cursor, signal) => services.api.keys(cursor, signal));
    this.acting = new Acting(services);
  }

  enter(): void {
    if (this.shown) return;
    this.shown = true;
    if (this.services.admin()) void this.keys.load();
  }

  known(): void {
    void this.keys.load();
  }

  leave(): void {
    this.shown = false;
    this.keys.clear();
  }

  render(): TemplateResult {
    return html`
      <div class="page-head">
        <h1>Keys</h1>
        <span class="spacer"></span>
        ${this.services.admin() ? html`<button class="button primary" @click=${() => void this.add()}>${icon("add")} New key</button>` : nothing}
      </div>
      ${this.body()}`;
  }

  private body(): TemplateResult {
    const { items, error } = this.keys;
    const me = this.services.me();
    if (!this.services.admin()) return adminNeeded(this.services, "see and make keys");
    if (error !== null && items === null) return errorState(error, () => void this.keys.load());
    if (items === null) return html`<section class="panel">${skeleton(6)}</section>`;
    return html`<section class="panel flush"><div class="table-scroll" tabindex="0" role="region" aria-label="Keys"><table>
      <thead><tr><th>Name</th><th>Role</th><th>Id</th><th>Status</th><th>Made</th><th>Expires</th><th>Last used</th><th><span class="visually-hidden">Actions</span></th></tr></thead>
      <tbody>${repeat(items, (key) => key.key_id, (key) => this.row(key, me?.key_id === key.key_id))}</tbody>
    </table></div></section>${this.keys.more()}`;
  }

  private row(key: Key, mine: boolean): TemplateResult {
    return html`<tr data-id=${key.key_id} data-status=${key.status}>
      <td class="wrap"><strong><bdi>${flatten(key.name)}</bdi></strong>${mine ? html` <span class="tag" data-list="allow">this one</span>` : nothing}</td>
      <td title=${ROLE_NOTES[key.role]}>${key.role}</td>
      <td><code>${key.key_id}</code></td>
      <td>${key.status === "active" ? html`<span class="tag" data-delivery="delivered">active</span>` : html`<span class="tag" data-delivery="dead">${key.status}</span>`}</td>
      <td>${formatMinute(key.created_at)}</td>
      <td>${key.expires_at === null ? html`<span class="quiet">never</span>` : formatMinute(key.expires_at)}</td>
      <td>${key.last_used_at === null ? html`<span class="quiet">never</span>` : formatMinute(key.last_used_at)}</td>
      <td>${key.status === "active" ? html`<button class="button small" ?disabled=${this.acting.busy} @click=${() => void this.revoke(key, mine)}>${icon("block")} Revoke</button>` : nothing}</td>
    </tr>`;
  }

  private async add(): Promise<void> {
    const made = await askWithForm<KeyWithSecret>({
      title: "New key",
      submit: "Create",
      fields: () => html`
        <label class="field"><span>Name</span><input name="name" required maxlength="100" autocomplete="off" placeholder="Billing service" data-first /></label>
        <label class="field"><span>Role</span>
          <select name="role">${ROLES.map((role) => html`<option value=${role}>${role}: ${ROLE_NOTES[role]}</option>`)}</select></label>
        <label class="field"><span>Expires (optional)</span><input name="expires" type="datetime-local" /></label>`,
      attempt: (data) => {
        const expires = String(data.get("expires") ?? "");
        return this.services.api.addKey({
          name: String(data.get("name") ?? "").trim(),
          role: ROLES.find((role) => role === data.get("role")) ?? "client",
          ...(expires === "" ? {} : { expires_at: new Date(expires).toISOString() }),
        });
      },
    });
    if (made === null) return;
    await showSecret(`The key of ${made.name}`, made.key, "Send it in the header X-API-KEY.", this.services.copy);
    await this.keys.load();
  }

  private async revoke({ key_id, name }: Key, mine: boolean): Promise<void> {
    const question = mine ? "Revoke the key that you are using? You will be signed out." : `Revoke ${name}? Whoever uses it is refused within a minute.`;
    if (!(await confirm(question, "Revoke", { danger: true }))) return;
    await this.acting.run(() => this.services.api.revokeKey(key_id), "Revoked.");
    await this.keys.load();
  }
}
