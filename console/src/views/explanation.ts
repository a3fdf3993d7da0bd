/** Why a message has its score: the text with its marked places, and the reasons that add up. */

import { html, nothing, type TemplateResult } from "lit-html";
import { classMap } from "lit-html/directives/class-map.js";
import type { Reason } from "../api/types.ts";
import { formatPoints } from "../format.ts";
import { reveal } from "../text/reveal.ts";
import { segments } from "../text/spans.ts";
import { parts, waterfall, type Step } from "../text/waterfall.ts";
import { cssValues } from "../ui/css-values.ts";

const COLOURS = 8;
const MOST_APART = 9;

export interface Explained {
  readonly text: string;
  readonly reasons: readonly Reason[];
  readonly score: number;
}

export class Explanation {
  /** The reason that the person points at. */
  private chosen: number | null = null;
  private whole = false;

  constructor(private readonly changed: () => void) {}

  /** Another message is going to be explained. */
  reset(): void {
    this.chosen = null;
    this.whole = false;
  }

  /** The text as it was sent, with marks. Only text nodes hold what the criminal wrote. */
  text({ text, reasons }: Explained): TemplateResult {
    const apart = this.parts(reasons).flatMap(({ index }) => (index === null ? [] : [index]));
    const spans = apart.map((index) => ({ spans: reasons[index]?.spans ?? [] }));
    return html`<div class="message-text" dir="auto">${segments(text, spans).map((segment) => {
      const over = segment.reasons.flatMap((place) => apart[place] ?? []);
      const [weightiest] = over;
      if (weightiest === undefined) return visible(segment.text);
      const shown = this.chosen !== null && over.includes(this.chosen) ? this.chosen : weightiest;
      return html`<mark
        class=${classMap({ dim: this.chosen !== null && !over.includes(this.chosen) })}
        data-colour=${shown % COLOURS}
        title=${over.map((index) => reasons[index]?.text ?? "").join("\n")}
        @mouseenter=${() => this.choose(weightiest)}
        @mouseleave=${() => this.choose(null)}
        >${visible(segment.text)}</mark>`;
    })}</div>`;
  }

  /** Bars from reason to reason, up to the score. */
  bars({ reasons, score }: Explained): TemplateResult {
    const { steps, zero, end } = waterfall(this.parts(reasons), score);
    return html`<ol class="reasons">
      ${steps.map((step) => this.step(step, step.index === null ? null : (reasons[step.index] ?? null), zero))}
      <li class="reason-sum">
        <p>Risk score</p>
        <span class="reason-points">${score}</span>
        <span class="reason-track" aria-hidden="true">
          <span class="reason-bar" ${cssValues({ "--left": zero, "--width": Math.max(end - zero, 0) })}></span>
        </span>
      </li>
    </ol>`;
  }

  private step({ index, count, points, left, width }: Step, reason: Reason | null, zero: number): TemplateResult {
    return html`<li
      class=${classMap({ reason: true, dim: this.chosen !== null && this.chosen !== index })}
      data-colour=${index === null ? nothing : index % COLOURS}
      ?data-negative=${points < 0}
      @mouseenter=${() => this.choose(index)}
      @mouseleave=${() => this.choose(null)}
    >
      ${reason === null
        ? html`<p><button class="link" @click=${this.showAll}>${count} smaller reasons</button></p>`
        : html`<p class="reason-text">${reason.spans.length > 0 ? html`<span class="swatch" aria-hidden="true"></span>` : nothing}<bdi>${visible(reason.text)}</bdi></p>`}
      <span class="reason-points">${formatPoints(points)}</span>
      <span class="reason-track" aria-hidden="true">
        <span class="reason-zero" ${cssValues({ "--at": zero })}></span>
        <span class="reason-bar" ${cssValues({ "--left": left, "--width": width })}></span>
      </span>
      ${reason === null ? nothing : html`<span class="reason-code">${reason.code} · ${reason.source}</span>`}
    </li>`;
  }

  private parts(reasons: readonly Reason[]) {
    return parts(reasons, this.whole ? Infinity : MOST_APART);
  }

  private choose(reason: number | null): void {
    if (reason === this.chosen) return;
    this.chosen = reason;
    this.changed();
  }

  private readonly showAll = (): void => {
    this.whole = true;
    this.changed();
  };
}

/** What cannot be seen is shown by its name. */
function visible(text: string): (string | TemplateResult)[] {
  return reveal(text).map((piece) =>
    piece.kind === "text" ? piece.text : html`<span class="ghost" title="A character that cannot be seen">${piece.name}</span>`,
  );
}
