/** Shows what is told once. */

import { html } from "lit-html";
import { icon } from "../ui/icons.ts";
import { tell } from "../ui/dialog.ts";

export function showSecret(title: string, secret: string, note: string, copy: (text: string, what: string) => void): Promise<void> {
  return tell(
    title,
    html`<p>${note}</p>
      <div class="secret"><code>${secret}</code><button class="button" @click=${() => copy(secret, "secret")}>${icon("copy")} Copy</button></div>
      <p class="notice">${icon("warning")} It is shown only now. Keep it in a safe place.</p>`,
    "I have kept it",
  );
}
