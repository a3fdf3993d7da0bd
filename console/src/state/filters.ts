/** Which messages a list shows. Kept in the page's address, so that a view can be shared and found again. */

import { LEVELS, type Level, type MessageQuery, type Summary } from "../api/types.ts";

export interface Filters {
  readonly level: Level | null;
  readonly category: string | null;
  readonly sender: string | null;
  /** ISO moments. */
  readonly from: string | null;
  readonly to: string | null;
  /** Looked for in the rows that are loaded; the API does not search texts. */
  readonly text: string | null;
}

export const NO_FILTERS: Filters = { level: null, category: null, sender: null, from: null, to: null, text: null };

export function parseFilters(query: URLSearchParams): Filters {
  const level = query.get("level");
  return {
    level: LEVELS.find((known) => known === level) ?? null,
    category: word(query.get("category")),
    sender: word(query.get("sender")),
    from: moment(query.get("from")),
    to: moment(query.get("to")),
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

/** Return the part of the filters that the API answers. */
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
    (filters.to === null || at <= Date.parse(filters.to))
  );
}

/** Tell whether a row holds the text that is looked for. */
export function matchesText(text: string | null, item: Summary): boolean {
  if (text === null) return true;
  const wanted = text.toLocaleLowerCase();
  return [item.excerpt, item.primary_reason, item.threat_category, item.phone_number ?? "", item.message_id].some((part) =>
    part.toLocaleLowerCase().includes(wanted),
  );
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
