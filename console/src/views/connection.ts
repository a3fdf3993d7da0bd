/** Says whether the page is live. */

import { html, type TemplateResult } from "lit-html";
import type { LiveState } from "../live/connection.ts";

export function connectionPill(state: LiveState, { now, retry }: { now: number; retry: () => void }): TemplateResult {
  switch (state.kind) {
    case "open":
      return pill("open", "Live", "New messages appear in the moment they are analysed");
    case "connecting":
      return pill("connecting", "Connecting …", "Opening the live feed");
    case "waiting": {
      const seconds = Math.max(0, Math.ceil((state.until - now) / 1000));
      return html`<button class="connection" data-state="waiting" role="status" title="${state.why} Press to try now." @click=${retry}>
        <span class="dot" aria-hidden="true"></span>Reconnecting in ${seconds} s
      </button>`;
    }
    case "stopped":
      return pill("stopped", "Not live", state.error?.message ?? "The live feed has stopped");
  }
}

function pill(state: LiveState["kind"], label: string, title: string): TemplateResult {
  return html`<span class="connection" data-state=${state} role="status" title=${title}><span class="dot" aria-hidden="true"></span>${label}</span>`;
}
