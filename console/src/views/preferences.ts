/** What the person prefers. */

import { html, type TemplateResult } from "lit-html";
import type { Settings } from "../state/settings.ts";
import { askWithForm } from "../ui/dialog.ts";

const SWITCHES: readonly (readonly [name: "masked" | "reasons" | "advance", label: string, note: string])[] = [
  ["advance", "Open the next message after a verdict", "Judge a queue without touching the mouse."],
  ["reasons", "Ask for a reason with every verdict", "It is kept with the verdict, for everybody to read."],
  ["masked", "Hide texts and numbers until clicked", "For screens that others can see."],
];

export async function preferences(settings: Settings): Promise<Partial<Settings> | null> {
  return askWithForm<Partial<Settings>>({
    title: "Preferences",
    submit: "Save",
    fields: (): TemplateResult => html`
      ${SWITCHES.map(
        ([name, label, note]) => html`<label class="switch"><input type="checkbox" name=${name} ?checked=${settings[name]} /><span>${label}<small>${note}</small></span></label>`,
      )}
      <fieldset class="choices"><legend>Colours</legend>
        ${(["system", "light", "dark"] as const).map(
          (theme) => html`<label class="choice"><input type="radio" name="theme" value=${theme} ?checked=${settings.theme === theme} /> ${theme === "system" ? "As the system" : theme === "light" ? "Light" : "Dark"}</label>`,
        )}
      </fieldset>`,
    attempt: (data) => {
      const theme = data.get("theme");
      return {
        masked: data.get("masked") !== null,
        reasons: data.get("reasons") !== null,
        advance: data.get("advance") !== null,
        theme: theme === "light" || theme === "dark" ? theme : "system",
      };
    },
  });
}
