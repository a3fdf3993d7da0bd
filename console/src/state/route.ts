/** Which page is shown, and how it is filtered: `#/messages?level=High`. */

export const PAGES = ["overview", "review", "messages", "senders", "alerts", "models", "labels", "keys", "playground", "system"] as const;
export type PageName = (typeof PAGES)[number];

/** The letter after `g` that leads to a page. */
export const PAGE_KEYS: Readonly<Record<PageName, string>> = {
  overview: "o",
  review: "r",
  messages: "m",
  senders: "s",
  alerts: "a",
  models: "d",
  labels: "l",
  keys: "k",
  playground: "p",
  system: "y",
};

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
