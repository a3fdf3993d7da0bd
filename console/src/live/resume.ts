/** Finds over REST what the socket did not bring. */

import type { Message, MessageQuery, Page } from "../api/types.ts";

const OVERLAP_MS = 60_000; // clocks differ a little, and the list trails the record
const MOST_PAGES = 20;

export type Missed =
  | { readonly kind: "complete"; readonly messages: readonly Message[] }
  /** Too much was missed to go through it one by one. */
  | { readonly kind: "too-many" };

/**
 * Read everything from a minute before the newest message that is known; everything, if none is.
 *
 * Whoever calls drops what it has; reading the overlap whole means that nothing is missed, in whatever order it came.
 */
export async function missed(
  newest: string | null,
  page: (query: MessageQuery) => Promise<Page<Message>>,
): Promise<Missed> {
  const range = newest === null ? {} : { from: new Date(Date.parse(newest) - OVERLAP_MS).toISOString() };
  const messages: Message[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const found: Page<Message> = await page({ ...range, limit: 100, ...(cursor === null ? {} : { cursor }) });
    messages.push(...found.items);
    cursor = found.next;
    if (cursor === null) return { kind: "complete", messages };
  }
  return { kind: "too-many" };
}
