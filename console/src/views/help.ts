/** Which keys do what. */

import { html, type TemplateResult } from "lit-html";
import { tell } from "../ui/dialog.ts";
import { PAGE_KEYS, PAGES } from "../state/route.ts";
import { VERDICT_WORDS } from "../verdicts.ts";

type Keys = readonly (readonly [keys: string, what: string])[];

const JUDGING: Keys = [
  ...VERDICT_WORDS.map(({ key, label }) => [key, label] as const),
  ["C", "another category, a reason, and more"],
  ["B  A", "block or allow the sender"],
  ["Z", "undo"],
];
const WALKING: Keys = [
  ["J  K", "next, previous message"],
  ["X", "choose the open message for a bulk action"],
  ["T", "test the open message again"],
  ["Esc", "close the message"],
  ["/", "search"],
  ["P", "pause the list, and go on"],
  ["M", "hide texts and numbers, and show them"],
  ["?", "this help"],
];

export function help(titles: Readonly<Record<string, string>>): void {
  void tell(
    "Keys",
    html`<div class="help">
      <div>${list("The open message", JUDGING)} ${list("Lists", WALKING)}</div>
      ${list("Pages", PAGES.map((page) => [`G  ${PAGE_KEYS[page].toUpperCase()}`, titles[page] ?? page]))}
    </div>`,
  );
}

function list(title: string, keys: Keys): TemplateResult {
  return html`<section><h3>${title}</h3>
    <dl>${keys.map(([names, what]) => html`<dt>${names.split("  ").map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${what}</dd>`)}</dl>
  </section>`;
}
