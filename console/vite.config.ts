import { existsSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Below this path, next to the page, the API serves what the build makes. */
const SERVED_UNDER = "./dashboard/";

/** `npm run dev` shows the page on its own port and passes calls on to the stack that `make up` started. */
function stackProxy(): Record<string, { target: string; changeOrigin: true }> {
  const file = new URL("../.local/stack.json", import.meta.url);
  if (!existsSync(file)) return {};
  const { api_url: target } = JSON.parse(readFileSync(file, "utf8")) as { api_url: string };
  const paths = "^/(analyze|messages|stats|senders|models|health|retrain|openapi.json|dashboard/ticket)";
  return { [paths]: { target, changeOrigin: true } };
}

/** ReDoc's bundle shows its maker's mark from another host; our pages ask nobody else for anything. */
function withoutRemoteMark(): Plugin {
  const mark = "https://cdn.redoc.ly/redoc/logo-mini.svg";
  const nothing = "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E";
  return {
    name: "without-remote-mark",
    generateBundle(_, bundle) {
      const found = Object.values(bundle).find((file) => file.fileName.includes("redoc.standalone"));
      if (found?.type !== "asset" || !found.source.toString().includes(mark)) this.error("ReDoc's bundle has changed");
      else found.source = found.source.toString().replaceAll(mark, nothing);
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [withoutRemoteMark()],
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // the first that know light-dark()
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The ready-made bundles of Swagger UI and ReDoc are large; the console itself is not.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: ["index.html", "docs.html", "redoc.html"] },
  },
  experimental: {
    // A page lies at `<api>/dashboard`, its assets at `<api>/dashboard/assets/…`, wherever `<api>` is.
    renderBuiltUrl: (filename, { hostType }) =>
      hostType === "html" ? `${SERVED_UNDER}${filename}` : { relative: true },
  },
  server: { proxy: stackProxy() },
  test: { include: ["tests/**/*.test.ts"] },
});
