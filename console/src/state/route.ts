/** Which page is shown, and how it is filtered: `#/messages?level=High`. */

export const PAGES = ["overview", "messages", "senders", "models", "playground", "system"] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  readonly page: PageName;
  readonly query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const page = PAGES.find((name) => name === path) ?? "overview";
  return { page, query: new URLSearchParams(query) };
}

export function formatRoute(page: PageName, query?: URLSearchParams): string {
  const text = query?.toString() ?? "";
  return text ? `#/${page}?${text}` : `#/${page}`;
}
