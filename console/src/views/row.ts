/** One message in a list. */

import { html, nothing, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { repeat } from "lit-html/directives/repeat.js";
import type { Summary } from "../api/types.ts";
import { formatFull, formatWhen } from "../format.ts";
import { maskText } from "../text/mask.ts";
import { flatten } from "../text/reveal.ts";
import { actionTag, levelBadge, phone } from "../ui/parts.ts";
import { icon } from "../ui/icons.ts";

export interface RowsOptions {
  readonly label: string;
  readonly opened: string | null;
  readonly masked: boolean;
  /** Ids whose text is shown although texts are masked. */
  readonly unmasked: ReadonlySet<string>;
  /** Ids that came while the page was open. */
  readonly fresh: ReadonlySet<string>;
  open(id: string): void;
  unmask(id: string): void;
}

const CHANNEL_NAMES: Readonly<Record<string, string>> = {
  sms: "SMS",
  whatsapp: "WhatsApp",
  telegram: "Telegram",
  email: "E-mail",
  chat: "Chat",
  other: "Other",
};

export function channelName(channel: string | null): string {
  return channel === null ? "" : (CHANNEL_NAMES[channel] ?? channel);
}

export function rows(items: readonly Summary[], options: RowsOptions): TemplateResult {
  const today = new Date().toDateString(); // rows of yesterday show their day
  return html`<ol class="rows" aria-label=${options.label}>
    ${repeat(
      items,
      (item) => item.message_id,
      (item) => {
        const masked = options.masked && !options.unmasked.has(item.message_id);
        const opened = options.opened === item.message_id;
        const fresh = options.fresh.has(item.message_id);
        return guard([item, masked, opened, fresh, today], () => row(item, { masked, opened, fresh }, options));
      },
    )}
  </ol>`;
}

function row(
  item: Summary,
  { masked, opened, fresh }: { masked: boolean; opened: boolean; fresh: boolean },
  { open, unmask }: RowsOptions,
): TemplateResult {
  const when = formatWhen(item.analyzed_at, new Date());
  const text = flatten(item.excerpt);
  return html`<li class="row" data-id=${item.message_id} data-level=${item.risk_level} ?data-fresh=${fresh} aria-current=${opened ? "true" : nothing}>
    <button class="row-open" aria-label="${item.risk_level}, ${item.risk_score}: ${item.threat_category}. Open message" @click=${() => open(item.message_id)}></button>
    <time class="row-when" datetime=${item.analyzed_at} title=${formatFull(item.analyzed_at)}>
      ${when.main}${when.aside === null ? nothing : html`<span>${when.aside}</span>`}
    </time>
    <div class="row-level">${levelBadge(item.risk_level, item.risk_score)}</div>
    <div class="row-text">
      <p class="row-excerpt"><bdi>${masked ? maskText(text) : text}</bdi></p>
      <p class="row-why"><b>${item.threat_category}</b> <span>${item.primary_reason}</span></p>
    </div>
    <div class="row-sender">
      ${phone(item.phone_number, { masked })}
      <span class="quiet">${channelName(item.channel)}</span>
    </div>
    <div class="row-action">
      ${actionTag(item.action)}
      ${masked
        ? html`<button class="icon-button small" title="Show this text" aria-label="Show this text" @click=${() => unmask(item.message_id)}>${icon("eye")}</button>`
        : nothing}
    </div>
  </li>`;
}
