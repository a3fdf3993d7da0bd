/** The rows of a list: merged from REST and the live feed, newest first, each once. */

import type { Summary } from "../api/types.ts";

/** More rows than this are let go at the end of the list while new ones come in at its top. */
export const MOST_ROWS = 1_000;

export interface Feed {
  readonly rows: readonly Summary[];
  /** New messages that wait until the person wants to see them. */
  readonly held: readonly Summary[];
}

export const EMPTY_FEED: Feed = { rows: [], held: [] };

/** Merge messages into rows. */
export function merge(rows: readonly Summary[], more: readonly Summary[]): readonly Summary[] {
  const known = new Set(rows.map((row) => row.message_id));
  const added = more.filter((item) => !known.has(item.message_id) && known.add(item.message_id));
  if (added.length === 0) return rows;
  return [...rows, ...added].sort(newestFirst);
}

/** Take new messages in: into the rows, or aside while the list is held. */
export function take(feed: Feed, items: readonly Summary[], { hold }: { hold: boolean }): Feed {
  if (hold) {
    const shown = new Set(feed.rows.map((row) => row.message_id));
    return { ...feed, held: merge(feed.held, items.filter((item) => !shown.has(item.message_id))) };
  }
  return { rows: merge(feed.rows, [...feed.held, ...items]), held: [] };
}

/** Let the oldest rows go if there are too many. */
export function trim(feed: Feed): Feed {
  return feed.rows.length > MOST_ROWS ? { ...feed, rows: feed.rows.slice(0, MOST_ROWS) } : feed;
}

/** Ids are ordered by time. */
function newestFirst(a: Summary, b: Summary): number {
  return a.message_id < b.message_id ? 1 : a.message_id > b.message_id ? -1 : 0;
}
