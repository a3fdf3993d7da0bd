/** The console of somebody who is signed in: the frame around the pages, and what runs behind them. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Api } from "../api/client.ts";
import type { Me } from "../api/access.ts";
import { ApiError, explain } from "../api/problem.ts";
import { Pulse } from "../live/pulse.ts";
import { Hub } from "../live/hub.ts";
import { LiveConnection, type LiveState } from "../live/connection.ts";
import { formatRoute, PAGE_KEYS, PAGES, parseRoute, type PageName } from "../state/route.ts";
import type { Settings } from "../state/settings.ts";
import { closeDialogs } from "../ui/dialog.ts";
import { icon, mark } from "../ui/icons.ts";
import { retryAll } from "../ui/parts.ts";
import { VERDICT_WORDS } from "../verdicts.ts";
import { Alerts } from "./alerts.ts";
import { connectionPill } from "./connection.ts";
import { Detail } from "./detail.ts";
import { help } from "./help.ts";
import { Judging, type Judged } from "./judging.ts";
import { Keys } from "./keys.ts";
import { Labels } from "./labels.ts";
import { Messages } from "./messages.ts";
import { Models } from "./models.ts";
import { Overview } from "./overview.ts";
import { preferences } from "./preferences.ts";
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

/** After `g`, a page's letter is waited for that long. */
const LETTER_WITHIN_MS = 1_500;
/** On a phone, only these stand in the bar at the bottom; the others are behind one more button. */
const AT_HAND: ReadonlySet<PageName> = new Set(["overview", "review", "messages", "alerts"]);

export class Console {
  private live: LiveState = { kind: "connecting" };
  private page: PageName = "overview";
  private openId: string | null = null;
  private goingSince = 0;
  private me: Me | null = null;
  private menuOpen = false;
  private tick: number | null = null;
  private unsubscribe: readonly (() => void)[] = [];
  private readonly toasts: Toasts;
  private readonly hub: Hub;
  private readonly pulse: Pulse;
  private readonly judging: Judging;
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
        feedback: (items) => this.judging.heard(items),
        gap: () => void this.hub.resume(),
      },
    );
    this.pulse = new Pulse(() => {
      const now = new Date().toISOString();
      return api.stats({ from: now, to: now });
    }, frame.changed);
    const services: Omit<Services, "judging"> = {
      api,
      hub: this.hub,
      pulse: this.pulse,
      me: () => this.me,
      admin: () => this.me?.role === "admin",
      settings: frame.settings,
      theme: frame.theme,
      changed: frame.changed,
      go: (page, query) => this.go(page, query),
      open: (id) => this.open(id),
      opened: () => this.openId,
      advance: (id) => this.advance(id),
      moved: (numbers) => this.detail.moved(numbers),
      notify: (text, options) => this.toasts.notify(text, options),
      copy: (text, what) => void this.copy(text, what),
    };
    // Judging needs the services, and is one of them.
    const all = services as { -readonly [Name in keyof Services]: Services[Name] };
    this.judging = all.judging = new Judging(all);
    this.detail = new Detail(all);
    this.views = {
      overview: new Overview(all),
      review: new Messages(all, "review"),
      messages: new Messages(all, "messages"),
      senders: new Senders(all),
      alerts: new Alerts(all),
      models: new Models(all),
      labels: new Labels(all),
      keys: new Keys(all),
      playground: new Playground(all),
      system: new System(all, () => this.live),
    };
  }

  start(): void {
    addEventListener("hashchange", this.routed);
    addEventListener("keydown", this.pressed);
    addEventListener("online", this.awake);
    document.addEventListener("visibilitychange", this.awake);
    addEventListener("offline", this.lineChanged);
    this.unsubscribe = [this.hub.subscribe(this.detail), this.hub.subscribe({ fresh: this.stir, judged: this.stir, resumed: this.stir, stale: this.stir })];
    this.routed();
    this.pulse.start();
    const primed = () => {
      this.connection.start();
      void this.learnWho();
    };
    // If it fails, the socket's own attempts tell what is wrong, and catch up when it is over.
    void this.hub.prime().then(primed, primed);
  }

  stop(): void {
    removeEventListener("hashchange", this.routed);
    removeEventListener("keydown", this.pressed);
    removeEventListener("online", this.awake);
    document.removeEventListener("visibilitychange", this.awake);
    removeEventListener("offline", this.lineChanged);
    for (const unsubscribe of this.unsubscribe) unsubscribe();
    this.pulse.stop();
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
      <nav class="rail" aria-label="Pages" ?data-open=${this.menuOpen}>
        <a class="brand" href="#/overview" aria-label="Hookline">${mark()}<span>Hookline</span></a>
        ${PAGES.map((name) => this.pageLink(name))}
        <button class="rail-item rail-more" aria-expanded=${this.menuOpen ? "true" : "false"} @click=${this.toggleMenu}>${icon("more")}<span>More</span></button>
        <span class="spacer"></span>
        <div class="rail-foot">
          ${connectionPill(this.live, { now: Date.now(), retry: () => this.connection.retryNow() })}
          <div class="rail-tools">${this.tools()}</div>
        </div>
      </nav>
      <div class="workspace" ?data-split=${this.openId !== null}>
        <main id="main" tabindex="-1">${navigator.onLine ? nothing : offline()}${view.render()}</main>
        ${detail}
      </div>
      ${this.toasts.render()}`;
  }

  private pageLink(name: PageName): TemplateResult {
    const { waiting } = this.pulse;
    const count = name === "review" ? waiting?.review : name === "alerts" ? waiting?.alerts : undefined;
    const { title } = this.views[name];
    return html`<a
      class="rail-item"
      href=${formatRoute(name)}
      aria-current=${name === this.page ? "page" : nothing}
      ?data-aside=${!AT_HAND.has(name)}
      data-page=${name}
      title="${title} (G ${PAGE_KEYS[name].toUpperCase()})"
    >
      ${icon(name)}<span>${title}</span>${count ? html`
        <span class="badge">${count > 999 ? "999+" : count}</span> <span class="visually-hidden">waiting</span>` : nothing}
    </a>`;
  }

  private tools(): TemplateResult {
    const { masked } = this.frame.settings();
    return html`
      <button class="icon-button" aria-pressed=${masked ? "true" : "false"} title="Hide texts and numbers (M)" aria-label="Hide texts and numbers" @click=${this.toggleMask}>
        ${icon(masked ? "hidden" : "eye")}
      </button>
      <button class="icon-button" title="Preferences" aria-label="Preferences" @click=${this.askPreferences}>${icon("gear")}</button>
      <button class="icon-button" title="Keys (?)" aria-label="Keys" @click=${this.showHelp}>${icon("help")}</button>
      <button class="icon-button" title="Sign out" aria-label="Sign out" @click=${this.frame.leave}>${icon("leave")}</button>`;
  }

  private readonly routed = (): void => {
    const { page, query } = parseRoute(location.hash);
    if (page !== this.page) {
      this.views[this.page].leave();
      closeDialogs();
      scrollTo({ top: 0 });
    }
    this.page = page;
    this.menuOpen = false;
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
    if (target.closest("input:not([type='checkbox'], [type='radio']), textarea, select")) {
      if (event.key === "Escape" && target instanceof HTMLElement) target.blur();
      return;
    }
    if (this.act(event)) event.preventDefault();
  };

  /** Do what a key stands for. Returns whether it stands for something. */
  private act(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase();
    if (this.goingSince > 0) {
      const page = Date.now() - this.goingSince < LETTER_WITHIN_MS ? PAGES.find((name) => PAGE_KEYS[name] === key) : undefined;
      this.goingSince = 0;
      if (page) this.go(page);
      if (page) return true;
    }
    const words = VERDICT_WORDS.find((one) => one.key === key);
    if (words) return this.judge((items, started) => void this.judging.say(items, words.verdict, started), event);
    if (key === "c") return this.judge((items, started) => void this.judging.ask(items, { focus: "category" }, started), event);
    if (key === "b" || key === "a") return this.judge((items) => void this.judging.move(items, key === "b" ? "block" : "allow"), event);
    if (key === "g") this.goingSince = Date.now();
    else if (key === "j") this.step("next");
    else if (key === "k") this.step("previous");
    else if (key === "escape" && this.openId !== null) this.open(null);
    else if (key === "m") this.toggleMask();
    else if (key === "?") this.showHelp();
    else if (key === "z") return this.toasts.undoLast();
    else if (key === "t") return this.openId !== null && this.detail.retest();
    else return this.views[this.page].key?.(event) ?? false;
    return true;
  }

  /** Do something with the open message, or with all that are chosen. What is not on the screen yet is left alone. */
  private judge(what: (items: readonly Judged[], started: () => void) => void, event: KeyboardEvent): boolean {
    if (event.repeat) return true;
    const chosen = this.views[this.page].chosen?.() ?? [];
    if (chosen.length > 0) {
      what(chosen, () => this.views[this.page].key?.(new KeyboardEvent("keydown", { key: "Escape" })));
      return true;
    }
    const shown = this.detail.shown();
    if (this.openId === null) this.toasts.notify("Open a message first: press J.");
    if (shown === null || shown.message_id !== this.openId) return this.openId === null;
    what([shown], () => this.advance(shown.message_id));
    return true;
  }

  /** Open the message after this one; in the queue, or the one before it if this was the last. */
  private advance(id: string): void {
    if (id !== this.openId || !this.frame.settings().advance) return;
    const { previous, next } = this.walk();
    const go = next ?? (this.page === "review" ? (previous ?? (() => this.open(null))) : null);
    go?.();
    if (go) this.keepInSight();
  }

  private step(direction: "next" | "previous"): void {
    this.walk()[direction]?.();
    this.keepInSight();
  }

  /** The row is marked as open only when the page is drawn again. */
  private keepInSight(): void {
    addEventListener("hashchange", () => requestAnimationFrame(() => document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "nearest" })), { once: true });
  }

  private readonly stir = (): void => this.pulse.stir();

  private readonly toggleMask = (): void => {
    this.frame.change({ masked: !this.frame.settings().masked });
  };

  private readonly toggleMenu = (): void => {
    this.menuOpen = !this.menuOpen;
    this.frame.changed();
  };

  private readonly askPreferences = async (): Promise<void> => {
    const settings = await preferences(this.frame.settings());
    if (settings) this.frame.change(settings);
  };

  private readonly showHelp = (): void => {
    help(Object.fromEntries(PAGES.map((name) => [name, this.views[name].title])));
  };

  private readonly lineChanged = (): void => this.frame.changed();

  /** Learn whose key this is. Without an answer, nothing is offered that needs more than an analyst's. */
  private async learnWho(): Promise<void> {
    try {
      this.me = await this.frame.api.me();
      // What only an admin may see was not asked for before.
      if (this.me.role === "admin") this.views[this.page].known?.();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
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
    if (state.kind === "open") retryAll();
    if (state.kind === "stopped" && state.error) this.toasts.notify(explain(state.error), { tone: "bad" });
    if (this.tick !== null) clearInterval(this.tick);
    this.tick = state.kind === "waiting" ? window.setInterval(this.frame.changed, 500) : null;
    this.frame.changed();
  }

  private readonly awake = (): void => {
    this.frame.changed();
    if (this.me === null) void this.learnWho();
    if (document.visibilityState === "visible") this.connection.probe();
  };
}

function offline(): TemplateResult {
  return html`<p class="notice" role="alert">${icon("warning")} This device is offline. What is shown was loaded before; the page goes on by itself when the network is back.</p>`;
}

/** The address stays as it is: its hash names the page. */
function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
