/** One message in a list. */

import { html, nothing, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";
import { repeat } from "lit-html/directives/repeat.js";
import type { Summary, Verdict } from "../api/types.ts";
import { formatFull, formatWhen } from "../format.ts";
import { maskText } from "../text/mask.ts";
import { flatten } from "../text/reveal.ts";
import { actionTag, feedbackTag, levelBadge, phone } from "../ui/parts.ts";
import { icon } from "../ui/icons.ts";
import { VERDICT_WORDS } from "../verdicts.ts";

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
  /** What can be done with rows, where something can. */
  readonly work?: RowWork;
}

/** The rows that somebody pointed at or went into last. Only they have buttons for verdicts; others would hide them. */
export interface Near {
  readonly pointed: string | null;
  readonly focused: string | null;
}

export interface RowWork {
  readonly chosen: ReadonlySet<string>;
  readonly near: Near;
  approach(near: Partial<Near>): void;
  choose(id: string, options: { range: boolean }): void;
  judge(item: Summary, verdict: Verdict): void;
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

interface RowState {
  readonly masked: boolean;
  readonly opened: boolean;
  readonly fresh: boolean;
  readonly chosen: boolean;
  readonly near: boolean;
}

export function rows(items: readonly Summary[], options: RowsOptions): TemplateResult {
  const today = new Date().toDateString(); // rows of yesterday show their day
  const { work } = options;
  return html`<ol
    class="rows"
    aria-label=${options.label}
    ?data-work=${work !== undefined}
    @pointerover=${(event: Event) => work?.approach({ pointed: rowOf(event.target) })}
    @focusin=${(event: Event) => work?.approach({ focused: rowOf(event.target) })}
  >
    ${repeat(
      items,
      (item) => item.message_id,
      (item) => {
        const masked = options.masked && !options.unmasked.has(item.message_id);
        const opened = options.opened === item.message_id;
        const fresh = options.fresh.has(item.message_id);
        const chosen = work?.chosen.has(item.message_id) ?? false;
        const near = work?.near.pointed === item.message_id || work?.near.focused === item.message_id;
        return guard([item, masked, opened, fresh, chosen, near, today], () => row(item, { masked, opened, fresh, chosen, near }, options));
      },
    )}
  </ol>`;
}

function rowOf(target: EventTarget | null): string | null {
  return target instanceof Element ? (target.closest<HTMLElement>(".row")?.dataset["id"] ?? null) : null;
}

function row(item: Summary, { masked, opened, fresh, chosen, near }: RowState, { open, unmask, work }: RowsOptions): TemplateResult {
  const when = formatWhen(item.analyzed_at, new Date());
  const text = flatten(item.excerpt);
  return html`<li
    class="row"
    data-id=${item.message_id}
    data-level=${item.risk_level}
    ?data-fresh=${fresh}
    ?data-chosen=${chosen}
    aria-current=${opened ? "true" : nothing}
  >
    <button class="row-open" aria-label="${item.risk_level}, ${item.risk_score}: ${item.threat_category}. Open message" @click=${() => open(item.message_id)}></button>
    ${work === undefined ? nothing : chooser(item, chosen, work)}
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
      ${item.feedback ? feedbackTag(item.feedback.verdict) : nothing} ${actionTag(item.action)}
      ${masked
        ? html`<button class="icon-button small" title="Show this text" aria-label="Show this text" @click=${() => unmask(item.message_id)}>${icon("eye")}</button>`
        : nothing}
    </div>
    ${work === undefined || !near ? nothing : verdicts(item, work)}
  </li>`;
}

/** The box shows what is chosen, and nothing that the browser does to it by itself: with Shift, it may stay as it was. */
function chooser(item: Summary, chosen: boolean, { choose }: RowWork): TemplateResult {
  return html`<label class="row-choose">
    <input
      type="checkbox"
      aria-label="Choose this message"
      .checked=${chosen}
      @click=${(event: MouseEvent) => {
        event.preventDefault();
        choose(item.message_id, { range: event.shiftKey });
      }}
    />
  </label>`;
}

function verdicts(item: Summary, { judge }: RowWork): TemplateResult {
  return html`<div class="row-verdicts" role="group" aria-label="Verdict">
    ${VERDICT_WORDS.filter(({ verdict }) => verdict !== "unsure").map(
      ({ verdict, label, icon: name }) => html`<button
        class="icon-button"
        data-verdict=${verdict}
        title=${label}
        aria-label=${label}
        aria-pressed=${item.feedback?.verdict === verdict ? "true" : "false"}
        @click=${() => judge(item, verdict)}
      >
        ${icon(name)}
      </button>`,
    )}
  </div>`;
}
