/** Who sends most of what is dangerous. */

import { LEVELS, type Level, type Summary } from "../api/types.ts";

export interface Busy {
  readonly phone_number: string;
  readonly messages: number;
  readonly worst: Level;
}

/** Count messages by sender, the busiest first; senders that are unknown are left out. */
export function busiest(items: readonly Summary[], most: number): Busy[] {
  const found = new Map<string, Busy>();
  for (const { phone_number, risk_level } of items) {
    if (phone_number === null) continue;
    const known = found.get(phone_number) ?? { phone_number, messages: 0, worst: risk_level };
    const worst = LEVELS.indexOf(risk_level) > LEVELS.indexOf(known.worst) ? risk_level : known.worst;
    found.set(phone_number, { phone_number, messages: known.messages + 1, worst });
  }
  return [...found.values()].sort((a, b) => b.messages - a.messages || LEVELS.indexOf(b.worst) - LEVELS.indexOf(a.worst)).slice(0, most);
}
