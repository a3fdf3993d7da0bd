/** Try a text: what would Hookline say, and why? Nothing is stored. */

import { html, nothing, type TemplateResult } from "lit-html";
import { CHANNELS, type Analysis, type Channel } from "../api/types.ts";
import { formatCount } from "../format.ts";
import { icon } from "../ui/icons.ts";
import { emptyState, errorState, levelBadge, skeleton } from "../ui/parts.ts";
import { Explanation, type Explained } from "./explanation.ts";
import { Loading } from "./loading.ts";
import { channelName } from "./row.ts";
import type { Services, View } from "./services.ts";

const LONGEST = 10_000;

const EXAMPLES: readonly (readonly [name: string, text: string])[] = [
  ["Parcel fee", "Your parcel is on hold because of an unpaid fee of 1.99. Pay within 24 hours at https://post-redelivery.top/pay or it goes back to the sender."],
  ["New number", "Hi mum, my phone fell into the sink, this is my new number. Can you pay a bill for me today? I will give it back tomorrow, please don't call."],
  ["Disguised", "Y\u200bour acc0unt has been su\u200bsp\u0435nded. V-e-r-i-f-y now: hxxps://bank-secure[.]icu/login"],
  ["Code", "428 913 is your sign-in code. It works for 10 minutes. Never share it with anyone, not even with our staff."],
  ["Dentist", "Reminder: your appointment is on Thursday at 14:30. If you cannot come, please call us the day before."],
];

interface Tried {
  readonly text: string;
  readonly verdict: Analysis;
}

export class Playground implements View {
  readonly title = "Playground";
  private text = "";
  private readonly explanation: Explanation;
  private readonly tried: Loading<Tried>;

  constructor(private readonly services: Services) {
    this.explanation = new Explanation(services.changed);
    this.tried = new Loading(services.changed);
  }

  enter(): void {
    this.services.changed();
  }

  leave(): void {
    // What was tried stays, for when the person comes back.
  }

  render(): TemplateResult {
    const length = Array.from(this.text).length;
    return html`
      <div class="page-head"><h1>Playground</h1><p class="quiet">Try a text. Nothing is stored, blocked or sent.</p></div>
      <div class="split">
        <form class="panel try" @submit=${this.submit}>
          <label class="field grow"><span>Message</span>
            <textarea name="text" rows="9" required dir="auto" .value=${this.text} @input=${this.type} @keydown=${this.shortcut}></textarea>
          </label>
          <p class="quiet count" ?data-over=${length > LONGEST}>${formatCount(length)} of ${formatCount(LONGEST)}</p>
          <div class="examples">${EXAMPLES.map(([name, text]) => html`<button type="button" class="chip" @click=${() => this.example(text)}>${name}</button>`)}</div>
          <div class="inline">
            <label class="field grow"><span>Sender (optional)</span><input name="sender" inputmode="tel" autocomplete="off" maxlength="40" /></label>
            <label class="field"><span>Channel</span>
              <select name="channel"><option value="">–</option>${CHANNELS.map((channel) => html`<option value=${channel}>${channelName(channel)}</option>`)}</select>
            </label>
          </div>
          <button class="button primary wide" ?disabled=${this.tried.busy || this.text.trim() === "" || length > LONGEST}>${icon("playground")} Judge it</button>
        </form>
        <section class="panel verdict-panel" aria-live="polite">${this.verdict()}</section>
      </div>`;
  }

  private verdict(): TemplateResult {
    const { value, error, busy } = this.tried;
    if (error !== null) return errorState(error, () => document.querySelector<HTMLFormElement>("form.try")?.requestSubmit());
    if (value === null) return busy ? skeleton(8) : emptyState("playground", "No verdict yet", "Write or paste a message, or take one of the examples.");
    const { verdict, text } = value;
    const explained: Explained = { text, reasons: verdict.reasons, score: verdict.risk_score };
    return html`
      <div class="verdict" data-level=${verdict.risk_level}>
        <div class="verdict-score" role="img" aria-label="Risk score ${verdict.risk_score} of 100">${verdict.risk_score}</div>
        <div><h2>${verdict.threat_category}</h2><p class="verdict-line">${levelBadge(verdict.risk_level)}</p></div>
      </div>
      <p class="primary-reason">${verdict.primary_reason}</p>
      ${verdict.advice ? html`<p class="advice">${verdict.advice}</p>` : nothing}
      <h3>Message</h3>
      ${this.explanation.text(explained)}
      <h3>Why</h3>
      ${this.explanation.bars(explained)}`;
  }

  private readonly type = (event: Event): void => {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.services.changed();
  };

  private readonly shortcut = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) (event.target as HTMLTextAreaElement).form?.requestSubmit();
  };

  private example(text: string): void {
    this.text = text;
    this.services.changed();
    void this.judge(text, {});
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const sender = String(data.get("sender") ?? "").trim();
    const channel = CHANNELS.find((name) => name === data.get("channel"));
    void this.judge(this.text, { ...(sender ? { phone_number: sender } : {}), ...(channel ? { channel } : {}) });
  };

  private async judge(text: string, from: { phone_number?: string; channel?: Channel }): Promise<void> {
    this.explanation.reset();
    await this.tried.load(async () => ({ text, verdict: await this.services.api.analyze({ message_content: text, dry_run: true, ...from }) }));
  }
}
