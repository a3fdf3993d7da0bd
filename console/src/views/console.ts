/** The console of somebody who is signed in: the frame around the pages, and what runs behind them. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Api } from "../api/client.ts";
import { explain } from "../api/problem.ts";
import { Hub } from "../live/hub.ts";
import { LiveConnection, type LiveState } from "../live/connection.ts";
import { formatRoute, PAGES, parseRoute, type PageName } from "../state/route.ts";
import type { Settings, Theme } from "../state/settings.ts";
import { icon, mark, type IconName } from "../ui/icons.ts";
import { connectionPill } from "./connection.ts";
import { Detail } from "./detail.ts";
import { help } from "./help.ts";
import { Messages } from "./messages.ts";
import { Models } from "./models.ts";
import { Overview } from "./overview.ts";
import { Playground } from "./playground.ts";
import { Senders } from "./senders.ts";
import type { Services, View } from "./services.ts";
import { System } from "./system.ts";
import { Toasts } from "./toasts.ts";

export interface Frame {
  readonly api: Api;
  settings(): Settings;
  change(settings: Partial<Settings>): void;
  /** Grows when colours change. */
  theme(): number;
  changed(): void;
  leave(): void;
}

const THEMES: readonly (readonly [Theme, IconName, string])[] = [
  ["system", "auto", "Colours as the system has them"],
  ["light", "sun", "Light"],
  ["dark", "moon", "Dark"],
];

export class Console {
  private live: LiveState = { kind: "connecting" };
  private page: PageName = "overview";
  private openId: string | null = null;
  private helping = false;
  private tick: number | null = null;
  private readonly toasts: Toasts;
  private readonly hub: Hub;
  private readonly connection: LiveConnection;
  private readonly detail: Detail;
  private readonly views: Readonly<Record<PageName, View>>;

  constructor(private readonly frame: Frame) {
    const { api } = frame;
    this.toasts = new Toasts(frame.changed);
    this.hub = new Hub((query) => api.messages(query), requestAnimationFrame.bind(window), window.setTimeout.bind(window));
    this.connection = new LiveConnection(
      {
        ticket: () => api.ticket(),
        open: (url) => new WebSocket(url),
        now: Date.now,
        random: Math.random,
        setTimeout: window.setTimeout.bind(window),
        clearTimeout: window.clearTimeout.bind(window),
      },
      {
        state: (state) => this.liveChanged(state),
        messages: (items) => this.hub.receive(items),
        gap: () => void this.hub.resume(),
      },
    );
    const services: Services = {
      api,
      hub: this.hub,
      settings: frame.settings,
      theme: frame.theme,
      changed: frame.changed,
      go: (page, query) => this.go(page, query),
      open: (id) => this.open(id),
      opened: () => this.openId,
      notify: (text, options) => this.toasts.notify(text, options),
      copy: (text, what) => void this.copy(text, what),
    };
    this.detail = new Detail(services);
    this.views = {
      overview: new Overview(services),
      messages: new Messages(services),
      senders: new Senders(services),
      models: new Models(services),
      playground: new Playground(services),
      system: new System(services, () => this.live),
    };
  }

  start(): void {
    addEventListener("hashchange", this.routed);
    addEventListener("keydown", this.pressed);
    addEventListener("online", this.awake);
    document.addEventListener("visibilitychange", this.awake);
    this.routed();
    void this.hub.prime().then(
      () => this.connection.start(),
      // The socket's own attempts tell what is wrong, and catch up when it is over.
      () => this.connection.start(),
    );
  }

  stop(): void {
    removeEventListener("hashchange", this.routed);
    removeEventListener("keydown", this.pressed);
    removeEventListener("online", this.awake);
    document.removeEventListener("visibilitychange", this.awake);
    if (this.tick !== null) clearInterval(this.tick);
    this.tick = null;
    this.connection.stop();
    this.views[this.page].leave();
  }

  render(): TemplateResult {
    const view = this.views[this.page];
    const detail = this.openId === null ? nothing : this.detail.render(this.walk());
    return html`
      <a class="skip" href="#main" @click=${focusMain}>Skip to the page</a>
      <nav class="rail" aria-label="Pages">
        <a class="brand" href="#/overview" aria-label="Hookline">${mark()}<span>Hookline</span></a>
        ${PAGES.map(
          (name, index) => html`<a class="rail-item" href=${formatRoute(name)} aria-current=${name === this.page ? "page" : nothing} title="${this.views[name].title} (${index + 1})">
            ${icon(name)}<span>${this.views[name].title}</span>
          </a>`,
        )}
        <span class="spacer"></span>
        <div class="rail-foot">
          ${connectionPill(this.live, { now: Date.now(), retry: () => this.connection.retryNow() })}
          <div class="rail-tools">${this.tools()}</div>
        </div>
      </nav>
      <div class="workspace" ?data-split=${this.openId !== null}>
        <main id="main" tabindex="-1">${view.render()}</main>
        ${detail}
      </div>
      ${this.toasts.render()}
      ${this.helping ? help(() => this.showHelp(false)) : nothing}`;
  }

  /** After drawing: a dialog is shown by a call, not by markup. */
  drawn(): void {
    const dialog = document.querySelector<HTMLDialogElement>("dialog.help");
    if (dialog && !dialog.open) dialog.showModal();
  }

  private tools(): TemplateResult {
    const { theme, masked } = this.frame.settings();
    const place = THEMES.findIndex(([name]) => name === theme);
    const [, themeIcon, themeLabel] = THEMES[place] ?? THEMES[0]!;
    const [next] = THEMES[(place + 1) % THEMES.length] ?? THEMES[0]!;
    return html`
      <button class="icon-button" aria-pressed=${masked ? "true" : "false"} title="Hide texts and numbers (M)" aria-label="Hide texts and numbers" @click=${this.toggleMask}>
        ${icon(masked ? "hidden" : "eye")}
      </button>
      <button class="icon-button" title=${themeLabel} aria-label="Colours: ${themeLabel}" @click=${() => this.frame.change({ theme: next })}>${icon(themeIcon)}</button>
      <button class="icon-button" title="Keys (?)" aria-label="Keys" @click=${() => this.showHelp(true)}>${icon("help")}</button>
      <button class="icon-button" title="Sign out" aria-label="Sign out" @click=${this.frame.leave}>${icon("leave")}</button>`;
  }

  private readonly routed = (): void => {
    const { page, query } = parseRoute(location.hash);
    if (page !== this.page) {
      this.views[this.page].leave();
      scrollTo({ top: 0 });
    }
    this.page = page;
    this.openId = query.get("open");
    this.detail.show(this.openId);
    const view = this.views[page];
    document.title = `${view.title} · Hookline`;
    view.enter(query);
    this.frame.changed();
  };

  private go(page: PageName, query?: URLSearchParams): void {
    location.hash = formatRoute(page, query);
  }

  private open(id: string | null): void {
    const { page, query } = parseRoute(location.hash);
    if (id === null) query.delete("open");
    else query.set("open", id);
    this.go(page, query);
  }

  private walk(): { previous: (() => void) | null; next: (() => void) | null } {
    const ids = this.views[this.page].rows?.().map((row) => row.message_id) ?? [];
    const at = this.openId === null ? -1 : ids.indexOf(this.openId);
    const to = (id: string | undefined) => (id === undefined ? null : () => this.open(id));
    return { previous: at > 0 ? to(ids[at - 1]) : null, next: to(ids[at + 1]) };
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest("input, textarea, select")) {
      if (event.key === "Escape" && target instanceof HTMLElement) target.blur();
      return;
    }
    if (this.act(event)) event.preventDefault();
  };

  /** Do what a key stands for. Returns whether it stands for something. */
  private act(event: KeyboardEvent): boolean {
    const { key } = event;
    const page = PAGES[Number(key) - 1];
    if (page) this.go(page);
    else if (key === "j") this.step("next");
    else if (key === "k") this.step("previous");
    else if (key === "Escape" && this.openId !== null) this.open(null);
    else if (key === "m") this.toggleMask();
    else if (key === "?") this.showHelp(true);
    else if (key === "b" || key === "a") return this.openId !== null && this.detail.list(key === "b" ? "block" : "allow");
    else return this.views[this.page].key?.(event) ?? false;
    return true;
  }

  private step(direction: "next" | "previous"): void {
    this.walk()[direction]?.();
    requestAnimationFrame(() => document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "nearest" }));
  }

  private readonly toggleMask = (): void => {
    this.frame.change({ masked: !this.frame.settings().masked });
  };

  private showHelp(helping: boolean): void {
    this.helping = helping;
    this.frame.changed();
  }

  private async copy(text: string, what: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.toasts.notify(`Copied the ${what}.`);
    } catch {
      this.toasts.notify("The browser does not let this page copy.", { tone: "bad" });
    }
  }

  private liveChanged(state: LiveState): void {
    this.live = state;
    if (state.kind === "stopped" && state.error) this.toasts.notify(explain(state.error), { tone: "bad" });
    if (this.tick !== null) clearInterval(this.tick);
    this.tick = state.kind === "waiting" ? window.setInterval(this.frame.changed, 500) : null;
    this.frame.changed();
  }

  private readonly awake = (): void => {
    if (document.visibilityState === "visible") this.connection.probe();
  };
}

/** The address stays as it is: its hash names the page. */
function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
