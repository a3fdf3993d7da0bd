/** Asks for a key and tries it. */

import { html, nothing, type TemplateResult } from "lit-html";
import { ApiError, explain } from "../api/problem.ts";
import { icon, mark } from "../ui/icons.ts";

export class SignIn {
  private busy = false;
  private message: string | null = null;

  constructor(
    /** Try a key: resolves if it may read. */
    private readonly attempt: (key: string, options: { remember: boolean }) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  /** Say why the person has to sign in again; null if they left by themselves. */
  explain(message: string | null): void {
    this.message = message;
  }

  render(): TemplateResult {
    return html`<main class="signin">
      <form class="signin-card" @submit=${this.submit}>
        ${mark()}
        <h1>Hookline</h1>
        <p class="quiet">Enter an API key with the role analyst or admin.</p>
        <label class="field">
          <span>API key</span>
          <input name="key" type="password" required autocomplete="current-password" spellcheck="false" autocapitalize="off" autofocus
            aria-invalid=${this.message === null ? nothing : "true"} aria-describedby="signin-message" />
        </label>
        <label class="check"><input name="remember" type="checkbox" /> <span>Remember on this device</span></label>
        <p id="signin-message" class="signin-message" role="alert">${this.message === null ? nothing : html`${icon("warning")} ${this.message}`}</p>
        <button class="button primary wide" ?disabled=${this.busy}>${this.busy ? "Checking …" : "Open the console"}</button>
      </form>
    </main>`;
  }

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const key = String(data.get("key")).trim();
    if (key === "" || this.busy) return;
    if (!/^[\x21-\x7e]+$/.test(key)) {
      this.message = "A key has only letters, digits and signs, without spaces. Check what was pasted.";
      this.changed();
      return;
    }
    this.busy = true;
    this.message = null;
    this.changed();
    try {
      await this.attempt(key, { remember: data.get("remember") !== null });
    } catch (error) {
      const client = error instanceof ApiError && error.code === "role_forbidden";
      this.message = client ? "This key may only send messages in. The console needs the role analyst or admin." : explain(error);
    }
    this.busy = false;
    this.changed();
  };
}
