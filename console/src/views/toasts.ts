/** Short notes about what was done, with a way back. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../ui/icons.ts";

const SHOWN_MS = 7_000;

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "bad";
  readonly undo?: () => void;
}

export class Toasts {
  private shown: readonly Toast[] = [];
  private last = 0;

  constructor(private readonly changed: () => void) {}

  notify(text: string, { undo, tone = "plain" }: { undo?: () => void; tone?: "plain" | "bad" } = {}): void {
    const id = ++this.last;
    this.shown = [...this.shown.slice(-2), { id, text, tone, ...(undo ? { undo } : {}) }];
    setTimeout(() => this.dismiss(id), SHOWN_MS);
    this.changed();
  }

  render(): TemplateResult {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${repeat(
        this.shown,
        (toast) => toast.id,
        (toast) => html`<div class="toast" data-tone=${toast.tone}>
          <span>${toast.text}</span>
          ${toast.undo ? html`<button class="link" @click=${() => this.undo(toast)}>Undo</button>` : nothing}
          <button class="icon-button small" aria-label="Dismiss" @click=${() => this.dismiss(toast.id)}>${icon("close")}</button>
        </div>`,
      )}
    </div>`;
  }

  private undo(toast: Toast): void {
    this.dismiss(toast.id);
    toast.undo?.();
  }

  private dismiss(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
    this.changed();
  }
}
