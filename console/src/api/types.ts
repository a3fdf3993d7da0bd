/** The shapes that the API answers with. */

export const LEVELS = ["Low", "Medium", "High", "Critical"] as const;
export type Level = (typeof LEVELS)[number];

export type ListName = "block" | "allow";
export type Action = "none" | "flagged" | "automatically_blacklisted" | "already_blacklisted";

export const CHANNELS = ["sms", "whatsapp", "telegram", "email", "chat", "other"] as const;
export type Channel = (typeof CHANNELS)[number];

export type ReasonSource = "rule" | "model" | "signal" | "sender" | "guard";

/** A half-open range of Unicode code points in the original text. */
export type Span = readonly [start: number, end: number];

export interface Reason {
  readonly code: string;
  readonly source: ReasonSource;
  readonly points: number;
  readonly text: string;
  readonly spans: readonly Span[];
}

export interface Analysis {
  readonly message_id: string;
  readonly risk_score: number;
  readonly risk_level: Level;
  readonly threat_category: string;
  readonly category_code: string;
  readonly primary_reason: string;
  readonly advice: string;
  readonly reasons: readonly Reason[];
  readonly action: Action;
  readonly sender: { readonly phone_number: string | null; readonly list: ListName | null };
  readonly model_version: string;
  readonly rules_version: string;
  readonly analyzed_at: string;
}

/** What somebody may say about a message. */
export const VERDICTS = ["scam", "legitimate", "spam", "unsure"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What rows and the live feed know of what somebody said. */
export interface FeedbackMark {
  readonly verdict: Verdict;
  readonly category: string | null;
  readonly given_at: string;
  readonly given_by?: string;
}

export interface Feedback extends FeedbackMark {
  readonly note: string | null;
  readonly learn: boolean;
  readonly list_action: "none" | ListName;
  readonly given_by: string;
}

export interface NewFeedback {
  readonly verdict: Verdict;
  readonly category?: string | null;
  readonly note?: string | null;
  readonly learn?: boolean;
  readonly list_action?: "none" | ListName;
}

export interface FeedbackHistory {
  readonly current: Feedback | null;
  /** Newest first. */
  readonly history: readonly (Feedback & { readonly withdrawn: boolean })[];
}

/** Somebody said something about a message, or took it back. */
export interface FeedbackChange {
  readonly message_id: string;
  readonly feedback: FeedbackMark | null;
  /** When; null for what was answered or read just now. The live feed may send an old change again. */
  readonly changed_at: string | null;
}

/** The verdict that is stored, and what the present model says. */
export interface Retest {
  readonly then: Judgement;
  readonly now: Judgement;
}

export type Judgement = Pick<Analysis, "risk_score" | "risk_level" | "threat_category" | "category_code" | "primary_reason" | "reasons" | "model_version" | "rules_version">;

export interface Message extends Analysis {
  readonly feedback: Feedback | null;
  readonly message_content: string;
  readonly phone_number: string | null;
  readonly channel: Channel | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A message as the live feed carries it, and as rows show it. */
export interface Summary {
  readonly message_id: string;
  readonly analyzed_at: string;
  readonly risk_score: number;
  readonly risk_level: Level;
  readonly category_code: string;
  readonly threat_category: string;
  readonly primary_reason: string;
  readonly action: Action;
  readonly phone_number: string | null;
  readonly channel: Channel | null;
  readonly excerpt: string;
  readonly feedback: FeedbackMark | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export type LevelCounts = Readonly<Record<Level, number>>;
export type CategoryCounts = Readonly<Record<string, number>>;

export interface Totals {
  readonly messages: number;
  readonly by_level: LevelCounts;
  readonly by_category: CategoryCounts;
  /** Ten counts: scores 0–9, 10–19, … 90–100. */
  readonly by_score: readonly number[];
  readonly automatically_blacklisted: number;
  readonly feedback: FeedbackCounts;
}

/** What people said in a range of time. */
export type FeedbackCounts = Readonly<Record<Verdict, number>> & {
  /** Messages of level High or Critical that somebody called legitimate. */
  readonly false_positives: number;
};

export interface Hour {
  readonly hour: string;
  readonly messages: number;
  readonly by_level: LevelCounts;
  readonly by_category: CategoryCounts;
}

export interface Stats {
  readonly from: string;
  readonly to: string;
  readonly totals: Totals;
  readonly hours: readonly Hour[];
  /** Messages of level High or Critical that nobody has judged yet, at whatever time they came. */
  readonly review: { readonly waiting: number; readonly oldest_at: string | null };
  readonly alerts: { readonly open: number };
  readonly model_version: string;
  readonly rules_version: string;
}

export interface SenderEntry {
  readonly phone_number: string;
  readonly list: ListName;
  readonly reason: string;
  readonly added_by: string;
  readonly updated_at: string;
  readonly evidence: string | null;
  readonly strikes: number;
  readonly expires_at: string | null;
}

export interface Health {
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
  readonly model_version: string;
  readonly rules_version: string;
}

export interface Ticket {
  readonly ticket: string;
  readonly ws_url: string;
  readonly expires_at: string;
}

export interface MessageQuery {
  readonly limit?: number;
  readonly cursor?: string;
  readonly level?: Level;
  readonly category?: string;
  readonly sender?: string;
  readonly from?: string;
  readonly to?: string;
  readonly feedback?: FeedbackState;
  readonly review?: "waiting";
}

export const FEEDBACK_STATES = ["none", "any", ...VERDICTS] as const;
export type FeedbackState = (typeof FEEDBACK_STATES)[number];

export interface NewMessage {
  readonly message_content: string;
  readonly phone_number?: string;
  readonly channel?: Channel;
  readonly dry_run: boolean;
}
