/** What people say about the open message: the keys to say it with, the word that stands, and all words before it. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Feedback, FeedbackHistory, Message } from "../api/types.ts";
import { categoryName } from "../categories.ts";
import { formatMinute } from "../format.ts";
import { flatten } from "../text/reveal.ts";
import { icon } from "../ui/icons.ts";
import { feedbackTag } from "../ui/parts.ts";
import { VERDICT_WORDS, wordsOf } from "../verdicts.ts";
import { Loading } from "./loading.ts";
import type { Services } from "./services.ts";

type Said = FeedbackHistory["history"][number];

export class Opinion {
  private readonly history: Loading<FeedbackHistory>;

  constructor(private readonly services: Services) {
    this.history = new Loading(services.changed);
  }

  clear(): void {
    this.history.clear();
  }

  async load(id: string): Promise<void> {
    await this.history.load((signal) => this.services.api.feedback(id, signal));
  }

  /** The word that stands, as read last; nothing, if it was not read. */
  current(): Feedback | null | undefined {
    return this.history.value?.current;
  }

  /** The bar with the verdicts. */
  bar(message: Message): TemplateResult {
    const { judging, advance } = this.services;
    const busy = judging.busy(message.message_id);
    const said = message.feedback?.verdict;
    return html`<div class="verdict-bar" role="group" aria-label="Verdict">
      ${VERDICT_WORDS.map(
        ({ verdict, key, label, icon: name }) => html`<button
          class="verdict-button"
          data-verdict=${verdict}
          aria-pressed=${said === verdict ? "true" : "false"}
          aria-keyshortcuts=${key}
          title="${label} (${key})"
          ?disabled=${busy}
          @click=${() => void judging.say([message], verdict, () => advance(message.message_id))}
        >
          ${icon(name)}<span>${label}</span><kbd>${key}</kbd>
        </button>`,
      )}
      <button class="verdict-button" title="Another category, a reason, and more (C)" aria-keyshortcuts="c" ?disabled=${busy}
        @click=${() => void judging.ask([message], { focus: "category" }, () => advance(message.message_id))}>
        ${icon("edit")}<span>More</span><kbd>C</kbd>
      </button>
    </div>`;
  }

  /** The word that stands. */
  standing(message: Message): TemplateResult | typeof nothing {
    const { feedback } = message;
    if (!feedback) return nothing;
    const whole = this.history.value?.history.find((entry) => entry.given_at === feedback.given_at);
    const { note, given_by } = { note: feedback.note ?? whole?.note, given_by: feedback.given_by ?? whole?.given_by };
    return html`<div class="standing" data-verdict=${feedback.verdict}>
      <p>
        ${icon(wordsOf(feedback.verdict).icon)} <strong>Judged ${wordsOf(feedback.verdict).as}</strong>${feedback.category === null ? nothing : html` · ${categoryName(feedback.category)}`}
      </p>
      ${note ? html`<p class="standing-note"><bdi>${flatten(note)}</bdi></p>` : nothing}
      <p class="quiet">${given_by ? html`by ${given_by}, ` : nothing}${formatMinute(feedback.given_at)}
        <button class="link" @click=${() => void this.services.judging.withdraw(message)}>Take back</button></p>
    </div>`;
  }

  /** All words, if there are more than the one that stands. */
  words(message: Message): TemplateResult | typeof nothing {
    const found = this.history.value?.history ?? [];
    if (found.length === 0 || (found.length === 1 && found[0]?.given_at === message.feedback?.given_at)) return nothing;
    return html`<section>
      <h3>What people said</h3>
      <ol class="words">${found.map((entry) => word(entry))}</ol>
    </section>`;
  }
}

function word(entry: Said): TemplateResult {
  return html`<li>
    ${feedbackTag(entry.verdict)}
    <span class="quiet">${entry.category === null ? nothing : html`${categoryName(entry.category)} · `}by ${entry.given_by}, ${formatMinute(entry.given_at)}${entry.withdrawn ? html` · taken back` : nothing}</span>
    ${entry.note ? html`<p><bdi>${flatten(entry.note)}</bdi></p>` : nothing}
  </li>`;
}
