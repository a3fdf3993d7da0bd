/** Saying what a message is: asks what must be asked, tells what was done, and takes it back if wished. */

import { html, nothing } from "lit-html";
import { Reviews, type Contradiction, type Given, type Outcome, type Target } from "../actions/reviews.ts";
import { moveSenders, putBack } from "../actions/lists.ts";
import { explain } from "../api/problem.ts";
import type { FeedbackChange, FeedbackMark, ListName, NewFeedback, Verdict } from "../api/types.ts";
import { CATEGORY_CODES, categoryName } from "../categories.ts";
import { formatCount } from "../format.ts";
import { askWithForm, confirm, FieldError } from "../ui/dialog.ts";
import { VERDICT_WORDS, wordsOf } from "../verdicts.ts";
import type { Services } from "./services.ts";

const LONGEST_NOTE = 500;

export interface Judged extends Target {
  readonly category_code: string;
  readonly phone_number: string | null;
}

export class Judging {
  /** How far a judgement on many is, while it runs. */
  running: { readonly done: number; readonly of: number } | null = null;
  private readonly reviews: Reviews;

  constructor(private readonly services: Services) {
    this.reviews = new Reviews(
      services.api,
      (changes) => services.hub.judge(changes),
      (found) => this.contradicted(found),
      (id) => services.opened() === id,
    );
  }

  /** Take in what the live feed says. */
  heard(changes: readonly FeedbackChange[]): void {
    this.reviews.heard(changes);
  }

  busy(messageId: string): boolean {
    return this.reviews.busy(messageId);
  }

  /**
   * Say what messages are; ask for a reason first if the person's settings demand one, and before judging many.
   *
   * @param started called when it is settled that this will be sent
   */
  async say(items: readonly Judged[], verdict: Verdict, started: () => void = () => {}): Promise<void> {
    if (items.length === 0) return;
    if (this.services.settings().reasons) return this.ask(items, { verdict, focus: "note" }, started);
    if (items.length > 1 && !(await confirm(question(items, verdict), `Mark ${formatCount(items.length)}`))) return;
    await this.send(items, { verdict }, started);
  }

  /** Ask for everything that can be said. */
  async ask(items: readonly Judged[], start: { verdict?: Verdict; focus: "category" | "note" }, started: () => void = () => {}): Promise<void> {
    const feedback = await askFeedback(items, { ...start, noteNeeded: this.services.settings().reasons });
    if (feedback !== null) await this.send(items, feedback, started);
  }

  async withdraw(item: Target): Promise<void> {
    const outcome = await this.reviews.withdraw([item]);
    this.told(outcome, "Taken back.");
  }

  /** Put the senders of messages on a list, or take them off. */
  async move(items: readonly Judged[], list: ListName | null): Promise<void> {
    const { api, notify } = this.services;
    const numbers = [...new Set(items.flatMap((item) => item.phone_number ?? []))];
    if (numbers.length === 0) return notify("No sender is known.");
    const word = list === "block" ? "Block" : list === "allow" ? "Allow" : "Take off the list";
    if (numbers.length > 1 && !(await confirm(`${word} ${formatCount(numbers.length)} senders of ${formatCount(items.length)} messages?`, word))) return;
    const { moved, errors } = await moveSenders(api, numbers, list, `${list === "allow" ? "Allowed" : "Blocked"} in the console`);
    this.services.moved(moved.map(({ number }) => number));
    const who = moved.length === 1 ? "Sender" : `${formatCount(moved.length)} senders`;
    const undo = async (): Promise<void> => {
      const failures = await putBack(api, moved);
      notify(failures.length === 0 ? "Undone." : explain(failures[0]), failures.length === 0 ? {} : { tone: "bad" });
      this.services.moved(moved.map(({ number }) => number));
    };
    if (moved.length > 0) notify(`${who} ${list === "block" ? "blocked" : list === "allow" ? "allowed" : "taken off the list"}.`, { undo: () => void undo() });
    if (errors.length > 0) notify(explain(errors[0]), { tone: "bad" });
  }

  private async send(items: readonly Judged[], feedback: NewFeedback, started: () => void): Promise<void> {
    started();
    const many = items.length > 1;
    if (many) this.progress(0, items.length);
    const outcome = await this.reviews.give(items, feedback, many ? (done) => this.progress(done, items.length) : undefined);
    this.running = null;
    const [only] = outcome.done;
    const what = outcome.done.length === 1 && !many ? "Marked" : `${formatCount(outcome.done.length)} marked`;
    this.told(outcome, `${what} as ${wordsOf(feedback.verdict).as}.${only && !many ? replaced(only) : ""}`);
    if (feedback.list_action && feedback.list_action !== "none") this.services.moved(items.flatMap((item) => item.phone_number ?? []));
  }

  private progress(done: number, of: number): void {
    this.running = { done, of };
    this.services.changed();
  }

  private told({ done, failed }: Outcome, text: string): void {
    if (done.length > 0) this.services.notify(text, { undo: () => void this.undo(done) });
    if (failed.length > 0) {
      const which = done.length + failed.length === 1 ? "" : `${formatCount(failed.length)} of ${formatCount(done.length + failed.length)} failed. `;
      this.services.notify(which + explain(failed[0]?.error), { tone: "bad" });
    }
    this.services.changed();
  }

  private async undo(done: readonly Given[]): Promise<void> {
    const count = await this.reviews.undo(done);
    const left = done.length - count;
    if (left === 0) this.services.notify("Undone.");
    else this.services.notify(`${formatCount(left)} not undone: somebody else has spoken since, or the API cannot be reached.`, { tone: "bad" });
  }

  private contradicted(found: readonly Contradiction[]): void {
    const { notify, open, opened } = this.services;
    const { message_id, theirs, stands } = found.find((one) => one.message_id === opened()) ?? (found[0] as Contradiction);
    if (found.length > 1) notify(`Somebody else spoke about ${formatCount(found.length)} messages that you judged or look at.`);
    const who = theirs?.given_by ? `Somebody else (${theirs.given_by})` : "Somebody else";
    const said = theirs === null ? `${who} took back what was said` : `${who} marked ${opened() === message_id ? "this message" : "a message that you judged"} as ${wordsOf(theirs.verdict).as}`;
    notify(stands === "mine" ? `${said} a moment before you. Your word stands.` : `${said}.`, {
      ...(opened() === message_id ? {} : { action: { label: "Open", run: () => open(message_id) } }),
    });
  }
}

function replaced({ before, mine }: Given): string {
  if (before === null || before.verdict === mine?.verdict) return "";
  return ` It was ${wordsOf(before.verdict).as} before.`;
}

function question(items: readonly Judged[], verdict: Verdict): string {
  const others = items.filter((item) => item.feedback !== null && item.feedback.verdict !== verdict).length;
  const count = `Mark ${formatCount(items.length)} messages as ${wordsOf(verdict).as}?`;
  return others === 0 ? count : `${count} ${formatCount(others)} of them ${others === 1 ? "has" : "have"} another verdict, which this replaces.`;
}

/** Ask with a form what messages are. */
function askFeedback(
  items: readonly Judged[],
  { verdict, focus, noteNeeded }: { verdict?: Verdict; focus: "category" | "note"; noteNeeded: boolean },
): Promise<NewFeedback | null> {
  const [first] = items;
  const known: FeedbackMark | null = first?.feedback ?? null;
  const start = verdict ?? known?.verdict ?? "scam";
  const category = items.length === 1 ? (known?.category ?? null) : null;
  const title = items.length === 1 ? "What is this message?" : `What are these ${formatCount(items.length)} messages?`;
  return askWithForm<NewFeedback>({
    title,
    submit: items.length === 1 ? "Save" : `Mark ${formatCount(items.length)}`,
    fields: () => html`
      <fieldset class="choices"><legend class="visually-hidden">Verdict</legend>
        ${VERDICT_WORDS.map(
          (words) => html`<label class="choice" data-verdict=${words.verdict}><input type="radio" name="verdict" value=${words.verdict} ?checked=${words.verdict === start} /> ${words.label}</label>`,
        )}
      </fieldset>
      <label class="field"><span>Category</span>
        <select name="category" ?data-first=${focus === "category"}>
          <option value="">${items.length === 1 && first ? `As judged: ${categoryName(first.category_code)}` : "As judged"}</option>
          ${CATEGORY_CODES.map((code) => html`<option value=${code} ?selected=${code === category}>${categoryName(code)}</option>`)}
        </select>
      </label>
      <label class="field"><span>Reason${noteNeeded ? nothing : " (optional)"}</span>
        <textarea name="note" rows="2" maxlength=${LONGEST_NOTE} ?required=${noteNeeded} ?data-first=${focus === "note"}></textarea>
      </label>
      <label class="field"><span>Sender</span>
        <select name="list"><option value="none">Leave as it is</option><option value="block">Block</option><option value="allow">Allow</option></select>
      </label>
      <label class="check"><input type="checkbox" name="learn" checked /> <span>The next model may learn from it</span></label>`,
    attempt: (data) => {
      const said = VERDICT_WORDS.find((words) => words.verdict === data.get("verdict"))?.verdict ?? start;
      const note = String(data.get("note") ?? "").trim();
      if (noteNeeded && note === "") throw new FieldError("Say why.");
      const code = String(data.get("category") ?? "");
      const list = data.get("list");
      return {
        verdict: said,
        category: code === "" ? null : code,
        note: note === "" ? null : note,
        ...(said === "unsure" || data.get("learn") !== null ? {} : { learn: false }),
        list_action: list === "block" || list === "allow" ? list : "none",
      };
    },
  });
}
