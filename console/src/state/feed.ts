/** The rows of a list: merged from REST and the live feed, newest first, each once. */

import type { FeedbackChange, FeedbackMark, Summary } from "../api/types.ts";

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

/** Write what people said into the rows. Of two words, the later one stands, whichever was heard first. */
export function judge(rows: readonly Summary[], changes: readonly FeedbackChange[]): readonly Summary[] {
  const said = new Map(changes.map((change) => [change.message_id, change]));
  let changed = false;
  const judged = rows.map((row) => {
    const change = said.get(row.message_id);
    if (change === undefined || !isNews(row.feedback, change)) return row;
    changed = true;
    return { ...row, feedback: change.feedback };
  });
  return changed ? judged : rows;
}

/**
 * Bring rows up to date with what was read again: those that were found are as found now, and those that lie among
 * them without having been found do not belong to the list any more.
 *
 * @param whole nothing older than what was found was left out
 */
export function bringUpToDate(rows: readonly Summary[], found: ReadonlyMap<string, Summary>, { whole }: { whole: boolean }): readonly Summary[] {
  const ids = [...found.keys()].sort();
  const [oldest = "~"] = whole ? [""] : ids;
  const newest = ids.at(-1) ?? "~";
  return rows.flatMap((row) => {
    const { message_id: id } = row;
    const now = found.get(id);
    if (now) return [isNews(row.feedback, { feedback: now.feedback, changed_at: null }) ? { ...row, feedback: now.feedback } : row];
    return id >= oldest && (id <= newest || found.size === 0) ? [] : [row];
  });
}

/** Choose a row or let it go; or, from another one on, choose all rows up to it. */
export function chooseRange(chosen: ReadonlySet<string>, ids: readonly string[], { id, from }: { id: string; from: string | null }): ReadonlySet<string> {
  const result = new Set(chosen);
  const ends = from === null ? [] : [ids.indexOf(from), ids.indexOf(id)].sort((a, b) => a - b);
  const [first = -1, last = -1] = ends;
  if (first >= 0) for (const each of ids.slice(first, last + 1)) result.add(each);
  else if (!result.delete(id)) result.add(id);
  return result;
}

/** Tell whether a change replaces the word that is known. */
export function isNews(known: FeedbackMark | null | undefined, { feedback, changed_at }: Omit<FeedbackChange, "message_id">): boolean {
  if (!known) return feedback !== null;
  if (feedback === null) return changed_at === null || changed_at > known.given_at;
  return feedback.given_at > known.given_at;
}

/** Let the oldest rows go if there are too many. */
export function trim(feed: Feed): Feed {
  return feed.rows.length > MOST_ROWS ? { ...feed, rows: feed.rows.slice(0, MOST_ROWS) } : feed;
}

/** Ids are ordered by time. */
function newestFirst(a: Summary, b: Summary): number {
  return a.message_id < b.message_id ? 1 : a.message_id > b.message_id ? -1 : 0;
}
