/** Dialogs stand beside the page and are drawn once: nothing that happens behind them takes away what somebody types. */

import { html, nothing, render, type TemplateResult } from "lit-html";
import { explain } from "../api/problem.ts";

export interface FormDialog<Answer> {
  readonly title: string;
  readonly submit: string;
  /** The fields. `again` draws them once more, for fields that depend on others. */
  fields(again: () => void): TemplateResult;
  /** Do it. While it fails, the dialog stays open and says why. */
  attempt(data: FormData): Promise<Answer> | Answer;
  readonly wide?: boolean;
  readonly danger?: boolean;
}

/** Ask with a form. Returns what `attempt` made of it, or null if the person went away. */
export function askWithForm<Answer>({ title, submit, fields, attempt, wide = false, danger = false }: FormDialog<Answer>): Promise<Answer | null> {
  return inDialog<Answer>(wide ? "dialog wide" : "dialog", title, (dialog, answer) => {
    let busy = false;
    let problem: string | null = null;
    const send = async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      if (busy) return;
      const data = new FormData(event.target as HTMLFormElement);
      busy = true;
      problem = null;
      draw();
      try {
        answer(await attempt(data));
      } catch (error) {
        problem = error instanceof FieldError ? error.message : explain(error);
      }
      busy = false;
      draw();
    };
    const draw = (): void => {
      render(
        html`<form class="dialog-form" @submit=${send}>
          <h2>${title}</h2>
          ${fields(draw)}
          <p class="dialog-problem" role="alert">${problem ?? nothing}</p>
          <div class="dialog-actions">
            <button class="button" type="button" @click=${() => dialog.close()}>Cancel</button>
            <button class="button ${danger ? "danger" : "primary"}" ?disabled=${busy}>${submit}</button>
          </div>
        </form>`,
        dialog,
      );
    };
    draw();
  });
}

/** What is wrong with a form before it is sent. */
export class FieldError extends Error {}

/** Ask before something is done that everybody will notice. */
export async function confirm(question: string, action: string, { danger = false } = {}): Promise<boolean> {
  const answer = await askWithForm({ title: question, submit: action, danger, fields: () => html``, attempt: () => true });
  return answer ?? false;
}

/** Show something until it is closed. */
export async function tell(title: string, content: TemplateResult, done = "Close"): Promise<void> {
  await inDialog(title === "" ? "dialog" : "dialog wide", title, (dialog) => {
    render(
      html`<h2>${title}</h2>
        ${content}
        <div class="dialog-actions"><button class="button primary" @click=${() => dialog.close()}>${done}</button></div>`,
      dialog,
    );
  });
}

/** Close whatever is open: the person has signed out. */
export function closeDialogs(): void {
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}

function inDialog<Answer>(
  className: string,
  label: string,
  fill: (dialog: HTMLDialogElement, answer: (value: Answer) => void) => void,
): Promise<Answer | null> {
  const dialog = document.createElement("dialog");
  dialog.className = className;
  dialog.setAttribute("aria-label", label);
  document.body.append(dialog);
  return new Promise((resolve) => {
    let given: Answer | null = null;
    fill(dialog, (value) => {
      given = value;
      dialog.close();
    });
    dialog.onclose = () => {
      dialog.remove();
      resolve(given);
    };
    dialog.showModal();
    dialog.querySelector<HTMLElement>("[data-first]")?.focus();
  });
}
