/** The console's page: somebody signs in, then the console runs. */

import { render } from "lit-html";
import "./styles/index.css";
import { Api } from "./api/client.ts";
import { Http } from "./api/http.ts";
import { explain } from "./api/problem.ts";
import { Session } from "./state/session.ts";
import { loadSettings, saveSettings, type Settings } from "./state/settings.ts";
import { closeDialogs } from "./ui/dialog.ts";
import { Console } from "./views/console.ts";
import { SignIn } from "./views/signin.ts";

const place = document.getElementById("app") as HTMLElement;
const session = new Session(sessionStorage, localStorage);
const darkness = matchMedia("(prefers-color-scheme: dark)");

let settings = loadSettings(localStorage);
let theme = 0;
let running: Console | null = null;
let drawing = false;

// The page is `<api>/dashboard`, so the API lies beside it.
const http = new Http(new URL(".", location.href), () => session.key, (error) => {
  if (running) leave(explain(error));
});
const api = new Api(http);
const signIn = new SignIn(enter, changed);

function changed(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(draw);
}

function draw(): void {
  drawing = false;
  render(running ? running.render() : signIn.render(), place);
}

/** Try a key, and go on with it if it may read. */
async function enter(key: string, options: { remember: boolean }): Promise<void> {
  session.save(key, options);
  try {
    await api.stats({});
  } catch (error) {
    session.forget();
    throw error;
  }
  run();
}

function run(): void {
  running = new Console({ api, settings: () => settings, change, theme: () => theme, changed, leave: () => leave(null) });
  running.start();
  changed();
}

function leave(why: string | null): void {
  closeDialogs();
  running?.stop();
  running = null;
  session.forget();
  signIn.explain(why);
  document.title = "Hookline";
  changed();
}

function change(some: Partial<Settings>): void {
  settings = { ...settings, ...some };
  saveSettings(localStorage, settings);
  applyTheme();
}

function applyTheme(): void {
  if (settings.theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = settings.theme;
  theme += 1;
  changed();
}

darkness.addEventListener("change", applyTheme);
applyTheme();
if (session.key !== null) run();
