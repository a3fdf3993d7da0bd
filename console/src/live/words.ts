/** Remembers what people said lately: a word may be heard before the message that it is about can be shown. */

import type { FeedbackChange, Summary } from "../api/types.ts";
import { judge } from "../state/feed.ts";

const LIMIT = 20_000;

export class Words {
  private readonly last = new Map<string, FeedbackChange>();

  /** Take in what was said. The oldest words are forgotten first. */
  hear(changes: readonly FeedbackChange[]): void {
    for (const change of changes) {
      this.last.delete(change.message_id);
      // Of a word that was taken back at a moment not known, nobody could say whether it came after another.
      if (change.feedback !== null || change.changed_at !== null) this.last.set(change.message_id, change);
    }
    for (const oldest of this.last.keys()) {
      if (this.last.size <= LIMIT) break;
      this.last.delete(oldest);
    }
  }

  /** Write what was said into rows that came later, or were read before it was said. */
  writeInto(rows: readonly Summary[]): readonly Summary[] {
    return judge(rows, rows.flatMap((row) => this.last.get(row.message_id) ?? []));
  }
}
