/** Which keys do what. */

import { html, type TemplateResult } from "lit-html";

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ["J  K", "next and previous message"],
  ["Esc", "close the message"],
  ["B  A", "block or allow the open message's sender"],
  ["/", "search the loaded rows"],
  ["P", "pause the list, and go on"],
  ["M", "hide texts and numbers, and show them"],
  ["1 – 6", "go to a page"],
  ["?", "this help"],
];

export function help(close: () => void): TemplateResult {
  return html`<dialog class="dialog help" aria-label="Keys" @close=${close} @click=${closeOutside}>
    <h2>Keys</h2>
    <dl>${KEYS.map(([keys, what]) => html`<dt>${keys.split("  ").map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${what}</dd>`)}</dl>
    <button class="button wide" @click=${closeDialog}>Close</button>
  </dialog>`;
}

function closeOutside(event: MouseEvent): void {
  if (event.target instanceof HTMLDialogElement) event.target.close();
}

function closeDialog(event: Event): void {
  (event.target as Element).closest("dialog")?.close();
}
