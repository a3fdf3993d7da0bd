import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Below this path, next to the page, the API serves what the build makes. */
const SERVED_UNDER = "./dashboard/";

/** `npm run dev` shows the page on its own port and passes calls on to the stack that `make up` started. */
function stackProxy(): Record<string, { target: string; changeOrigin: true }> {
  const file = new URL("../.local/stack.json", import.meta.url);
  if (!existsSync(file)) return {};
  const { api_url: target } = JSON.parse(readFileSync(file, "utf8")) as { api_url: string };
  const paths = "^/(analyze|messages|stats|senders|models|alerts|labels|keys|me|system|health|retrain|openapi.json|dashboard/ticket)";
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

/** Above this, a file is stored and sent compressed. */
const LARGE_BYTES = 100_000;
/** No file that a browser has to fetch may be larger than this. */
const LARGEST_BYTES = 1_000_000;

/** Large files lie in the build compressed, under their name with `.gz` behind it. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle)) {
        const content = readFileSync(join(dir, name));
        if (content.length < LARGE_BYTES) continue;
        const packed = gzipSync(content, { level: 9 });
        if (packed.length > LARGEST_BYTES) this.error(`${name} has ${packed.length} bytes even when compressed`);
        writeFileSync(join(dir, `${name}.gz`), packed);
        rmSync(join(dir, name));
      }
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [withoutRemoteMark(), compressed()],
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox120", "safari17.5"], // the first that know light-dark()
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The ready-made bundles of Swagger UI and ReDoc are large; what counts is what is sent.
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
