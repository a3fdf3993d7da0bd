import { existsSync, readFileSync } from "node:fs";
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

export default defineConfig({
  base: "./",
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
