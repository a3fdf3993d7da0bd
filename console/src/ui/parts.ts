/** Small pieces that several views show. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Action, Level, ListName, Verdict } from "../api/types.ts";
import { flatten } from "../text/reveal.ts";
import { maskPhone } from "../text/mask.ts";
import { wordsOf } from "../verdicts.ts";
import { icon, type IconName } from "./icons.ts";

/** A level by colour, word and number of bars: nobody has to see colours to tell levels apart. */
export function levelBadge(level: Level, score: number | null = null): TemplateResult {
  return html`<span class="level" data-level=${level}>
    <svg class="level-bars" viewBox="0 0 16 12" aria-hidden="true" focusable="false">
      <rect x="0" y="9" width="3" height="3" rx="0.8"></rect>
      <rect x="4.200" y="6" width="3" height="6" rx="0.8"></rect>
      <rect x="8.400" y="3" width="3" height="9" rx="0.8"></rect>
      <rect x="12.600" y="0" width="3" height="12" rx="0.8"></rect>
    </svg>
    <span class="level-name">${level}</span>${score === null ? nothing : html` <span class="level-score">${score}</span>`}
  </span>`;
}

const ACTIONS: Readonly<Record<Action, string | null>> = {
  none: null,
  flagged: "Flagged",
  automatically_blacklisted: "Sender blocked",
  already_blacklisted: "Already blocked",
};

export function actionTag(action: Action): TemplateResult | typeof nothing {
  const label = ACTIONS[action];
  return label === null ? nothing : html`<span class="tag" data-action=${action}>${label}</span>`;
}

export function listTag(list: ListName): TemplateResult {
  return html`<span class="tag" data-list=${list}>${icon(list)} ${list === "block" ? "Blocked" : "Allowed"}</span>`;
}

/** What somebody said about a message. */
export function feedbackTag(verdict: Verdict): TemplateResult {
  const { label, icon: name } = wordsOf(verdict);
  return html`<span class="tag" data-verdict=${verdict}>${icon(name)} ${label}</span>`;
}

/** A phone number; criminals choose what stands here, so it is kept from turning its surroundings around. */
export function phone(phoneNumber: string | null, { masked }: { masked: boolean }): TemplateResult {
  if (phoneNumber === null) return html`<span class="quiet">unknown sender</span>`;
  return html`<bdi class="phone">${masked ? maskPhone(phoneNumber) : flatten(phoneNumber)}</bdi>`;
}

export function emptyState(name: IconName, title: string, text: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
  return html`<div class="empty">${icon(name)}<h3>${title}</h3><p>${text}</p>${action}</div>`;
}

export function errorState(text: string, retry: () => void): TemplateResult {
  return html`<div class="empty error" role="alert">
    ${icon("warning")}<h3>This could not be loaded</h3><p>${text}</p>
    <button class="button" data-retry @click=${retry}>${icon("refresh")} Try again</button>
  </div>`;
}

/** Load again whatever could not be loaded: the API is back. */
export function retryAll(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-retry]")) button.click();
}

/** Grey lines in the place of what is being loaded. */
export function skeleton(lines: number): TemplateResult {
  return html`<div class="skeleton" role="status" aria-label="Loading">
    ${Array.from({ length: lines }, () => html`<div class="skeleton-line"></div>`)}
  </div>`;
}

export function copyButton(text: string, what: string, copy: (text: string, what: string) => void): TemplateResult {
  return html`<button class="icon-button small" title="Copy ${what}" aria-label="Copy ${what}" @click=${() => copy(text, what)}>
    ${icon("copy")}
  </button>`;
}
