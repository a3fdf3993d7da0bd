/** Says what only an admin may do; nothing, while it is not known yet whose key this is. */

import { html, type TemplateResult } from "lit-html";
import { emptyState, skeleton } from "../ui/parts.ts";
import type { Services } from "./services.ts";

export function adminNeeded({ me }: Pick<Services, "me">, what: string): TemplateResult {
  const who = me();
  return html`<section class="panel">
    ${who === null ? skeleton(4) : emptyState("keys", `You are ${who.name || who.key_id}`, `Your key's role is ${who.role}. An admin's key is needed to ${what}.`)}
  </section>`;
}
