import type { Feedback, FeedbackChange, FeedbackMark, Level, Message, Summary, Verdict } from "../src/api/types.ts";

/** A message of a second of a certain day; ids are ordered by time, as the API's are. */
export function message(second: number, { level = "Low", score = 5, ...rest }: Partial<Message> & { level?: Level; score?: number } = {}): Message {
  const at = new Date(Date.UTC(2026, 10, 23, 6, 0, second));
  return {
    message_id: `01J${String(second).padStart(23, "0")}`,
    analyzed_at: at.toISOString(),
    risk_score: score,
    risk_level: level,
    threat_category: "Legitimate",
    category_code: "legitimate",
    primary_reason: "Nothing speaks against it",
    advice: "",
    reasons: [],
    action: "none",
    sender: { phone_number: "+12025550143", list: null },
    phone_number: "+12025550143",
    channel: "sms",
    model_version: "m",
    rules_version: "r",
    message_content: `message ${second}`,
    metadata: {},
    feedback: null,
    ...rest,
  };
}

export function summary(second: number, more: Partial<Summary> = {}): Summary {
  const { message_id, analyzed_at, risk_score, risk_level, threat_category, category_code, primary_reason, action, phone_number, channel, message_content } =
    message(second);
  return {
    message_id,
    analyzed_at,
    risk_score,
    risk_level,
    threat_category,
    category_code,
    primary_reason,
    action,
    phone_number,
    channel,
    excerpt: message_content,
    feedback: null,
    ...more,
  };
}

/** What a certain somebody said at a second of that day. */
export function feedback(verdict: Verdict, second: number, more: Partial<Feedback> = {}): Feedback {
  const given_at = new Date(Date.UTC(2026, 10, 23, 7, 0, second)).toISOString();
  return { verdict, category: null, note: null, learn: true, list_action: "none", given_by: "key-other", given_at, ...more };
}

/** The same, as the live feed carries it. */
export function mark(verdict: Verdict, second: number) {
  const { category, given_at, given_by } = feedback(verdict, second);
  return { verdict, category, given_at, given_by };
}

/** A change at a second of that day, as the live feed tells of it. */
export function change(message_id: string, said: FeedbackMark | null, second: number): FeedbackChange {
  return { message_id, feedback: said, changed_at: feedback("scam", second).given_at };
}
