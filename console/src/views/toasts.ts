/** Short notes about what was done, with a way back. */

import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { icon } from "../ui/icons.ts";

const SHOWN_MS = 6_000;
const SHOWN_WITH_WAY_BACK_MS = 15_000;
const MOST = 3;

export interface NoteOptions {
  readonly undo?: () => void;
  readonly action?: { readonly label: string; readonly run: () => void };
  readonly tone?: "plain" | "bad";
}

interface Toast extends NoteOptions {
  readonly id: number;
  readonly text: string;
}

export class Toasts {
  private shown: readonly Toast[] = [];
  private last = 0;

  constructor(private readonly changed: () => void) {}

  notify(text: string, options: NoteOptions = {}): void {
    const id = ++this.last;
    this.shown = [...this.shown.slice(1 - MOST), { id, text, ...options }];
    setTimeout(() => this.dismiss(id), options.undo || options.action ? SHOWN_WITH_WAY_BACK_MS : SHOWN_MS);
    this.changed();
  }

  /** Take back what was done last, if that is still on offer. */
  undoLast(): boolean {
    const toast = this.shown.findLast((one) => one.undo !== undefined);
    if (toast) this.run(toast, toast.undo);
    return toast !== undefined;
  }

  render(): TemplateResult {
    return html`<div class="toasts" role="status" aria-live="polite">
      ${repeat(
        this.shown,
        (toast) => toast.id,
        (toast) => html`<div class="toast" data-tone=${toast.tone ?? "plain"}>
          <span>${toast.text}</span>
          ${toast.undo ? html`<button class="link" title="Undo (Z)" @click=${() => this.run(toast, toast.undo)}>Undo</button>` : nothing}
          ${toast.action ? html`<button class="link" @click=${() => this.run(toast, toast.action?.run)}>${toast.action.label}</button>` : nothing}
          <button class="icon-button small" aria-label="Dismiss" @click=${() => this.dismiss(toast.id)}>${icon("close")}</button>
        </div>`,
      )}
    </div>`;
  }

  private run(toast: Toast, what: (() => void) | undefined): void {
    this.dismiss(toast.id);
    what?.();
  }

  private dismiss(id: number): void {
    this.shown = this.shown.filter((toast) => toast.id !== id);
    this.changed();
  }
}
