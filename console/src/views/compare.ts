/** The champion and its challenger on the same messages. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Comparison } from "../api/models.ts";
import { LEVELS } from "../api/types.ts";
import { formatCount, formatShare } from "../format.ts";
import { cssValues } from "../ui/css-values.ts";
import { emptyState, errorState, levelBadge, skeleton } from "../ui/parts.ts";
import type { Part } from "./alerts.ts";
import { Loading } from "./loading.ts";
import type { Services } from "./services.ts";

export class Compare implements Part {
  private readonly comparison: Loading<Comparison>;

  constructor(private readonly services: Services) {
    this.comparison = new Loading(services.changed);
  }

  load(): void {
    void this.comparison.load((signal) => this.services.api.compare({}, signal));
  }

  render(): TemplateResult {
    const { value, error } = this.comparison;
    if (error !== null && value === null) return errorState(error, () => this.load());
    if (value === null) return html`<section class="panel">${skeleton(6)}</section>`;
    if (value.messages === 0 || !value.challenger) {
      return html`<section class="panel">${emptyState("models", "Nothing to compare yet", "Let a version challenge the champion; then both judge the same messages.")}</section>`;
    }
    const { judged } = value;
    return html`
      <ul class="cards three">
        ${card("Both judged", formatCount(value.messages), "messages")}
        ${card("Same level", value.agreement === null ? "–" : formatShare(value.agreement), "of them")}
        ${card("Champion right", judged.messages === 0 ? "–" : formatShare(judged.champion_right / judged.messages), `of ${formatCount(judged.messages)} that people judged`)}
        ${card("Challenger right", judged.messages === 0 ? "–" : formatShare(judged.challenger_right / judged.messages), `of ${formatCount(judged.messages)} that people judged`)}
      </ul>
      <section class="panel"><header><h2>Where they differ</h2></header>${flips(value)}
        <p class="quiet"><code>${value.champion}</code> across, <code>${value.challenger}</code> down</p></section>`;
  }
}

/** A grid: the champion's level across, the challenger's down. */
function flips({ flips: found }: Comparison): TemplateResult {
  const count = (champion: string, challenger: string) =>
    found.filter((flip) => flip.champion_level === champion && flip.challenger_level === challenger).reduce((sum, { messages }) => sum + messages, 0);
  const most = Math.max(1, ...found.map(({ messages }) => messages));
  return html`<div class="table-scroll"><table class="flips">
    <thead><tr><th><span class="visually-hidden">Challenger</span></th>${LEVELS.map((level) => html`<th scope="col">${levelBadge(level)}</th>`)}</tr></thead>
    <tbody>${LEVELS.map(
      (challenger) => html`<tr><th scope="row">${levelBadge(challenger)}</th>
        ${LEVELS.map((champion) => {
          const messages = count(champion, challenger);
          return html`<td class="number" ?data-same=${champion === challenger} ${cssValues({ "--heat": messages / most })}>${messages === 0 ? html`<span class="quiet">${champion === challenger ? "=" : "·"}</span>` : formatCount(messages)}</td>`;
        })}</tr>`,
    )}</tbody>
  </table></div>`;
}

function card(title: string, value: string, note: string | typeof nothing): TemplateResult {
  return html`<li class="card"><h2>${title}</h2><p class="card-number">${value}</p><p class="card-note">${note}</p></li>`;
}
