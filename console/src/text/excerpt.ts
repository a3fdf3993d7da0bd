import type { Message, Summary } from "../api/types.ts";

const LENGTH = 160;

/** Shorten a message for a row, as the live feed does. */
export function excerpt(text: string): string {
  const points = Array.from(text.split(/\s+/u).filter(Boolean).join(" "));
  return points.length <= LENGTH ? points.join("") : `${points.slice(0, LENGTH - 1).join("")}…`;
}

/** Keep of a message what a row needs. */
export function summarize(message: Message): Summary {
  return {
    message_id: message.message_id,
    analyzed_at: message.analyzed_at,
    risk_score: message.risk_score,
    risk_level: message.risk_level,
    category_code: message.category_code,
    threat_category: message.threat_category,
    primary_reason: message.primary_reason,
    action: message.action,
    phone_number: message.phone_number,
    channel: message.channel,
    excerpt: excerpt(message.message_content),
    feedback: message.feedback ?? null,
  };
}
