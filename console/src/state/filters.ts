/** Which messages a list shows. Kept in the part of the page's address that no server sees. */

import { FEEDBACK_STATES, LEVELS, type FeedbackMark, type FeedbackState, type Level, type MessageQuery, type Summary } from "../api/types.ts";

export interface Filters {
  readonly level: Level | null;
  readonly category: string | null;
  readonly sender: string | null;
  /** ISO moments. */
  readonly from: string | null;
  readonly to: string | null;
  readonly feedback: FeedbackState | null;
  /** Only what waits for somebody to judge it. */
  readonly review: "waiting" | null;
  /** Looked for in texts. */
  readonly text: string | null;
}

export const NO_FILTERS: Filters = { level: null, category: null, sender: null, from: null, to: null, feedback: null, review: null, text: null };

export function parseFilters(query: URLSearchParams): Filters {
  const level = query.get("level");
  const feedback = query.get("feedback");
  return {
    level: LEVELS.find((known) => known === level) ?? null,
    category: word(query.get("category")),
    sender: word(query.get("sender")),
    from: moment(query.get("from")),
    to: moment(query.get("to")),
    feedback: FEEDBACK_STATES.find((known) => known === feedback) ?? null,
    review: query.get("review") === "waiting" ? "waiting" : null,
    text: word(query.get("text")),
  };
}

/** Write filters into a query, beside whatever else it holds. */
export function writeFilters(query: URLSearchParams, filters: Filters): URLSearchParams {
  const written = new URLSearchParams(query);
  for (const [name, value] of Object.entries(filters)) {
    if (value === null) written.delete(name);
    else written.set(name, value);
  }
  return written;
}

/** Return the filters but the text: that one must not stand in the API's address. */
export function toMessageQuery(filters: Filters): MessageQuery {
  const { text: _ours, ...asked } = filters;
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null));
}

/** Tell whether a message that came live belongs into the list. */
export function accepts(filters: Filters, item: Summary): boolean {
  const at = Date.parse(item.analyzed_at);
  return (
    (filters.level === null || item.risk_level === filters.level) &&
    (filters.category === null || item.category_code === filters.category) &&
    (filters.sender === null || (item.phone_number !== null && digits(item.phone_number) === digits(filters.sender))) &&
    (filters.from === null || at >= Date.parse(filters.from)) &&
    (filters.to === null || at <= Date.parse(filters.to)) &&
    acceptsFeedback(filters, item)
  );
}

/** Tell whether a row still belongs into the list after somebody has judged it. */
export function acceptsFeedback({ feedback, review }: Filters, item: Summary): boolean {
  const said: FeedbackMark | null = item.feedback ?? null;
  if (review === "waiting" && (said !== null || (item.risk_level !== "High" && item.risk_level !== "Critical"))) return false;
  if (feedback === null) return true;
  if (feedback === "none") return said === null;
  return said !== null && (feedback === "any" || feedback === said.verdict);
}

/** Tell whether a message that came live holds the text that is looked for, as far as its excerpt goes. */
export function matchesText(text: string | null, item: Pick<Summary, "excerpt">): boolean {
  return text === null || item.excerpt.toLocaleLowerCase().includes(text.toLocaleLowerCase());
}

/** Count the filters that are set. */
export function countFilters(filters: Filters): number {
  return Object.values(filters).filter((value) => value !== null).length;
}

function word(value: string | null): string | null {
  const trimmed = value?.trim() ?? "";
  return trimmed === "" ? null : trimmed;
}

function moment(value: string | null): string | null {
  return value !== null && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : null;
}

function digits(phoneNumber: string): string {
  return phoneNumber.replace(/\D/g, "");
}
