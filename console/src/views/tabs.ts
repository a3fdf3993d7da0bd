/** Parts of a page, one at a time; the address says which. */

import { html, type TemplateResult } from "lit-html";
import { formatRoute, type PageName } from "../state/route.ts";

export type Tabs<Name extends string> = readonly (readonly [name: Name, label: string])[];

export function parseTab<Name extends string>(tabs: Tabs<Name>, query: URLSearchParams): Name {
  const wanted = query.get("tab");
  const [first] = tabs;
  return (tabs.find(([name]) => name === wanted) ?? first!)[0];
}

export function tabBar<Name extends string>(page: PageName, tabs: Tabs<Name>, chosen: Name): TemplateResult {
  return html`<nav class="tabs" aria-label="Parts of this page">
    ${tabs.map(([name, label]) => html`<a href=${formatRoute(page, new URLSearchParams({ tab: name }))} aria-current=${name === chosen ? "page" : "false"}>${label}</a>`)}
  </nav>`;
}
