/** Why a message has its score: the text with its marked places, and the reasons that add up. */

import { html, nothing, type TemplateResult } from "lit-html";
import { classMap } from "lit-html/directives/class-map.js";
import type { Reason } from "../api/types.ts";
import { formatPoints } from "../format.ts";
import { reveal } from "../text/reveal.ts";
import { segments } from "../text/spans.ts";
import { waterfall } from "../text/waterfall.ts";
import { cssValues } from "../ui/css-values.ts";

const COLOURS = 8;
const SOURCES = { rule: "rule", model: "model", signal: "signal", sender: "sender", guard: "guard" } as const;

/** The text as it was sent. Only text nodes hold what the criminal wrote. */
export function markedText(
  text: string,
  reasons: readonly Reason[],
  { chosen, choose }: { chosen: number | null; choose: (reason: number | null) => void },
): TemplateResult {
  return html`<div class="message-text" dir="auto">${segments(text, reasons).map((segment) => {
    const pieces = visible(segment.text);
    const [first] = segment.reasons;
    if (first === undefined) return pieces;
    const shown = chosen !== null && segment.reasons.includes(chosen) ? chosen : first;
    return html`<mark
      class=${classMap({ dim: chosen !== null && !segment.reasons.includes(chosen) })}
      data-colour=${shown % COLOURS}
      title=${segment.reasons.map((index) => reasons[index]?.text ?? "").join("\n")}
      @mouseenter=${() => choose(first)}
      @mouseleave=${() => choose(null)}
      >${pieces}</mark>`;
  })}</div>`;
}

/** Bars from reason to reason, up to the score. */
export function contributions(
  reasons: readonly Reason[],
  score: number,
  { chosen, choose }: { chosen: number | null; choose: (reason: number | null) => void },
): TemplateResult {
  const { steps, zero, end } = waterfall(reasons, score);
  return html`<ol class="reasons">
    ${steps.map(
      ({ reason, index, left, width }) => html`<li
        class=${classMap({ reason: true, dim: chosen !== null && chosen !== index })}
        data-colour=${index % COLOURS}
        ?data-negative=${reason.points < 0}
        @mouseenter=${() => choose(index)}
        @mouseleave=${() => choose(null)}
      >
        <p class="reason-text">${reason.spans.length > 0 ? html`<span class="swatch" aria-hidden="true"></span>` : nothing}<bdi>${visible(reason.text)}</bdi></p>
        <span class="reason-points">${formatPoints(reason.points)}</span>
        <span class="reason-track" aria-hidden="true">
          <span class="reason-zero" ${cssValues({ "--at": zero })}></span>
          <span class="reason-bar" ${cssValues({ "--left": left, "--width": width })}></span>
        </span>
        <span class="reason-code">${reason.code} · ${SOURCES[reason.source]}</span>
      </li>`,
    )}
    <li class="reason-sum">
      <p>Risk score</p>
      <span class="reason-points">${score}</span>
      <span class="reason-track" aria-hidden="true">
        <span class="reason-bar" ${cssValues({ "--left": zero, "--width": Math.max(end - zero, 0) })}></span>
      </span>
    </li>
  </ol>`;
}

function visible(text: string): (string | TemplateResult)[] {
  return reveal(text).map((piece) =>
    piece.kind === "text" ? piece.text : html`<span class="ghost" title="A character that cannot be seen">${piece.name}</span>`,
  );
}
