/** What people can say about a message, in words. */

import type { Verdict } from "./api/types.ts";
import type { IconName } from "./ui/icons.ts";

export interface VerdictWords {
  readonly verdict: Verdict;
  readonly key: string;
  readonly label: string;
  /** As in “Marked as …”. */
  readonly as: string;
  readonly icon: IconName;
}

export const VERDICT_WORDS: readonly VerdictWords[] = [
  { verdict: "scam", key: "1", label: "Scam", as: "a scam", icon: "hook" },
  { verdict: "legitimate", key: "2", label: "Legitimate", as: "legitimate", icon: "check" },
  { verdict: "spam", key: "3", label: "Marketing", as: "marketing", icon: "horn" },
  { verdict: "unsure", key: "4", label: "Unsure", as: "unsure", icon: "help" },
];

export function wordsOf(verdict: Verdict): VerdictWords {
  return VERDICT_WORDS.find((words) => words.verdict === verdict) ?? (VERDICT_WORDS[3] as VerdictWords);
}
